"""Wall and processor time of a piece of work."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Timing:
    """Seconds that some rows took.

    Attributes
    ----------
    rows : int
    wall, processor : float
        Elapsed time, and the time of all threads on the processor, which other people's work on
        the machine does not change.
    """

    rows: int
    wall: float
    processor: float

    @property
    def microseconds(self) -> float:
        """Processor time of a row."""
        return self.processor / self.rows * 1e6


def timed(rows: int, work: Callable[[], Any], repeats: int = 1) -> Timing:
    """Return the fastest of some runs."""
    runs = []
    for _ in range(repeats):
        wall, processor = time.perf_counter(), time.process_time()
        work()
        runs.append((time.process_time() - processor, time.perf_counter() - wall))
    processor, wall = min(runs)
    return Timing(rows, wall, processor)
