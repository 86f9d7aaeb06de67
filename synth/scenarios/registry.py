"""All scenarios, in the order in which they choose their households."""

from synth.scenarios import deaths, enterprises, homes, identities, payroll, protection, vehicles

SCENARIOS = (
    *deaths.SCENARIOS,
    *vehicles.SCENARIOS,
    *homes.SCENARIOS,
    *enterprises.SCENARIOS,
    *payroll.SCENARIOS,
    *identities.SCENARIOS,
    *protection.SCENARIOS,
)
