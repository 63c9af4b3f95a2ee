"""JSON for other programs, both ways: the names that people use, from the pages that hold them."""

from rrm_lifecycle.record.acts import event_from_dict, event_from_text, event_to_dict
from rrm_lifecycle.record.plain import to_dict
from rrm_lifecycle.record.schema import json_schema

__all__ = ["event_from_dict", "event_from_text", "event_to_dict", "json_schema", "to_dict"]
