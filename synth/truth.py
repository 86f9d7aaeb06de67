"""The truth: which records belong to whom on the registers, and which flags are to be expected from which night on.

An identity says whether the certain stages of linking can see that a record is a member's: the worse of what was done
to the record and of what was done to the member's own entry on the register.
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta

import polars as pl

from schemas.catalogue import Catalogue
from schemas.contract import Contract
from synth.dirt import INTACT_NUMBERS, IdKind
from synth.records.civil_affairs import ELDERLY
from synth.scenarios.planting import Planted
from synth.schedule import Schedule

RANKS = {"sound": 0, "upgraded": 1, "repairable": 2, "hidden": 3}
HIDDEN = RANKS["hidden"]
UNUSABLE_NUMBERS = (IdKind.BLANK, IdKind.PLACEHOLDER, IdKind.SCIENTIFIC, IdKind.TRUNCATED)
SOUND_ENTRY_RULES = ("category_unsupported", "single_person_unsupported", "identity_conflict", "duplicate_dibao")
"""What they speak of can only be seen under a sound number of the member's own entry: nobody is joined to another entry
of a roster by a number that had to be repaired."""
SOUND_RECORD_RULES = ("household_mismatch",)
"""Their records are nobody's on a roster and found by number and name alone: they must be sound, and written alike."""
ROSTERS = ("dibao_roster", "tekun_roster")
Records = Mapping[str, pl.DataFrame]


def memberships(records: Records) -> pl.DataFrame:
    """Every place on a register: person, type, scheme, household, member, status, id_number and id_kind as delivered,
    rank of its identity.

    The registered poor count only where they are on neither roster.
    """
    dibao, tekun, poor = (records[name] for name in ("dibao_roster", "tekun_roster", "registered_poor"))
    places = [
        _places(dibao, "dibao", "member", "household_no", "member_no", pl.col("status")),
        _places(tekun, "tekun", "self", "person_no", "person_no", pl.col("status")),
    ]
    on_roster = pl.concat([dibao["person__member"], tekun["person__self"]])
    others = poor.filter(~pl.col("person__self").is_in(on_roster.implode()))
    places.append(_places(others, "registered_poor", "self", "household_no", "person_no", pl.lit("active")))
    known = pl.concat(places).unique(["scheme", "household", "member"], keep="first", maintain_order=True)
    return known.with_columns(pl.col("rank").cast(pl.Int8))


def _places(frame: pl.DataFrame, scheme: str, role: str, household: str, member: str, status: pl.Expr) -> pl.DataFrame:
    return frame.select(
        person=f"person__{role}",
        scheme=pl.lit(scheme),
        household=household,
        member=member,
        status=status,
        id_number="id_number",
        id_kind=f"id_kind__{role}",
        rank=_rank(f"identity__{role}"),
    )


def _rank(column: str) -> pl.Expr:
    return pl.col(column).replace_strict(RANKS, return_dtype=pl.Int8)


def _worse(one: str, other: str) -> pl.Expr:
    """The worse of two ranks; two faults that could each be repaired cannot both be."""
    both = (pl.col(one) == RANKS["repairable"]) & (pl.col(other) == RANKS["repairable"])
    return pl.when(both).then(HIDDEN).otherwise(pl.max_horizontal(one, other)).cast(pl.Int8)


def _named(rank: str) -> pl.Expr:
    return pl.col(rank).replace_strict({number: name for name, number in RANKS.items()}, return_dtype=pl.String)


def true_links(records: Records, places: pl.DataFrame, catalogue: Catalogue, schedule: Schedule) -> pl.DataFrame:
    """Every record of a member: type, role, row_key, scheme, household, member, identity, and the night it shows from.

    The rosters' own rows are left out, and the entries of the registered poor who are on no roster.
    """
    mine = places.select("person", "scheme", "household", "member", place_rank="rank")
    found = []
    for contract in catalogue:
        if contract.name in ROSTERS:
            continue
        frame = records[contract.name]
        nights = _nights(frame, contract, schedule)
        for identity in contract.identity:
            record = frame.select(
                type=pl.lit(contract.name),
                role=pl.lit(identity.role),
                row_key=row_key(contract),
                person=f"person__{identity.role}",
                record_rank=_rank(f"identity__{identity.role}"),
                night=nights,
            )
            record = record.filter(pl.col("person").is_not_null() & pl.col("night").is_not_null())
            linked = record.join(mine, on="person", how="inner", maintain_order="left_right")
            if contract.name == "registered_poor":
                linked = linked.filter(pl.col("scheme") != "registered_poor")
            found.append(linked)
    links = pl.concat(found).with_columns(rank=_worse("record_rank", "place_rank"))
    links = links.select(
        "type", "role", "row_key", "scheme", "household", "member", identity=_named("rank"), night="night"
    )
    return links.unique(["type", "role", "row_key", "scheme", "household", "member"], keep="first", maintain_order=True)


