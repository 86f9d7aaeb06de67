"""The review's tables: what the nights found, and what people decided.

A night's publication writes Night, Case, Flag and Evidence (``review.publishing``); only people write Decision;
everyone adds to AuditEntry and no one changes it. Dates called ``..._night`` are business dates of published nights.
Django finds tables here alone, so those that are defined beside their functions are named here too.
"""

from review.audit.log import AppendOnlyError, AuditEntry, AuditHead
from review.case_life.records import CaseStep, Proposal
from review.delivery_list import Delivery
from review.delivery_requests import DeliveryRequest
from review.members import Member
from review.models.cases import CLOSED_STATES, Case, CaseState
from review.models.decisions import OUTCOMES_WITH_NOTICE, Decision, Outcome
from review.models.flags import Direction, Evidence, Flag, FlagEvent, FlagEventKind
from review.models.nights import EvenHandedness, Night
from review.rule_texts import RuleText
from review.saved_views import SavedView
from review.tally import Tally

__all__ = [
    "CLOSED_STATES",
    "OUTCOMES_WITH_NOTICE",
    "AppendOnlyError",
    "AuditEntry",
    "AuditHead",
    "Case",
    "CaseState",
    "CaseStep",
    "Decision",
    "Delivery",
    "DeliveryRequest",
    "Direction",
    "EvenHandedness",
    "Evidence",
    "Flag",
    "FlagEvent",
    "FlagEventKind",
    "Member",
    "Night",
    "Outcome",
    "Proposal",
    "RuleText",
    "SavedView",
    "Tally",
]
