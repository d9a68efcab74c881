"""Whether intervals, the domain flag and probabilities mean what they say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ssbml.chemistry.elements import FloatArray
from ssbml.evaluation.nested import Scored
from ssbml.evaluation.peers.coverage import Intervals
from ssbml.evaluation.peers.held_out import HeldOut
from ssbml.metrics import coverage_of, mean_absolute_error

if TYPE_CHECKING:
    import pandas as pd

PARTS = 10
"""Bins of the decile and reliability tables."""

_INTERVALS = {"conductivity_s_cm": "papers", "relative_density_pct": "density"}
_FEWEST = 20
_WIDE = 0.9


def coverage_of_papers(found: HeldOut) -> list[dict[str, Any]]:
    """Return interval coverage of conductivity and density, for all and for each family.

    Parameters
    ----------
    found : HeldOut
        From `ssbml.evaluation.peers.held_out.held_out`.

    Returns
    -------
    list of dict
        Rows as `ssbml.evaluation.peers.coverage.Intervals.rows` gives them.
    """
    rows = []
    for name, task in _INTERVALS.items():
        scored, records = found.scored[name], found.records[name]
        here = _at(scored, records)
        family = np.array(scored.records.family, dtype=object)[records]
        rows += here.rows(task, "all")
        for label in sorted(set(family.tolist())):
            mask = family == label
            if mask.sum() >= _FEWEST:
                rows += here.rows(task, label, mask)
    return rows


def distance_deciles(found: HeldOut) -> pd.DataFrame:
    """Return error and coverage by distance from the data.

    Parameters
    ----------
    found : HeldOut
        From `ssbml.evaluation.peers.held_out.held_out`.

    Returns
    -------
    DataFrame
        For conductivity and density, ten rows of about equal size from near to far: columns
        ``task``, ``decile``, ``from``, ``to`` (domain distance; 1 is the edge), ``samples``,
        ``MAE``, ``MAE without processing``, ``covered 90%``, ``covered 50%``, ``median width 90%``.
    """
    import pandas as pd

    rows = []
    for name, task in _INTERVALS.items():
        scored, records = found.scored[name], found.records[name]
        distance = scored.distance[records]
        here = _at(scored, records)
        bare = scored.baselines["without processing"][records]
        for decile, part in enumerate(_parts(distance), start=1):
            truth, (low, high) = here.truth[part], here.ends[_WIDE]
            rows.append(
                {
                    "task": task,
                    "decile": decile,
                    "from": float(distance[part].min()),
                    "to": float(distance[part].max()),
                    "samples": len(part),
                    "MAE": mean_absolute_error(truth, here.point[part]),
                    "MAE without processing": mean_absolute_error(truth, bare[part]),
                    **{
                        f"covered {stated:.0%}": coverage_of(truth, ends[0][part], ends[1][part])
                        for stated, ends in sorted(here.ends.items(), reverse=True)
                    },
                    f"median width {_WIDE:.0%}": float(np.median((high - low)[part])),
                }
            )
    return pd.DataFrame(rows)


def purity_reliability(found: HeldOut) -> pd.DataFrame:
    """Return how often samples were pure, by the probability that was stated.

    Parameters
    ----------
    found : HeldOut
        From `ssbml.evaluation.peers.held_out.held_out`.

    Returns
    -------
    DataFrame
        Ten rows of about equal size by rising probability: ``from``, ``to``, ``samples``,
        ``papers``, ``stated`` (mean probability), ``pure`` (share that was), and ``range low`` and
        ``range high`` (mean stated range at 90 %).
    """
    import pandas as pd

    scored, records = found.scored["phase_purity"], found.records["phase_purity"]
    here = _at(scored, records)
    probability, truth = here.point, here.truth
    low, high = here.ends[_WIDE]
    rows = [
        {
            "from": float(probability[part].min()),
            "to": float(probability[part].max()),
            "samples": len(part),
            "papers": len(set(here.groups[part].tolist())),
            "stated": float(probability[part].mean()),
            "pure": float(truth[part].mean()),
            "range low": float(low[part].mean()),
            "range high": float(high[part].mean()),
        }
        for part in _parts(probability)
    ]
    return pd.DataFrame(rows)


def _at(scored: Scored, records: NDArray[np.intp]) -> Intervals:
    return Intervals(
        scored.truth[records],
        scored.prediction[records],
        {c: (low[records], high[records]) for c, (low, high) in scored.intervals.items()},
        scored.records.group[records],
    )


def _parts(values: FloatArray) -> list[NDArray[np.intp]]:
    """Return the rows in ten parts of about equal size, from the smallest value up."""
    order = np.argsort(values, kind="stable")
    return [part for part in np.array_split(order, PARTS) if len(part)]
