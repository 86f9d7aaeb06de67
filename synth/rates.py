"""The rates the invented province is drawn with, read from ``rates.yaml``."""

from functools import cache
from pathlib import Path
from typing import Annotated, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

Share = Annotated[float, Field(ge=0.0, le=1.0)]
HERE = Path(__file__).parent


class Part(BaseModel):
    """A group of rates: no unknown keys, no changes after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class HouseholdKinds(Part):
    """Shares of the kinds of household; they add up to 1."""

    alone_old: Share
    alone_adult: Share
    couple: Share
    nuclear: Share
    one_parent: Share
    with_parents: Share
    with_grown_child: Share
    grandparents: Share
    siblings: Share

    @model_validator(mode="after")
    def _are_whole(self) -> Self:
        if abs(sum(self.model_dump().values()) - 1) > 1e-9:
            raise ValueError("household_kinds: the shares must add up to 1")
        return self


class PeopleRates(Part):
    """How people live together and are named. Each field is explained in ``rates.yaml``."""

    people_a_village: int = Field(ge=1)
    urban: Share
    same_nationality_in_village: Share
    same_nationality_couple: Share
    dotted_names: dict[str, Share]
    household_kinds: HouseholdKinds
    children: tuple[Share, Share, Share, Share, Share]
    twins: Share
    mothers_surname: Share
    generation_character: Share
    generation_daughters: Share
    rare_character: Share
    former_name: Share
    father_in_village: Share
    issued_elsewhere: Share
    phone: Share


class IdNumberRates(Part):
    """Share of each fault among the ID numbers it can happen to."""

    lower_x: Share
    lost_x: Share
    scientific: Share
    full_width: Share
    letter_o: Share
    one_digit: Share
    swapped: Share
    truncated: Share
    blank: Share
    fifteen: Share
    relative: Share
    placeholder: Share


class NameRates(Part):
    """Share of each fault among the names it can happen to."""

    blank_inside: Share
    homophone: Share
    look_alike: Share
    traditional: Share
    rare_replaced: Share
    masked: Share
    former_name: Share
    dot_form: Share


class DeliveryRates(Part):
    """How files are written. Each field is explained in ``rates.yaml``."""

    full_width_digits: Share
    padded: Share
    label_instead_of_code: Share
    missing_marker: Share


class ParticularRates(Part):
    """Share of rows whose other particulars are damaged. The sample has none: ``rates_dirtier.yaml`` says them."""

    short: Share = 0.0
    varied: Share = 0.0
    birth_date: Share = 0.0
    swapped_columns: Share = 0.0


class Rates(Part):
    """All rates."""

    people: PeopleRates
    id_numbers: IdNumberRates
    names: NameRates
    deliveries: DeliveryRates
    particulars: ParticularRates = ParticularRates()


@cache
def load_rates(file: Path = HERE / "rates.yaml") -> Rates:
    """Read and check the rates. Raises pydantic's ValidationError, which names the key, when one does not hold."""
    return Rates.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))


@cache
def load_dirtier_rates() -> Rates:
    """The rates of a province dirtier than the sample, by ``rates_dirtier.yaml``."""
    changed = yaml.safe_load((HERE / "rates_dirtier.yaml").read_text(encoding="utf-8"))
    usual = load_rates().model_dump()
    return Rates.model_validate(usual | {part: usual[part] | rates for part, rates in changed.items()})
