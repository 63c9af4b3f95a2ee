"""Every provision that the pages cite, once: its reference in Annex 31-A, its twin in Annex 31-B, what it is about.

The authentic text of Annex 31-A was not at hand; article numbers rest on what the rulebook says they rest on. Where a
provision belongs to one side alone (a statute, a guideline), it prints the same under either Annex.
"""

from __future__ import annotations

from attrs import frozen

from rrm_lifecycle.show import Displayed, WebType


@frozen
class Provision(WebType, Displayed):
    """A place in a legal text.

    Attributes:
        code: Our name for it.
        in_31a: The reference as printed in a case under Annex 31-A.
        in_31b: The reference as printed in a case under Annex 31-B.
        about: What it provides, in our words.
    """

    code: str
    in_31a: str
    in_31b: str
    about: str

    def cite(self, annex: str) -> str:
        """Return the reference as it prints under an Annex (``"31-A"`` or ``"31-B"``)."""
        return self.in_31b if annex == "31-B" else self.in_31a


def _article(number: str, about: str) -> Provision:
    return Provision("A" + number.replace(".", "_"), f"Art. 31-A.{number}", f"Art. 31-B.{number}", about)


def _one_side(code: str, reference: str, about: str) -> Provision:
    return Provision(code, reference, reference, about)


# ---- the Annex -------------------------------------------------------------------------------------------------------
A1        = _article("1",   "purpose: remediation, not restriction of trade; a mutually acceptable solution")
A1_2      = _article("1.2", "remedies are lifted at once when the Denial is remediated")
A2        = _article("2",   "a good-faith belief that workers at a Covered Facility are denied their rights")
A2_FN     = Provision("A2_FN", "Art. 31-A.2, footnote 2", "Art. 31-B.2, footnote", "which laws and orders a claim may rest on")
A3        = _article("3",   "lists of panelists")
A4        = _article("4",   "request for review, review, consultations, course of remediation")
A4_2      = _article("4.2", "request for review")
A4_3      = _article("4.3", "delay of final settlement of customs accounts")
A5        = _article("5",   "petition for a panel, drawing of lots")
A6        = _article("6",   "confirmation of the petition")
A7        = _article("7",   "verification")
A8        = _article("8",   "determination")
A9        = _article("9",   "consultations after a determination")
A10       = _article("10",  "remedies")
A11       = _article("11",  "use of the Mechanism in good faith")
A15       = _article("15",  "Covered Facility, Priority Sector")
ART_34_7  = _one_side("ART_34_7", "Art. 34.7 USMCA", "life of the treaty")
# ---- the United States -----------------------------------------------------------------------------------------------
US_4645   = _one_side("US_4645",  "19 U.S.C. 4645(a)-(b)",   "enforcement on the committee's own finding")
US_4646A  = _one_side("US_4646A", "19 U.S.C. 4646(a)",       "petitions")
US_4646B1 = _one_side("US_4646B1", "19 U.S.C. 4646(b)(1)",   "review of a petition by the committee")
US_4646B2 = _one_side("US_4646B2", "19 U.S.C. 4646(b)(2)",   "negative determination of the committee")
US_4646B3 = _one_side("US_4646B3", "19 U.S.C. 4646(b)(3)",   "affirmative determination of the committee")
US_4646B4 = _one_side("US_4646B4", "19 U.S.C. 4646(b)(4)",   "decision whether to request a panel")
US_4692A  = _one_side("US_4692A", "19 U.S.C. 4692(a)",       "suspension of liquidation")
US_4692B  = _one_side("US_4692B", "19 U.S.C. 4692(b)",       "resumption of liquidation")
US_4693A  = _one_side("US_4693A", "19 U.S.C. 4693(a)",       "final remedies")
US_4693B  = _one_side("US_4693B", "19 U.S.C. 4693(b)",       "end of remedies")
# ---- Canada ----------------------------------------------------------------------------------------------------------
NAO       = _one_side("NAO", "Canadian NAO guidelines for Annex 31-B claims", "claims to the Canadian office")
# ---- practice: no text was found -------------------------------------------------------------------------------------
PRACTICE  = _one_side("PRACTICE", "practice of the Parties", "what the Parties do; no text was found")

PROVISIONS: tuple[Provision, ...] = tuple(value for value in list(globals().values()) if isinstance(value, Provision))
"""Every provision, in the order of this page."""
