"""Deliveries of several types are settled side by side, those of one type one after the other."""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import AbstractContextManager, suppress
from itertools import groupby
from threading import Event, Lock

from pipelines.deliveries.receipts import Receipt
from pipelines.intake.delivery_failure import concerns_everybody, log_failure
from pipelines.intake.inbox import InboxFile
from pipelines.intake.ingest import Ingest
from pipelines.intake.land import ChangingDeliveryError
from schemas.catalogue import Catalogue


def settle_all(
    ready: Callable[[], AbstractContextManager[Ingest]],
    files: Sequence[InboxFile],
    catalogue: Catalogue,
    threads: int,
    told: Callable[[Receipt], None],
) -> list[Receipt]:
    """Settle every delivery; returns the receipts in the order of ``files``, and tells each as it is written.

    A delivery is judged by the earlier ones of its type alone, so its receipt does not depend on how many ``threads``
    there are. The largest types begin first, that none is left alone at the end. One that fails where nobody thought
    of it is tried again when all others are done, and those of its type after it: each alone, with what is made
    ``ready`` for it. A file that changes while it is read has no receipt: it is for the next night. At the first
    error that concerns everybody no further delivery is begun, those begun are settled, and the error is raised.
    """
    receipts: dict[str, Receipt] = {}
    set_aside: list[InboxFile] = []
    stopped, telling = Event(), Lock()

    def settle(delivery: InboxFile, by: Ingest, *, is_alone: bool) -> None:
        with suppress(ChangingDeliveryError):
            receipt = by.settle(delivery, catalogue[delivery.type_name], alone=is_alone)
            with telling:
                receipts[delivery.source] = receipt
                told(receipt)

    def settle_type(of_one_type: Iterable[InboxFile], ingest: Ingest) -> None:
        left = iter(of_one_type)
        for delivery in left:
            if stopped.is_set():
                return
            try:
                settle(delivery, ingest, is_alone=False)
            except BaseException as error:
                if concerns_everybody(error):
                    raise
                log_failure(error, type_name=delivery.type_name, source=delivery.source)
                set_aside.extend((delivery, *left))

    with ready() as together, ThreadPoolExecutor(threads) as pool:
        try:
            for done in as_completed([pool.submit(settle_type, one, together) for one in _by_type(files)]):
                done.result()
        finally:
            stopped.set()
    for delivery in set_aside:
        with ready() as alone:
            settle(delivery, alone, is_alone=True)
    return [receipts[delivery.source] for delivery in files if delivery.source in receipts]


def _by_type(files: Sequence[InboxFile]) -> list[list[InboxFile]]:
    """The deliveries of each type in their order, the type with the most bytes first."""
    ordered = sorted(files, key=lambda delivery: delivery.type_name)
    types = [list(one) for _, one in groupby(ordered, key=lambda delivery: delivery.type_name)]
    return sorted(types, key=lambda one: -sum(delivery.size for delivery in one))
