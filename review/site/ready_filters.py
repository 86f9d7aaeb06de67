"""Filters of the work list that everybody has at hand: each with its title and its words."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ReadyFilter = tuple[Promise | str, dict[str, str]]

WAITS_FOR_COUNTY: ReadyFilter = (_("Waits for the county"), {"ledger": "county"})
WAITS_FOR_PROVINCE: ReadyFilter = (_("Waits for the province"), {"ledger": "province"})
REOPENED: ReadyFilter = (_("Reopened"), {"state": "reopened"})
NOBODY_ACTED: ReadyFilter = (_("Nobody acted lately"), {"stale": "1"})
