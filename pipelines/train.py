"""Train the province's model on a night of an invented province, whose truth is known."""

from datetime import date
from pathlib import Path

from engines.embedded import connect, file_list
from engines.lake import Lake
from matchers.night.province_model import ProvinceModel
from matchers.night.province_training import Labelled, train_province
from pipelines.deliveries.as_of import choose, create_view
from pipelines.deliveries.receipts import ReceiptStore
from pipelines.link import (
    FIRST,
    asked_of_the_near_poor,
    in_batches,
    link_certainly,
    linkable,
    records_linked,
    watch_and_prefilter,
)
from rules.book import load_rule_book
from schemas.catalogue import Catalogue


def train_on_night(lake: Lake, catalogue: Catalogue, night: date, truth: Path, out: Path) -> ProvinceModel:
    """Link the night's protected people by the certain stages, and learn from what those left over.

    ``truth`` is the province's ``truth/links.parquet``. The weights see no label; the thresholds are chosen on them.
    The model is written to ``out``; ``matchers/night/models/province.json`` is the one the nights read.
    """
    receipt_store = ReceiptStore(lake)
    with connect(lake.root / "spill") as connection:
        for contract in catalogue:
            create_view(connection, lake, contract, choose(contract, receipt_store, as_of=night, known_by=night))
        asked = asked_of_the_near_poor(load_rule_book(), catalogue)
        types = [one for one in linkable(catalogue) if records_linked(FIRST, one, asked)]
        watch_and_prefilter(connection, catalogue, types, asked)
        for batch in in_batches(types):
            link_certainly(connection, batch, FIRST, asked)
        connection.execute(
            "CREATE TEMP VIEW labelled AS SELECT DISTINCT t.type, t.role, t.row_key, p.person_id "
            f"FROM read_parquet({file_list([truth])}) AS t JOIN person_memberships AS p "
            "ON p.scheme = t.scheme AND p.household_id = t.household AND p.member_id = t.member"
        )
        return train_province(connection, "household_register", Labelled("labelled", f"night of {night}"), out)
