"""Which records of a night concern the people watched: read once, for all rounds.

Many are settled by number: they repeat the number and the name of one place letter for letter, and need no stage. The
others that any round may yet link are kept as `prefiltered`. The rest, most of a province, drops out: the number is
sound and of nobody on a register.
"""

from __future__ import annotations

import pyarrow as pa

from engines.column_bytes import one_array
from engines.connection import Connection
from engines.embedded import make_room
from matchers.columns import filled, require_columns
from matchers.identity.id_faults import one_fault_candidates
from matchers.identity.id_numbers import clean, verdicts
from matchers.identity.levels import name_rank
from matchers.identity.name_book import add_names
from matchers.identity.name_cells import columns_swapped
from matchers.identity.several_people import hold_several, people_in, perhaps_several
from matchers.night.contradiction import BIRTH_AND_SEX, born, sex, sex_by
from matchers.night.fingerprints import at_home, fingerprint
from matchers.night.watched_numbers import BODY
from matchers.queries import number, query

RECORD_COLUMNS = ("role", "row_key", "delivery_id", "id_number", "id_verdict", "name", "former_name")
"""What the stages read of a record: `id_number` cleaned, `id_verdict` its verdict, `former_name` may be null."""
OPTIONAL_RECORD_COLUMNS = {
    "birth_date": "DATE",
    "sex": "VARCHAR",
    "division": "VARCHAR",
    "address": "VARCHAR",
    "phone": "VARCHAR",
    "household": "VARCHAR",
    "relatives": "VARCHAR[]",
}
"""What the weighing reads besides, where a record has it. household: the sender's own key of a group that lives
together; relatives: the numbers of parents, spouse or guardian that the record gives."""
_KEPT = {"type": "VARCHAR", **dict.fromkeys(RECORD_COLUMNS, "VARCHAR"), **OPTIONAL_RECORD_COLUMNS, "address": "BIGINT"}
"""The columns of `prefiltered`. address: its fingerprint."""
PREFILTERED = ", ".join(f"{column} {kind}" for column, kind in _KEPT.items())
_NOBODY = (
    "(SELECT NULL::VARCHAR AS id_number, NULL::VARCHAR AS id_verdict, NULL::VARCHAR AS name,"
    " NULL::VARCHAR AS former_name, NULL::DATE AS birth_date, NULL::VARCHAR AS sex,"
    " NULL::VARCHAR AS division WHERE FALSE)"
)


def search_for(con: Connection, memberships: str, later: str | None = None) -> None:
    """Prepare the search for the records of the people of `memberships`, and of `later`, whom a later round may watch.

    Both are relations of the columns that `matchers.night.people.resolve_people` needs.
    """
    con.execute(query("night/start_settled_links"))
    con.execute(
        query("night/searched_places", body=BODY, memberships=memberships, later=later or _NOBODY, **BIRTH_AND_SEX)
    )
    con.execute(query("night/searched_homes", at_home=at_home("name", "coalesce(born, number_born)", "division")))
    add_names(con, "SELECT name FROM searched_place UNION ALL SELECT former_name FROM searched_place")
    damaged = con.sql(
        "SELECT id_number, bool_and(later) AS later FROM searched_place"
        " WHERE body IS NULL AND id_number IS NOT NULL GROUP BY id_number"
    ).to_arrow_table()
    found = one_fault_candidates(damaged["id_number"])
    candidates = pa.table({"candidate": found["candidate"], "later": damaged["later"].take(found["index"])})
    con.register("place_candidate", candidates)
    con.execute(query("night/searched_numbers"))
    con.unregister("place_candidate")
    con.execute("DROP VIEW searched_place")


def prefilter_records(con: Connection, records: str, name: str | None, later: str = "TRUE") -> None:
    """Put the records settled by number into `settled_link`, and those that the stages are to see into `prefiltered`.

    `records` names a relation of `RECORD_COLUMNS`, one row a record and role, as of the night, and of
    `OPTIONAL_RECORD_COLUMNS` where they are there. They are of the type `name`; without it, a column `type` says of
    which. later: SQL for the records that later rounds link too: most are the first round's alone, and are compared
    with its people alone.
    """
    require_columns(con, records, RECORD_COLUMNS)
    con.execute(f"CREATE OR REPLACE TABLE prefiltered ({PREFILTERED})")
    texts = {
        "type": f"'{name}' AS type" if name else "type",
        "columns": ", ".join(RECORD_COLUMNS),
        "optional": filled(con, records, OPTIONAL_RECORD_COLUMNS),
        "body": BODY,
        "records": records,
    }
    for part, rounds in ((f"NOT ({later})", "NOT later"), (later, "TRUE")):
        con.execute(query("night/numbered_records", **texts, part=part, rounds=rounds))
        _prefilter(con)
    con.execute("CREATE OR REPLACE TABLE linked_record (record BIGINT)")
    _read_anew(con)
    add_names(con, "SELECT name FROM prefiltered UNION ALL SELECT former_name FROM prefiltered")
    _propose_numbers(con)


