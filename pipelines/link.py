"""Link: every record of every type to the people on the registers, first the protected, then the near-poor.

The near-poor are the registered poor whom the first round ties to no roster. A few rules ask about them, and only
records of the types that those rules read are linked to them. The records are read once, for both rounds; one that the
first round linked is not looked at again.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa

from engines.connection import Connection
from engines.embedded import file_list, literal, make_room
from engines.lake import Lake
from matchers.night.people import MEMBERSHIP_COLUMNS, OPTIONAL_MEMBERSHIP_COLUMNS, forget_people, resolve_people
from matchers.night.prefilter import OPTIONAL_RECORD_COLUMNS, forget_prefiltered, keep_prefiltered, prefilter_records
from matchers.night.stages import run_stages
from matchers.night.weighing import weigh_unmatched
from matchers.queries import number
from pipelines.progress import LOG, Progress
from rules.book import RuleBook
from schemas.catalogue import Catalogue
from schemas.contract import Contract, Identity
from schemas.link_reasons import LinkReason
from schemas.listed import listed_sql, registers_of
from schemas.register import People

SQL = Path(__file__).parent / "sql"
PARTITION = "night"
KEPT = ("links", "possible_links", "person_memberships")
MEMBERSHIP = (*MEMBERSHIP_COLUMNS, *OPTIONAL_MEMBERSHIP_COLUMNS)
FIRST, LATER = ROUNDS = (People.PROTECTED, People.NEAR_POOR)
"""The rounds, each called by the people it watches."""
TRAINED_ON = FIRST
"""The round that the model was trained on (``pipelines.train``): another mixes the types otherwise by its nature."""


def link(
    connection: Connection,
    lake: Lake,
    catalogue: Catalogue,
    asked: Collection[str],
    night: date,
    progress: Progress,
) -> dict[str, int]:
    """Link the night's records, and keep the links and the people in the lake; returns how many by reason.

    See ``link_night`` for what the connection holds before and after.
    """
    link_night(connection, catalogue, asked, progress)
    keep_links(connection, lake, night)
    return kept_link_counts(lake, night)


def asked_of_the_near_poor(book: RuleBook, catalogue: Catalogue) -> frozenset[str]:
    """What the rules of ``book`` ask about the near-poor: the types that rules read beside their registers.

    Other types are not linked to them, as nobody looks at it; but for the records that tell a former name, since
    records that are asked about may still use it.
    """
    beside = (book.asked_beside(register.name) for register in registers_of(catalogue, LATER))
    return frozenset().union(*beside) - {register.name for register in registers_of(catalogue)}


def link_night(connection: Connection, catalogue: Catalogue, asked: Collection[str], progress: Progress) -> None:
    """Link the records that the as-of views show, to the near-poor those of the types ``asked`` about them.

    The connection holds the as-of views. It is left with the view ``links`` and the tables ``possible_links`` and
    ``person_memberships``, over both rounds, for the rules.
    """
    rounds = _rounds(catalogue)
    types = [one for one in linkable(catalogue) if records_linked(FIRST, one, asked)]
    batches = {name: in_batches([one for one in types if records_linked(name, one, asked)]) for name in rounds}
    with progress.stage("link", 1 + sum(len(of_round) + 1 for of_round in batches.values())):
        progress.step("link", "prefiltered", watch_and_prefilter(connection, catalogue, types, asked))
        for name, of_round in batches.items():
            if name != FIRST:
                keep_prefiltered(connection, _any_of(types, [name], asked))
                make_room(connection)
                show_unlinked(connection, catalogue)
                resolve_people(connection, "unlinked", later=True)
                connection.execute("DROP VIEW unlinked")
            make_room(connection)
            for batch in of_round:
                found = link_certainly(connection, batch, name, asked)
                make_room(connection)
                facts = {reason.value: count for reason, count in found.items()}
                progress.step("link", f"round={name} types={','.join(one.name for one in batch)}", facts)
            weighed = _weigh(connection, watched=name == TRAINED_ON)
            progress.step("link", f"round={name} weighed", {reason.value: count for reason, count in weighed.items()})
            _run_sql(connection, "keep_people")
            forget_people(connection)
        forget_prefiltered(connection)
        _run_sql(connection, "all_people")


def watch_and_prefilter(
    connection: Connection, catalogue: Catalogue, types: Sequence[Contract], asked: Collection[str]
) -> dict[str, int]:
    """Watch the people of the first round, and prefilter the records of the types for all rounds; returns how many.

    The connection holds the as-of views.
    """
    _run_sql(connection, "empty_links")
    rounds = _rounds(catalogue)
    for name in rounds:
        show_listed(connection, catalogue, name)
    resolve_people(connection, f"listed_{FIRST}", asked_later=f"listed_{LATER}" if LATER in rounds else None)
    connection.execute(f"DROP VIEW listed_{FIRST}")
    _run_sql(connection, "links")
    make_room(connection)
    records = " UNION ALL ".join(f"SELECT {literal(one.name)} AS type, * FROM ({records_of(one)})" for one in types)
    connection.execute(f"CREATE OR REPLACE TEMP VIEW record AS {records}")
    later = [name for name in rounds if name != FIRST]
    prefilter_records(connection, "record", None, _any_of(types, later, asked))
    connection.execute("DROP VIEW record")
    make_room(connection)
    return {table: number(connection, f"SELECT count(*) FROM {table}") for table in ("settled_link", "prefiltered")}


def show_listed(connection: Connection, catalogue: Catalogue, people: People) -> None:
    """Show as ``listed_<people>`` everybody whom the registers of these people list, whatever their status."""
    listed = listed_sql(registers_of(catalogue, people), MEMBERSHIP)
    connection.execute(f"CREATE OR REPLACE TEMP VIEW listed_{people} AS {listed}")


def show_unlinked(connection: Connection, catalogue: Catalogue) -> None:
    """Show as ``unlinked`` those of ``listed_near_poor`` whom ``links`` tie to no roster."""
    names = ", ".join(literal(register.name) for register in registers_of(catalogue, LATER))
    connection.execute((SQL / "unlinked.sql").read_text(encoding="utf-8").format(registers=names))


def _rounds(catalogue: Catalogue) -> list[People]:
    """The rounds of a night: the first, and the later one where any register lists its people."""
    return [name for name in ROUNDS if name == FIRST or registers_of(catalogue, name)]


def keep_links(connection: Connection, lake: Lake, night: date) -> None:
    """Replace the night's links and people in the lake by those of the connection."""
    for table in KEPT:
        dated = f"SELECT *, {literal(night.isoformat())} AS {PARTITION} FROM {table}"
        rows: pa.RecordBatchReader = connection.sql(dated).to_arrow_reader(1 << 17)
        lake.replace(table, {PARTITION: night.isoformat()}, rows)


