"""Work in parts on all cores: threads, because the compiled loops release the interpreter lock."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from itertools import islice
from typing import TypeVar

T = TypeVar("T")

_AHEAD = 2
_LARGEST_BLOCK = 31 * 2**20


def usable_cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def parts_of(start: int, stop: int, size: int) -> Iterator[tuple[int, int]]:
    """Give the consecutive parts of a range, each at most ``size`` long."""
    return ((at, min(at + size, stop)) for at in range(start, stop, size))


@contextmanager
def _pool(workers: int) -> Iterator[ThreadPoolExecutor]:
    """Give a pool that an error or Ctrl-C stops as soon as the running parts are done."""
    _keep_freed_memory()
    pool = ThreadPoolExecutor(workers, thread_name_prefix="ssbml")
    try:
        yield pool
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _keep_freed_memory() -> None:
    """Let glibc keep freed arrays for the next part.

    It gives memory back to the system beyond twice the largest block freed so far (at most 32 MB
    count; see mallopt(3), M_MMAP_THRESHOLD). Every part would ask for its pages anew, one thread
    waiting for the other: 50,000 page faults and 5 % of the time of a million recipes.
    """
    bytearray(_LARGEST_BLOCK)


def in_order(
    work: Callable[[int, int], T], start: int, stop: int, size: int, workers: int | None = None
) -> Iterator[T]:
    """Give the results of the parts of a range in order, computed side by side.

    Only a few parts are ahead of the one that is taken, so memory stays bounded.

    Parameters
    ----------
    work : callable
        Takes the start and the stop of a part; safe to call from several threads.
    start, stop : int
        The range.
    size : int
        Greatest length of a part; with several threads parts are of one length, so that all
        threads end together.
    workers : int, optional
        Threads; by default one for each usable core. One means no thread at all.

    Yields
    ------
    object
        What ``work`` returns.
    """
    length = stop - start
    count = min(workers or usable_cores(), -(-length // size))
    if count > 1:
        rounds = -(-length // (count * size))
        size = -(-length // (count * rounds))
    parts = parts_of(start, stop, size)
    if count <= 1:
        for part in parts:
            yield work(*part)
        return
    with _pool(count) as pool:
        waiting: list[Future[T]] = [pool.submit(work, *p) for p in islice(parts, count + _AHEAD)]
        while waiting:
            first = waiting.pop(0)
            yield first.result()
            waiting.extend(pool.submit(work, *part) for part in islice(parts, 1))
