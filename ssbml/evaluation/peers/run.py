"""Jobs side by side, with the time and memory that they take."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

Job = Callable[[], Any]
"""Something that takes a while and can be pickled."""

Bar = Callable[[str, int], AbstractContextManager[Callable[[str], None]]]
"""Opens a progress bar with a title and a length; gives a function that counts one step."""

_BYTES_PER_MB = 1024.0 * 1024.0


@contextmanager
def no_bar(title: str, total: int) -> Iterator[Callable[[str], None]]:
    """Show nothing."""
    yield lambda text: None


@dataclass(frozen=True, slots=True)
class _Done:
    value: Any
    seconds: float
    memory_mb: float


class Runner:
    """Runs jobs in several processes, one thread each, and keeps a record.

    Parameters
    ----------
    n_jobs : int, default -1
        Processes; -1 for one a core, 1 to stay in this one. No result depends on it.
    bar : callable, optional
        Opens a progress bar for each stage.
    """

    def __init__(self, n_jobs: int = -1, bar: Bar = no_bar) -> None:
        self.n_jobs = n_jobs
        self.bar = bar
        self._stages: list[tuple[str, float, float]] = []
        self._worker_mb = float("nan")

    @contextmanager
    def stage(self, title: str, total: int) -> Iterator[Callable[[str], None]]:
        """Show a progress bar and note how long the block takes."""
        from joblib import parallel_config

        start = time.perf_counter()
        with (
            self.bar(title, total) as step,
            parallel_config(backend="loky", inner_max_num_threads=1),
        ):
            yield step
        self._stages.append((title, time.perf_counter() - start, float("nan")))

    def run(self, jobs: Sequence[Job], title: str) -> list[Any]:
        """Run jobs and return their results in order.

        Parameters
        ----------
        jobs : sequence of callable
            Jobs without arguments.
        title : str
            Name of the stage.
        """
        from joblib import Parallel, delayed

        done: list[_Done] = []
        tasks = (delayed(_timed)(job) for job in jobs)
        with self.stage(title, len(jobs)) as step:
            for one in Parallel(n_jobs=self.n_jobs, return_as="generator")(tasks):
                done.append(one)
                step("")
        name, wall, _ = self._stages[-1]
        self._stages[-1] = (name, wall, sum(one.seconds for one in done))
        self._worker_mb = max([one.memory_mb for one in done] + [self._worker_mb])
        return [one.value for one in done]

    def record(self) -> pd.DataFrame:
        """Return wall-clock time of each stage, of all, and peak memory.

        Returns
        -------
        DataFrame
            Columns ``what``, ``value``, ``unit``. The memory of a worker is that of the largest.
        """
        import pandas as pd

        rows: list[tuple[str, float, str]] = []
        for title, wall, processor in self._stages:
            rows.append((f"{title}: time", wall / 60.0, "min"))
            if processor == processor:
                rows.append((f"{title}: processor time of the jobs", processor / 60.0, "min"))
        rows += [
            ("all: time", sum(wall for _, wall, _ in self._stages) / 60.0, "min"),
            ("peak memory of the main process", peak_memory_mb(), "MB"),
            ("peak memory of a worker", self._worker_mb, "MB"),
        ]
        return pd.DataFrame(rows, columns=["what", "value", "unit"])


def _timed(job: Job) -> _Done:
    start = time.process_time()
    value = job()
    return _Done(value, time.process_time() - start, peak_memory_mb())


def peak_memory_mb() -> float:
    """Return the largest resident memory of this process so far; NaN where nothing tells."""
    try:
        import resource
    except ImportError:
        return float("nan")
    peak = float(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
    return peak / _BYTES_PER_MB if sys.platform == "darwin" else peak / 1024.0
