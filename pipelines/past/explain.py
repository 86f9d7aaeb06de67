"""Explain one link of a past night: what was compared, the weight of each comparison, and the total."""

from dataclasses import dataclass
from datetime import date

import duckdb

from engines.embedded import connect, file_list, literal
from engines.lake import Lake
from matchers.identity.id_numbers import upgrade
from matchers.night.explain import Explanation, explain
from pipelines.deliveries.as_of import show_deliveries
from pipelines.deliveries.kept_contracts import catalogue_then
from pipelines.link import MEMBERSHIP, PARTITION, records_of
from pipelines.provenance.made_of import find_provenance
from schemas.catalogue import Catalogue
from schemas.column import Meaning
from schemas.link_reasons import LinkReason
from schemas.listed import listed_sql, registers_of
from schemas.masks import mask_value

POPULATION = "household_register"
MEANINGS = {
    "number": Meaning.ID_NUMBER,
    "name": Meaning.PERSON_NAME,
    "birth": Meaning.DATE,
    "sex": Meaning.CODE,
    "place": Meaning.ADDRESS,
    "phone": Meaning.PHONE,
}
"""What the values mean that are compared."""


class NoSuchLinkError(LookupError):
    """The night linked no such record. The message says what to give."""

    exit_code = 4


@dataclass(frozen=True)
class LinkKey:
    """Which link is meant: a record of a type, and the role it plays there (the only one, if None)."""

    type_name: str
    row_key: str
    role: str | None = None


def explain_link(lake: Lake, catalogue: Catalogue, night: date, link: LinkKey, *, unmasked: bool) -> Explanation:
    """Explain the link that ``night`` made of a record. Raises NoSuchLinkError where it made none."""
    known = find_provenance(lake, night)
    used = known.inputs[known.links] if known else {}
    catalogue = catalogue_then(lake, catalogue, {name: shown.contract for name, shown in used.items()})
    contract = catalogue[link.type_name]
    with connect(lake.root / "spill") as seen, connect(lake.root / "spill") as own:
        registers = registers_of(catalogue)
        for name in {*(one.name for one in registers), POPULATION, contract.name}:
            deliveries = used[name].deliveries if name in used else ()
            show_deliveries(seen, lake, catalogue[name], deliveries)
            if name == POPULATION:
                show_deliveries(own, lake, catalogue[name], deliveries)
        person, role, reason = _found(seen, lake, night, link)
        _show_places(seen, catalogue)
        record = seen.sql(
            f"SELECT * FROM ({records_of(contract)}) WHERE row_key = {literal(link.row_key)} AND role = {literal(role)}"
        ).to_arrow_table()
        places = seen.sql(
            "SELECT * EXCLUDE (person_id) FROM place WHERE person_id = ?", params=[person]
        ).to_arrow_table()
        owners = seen.execute(
            "SELECT count(*) FROM place WHERE id_number = ? AND person_id <> ?",
            [upgrade(record["id_number"])[0].as_py(), person],
        ).fetchall()
        people = seen.execute("SELECT count(DISTINCT person_id) FROM kept_place").fetchall()[0][0]
        own.register("record", record)
        own.register("memberships", places)
        return explain(
            own,
            "record",
            "memberships",
            reason,
            people=people,
            population=POPULATION,
            borrowed_number=owners[0][0] > 0,
            shown=_whole if unmasked else masked,
        )


def masked(field: str, value: str) -> str:
    """What may be seen of a value that is compared: enough to see where two agree, not to know who it is."""
    return mask_value(MEANINGS.get(field), value, born=field == "birth")


def _whole(_field: str, value: str) -> str:
    return value


def _show_places(seen: duckdb.DuckDBPyConnection, catalogue: Catalogue) -> None:
    """Show as ``place`` everybody the night watched, with what the registers say of them."""
    listed = listed_sql(registers_of(catalogue), MEMBERSHIP)
    seen.execute(
        f"CREATE TEMP VIEW place AS SELECT listed.*, kept_place.person_id FROM ({listed}) AS listed "
        "JOIN kept_place USING (scheme, household_id, member_id)"
    )


def _found(seen: duckdb.DuckDBPyConnection, lake: Lake, night: date, link: LinkKey) -> tuple[int, str, LinkReason]:
    """Open the night's links and places as ``kept_link`` and ``kept_place``, and find the link asked for."""
    for view, table in (("kept_link", "links"), ("kept_place", "person_memberships")):
        files = lake.files(table, PARTITION, [night.isoformat()])
        if not files:
            raise NoSuchLinkError(f"this lake has no night of {night}: run it, or give another date")
        seen.execute(f"CREATE TEMP VIEW {view} AS SELECT * FROM read_parquet({file_list(files)})")
    rows = seen.execute(
        "SELECT person_id, role, reason FROM kept_link WHERE type = ? AND row_key = ? AND (? IS NULL OR role = ?)",
        [link.type_name, link.row_key, link.role, link.role],
    ).fetchall()
    # A record in conflict with one person may be linked to another: the link is what claims somebody.
    rows = [row for row in rows if LinkReason(row[2]).accepted] or rows
    if len(rows) != 1:
        found = f"has links in the roles {sorted(row[1] for row in rows)}: give one" if rows else "was not linked"
        raise NoSuchLinkError(f"{link.type_name}: that record {found} on {night}")
    person, role, reason = rows[0]
    return person, role, LinkReason(reason)
