"""All scenarios, in the order in which they choose their households."""

from synth.scenarios import (
    deaths,
    enterprises,
    homes,
    identities,
    incomes,
    payroll,
    protection,
    sheets,
    unmet,
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
    *sheets.SCENARIOS,
    *unmet.SCENARIOS,
)
