"""Kill writers of the model store at random moments and look at what is left.

Usage: python training/crash_store.py [--rounds 50] [--steps] [--seed 0] [--log crash.log]

Each round forks a process that retrains, promotes, stores, rolls back, chooses or imports a small
model, and kills it with SIGKILL at a moment drawn over the time that the operation takes. With
``--steps`` every operation is also killed before each single thing that it brings to the disk or
renames. After each kill the store must open, the active version must be the old or the new one,
whole, and every lab row of every finished version must be there.
"""

from __future__ import annotations

import argparse
import itertools
import os
import random
import signal
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from ssbml.datasets.load import load_dataset
from ssbml.datasets.registry import HOME_VARIABLE
from ssbml.fitting.fit import fit
from ssbml.fitting.settings import Settings, settings_from_dict
from ssbml.lab.read import read_lab
from ssbml.models import load_model
from ssbml.predictor import Predictor
from ssbml.retraining.retrain import retrain
from ssbml.versions.check import store_problems, version_problems
from ssbml.versions.choice import in_use, rollback, use
from ssbml.versions.exchange import export_version, import_version
from ssbml.versions.names import Reference
from ssbml.versions.pointers import Pointer, read_pointer
from ssbml.versions.record import Draft, Status
from ssbml.versions.versions import add_version, get_version, versions_of

NAME = "lab"
RECIPES = ["Li6.4La3Zr1.4Ta0.6O12", "Li1.3Al0.3Ti1.7(PO4)3"]
_FOREST = {"forest": {"trees": 3}, "boosting": {"weight": 0.0}}


@dataclass(frozen=True)
class Bench:
    """What the operations work with."""

    model: Predictor
    rows: pd.DataFrame
    archive: Path
    base: Path
    lab: Path


def tiny_settings() -> Settings:
    """Return settings that fit in about a second."""
    parts = ("conductivity", "density", "purity", "phase")
    return settings_from_dict({"folds": 2, "bound_rounds": 0, **dict.fromkeys(parts, _FOREST)})


def make_bench(folder: Path) -> Bench:
    """Fit a small model, read a lab file, and give the store three versions."""
    settings = tiny_settings()
    table = load_dataset("literature")
    told = ("relative_density_pct", "phase_pure", "phase_main", "sigma_total_s_cm")
    kept = [table.index[table[name].notna()][:60] for name in told]
    table = table.loc[kept[0].union(kept[1]).union(kept[2]).union(kept[3])]
    model = fit(table, settings, n_jobs=1)
    lab = folder / "lab.csv"
    lab.write_text(
        "formula,sintering_temp_c,sigma_total_s_cm,batch\n"
        + "".join(f"{RECIPES[0]},{1100 + i},{1 + i}e-4,B{i % 3}\n" for i in range(60)),
        encoding="utf-8",
    )
    rows = read_lab(lab, doubts=False).table
    model.save(folder / "base")
    bench = Bench(model, rows, folder / "lab.zip", folder / "base", lab)
    for i in range(3):
        add_version(NAME, _draft(bench, i, "promoted"))
    export_version(get_version(f"{NAME}@1"), bench.archive)
    return bench


def _draft(bench: Bench, i: int, status: Status) -> Draft:
    return Draft(bench.model, bench.rows, status, f"round {i}")


def _retrain(bench: Bench) -> None:
    retrain(bench.lab, name=NAME, base=str(bench.base), force=True)


def _rollback(_: Bench) -> None:
    rollback(NAME)


OPERATIONS: dict[str, Callable[[Bench], object]] = {
    "retrain": _retrain,
    "promote": lambda bench: add_version(NAME, _draft(bench, os.getpid(), "promoted")),
    "store": lambda bench: add_version(NAME, _draft(bench, os.getpid(), "stored")),
    "rollback": _rollback,
    "use": lambda _: use(f"{NAME}@2"),
    "import": lambda bench: import_version(bench.archive, "theirs"),
}


@dataclass(frozen=True)
class State:
    """What must survive: pointer, choice, and the lab rows of every version."""

    pointer: Pointer
    chosen: str
    rows: dict[int, str]


def state() -> State:
    """Return the state of the store.

    Raises
    ------
    ModelError
        The store does not open.
    """
    rows = {
        r.number or 0: get_version(r).record["lab"]["sha256"]
        for r in versions_of(NAME)
        if len(get_version(r).rows())
    }
    return State(read_pointer(NAME), str(in_use()), rows)


def killed(action: Callable[[], object], delay: float) -> bool:
    """Run an action in a fork and kill it after ``delay`` seconds; return whether it had to be."""
    pid = os.fork()
    if pid == 0:
        try:
            action()
        finally:
            os._exit(0)
    time.sleep(delay)
    os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    return os.WIFSIGNALED(status)


