"""All scenarios, in the order in which they choose their households."""

from synth.scenarios import (
    deaths,
    enterprises,
    entitlements,
    homes,
    identities,
    incomes,
    payroll,
    protection,
    roster_discrepancies,
    vehicles,
)

SCENARIOS = (
    *deaths.SCENARIOS,
    *vehicles.SCENARIOS,
    *homes.SCENARIOS,
    *enterprises.SCENARIOS,
    *payroll.SCENARIOS,
    *identities.SCENARIOS,
    *protection.SCENARIOS,
    *incomes.SCENARIOS,
    *roster_discrepancies.SCENARIOS,
    *entitlements.SCENARIOS,
)
