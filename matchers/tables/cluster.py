"""Deduplication: links closed into clusters, so that if a is b and b is c, a is c; guarded against chains.

A cluster over the spec's largest is not closed: its direct links stand, and the rest is left to a person.
"""

from __future__ import annotations

import duckdb

from matchers.queries import number, query


def close_links(con: duckdb.DuckDBPyConnection, links: str, largest_cluster: int) -> int:
    """Make `implied` (`left_row`, `right_row`): pairs of one cluster that `links` does not have.

    links: a relation of `left_row`, `right_row`. Returns how many clusters were left open.
    Also makes `cluster_row` (`row`, `cluster`), a cluster named by its smallest row.
    """
    con.execute(query("tables/cluster_start", links=links))
    changed = True
    while changed:
        con.execute(query("tables/cluster_spread"))
        moved = "SELECT count(*) FROM nearer JOIN cluster_row USING (row) WHERE nearer.cluster < cluster_row.cluster"
        changed = number(con, moved) > 0
        con.execute("CREATE OR REPLACE TEMP TABLE cluster_row AS FROM nearer")
    con.execute(query("tables/cluster_close", links=links, largest=str(largest_cluster)))
    left_open = number(
        con,
        f"SELECT count(*) FROM (SELECT cluster FROM cluster_row GROUP BY cluster HAVING count(*) > {largest_cluster})",
    )
    for table in ("nearer", "link_end"):
        con.execute(f"DROP TABLE {table}")
    return left_open
