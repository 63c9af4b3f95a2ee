"""The acts, for ``from rrm_lifecycle import events as did``."""

from rrm_lifecycle.case.events import *  # noqa: F403 - the page of acts, under the name that people import