def killed_at_step(action: Callable[[], object], step: int) -> bool:
    """Run an action in a fork that kills itself before its n-th flush or rename."""
    pid = os.fork()
    if pid == 0:
        counter = itertools.count(1)

        def deadly(real: Callable[..., object]) -> Callable[..., object]:
            def call(*arguments: object) -> object:
                if next(counter) == step:
                    os.kill(os.getpid(), signal.SIGKILL)
                return real(*arguments)

            return call

        for owner, name in ((os, "fsync"), (Path, "rename"), (Path, "replace")):
            setattr(owner, name, deadly(getattr(owner, name)))
        try:
            action()
        finally:
            os._exit(0)
    _, status = os.waitpid(pid, 0)
    return os.WIFSIGNALED(status)


def check(before: State, operation: str) -> str:
    """Return ``old`` or ``new``, whichever state the store is in after a kill.

    Raises
    ------
    AssertionError
        It is in neither.
    """
    now = state()
    for number in set(now.rows) - set(before.rows):
        assert not version_problems(Reference(NAME, number))
    assert before.rows.items() <= now.rows.items(), "lab rows were lost"
    assert len(now.rows) <= len(before.rows) + 1
    assert now.pointer in _allowed(before, now, operation), (before.pointer, now.pointer)
    table = load_model(NAME).predict([{"formula": f} for f in RECIPES])
    assert table["conductivity_s_cm"].gt(0).all()
    return "old" if now == before else "new"


def _allowed(before: State, now: State, operation: str) -> list[Pointer]:
    if operation == "use":
        return [before.pointer, before.pointer.moved(2)]
    if operation == "rollback":
        *earlier, last = before.pointer.before or (before.pointer.active,)
        return [before.pointer, Pointer(last, tuple(n for n in earlier if n))]
    return [before.pointer, before.pointer.moved(max(now.rows))]


def durations(bench: Bench) -> dict[str, float]:
    """Return how long each operation takes when nobody kills it, in seconds."""
    found = {}
    for name, operation in OPERATIONS.items():
        start = time.monotonic()
        pid = os.fork()
        if pid == 0:
            try:
                operation(bench)
            finally:
                os._exit(0)
        os.waitpid(pid, 0)
        found[name] = time.monotonic() - start
    return found


def run(rounds: int, seed: int, tell: Callable[[str], None]) -> None:
    """Kill ``rounds`` operations, each kind in turn.

    Raises
    ------
    AssertionError
        Something was lost or half done.
    """
    generator = random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="ssbml-crash-") as text:
        os.environ[HOME_VARIABLE] = f"{text}/home"
        bench = make_bench(Path(text))
        took = durations(bench)
        tell("undisturbed: " + ", ".join(f"{k} {1000 * v:.0f} ms" for k, v in took.items()))
        outcomes = {"old": 0, "new": 0}
        for number in range(1, rounds + 1):
            name = list(OPERATIONS)[number % len(OPERATIONS)]
            if not read_pointer(NAME).before:
                add_version(NAME, _draft(bench, number, "promoted"))
            before, delay = state(), generator.uniform(0, 1.1 * took[name])
            cut = killed(lambda run=OPERATIONS[name]: run(bench), delay)
            outcome = check(before, name)
            outcomes[outcome] += 1
            how = "killed" if cut else "done before the kill"
            tell(f"{number:3d} {name:9s} {1000 * delay:5.0f} ms: {how}; the store is the {outcome}")
        check_all()
        tell(
            f"{rounds} kills: the store opened every time ({outcomes['old']} old, "
            f"{outcomes['new']} new), no lab row was lost"
        )


def run_steps(tell: Callable[[str], None]) -> None:
    """Kill every operation before each single step that reaches the disk.

    Raises
    ------
    AssertionError
        Something was lost or half done.
    """
    with tempfile.TemporaryDirectory(prefix="ssbml-steps-") as text:
        os.environ[HOME_VARIABLE] = f"{text}/home"
        bench = make_bench(Path(text))
        for name in ("retrain", "promote", "rollback", "use", "import"):
            outcomes = []
            for step in itertools.count(1):
                before = state()
                cut = killed_at_step(lambda run=OPERATIONS[name]: run(bench), step)
                outcomes.append(check(before, name))
                if not cut:
                    break
            tell(f"{name}: killed before each of {len(outcomes) - 1} steps: {' '.join(outcomes)}")
        check_all()


def check_all() -> None:
    """Raise AssertionError if any file of any version is not as it was written."""
    problems = {k: v for k, v in store_problems().items() if v}
    assert not problems, problems


def main() -> None:
    """Run the rounds that the command line asks for."""
    parser = argparse.ArgumentParser(description="Kill writers of the model store.")
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--steps", action="store_true")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--log", type=Path)
    arguments = parser.parse_args()
    lines: list[str] = []

    def tell(line: str) -> None:
        lines.append(line)
        print(line, flush=True)

    try:
        run(arguments.rounds, arguments.seed, tell)
        if arguments.steps:
            run_steps(tell)
    finally:
        if arguments.log:
            arguments.log.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
