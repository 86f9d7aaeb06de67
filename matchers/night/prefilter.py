"""Which records of a night concern the people watched: read once, for all rounds.

Most are *plain*: they repeat the number and the name of one place letter for letter, and need no stage. The others that
any round may yet link are `reached`. All that is left, most of a province, is strangers', and drops out here.
"""

from __future__ import annotations

import pyarrow as pa

from engines.connection import Connection
from engines.embedded import make_room
from matchers.columns import filled, require_columns
from matchers.identity.id_faults import one_fault_candidates
from matchers.identity.levels import name_rank
from matchers.identity.name_book import add_names
from matchers.night.contradiction import TOLD, born, sex, sex_by
from matchers.night.fingerprints import fingerprint
from matchers.night.watched_numbers import BODY
from matchers.queries import number, query

RECORD_COLUMNS = ("role", "row_key", "delivery_id", "id_number", "id_verdict", "name", "former_name")
"""What the stages read of a record: `id_number` cleaned, `id_verdict` its verdict, `former_name` may be null."""
TOLD_COLUMNS = {
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
_KEPT = {"type": "VARCHAR", **dict.fromkeys(RECORD_COLUMNS, "VARCHAR"), **TOLD_COLUMNS, "address": "BIGINT"}
"""The columns of `reached`. address: its fingerprint."""
REACHED = ", ".join(f"{column} {kind}" for column, kind in _KEPT.items())
_NOBODY = (
    "(SELECT NULL::VARCHAR AS id_number, NULL::VARCHAR AS id_verdict, NULL::VARCHAR AS name,"
    " NULL::VARCHAR AS former_name, NULL::DATE AS birth_date, NULL::VARCHAR AS sex,"
    " NULL::VARCHAR AS division WHERE FALSE)"
)


def ask_for(con: Connection, memberships: str, later: str | None = None) -> None:
    """Make ready to reach the records of the people of `memberships`, and of `later`, whom a later round may watch.

    Both are relations of the columns that `matchers.night.people.resolve_people` needs.
    """
    con.execute(query("night/no_links"))
    con.execute(query("night/asked_places", body=BODY, memberships=memberships, later=later or _NOBODY, **TOLD))
    add_names(con, "SELECT name FROM asked_place UNION ALL SELECT former_name FROM asked_place")
    damaged = con.sql(
        "SELECT id_number, bool_and(later) AS later FROM asked_place"
        " WHERE body IS NULL AND id_number IS NOT NULL GROUP BY id_number"
    ).to_arrow_table()
    found = one_fault_candidates(damaged["id_number"])
    candidates = pa.table({"candidate": found["candidate"], "later": damaged["later"].take(found["index"])})
    con.register("found_candidates", candidates)
    con.execute(query("night/asked_numbers"))
    con.unregister("found_candidates")
    con.execute("DROP VIEW asked_place")


def reach_records(con: Connection, records: str, name: str | None, later: str = "TRUE") -> None:
    """Put the plain ones among the records into `plain_link`, and make `reached` of those that the stages are to see.

    `records` names a relation of `RECORD_COLUMNS`, one row a record and role, as of the night, and of `TOLD_COLUMNS`
    where they are there. They are of the type `name`; without it, a column `type` says of which. later: SQL for
    the records that later rounds link too: most are the first round's alone, and are held against its people alone.
    """
    require_columns(con, records, RECORD_COLUMNS)
    con.execute(f"CREATE OR REPLACE TABLE reached ({REACHED})")
    texts = {
        "type": f"'{name}' AS type" if name else "type",
        "columns": ", ".join(RECORD_COLUMNS),
        "told": filled(con, records, TOLD_COLUMNS),
        "body": BODY,
        "records": records,
    }
    for asked, rounds in ((f"NOT ({later})", "NOT later"), (later, "TRUE")):
        con.execute(query("night/asked_record", **texts, asked=asked, rounds=rounds))
        _reach(con)
    con.execute("CREATE OR REPLACE TABLE linked_record (record BIGINT)")
    add_names(con, "SELECT name FROM reached UNION ALL SELECT former_name FROM reached")
    _propose_numbers(con)


def _reach(con: Connection) -> None:
    """Add the records of `asked_record` to `plain_link` and `reached`."""
    con.execute(query("night/strangers"))
    add_names(con, "SELECT name FROM stranger_name UNION ALL SELECT former_name FROM stranger_name")
    con.execute(query("night/compatible_strangers", name_rank=name_rank("r", "p")))
    stated = {"born": born("a.birth_date"), "sex": sex("a.sex"), "sex_by": sex_by("a.body")}
    con.execute(query("night/known_record", **stated))
    sources = number(con, "SELECT max(source) FROM link_source")
    con.execute(query("night/plain", sources=str(sources)))
    make_room(con)
    told = [fingerprint("address") if column == "address" else column for column in _KEPT]
    con.execute(query("night/reached", columns=", ".join(told)))
    for view in ("likely_record", "known_record", "birth_asked", "number_asked", "asked_record"):
        con.execute(f"DROP VIEW {view}")
    con.execute("DROP TABLE stranger_name; DROP TABLE compatible_stranger")


def keep_reached(con: Connection, records: str) -> None:
    """Forget the reached records that are linked, and all but `records`, SQL: later rounds look at no others."""
    con.execute(query("night/still_reached", columns=", ".join(_KEPT), records=records))
    _propose_numbers(con)


def forget_reached(con: Connection) -> None:
    """Drop the reached records, and the numbers they were asked for, once no round looks at them."""
    for table in ("reached", "record_candidate", "linked_record", "asked_number"):
        con.execute(f"DROP TABLE {table}")


def _propose_numbers(con: Connection) -> None:
    """Make `record_candidate`: what each damaged number among the records may have been, where that is asked for."""
    damaged = con.sql(
        "SELECT rowid AS record, id_number FROM reached"
        " WHERE id_number IS NOT NULL AND id_verdict NOT IN ('sound', 'sound_15')"
    ).to_arrow_table()
    con.execute("CREATE OR REPLACE TABLE record_candidate (record BIGINT, candidate VARCHAR, body BIGINT)")
    for batch in damaged.to_batches(max_chunksize=1 << 17):
        found = one_fault_candidates(batch["id_number"])
        proposed = pa.table({"record": batch["record"].take(found["index"]), "candidate": found["candidate"]})
        con.register("proposed_number", proposed)
        con.execute(
            "INSERT INTO record_candidate SELECT p.record, p.candidate, n.body FROM proposed_number AS p"
            " JOIN asked_number AS n ON n.body = left(p.candidate, 17)::BIGINT"
        )
        con.unregister("proposed_number")
