"""The same screening on one core and on two, and in two processes that share nothing."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import IO

_SCRIPT = """
import json, sys, time
sys.path.insert(0, {folder!r})
from rows import screening
from ssbml.models import load_model
from ssbml.screening.stream import stream
job = screening(load_model(), {n})
stream(job, 0, min(len(job), 200_000), workers=2)
print("ready", flush=True)
for line in sys.stdin:
    processor, began = time.process_time(), time.perf_counter()
    stream(job, 0, {n}, workers=int(line))
    print(json.dumps([time.perf_counter() - began, time.process_time() - processor]), flush=True)
"""


@dataclass(frozen=True)
class Cores:
    """Best of some interleaved runs: elapsed and processor seconds on one and on two threads.

    Attributes
    ----------
    recipes : int
    one, two : tuple of float
        Elapsed and processor seconds.
    ceiling : float
        How much more two processes do than one in the same time, each on one thread and sharing
        nothing but the machine.
    """

    recipes: int
    one: tuple[float, float]
    two: tuple[float, float]
    ceiling: float

    @property
    def ratio(self) -> float:
        """How many times as fast two threads are."""
        return self.one[0] / self.two[0]


class _Screener:
    """A process that screens whenever it is told to."""

    def __init__(self, recipes: int) -> None:
        text = _SCRIPT.format(folder=str(Path(__file__).parent), n=recipes)
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-c", text],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        if self._line() != "ready\n":
            raise RuntimeError("the screening to be timed has failed; its message stands above")

    def start(self, threads: int) -> None:
        stdin: IO[str] | None = self._process.stdin
        assert stdin is not None
        print(threads, file=stdin, flush=True)

    def seconds(self) -> tuple[float, float]:
        wall, processor = json.loads(self._line())
        return wall, processor

    def end(self) -> None:
        self._process.communicate()

    def _line(self) -> str:
        stdout: IO[str] | None = self._process.stdout
        assert stdout is not None
        return stdout.readline()


def cores(recipes: int, repeats: int) -> Cores:
    """Time a screening on one thread, on two threads, and in two processes, in turn."""
    first, second = _Screener(recipes), _Screener(recipes)
    one, two, both = [], [], []
    for _ in range(repeats):
        for threads, found in ((1, one), (2, two)):
            first.start(threads)
            found.append(first.seconds())
        first.start(1)
        second.start(1)
        both.append(max(first.seconds()[0], second.seconds()[0]))
    first.end()
    second.end()
    return Cores(recipes, min(one), min(two), 2 * min(one)[0] / min(both))