def _read_anew(con: Connection) -> None:
    """Read anew what stands in the cells of a few records: several people, or name and number the other way round."""
    cells = "SELECT rowid AS record, name, id_number FROM prefiltered WHERE"
    few = con.sql(f"{cells} {perhaps_several('name', 'id_number')}").to_arrow_table()
    few = few.filter(hold_several(one_array(few["name"]), one_array(few["id_number"])))
    if few.num_rows:
        told = people_in(one_array(few["name"]), one_array(few["id_number"]))
        _put_in_place(con, few["record"].take(told.row), told.name, told.number, several=True)
    turned = con.sql(f"{cells} {columns_swapped('name', 'id_number')}").to_arrow_table()
    if turned.num_rows:
        _put_in_place(con, turned["record"], one_array(turned["id_number"]), one_array(turned["name"]), several=False)


def _put_in_place(
    con: Connection, records: pa.ChunkedArray, names: pa.Array, numbers: pa.Array, *, several: bool
) -> None:
    """Add what the cells of these records say read anew, and leave the records themselves out."""
    cleaned = clean(numbers)
    said = {"name": names, "id_number": cleaned, "id_verdict": verdicts(cleaned).cast(pa.string())}
    con.register("read_anew", pa.table({"record": records, **said}))
    con.execute(query("night/read_anew", columns=", ".join(_KEPT), several=str(several).upper()))
    con.unregister("read_anew")


def _prefilter(con: Connection) -> None:
    """Add the records of `numbered_record` to `settled_link` and `prefiltered`."""
    con.execute(query("night/unregistered"))
    add_names(con, "SELECT name FROM unregistered_name UNION ALL SELECT former_name FROM unregistered_name")
    con.execute(query("night/compatible_unregistered", name_rank=name_rank("r", "p")))
    stated = {"born": born("a.birth_date"), "sex": sex("a.sex"), "sex_by": sex_by("a.body")}
    con.execute(
        query(
            "night/known_records",
            **stated,
            at_home=at_home("a.name", f"coalesce({stated['born']}, a.born)", "a.division"),
        )
    )
    sources = number(con, "SELECT max(source) FROM link_source")
    con.execute(query("night/settled_by_number", sources=str(sources)))
    make_room(con)
    columns = [fingerprint("address") if column == "address" else column for column in _KEPT]
    con.execute(query("night/prefiltered", columns=", ".join(columns)))
    for view in ("likely_record", "known_record", "round_birth", "round_home", "round_number", "numbered_record"):
        con.execute(f"DROP VIEW {view}")
    con.execute("DROP TABLE unregistered_name; DROP TABLE compatible_unregistered")


def keep_prefiltered(con: Connection, records: str) -> None:
    """Drop the prefiltered records that are linked, and all but `records`, SQL: later rounds look at no others."""
    con.execute(query("night/still_prefiltered", columns=", ".join(_KEPT), records=records))
    _propose_numbers(con)


def forget_prefiltered(con: Connection) -> None:
    """Drop the prefiltered records, and the numbers searched for, once no round looks at them."""
    for table in ("prefiltered", "record_candidate", "linked_record", "searched_number", "searched_home"):
        con.execute(f"DROP TABLE {table}")


def _propose_numbers(con: Connection) -> None:
    """Make `record_candidate`: what each damaged number of a record may have been, of the numbers searched for."""
    damaged = con.sql(
        "SELECT rowid AS record, id_number FROM prefiltered"
        " WHERE id_number IS NOT NULL AND id_verdict NOT IN ('sound', 'sound_15')"
    ).to_arrow_table()
    con.execute("CREATE OR REPLACE TABLE record_candidate (record BIGINT, candidate VARCHAR, body BIGINT)")
    for batch in damaged.to_batches(max_chunksize=1 << 17):
        found = one_fault_candidates(batch["id_number"])
        proposed = pa.table({"record": batch["record"].take(found["index"]), "candidate": found["candidate"]})
        con.register("proposed_number", proposed)
        con.execute(
            "INSERT INTO record_candidate SELECT p.record, p.candidate, n.body FROM proposed_number AS p"
            " JOIN searched_number AS n ON n.body = left(p.candidate, 17)::BIGINT"
        )
        con.unregister("proposed_number")
