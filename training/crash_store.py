"""Kill writers of the model store at random moments and look at what is left.

Usage: python training/crash_store.py [--kills 60] [--steps] [--seed 0] [--log crash.log]

Each round forks a process that retrains, promotes, rolls back, imports, stores or chooses a small
model, and kills it with SIGKILL. The moment is drawn over the time that the operation took when it
was last left alone; a process that is done before its moment counts as no kill and its operation is
drawn again, so that every operation gets its share of real kills. With ``--steps`` every operation
is also killed before each single thing that it brings to the disk or renames. After each kill the
store must open, the active version must be the old or the new one, whole, and every lab row of
every finished version must be there.
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

from store_operations import NAME, OPERATIONS, RECIPES, THEIRS, Bench, make_bench, prepare

from ssbml.datasets.registry import HOME_VARIABLE
from ssbml.models import load_model
from ssbml.versions.check import store_problems, version_problems
from ssbml.versions.choice import in_use
from ssbml.versions.names import folder_of, parse_reference
from ssbml.versions.pointers import Pointer, read_pointer
from ssbml.versions.versions import get_version, numbers_in, versions_of

_MOST_TRIES = 20


@dataclass(frozen=True)
class State:
    """What must survive: pointers, choice, and the lab rows of every version."""

    pointer: Pointer
    theirs: Pointer
    chosen: str
    rows: dict[str, str]


def state() -> State:
    """Return the state of the store.

    Raises
    ------
    ModelError
        The store does not open.
    """
    names = [name for name in (NAME, THEIRS) if numbers_in(folder_of(name))]
    rows = {
        str(r): get_version(r).record["lab"]["sha256"]
        for name in names
        for r in versions_of(name)
        if len(get_version(r).rows())
    }
    return State(read_pointer(NAME), read_pointer(THEIRS), str(in_use()), rows)


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
    for new in set(now.rows) - set(before.rows):
        assert not version_problems(parse_reference(new))
    assert before.rows.items() <= now.rows.items(), "lab rows were lost"
    assert len(now.rows) <= len(before.rows) + 1
    assert now.pointer in _allowed(before, now, operation), (before.pointer, now.pointer)
    assert now.theirs == before.theirs
    table = load_model(NAME).predict([{"formula": f} for f in RECIPES])
    assert table["conductivity_s_cm"].gt(0).all()
    return "old" if now == before else "new"


def _allowed(before: State, now: State, operation: str) -> list[Pointer]:
    if operation == "use":
        return [before.pointer, before.pointer.moved(2)]
    if operation == "rollback":
        *earlier, last = before.pointer.before or (before.pointer.active,)
        return [before.pointer, Pointer(last, tuple(n for n in earlier if n))]
    return [before.pointer, before.pointer.moved(numbers_in(folder_of(NAME))[-1])]


def undisturbed(bench: Bench, name: str) -> float:
    """Return how long an operation takes in a fork that nobody kills, in seconds."""
    prepare(bench, name)
    start = time.monotonic()
    pid = os.fork()
    if pid == 0:
        try:
            OPERATIONS[name](bench)
        finally:
            os._exit(0)
    os.waitpid(pid, 0)
    return time.monotonic() - start


def run(kills: int, seed: int, tell: Callable[[str], None]) -> None:
    """Kill ``kills`` operations, each kind in turn.

    Raises
    ------
    AssertionError
        Something was lost or half done, or an operation could not be killed in time.
    """
    generator = random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="ssbml-crash-") as text:
        os.environ[HOME_VARIABLE] = f"{text}/home"
        bench = make_bench(Path(text))
        took = {name: undisturbed(bench, name) for name in OPERATIONS}
        tell("undisturbed: " + ", ".join(f"{k} {1000 * v:.0f} ms" for k, v in took.items()))
        tally = {name: {"old": 0, "new": 0} for name in OPERATIONS}
        for number in range(1, kills + 1):
            name = list(OPERATIONS)[(number - 1) % len(OPERATIONS)]
            delay, outcome = kill_once(bench, name, generator, took)
            tally[name][outcome] += 1
            tell(f"{number:3d} {name:8s} killed after {1000 * delay:6.1f} ms: {outcome}")
        check_all()
        for name, found in tally.items():
            tell(f"{name}: {sum(found.values())} kills, {found['old']} old, {found['new']} new")
        tell(f"{kills} kills: the store opened every time, no lab row was lost")


def kill_once(
    bench: Bench, name: str, generator: random.Random, took: dict[str, float]
) -> tuple[float, str]:
    """Kill one operation; return after how many seconds, and whether the store is old or new.

    Durations in ``took`` follow the machine: an operation that was done before its moment is
    measured again.
    """
    for _ in range(_MOST_TRIES):
        prepare(bench, name)
        before, delay = state(), generator.uniform(0.0, took[name])
        cut = killed(lambda: OPERATIONS[name](bench), delay)
        outcome = check(before, name)
        if cut:
            return delay, outcome
        took[name] = undisturbed(bench, name)
    raise AssertionError(f"{name} was done {_MOST_TRIES} times before it could be killed")


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
        for name in OPERATIONS:
            outcomes = []
            for step in itertools.count(1):
                prepare(bench, name)
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
    parser.add_argument("--kills", type=int, default=60)
    parser.add_argument("--steps", action="store_true")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--log", type=Path)
    arguments = parser.parse_args()
    lines: list[str] = []

    def tell(line: str) -> None:
        lines.append(line)
        print(line, flush=True)

    try:
        run(arguments.kills, arguments.seed, tell)
        if arguments.steps:
            run_steps(tell)
    finally:
        if arguments.log:
            arguments.log.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