def row_key(contract: Contract) -> pl.Expr:
    """The key of a row as one text: its values joined by ``|``, dates as ISO."""
    return pl.concat_str([pl.col(name).cast(pl.String) for name in contract.key], separator="|")


def _nights(frame: pl.DataFrame, contract: Contract, schedule: Schedule) -> pl.Series:
    """For each row the first night a delivery shows it; null where it comes after the last one."""
    days = frame["known_from"].unique().to_list()
    shown = {day: schedule.night_of(contract.name, day) for day in days}
    return frame["known_from"].replace_strict(shown, return_dtype=pl.Date)


def true_flags(
    records: Records, places: pl.DataFrame, planted: Planted, catalogue: Catalogue, schedule: Schedule
) -> pl.DataFrame:
    """What every rule is to find and to leave alone.

    Columns: scheme, household, member (null: the whole household), rule, scenario, expected, night (from which it
    holds), until (the last day it holds, or null) and identity. Cases whose records no delivery shows are left out.
    """
    grounds = _grounds(records, places, catalogue, schedule)
    own = places.group_by("person", "scheme").agg(own_rank=pl.col("rank").max())
    cases = planted.cases.join(grounds, on="plant", how="left", maintain_order="left")
    cases = cases.join(own, on=["person", "scheme"], how="left", maintain_order="left")
    planted_rows = pl.col("least").is_not_null()
    rank = pl.when(pl.col("needs_all")).then("most").otherwise("least")
    by_number = pl.col("rule").is_in(SOUND_RECORD_RULES)
    # Their own entry is what these rules start from; it must be sound as it stands.
    by_entry = (pl.col("scheme") == "registered_poor") | pl.col("rule").is_in(SOUND_ENTRY_RULES)
    own_entry = pl.when(pl.col("own_rank") >= RANKS["repairable"]).then(HIDDEN).otherwise(pl.col("own_rank"))
    flags = cases.with_columns(
        rank=pl.max_horizontal(
            pl.when(~planted_rows)
            .then(0)
            .when(by_number & ((rank > 0) | pl.col("names_differ")))
            .then(HIDDEN)
            .otherwise(rank),
            pl.when(by_entry).then(own_entry).otherwise(0),
        ).cast(pl.Int8),
        night=pl.when(~planted_rows)
        .then(pl.lit(schedule.first_night))
        .when(pl.col("needs_all"))
        .then("last_shown")
        .otherwise("first_shown"),
    ).filter(pl.col("night").is_not_null())
    columns = ("scheme", "household", "member", "rule", "scenario", "expected", "night", "until")
    found = flags.select(*columns, identity=_named("rank"))
    return pl.concat(
        [
            found,
            *_mistaken_numbers(records, places, schedule),
            _unusable_numbers(places, planted, schedule),
            _come_of_age(records["dibao_roster"], schedule),
        ],
        how="diagonal",
    ).select(*columns, "identity")


def _grounds(records: Records, places: pl.DataFrame, catalogue: Catalogue, schedule: Schedule) -> pl.DataFrame:
    """For each planted case, the best and the worst identity of its records, and the nights they show."""
    own = places.group_by("person").agg(place_rank=pl.col("rank").max())
    found = []
    for contract in catalogue:
        if not contract.identity:
            continue
        identity = contract.identity[0]
        role = identity.role
        frame = records[contract.name].with_columns(night=_nights(records[contract.name], contract, schedule))
        found.append(
            frame.filter(pl.col("plant").is_not_null())
            .select(
                "plant",
                "night",
                person=f"person__{role}",
                name=identity.name,
                record_rank=_rank(f"identity__{role}"),
            )
            .join(own, on="person", how="left", maintain_order="left")
            .with_columns(pl.col("place_rank").fill_null(0))
            .select("plant", "night", "person", "name", rank=_worse("record_rank", "place_rank"))
        )
    rows = pl.concat(found).with_columns(names=pl.col("name").n_unique().over("plant", "person"))
    return rows.group_by("plant", maintain_order=True).agg(
        names_differ=(pl.col("names") > 1).any(),
        least=pl.col("rank").min(),
        most=pl.col("rank").max(),
        first_shown=pl.col("night").min(),
        last_shown=pl.when(pl.col("night").is_null().any()).then(None).otherwise(pl.col("night").max()),
    )


