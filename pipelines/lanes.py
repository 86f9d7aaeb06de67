"""Deliveries of several types are settled side by side, those of one type one after the other."""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from itertools import groupby
from threading import Event, Lock

from pipelines.inbox import InboxFile
from pipelines.ingest import Ingest
from pipelines.ledger import Receipt
from schemas.catalogue import Catalogue


def settle_all(
    ingest: Ingest,
    files: Sequence[InboxFile],
    catalogue: Catalogue,
    threads: int,
    told: Callable[[Receipt], None],
) -> list[Receipt]:
    """Settle every delivery; returns the receipts in the order of ``files``, and tells each as it is written.

    A delivery is judged by the earlier ones of its type alone, so its receipt does not depend on how many ``threads``
    there are. The largest types begin first, that none is left alone at the end. At the first error no further
    delivery is begun, those begun are settled, and the error is raised.
    """
    receipts: dict[str, Receipt] = {}
    stopped, telling = Event(), Lock()

    def settle(of_one_type: Iterable[InboxFile]) -> None:
        for delivery in of_one_type:
            if stopped.is_set():
                return
            receipt = ingest.settle(delivery, catalogue[delivery.type_name])
            with telling:
                receipts[delivery.source] = receipt
                told(receipt)

    with ThreadPoolExecutor(threads) as lanes:
        try:
            for lane in as_completed([lanes.submit(settle, one) for one in _by_type(files)]):
                lane.result()
        finally:
            stopped.set()
    return [receipts[delivery.source] for delivery in files]


def _by_type(files: Sequence[InboxFile]) -> list[list[InboxFile]]:
    """The deliveries of each type in their order, the type with the most bytes first."""
    ordered = sorted(files, key=lambda delivery: delivery.type_name)
    types = [list(one) for _, one in groupby(ordered, key=lambda delivery: delivery.type_name)]
    return sorted(types, key=lambda one: -sum(delivery.path.stat().st_size for delivery in one))
