"""All circumstances of innocent families."""

from synth.everyday import belongings, families, income, papers

CIRCUMSTANCES = (
    *income.CIRCUMSTANCES,
    *belongings.CIRCUMSTANCES,
    *families.CIRCUMSTANCES,
    *papers.CIRCUMSTANCES,
)
