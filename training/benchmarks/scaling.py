"""Screenings of growing size, each in a process of its own: seconds, peak memory, cores."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

_SCRIPT = """
import json, os, sys, time
sys.path.insert(0, {folder!r})
from machine import peak_megabytes
from rows import screening
from ssbml.models import load_model
from ssbml.screening.ranking import predicted_table
from ssbml.screening.stream import stream
from ssbml.tables.write import write_table
n, workers = {n}, {workers}
model = load_model()
stream(screening(model, 4000), workers=workers)
processor, began = time.process_time(), time.perf_counter()
job = screening(model, n)
found = stream(job, 0, n, workers=workers)
best = predicted_table(job.candidates, model, found.numbers, found.scores, 0.9)
write_table(best, os.path.join({out!r}, "best.csv"))
print(json.dumps({{
    "wall": time.perf_counter() - began,
    "processor": time.process_time() - processor,
    "memory": peak_megabytes(),
    "rows": len(best),
}}))
"""


@dataclass(frozen=True)
class Run:
    """One screening: recipes, threads, seconds, peak memory in MB."""

    recipes: int
    workers: int
    wall: float
    processor: float
    memory: float


def run(recipes: int, workers: int, out: Path) -> Run:
    """Enumerate, predict and rank some recipes and write the best thousand.

    The second of two processes is measured: on a new installation the first one may compile.
    """
    text = _SCRIPT.format(
        folder=str(Path(__file__).parent), n=recipes, workers=workers, out=str(out)
    )
    command = [sys.executable, "-P", "-c", text]
    for _ in range(2):
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    measured = json.loads(done.stdout.splitlines()[-1])
    return Run(recipes, workers, measured["wall"], measured["processor"], measured["memory"])
