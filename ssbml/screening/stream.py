"""One pass over the candidates of a space on all cores, in bounded memory."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce

from ssbml.screening.job import Job
from ssbml.screening.shortlist import Shortlist
from ssbml.workers import in_order

Progress = Callable[[int, int], None]
"""Called with the number of recipes finished so far and the number of all."""


def stream(
    job: Job,
    start: int = 0,
    stop: int | None = None,
    *,
    chunk: int | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Shortlist:
    """Predict candidates chunk by chunk and return what is worth keeping.

    Chunks run in threads side by side; neither their size nor their number changes the result.
    Ctrl-C ends the pass when the chunks that are under way are done.

    Parameters
    ----------
    job : Job
        Candidates, model and goals.
    start, stop : int, optional
        Numbers of the candidates; all by default.
    chunk : int, optional
        Candidates predicted at once; by default as many as are predicted fastest.
    workers : int, optional
        Threads; by default one for each usable core.
    progress : callable, optional
        Called with the number of recipes finished and the number of all.

    Returns
    -------
    Shortlist
    """
    end = len(job) if stop is None else stop

    def part(low: int, high: int) -> tuple[int, Shortlist]:
        return high, job.shortlist(low, job.columns(low, high))

    def told(high: int, short: Shortlist) -> Shortlist:
        if progress is not None:
            progress(high - start, end - start)
        return short

    finished = in_order(part, start, end, chunk or job.chunk, workers)
    return reduce(Shortlist.merge, (told(*result) for result in finished))
