"""The threads that work on blocks of deliveries, and how many blocks are in memory at a time."""

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from threading import BoundedSemaphore
from types import TracebackType
from typing import Self, TypeVar

Block = TypeVar("Block")
Done = TypeVar("Done")


class BlockWorkers:
    """Shared by all deliveries that are being read: one more block than there are threads is read ahead, of all."""

    def __init__(self, threads: int) -> None:
        self._pool = ThreadPoolExecutor(threads)
        self._room = BoundedSemaphore(threads + 1)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown()

    def in_order(self, work: Callable[[Block], Done], blocks: Iterator[Block]) -> Iterator[Done]:
        """The work done on each block, in the order of the blocks, which are read as there is room for them.

        Whatever ends it, no work on these blocks goes on afterwards.
        """
        waiting: deque[Future[Done]] = deque()
        try:
            while future := self._begin(work, blocks):
                waiting.append(future)
                while waiting and waiting[0].done():
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()
            wait(waiting)

    def _begin(self, work: Callable[[Block], Done], blocks: Iterator[Block]) -> Future[Done] | None:
        self._room.acquire()
        try:
            future = self._pool.submit(work, next(blocks))
        except StopIteration:
            self._room.release()
            return None
        except BaseException:
            self._room.release()
            raise
        future.add_done_callback(lambda _: self._room.release())
        return future