def _mistaken_numbers(records: Records, places: pl.DataFrame, schedule: Schedule) -> Iterable[pl.DataFrame]:
    """Identity conflicts that nobody planted: a relative's number written on a roster or in the household register.

    One is visible only where the number's owner can be read somewhere too. Where the owner's own line on the roster is
    damaged, the register's entry may rightly go there instead, so that case counts as hidden.
    """
    entries = records["household_register"].select(
        "id_number", id_kind="id_kind__self", number=_plain("id_number"), person="person__self"
    )
    watched = places.filter(
        pl.col("scheme").is_in(["dibao", "tekun"]) & pl.col("status").is_in(["active", "exiting"])
    ).with_columns(number=_plain("id_number"))
    own, relatives = pl.col("id_kind").is_in(INTACT_NUMBERS), pl.col("id_kind") == IdKind.RELATIVE
    damaged = watched.filter(~own)["person"]
    certain = entries.filter(own & ~pl.col("person").is_in(damaged.implode()).fill_null(value=False))
    readable = pl.concat([certain["number"], watched.filter(own)["number"]])
    mistaken = watched.filter(relatives)
    visible = pl.when(pl.col("number").is_in(readable.implode())).then(pl.lit("sound")).otherwise(pl.lit("hidden"))
    by_scenario = {
        "identity_conflict.number_of_relative_on_roster": mistaken.with_columns(identity=visible),
        "identity_conflict.number_given_to_relative_on_roster": _owners(watched.filter(own), mistaken),
        "identity_conflict.number_given_to_relative_in_household_register": _owners(
            watched.filter(own), entries.filter(relatives)
        ),
    }
    for scenario, found in by_scenario.items():
        yield found.select(
            "scheme",
            "household",
            "member",
            rule=pl.lit("identity_conflict"),
            scenario=pl.lit(scenario),
            expected=pl.lit(True),
            night=pl.lit(schedule.first_night),
            identity="identity",
        )


def _unusable_numbers(places: pl.DataFrame, planted: Planted, schedule: Schedule) -> pl.DataFrame:
    """Invalid identities that nobody planted: what is on the roster instead of a number cannot be read at all."""
    asked = planted.cases.filter(pl.col("rule") == "identity_invalid")
    unusable = places.filter(
        pl.col("scheme").is_in(["dibao", "tekun"])
        & pl.col("status").is_in(["active", "exiting"])
        & pl.col("id_kind").is_in(UNUSABLE_NUMBERS)
    ).join(asked, on=["scheme", "household", "member"], how="anti", maintain_order="left")
    unusable = unusable.join(_stops(planted), on="person", how="left", maintain_order="left")
    return unusable.select(
        "scheme",
        "household",
        "member",
        rule=pl.lit("identity_invalid"),
        scenario="identity_invalid." + pl.col("id_kind") + "_on_roster",
        expected=pl.lit(value=True),
        night=pl.lit(schedule.first_night),
        until="until",
        identity=pl.lit("sound"),
    )


def _stops(planted: Planted) -> pl.DataFrame:
    """Whose benefit a later night's roster says was stopped: person, and the last day before."""
    stops = [
        edit.values.select("person", until=pl.lit(edit.known_from - timedelta(days=1)))
        for edit in planted.edits
        if edit.type == "dibao_roster" and edit.known_from is not None and "status" in edit.values.columns
    ]
    return pl.concat([pl.DataFrame(schema={"person": pl.Int32, "until": pl.Date}), *stops], how="vertical_relaxed")


def _come_of_age(roster: pl.DataFrame, schedule: Schedule) -> pl.DataFrame:
    """Supplements missing that nobody planted: who becomes elderly on one of the nights is entitled from that day on.

    The roster, written as of the first night, pays them none yet.
    """
    day = pl.col("birth_date").dt.offset_by(f"{ELDERLY}y")
    return roster.filter(
        (day > schedule.first_night)
        & (day <= schedule.last_night)
        & (pl.col("status") == "active")
        & (pl.col("recipient") == "yes")
        & (pl.col("supplement_kind") == "none")
    ).select(
        scheme=pl.lit("dibao"),
        household="household_no",
        member="member_no",
        rule=pl.lit("supplement_missing"),
        scenario=pl.lit("supplement_missing.came_of_age"),
        expected=pl.lit(value=True),
        night=day,
        identity=pl.lit("sound"),
    )


def _owners(places: pl.DataFrame, mistaken: pl.DataFrame) -> pl.DataFrame:
    """The places of those whose number somebody else was given."""
    numbers = mistaken.select("number").unique(maintain_order=True)
    owners = places.join(numbers, on="number", how="semi", maintain_order="left")
    return owners.with_columns(identity=pl.lit("sound"))


def _plain(column: str) -> pl.Expr:
    """A number with its width and case put right."""
    wide = [chr(ord(one) + 0xFEE0) for one in "0123456789xX"]
    return pl.col(column).str.replace_many(wide, list("0123456789xX")).str.to_uppercase()