def show_kept_links(connection: Connection, lake: Lake, night: date) -> None:
    """Show what the rules read, ``links`` and ``person_memberships``, of what the lake keeps of a past night.

    They stay in their files. The links lie by type: whoever reads a type opens its part alone.
    """
    for table in ("links", "person_memberships"):
        files = file_list(lake.files(table, PARTITION, [night.isoformat()]))
        connection.execute(f"CREATE OR REPLACE TEMP VIEW {table} AS SELECT * FROM read_parquet({files})")


def kept_link_counts(lake: Lake, night: date) -> dict[str, int]:
    """How many links of each reason the lake keeps of a past night."""
    files = [
        file for table in ("links", "possible_links") for file in lake.files(table, PARTITION, [night.isoformat()])
    ]
    with duckdb.connect() as connection:
        found = connection.sql(f"SELECT reason, count(*) FROM read_parquet({file_list(files)}) GROUP BY ALL").fetchall()
    counts = dict(found)
    return {reason.value: counts.get(reason.value, 0) for reason in LinkReason}


def linkable(catalogue: Catalogue) -> list[Contract]:
    """The types that speak of people. Those that declare former names come first: that helps to know the others."""
    return sorted((one for one in catalogue if one.identity), key=lambda one: not _tells_former_names(one))


