"""Parts of a range on several threads, in order, never more than a few ahead."""

from __future__ import annotations

import threading
import time

import pytest

from ssbml.workers import in_order, usable_cores


@pytest.mark.parametrize("workers", [1, 2, 5, None])
@pytest.mark.parametrize(("start", "stop", "size"), [(0, 10, 3), (5, 6, 10), (0, 0, 4), (7, 40, 1)])
def test_parts_come_in_order(start: int, stop: int, size: int, workers: int | None) -> None:
    parts = list(in_order(lambda a, b: list(range(a, b)), start, stop, size, workers))
    assert [number for part in parts for number in part] == list(range(start, stop))
    assert all(len(part) <= size for part in parts)


def test_all_threads_end_together() -> None:
    lengths = list(in_order(lambda a, b: b - a, 0, 1000, 300, workers=2))
    assert lengths == [250] * 4


def test_only_a_few_parts_are_ahead() -> None:
    begun = []
    results = in_order(lambda a, b: begun.append(a), 0, 1000, 1, workers=2)
    next(results)
    time.sleep(0.05)
    assert len(begun) <= 8
    results.close()


def test_an_error_stops_the_rest() -> None:
    begun = []

    def work(start: int, stop: int) -> None:
        begun.append(start)
        if start == 3:
            raise ValueError("no")
        time.sleep(0.001)

    with pytest.raises(ValueError, match="no"):
        list(in_order(work, 0, 1000, 1, workers=2))
    assert len(begun) < 20
    assert not [t for t in threading.enumerate() if t.name.startswith("ssbml")]


def test_one_worker_needs_no_thread() -> None:
    threads = list(in_order(lambda a, b: threading.current_thread(), 0, 4, 2, workers=1))
    assert threads == [threading.main_thread()] * 2
    assert usable_cores() >= 1
