"""How often intervals hold the truth, how sure that is, and how wide they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ssbml.chemistry.elements import FloatArray
from ssbml.evaluation.peers.bootstrap import bootstrap_interval

_SEED = 0


@dataclass(frozen=True, slots=True)
class Intervals:
    """Predictions with intervals, and what was measured.

    Attributes
    ----------
    truth, point : array, shape (n,)
        Measured and predicted values.
    ends : mapping of float to (array, array)
        Lower and upper ends by coverage.
    groups : array of str, shape (n,)
        Paper of each row.
    """

    truth: FloatArray
    point: FloatArray
    ends: Mapping[float, tuple[FloatArray, FloatArray]]
    groups: NDArray[np.object_]

    def rows(
        self, task: str, subset: str, mask: NDArray[np.bool_] | None = None
    ) -> list[dict[str, Any]]:
        """Return a row for each stated coverage.

        Parameters
        ----------
        task, subset : str
            Where the rows belong.
        mask : bool array, shape (n,), optional
            Samples that count; all by default.

        Returns
        -------
        list of dict
            ``task``, ``subset``, ``samples``, ``papers``, ``stated``, ``covered``, ``from`` and
            ``to`` (90 % bootstrap interval of ``covered`` over papers), ``median width``, and
            ``constant width``: that of the interval, equally wide for every recipe, which would
            hold as many of these samples.
        """
        kept = np.flatnonzero(np.ones(len(self.truth), bool) if mask is None else mask)
        truth, groups = self.truth[kept], self.groups[kept]
        error = np.abs(truth - self.point[kept])
        rows = []
        for stated, (low, high) in sorted(self.ends.items()):
            inside = ((truth >= low[kept]) & (truth <= high[kept])).astype(float)
            covered = float(inside.mean()) if len(kept) else float("nan")
            least, most = bootstrap_interval(inside, groups, _SEED)
            rows.append(
                {
                    "task": task,
                    "subset": subset,
                    "samples": len(kept),
                    "papers": len(set(groups.tolist())),
                    "stated": stated,
                    "covered": covered,
                    "from": least,
                    "to": most,
                    "median width": _quantile((high - low)[kept], 0.5),
                    "constant width": 2.0 * _quantile(error, covered),
                }
            )
        return rows


def _quantile(values: FloatArray, share: float) -> float:
    return float(np.quantile(values, share)) if len(values) else float("nan")