def _tells_former_names(contract: Contract) -> bool:
    return any(identity.former_name for identity in contract.identity)


def in_batches(types: Sequence[Contract]) -> list[list[Contract]]:
    """The types as they are linked in one go, in their order: each statement has its price, whatever it finds.

    A type that tells former names is alone, as the ones after it are to know them.
    """
    batches: list[list[Contract]] = []
    for contract in types:
        if not batches or _tells_former_names(contract) or _tells_former_names(batches[-1][0]):
            batches.append([])
        batches[-1].append(contract)
    return batches


def records_linked(name: People, contract: Contract, asked: Collection[str]) -> str | None:
    """Which records of a type the round links, as SQL; None where it links none.

    A register's lines are themselves the places people are watched on. Those of the near-poor's are linked in the first
    round alone, to the people on the rosters.
    """
    register = contract.as_register
    if register and (name != FIRST or register.people == FIRST):
        return None
    if name == FIRST or contract.name in asked:
        return "TRUE"
    return "former_name IS NOT NULL" if _tells_former_names(contract) else None


def _any_of(contracts: Sequence[Contract], rounds: Sequence[People], asked: Collection[str]) -> str:
    """SQL for the records that any of these rounds links, of a relation of several types."""
    linked = ((one.name, records_linked(name, one, asked)) for name in rounds for one in contracts)
    return " OR ".join(f"type = {literal(name)} AND {records}" for name, records in linked if records) or "FALSE"


def link_certainly(
    connection: Connection, contracts: Sequence[Contract], name: People, asked: Collection[str]
) -> Counter[LinkReason]:
    """Link the round's records of one type, or of several that tell each other no former names, by the certain stages.

    Their links go into ``reasoned_links`` and ``possible_links``; returns counts by reason.
    """
    linked = run_stages(connection, "types", _any_of(contracts, [name], asked))
    connection.execute(f"INSERT INTO reasoned_links BY NAME FROM {linked.links}")
    connection.execute(f"INSERT INTO possible_links BY NAME FROM {linked.possible}")
    connection.execute(f"DROP TABLE {linked.links}; DROP TABLE {linked.possible}")
    return Counter(linked.counts)


def _weigh(connection: Connection, *, watched: bool) -> Counter[LinkReason]:
    """Link by weight what the round's certain stages left unmatched, of all types together.

    watched: warn where the candidate pairs are not as they were in training.
    """
    weighed = weigh_unmatched(connection, "household_register")
    connection.execute(f"INSERT INTO reasoned_links BY NAME FROM {weighed.links}")
    connection.execute(f"INSERT INTO possible_links BY NAME FROM {weighed.possible}")
    for warning in [*weighed.warnings, *(weighed.drift if watched else [])]:
        LOG.warning("stage=link %s", warning)
    return sum((Counter(found) for found in weighed.counts.values()), Counter())


def records_of(contract: Contract) -> str:
    """SQL for the records of a type: one row for each role of each row."""
    return " UNION ALL ".join(
        f"SELECT {literal(identity.role)} AS role, row_key, delivery_id, {identity.id_number} AS id_number, "
        f"{contract.verdict_columns[identity.id_number]} AS id_verdict, {identity.name} AS name, "
        f"{identity.former_name or 'NULL::VARCHAR'} AS former_name, {_told(identity)} FROM {contract.name}"
        for identity in contract.identity
    )


def _run_sql(connection: Connection, name: str) -> None:
    connection.execute((SQL / f"{name}.sql").read_text(encoding="utf-8"))


def _told(identity: Identity) -> str:
    """SQL for what the record says of the person besides number and name; NULL where its type does not."""
    columns = identity.columns()
    told = [
        f"{columns.get(part, 'NULL')}::{kind} AS {part}"
        for part, kind in OPTIONAL_RECORD_COLUMNS.items()
        if part != "relatives"
    ]
    return ", ".join([*told, f"[{', '.join(identity.relatives)}]::VARCHAR[] AS relatives"])
