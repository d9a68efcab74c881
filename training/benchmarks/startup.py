"""How long the first and the next prediction take."""

from __future__ import annotations

import subprocess
import sys
import time

import ssbml
from ssbml.predictor import Predictor

_CODE = {
    "import ssbml": "import ssbml",
    "ssbml --help": "from ssbml.cli import main; main(['--help'])",
    "ssbml predict --formula, cold": (
        "from ssbml.cli import main; "
        "main(['predict', '--formula', 'Li6.4La3Zr1.4Ta0.6O12', '--sintering-temp-c', '1150'])"
    ),
}


def startup(model: Predictor, repeats: int = 5) -> dict[str, tuple[float, float]]:
    """Return wall and processor seconds, the fastest of some runs."""
    out = {}
    for name, code in _CODE.items():
        out[name] = min(_process(code) for _ in range(repeats))
    recipe = {"formula": "Li6.4La3Zr1.4Ta0.6O12", "sintering_temp_c": 1150.0}
    ssbml.predict(recipe, model=model)
    warm = []
    for _ in range(30):
        wall, processor = time.perf_counter(), time.process_time()
        ssbml.predict(recipe, model=model)
        warm.append((time.perf_counter() - wall, time.process_time() - processor))
    out["ssbml.predict of one recipe, warm"] = min(warm)
    return out


def _process(code: str) -> tuple[float, float]:
    import resource

    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    wall = time.perf_counter()
    subprocess.run([sys.executable, "-P", "-c", code], check=True, stdout=subprocess.DEVNULL)
    wall = time.perf_counter() - wall
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall, used
