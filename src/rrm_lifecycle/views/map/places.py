"""Where each stage stands on the map: a column and a row, the ground of each phase, and the main course.

Columns run from the request to the close, rows from top to bottom::

        0 review            1 remediation     2, 3 panel, and below it sanctions           4 resolved
    0   assessment                            panel requested
    1   petition review                       panel drawn
    2   request due         cured Denial      panel constituted   petition not confirmed
    3   review requested    partial Denial    petition confirmed  verification requested
    4   under review        Denial reported                       verifying
    5   no Denial reported  course running    Denial determined   deliberating
    6   review declined     course disputed   remedies notified
    7                       course notice     remedies in force   lifting disputed         closed
"""

from __future__ import annotations

from itertools import pairwise
from typing import Final

from rrm_lifecycle.law.stages import Phase as P
from rrm_lifecycle.law.stages import Stage as S

PLACES: Final[dict[S, tuple[int, int]]] = {
    S.ASSESSMENT: (0, 0),
    S.PETITION_REVIEW: (0, 1),
    S.REQUEST_DUE: (0, 2),
    S.REVIEW_REQUESTED: (0, 3),
    S.UNDER_REVIEW: (0, 4),
    S.NO_DENIAL_REPORTED: (0, 5),
    S.REVIEW_DECLINED: (0, 6),
    S.CURED_DENIAL_REPORTED: (1, 2),
    S.PARTIAL_DENIAL_REPORTED: (1, 3),
    S.DENIAL_REPORTED: (1, 4),
    S.COURSE_RUNNING: (1, 5),
    S.COURSE_DISPUTED: (1, 6),
    S.COURSE_NOTICE_GIVEN: (1, 7),
    S.PANEL_REQUESTED: (2, 0),
    S.PANEL_DRAWN: (2, 1),
    S.PANEL_CONSTITUTED: (2, 2),
    S.PETITION_NOT_CONFIRMED: (3, 2),
    S.PETITION_CONFIRMED: (2, 3),
    S.VERIFICATION_REQUESTED: (3, 3),
    S.VERIFYING: (3, 4),
    S.DELIBERATING: (3, 5),
    S.DENIAL_DETERMINED: (2, 5),
    S.REMEDIES_NOTIFIED: (2, 6),
    S.REMEDIES_IN_FORCE: (2, 7),
    S.LIFTING_DISPUTED: (3, 7),
    S.CLOSED: (4, 7),
}
"""Column and row of each stage."""

GROUNDS: Final[dict[P, tuple[int, int, int, int]]] = {
    P.REQUEST_FOR_REVIEW: (0, 0, 0, 7),
    P.REMEDIATION: (1, 1, 0, 7),
    P.PANEL: (2, 3, 0, 5),
    P.SANCTIONS: (2, 3, 6, 7),
    P.RESOLVED: (4, 4, 0, 7),
}
"""The ground of each phase: its first and last column, its first and last row."""

_COURSES: Final[tuple[tuple[S, ...], ...]] = (
    (S.ASSESSMENT, S.PETITION_REVIEW, S.REQUEST_DUE, S.REVIEW_REQUESTED, S.UNDER_REVIEW, S.DENIAL_REPORTED,
     S.COURSE_RUNNING, S.CLOSED),
    (S.PANEL_REQUESTED, S.PANEL_DRAWN, S.PANEL_CONSTITUTED, S.PETITION_CONFIRMED, S.VERIFICATION_REQUESTED, S.VERIFYING,
     S.DELIBERATING, S.DENIAL_DETERMINED, S.REMEDIES_NOTIFIED, S.REMEDIES_IN_FORCE),
)  # fmt: skip
MAIN: Final[frozenset[tuple[S, S]]] = frozenset(pair for course in _COURSES for pair in pairwise(course))
"""From which stage to which the main course leads: by cooperation, and before a panel to remedies. Drawn stronger."""
