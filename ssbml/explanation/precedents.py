"""Published samples that a prediction rests on: the nearest ones by what the model has learned.

Two recipes are near when the trees of the conductivity model put them into the same leaves. On
papers that a model had not seen, the five nearest samples by this measure gave the conductivity
within 0.70 log10 S/cm, by Euclidean distance of scaled features within 0.76, the median of the
family within 0.87 (``training/measure_precedents.py``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ssbml.activation import REFERENCE_C
from ssbml.chemistry.elements import FloatArray
from ssbml.datasets.counts import OUTCOMES
from ssbml.datasets.coverage import stated
from ssbml.domain import FRACTIONS
from ssbml.explanation.differences import conditions, differences, results
from ssbml.explanation.players import recipes_of
from ssbml.explanation.proximity import leaves_of, similarity
from ssbml.features.assemble import assemble, families_of
from ssbml.features.context import as_total
from ssbml.fields import RECIPE_FIELDS

if TYPE_CHECKING:
    import pandas as pd

    from ssbml.predictor import Predictor

NEAREST = 5
"""Precedents per recipe."""

CLOSE = 0.5
"""Similarity below which a sample is no precedent: on unseen papers the nearest sample then missed
the conductivity by more than the median of the family did."""

NONE_CLOSE = "no published sample is close enough"
"""What is said instead of precedents."""

PRECEDENT_COLUMNS = (
    "row",
    "rank",
    "similarity",
    "doi",
    "url",
    "title",
    "year",
    "formula",
    "conditions",
    "results",
    "differences",
    "sample_id",
)
"""Columns of the table of precedents."""


@dataclass(frozen=True, slots=True)
class PrecedentIndex:
    """The published samples that travel with the package, as a model sees them.

    Attributes
    ----------
    samples : DataFrame
        m samples with at least one outcome and a formula that is no placeholder.
    families : array of str, shape (m,)
        Host family of each.
    leaves : int array, shape (m, n_trees)
        Leaves reached in the conductivity model.
    fractions : array, shape (m, n_elements)
        Atomic fractions.
    pellets : int array, shape (m,)
        Number of the thing measured: rows that differ in the temperature of measurement share it.
    celsius : array, shape (m,)
        Temperature of measurement, °C; 25 where none is stated.
    """

    samples: pd.DataFrame
    families: NDArray[Any]
    leaves: NDArray[np.int32]
    fractions: NDArray[np.float64]
    pellets: NDArray[np.intp]
    celsius: NDArray[np.float64]

    @classmethod
    def of(cls, predictor: Predictor, samples: pd.DataFrame) -> PrecedentIndex:
        """Return the index of samples for a model."""
        outcome = np.any([stated(samples, columns) for columns in OUTCOMES.values()], axis=0)
        usable = outcome & (samples["formula_basis"] != "placeholder").to_numpy()
        kept = samples[usable]
        matrix = assemble(kept)
        return cls(
            kept,
            np.array(families_of(kept), dtype=object),
            leaves_of(predictor.conductivity.blend, as_total(matrix)),
            matrix.select(FRACTIONS),
            _pellets(kept),
            _celsius(kept),
        )

    def nearest(self, predictor: Predictor, table: pd.DataFrame) -> pd.DataFrame:
        """Return the nearest published samples of recipes.

        A precedent belongs to the family of the recipe, has a similarity of at least `CLOSE`, and
        a composition within the chemical edge of the model's domain. A pellet measured at several
        temperatures stands once, at the temperature nearest to that of the recipe.

        Parameters
        ----------
        predictor : Predictor
            The model of the index.
        table : DataFrame
            n valid recipes.

        Returns
        -------
        DataFrame
            `PRECEDENT_COLUMNS`, at most `NEAREST` rows a recipe, the nearest first; the index holds
            the labels of the recipes. A recipe without precedent has one row of rank 0 whose
            ``differences`` say so.
        """
        import pandas as pd

        if len(table) == 0:
            return pd.DataFrame(columns=list(PRECEDENT_COLUMNS), index=table.index)
        matrix = assemble(table)
        families = families_of(table)
        alike = similarity(leaves_of(predictor.conductivity.blend, as_total(matrix)), self.leaves)
        fractions = matrix.select(FRACTIONS)
        asked = _celsius(table)
        records: list[dict[str, Any]] = []
        for row, (family, recipe) in enumerate(zip(families, recipes_of(table), strict=True)):
            edges = predictor.domain.edges
            far = np.abs(self.fractions - fractions[row]).sum(axis=1) > edges.get(
                family, edges["*"]
            )
            barred = (self.families != family) | far | (alike[row] < CLOSE)
            score = np.where(barred, -1.0, alike[row])
            order = np.lexsort((np.abs(self.celsius - asked[row]), -score))
            allowed = [i for i in order.tolist() if score[i] >= 0]
            first = {int(self.pellets[i]): i for i in reversed(allowed)}
            found = [i for i in allowed if first[int(self.pellets[i])] == i][:NEAREST]
            if not found:
                records.append({"row": row, "rank": 0, "differences": NONE_CLOSE})
            for rank, i in enumerate(found, start=1):
                records.append(
                    {"row": row, "rank": rank, "similarity": score[i], **self._told(i, recipe)}
                )
        labels = table.index.take([r["row"] for r in records])
        frame = pd.DataFrame(records, columns=list(PRECEDENT_COLUMNS), index=labels)
        texts = [c for c in PRECEDENT_COLUMNS if c not in ("row", "rank", "similarity", "year")]
        return frame.fillna(dict.fromkeys(texts, ""))

    def _told(self, i: int, recipe: dict[str, Any]) -> dict[str, Any]:
        sample = {str(name): cell for name, cell in self.samples.iloc[i].items()}
        return {
            **{name: sample[name] for name in ("doi", "url", "title", "year", "formula")},
            "conditions": conditions(sample),
            "results": results(sample),
            "differences": differences(recipe, sample),
            "sample_id": self.samples.index[i],
        }


def _celsius(table: pd.DataFrame) -> FloatArray:
    """Return temperatures of measurement, 25 °C where they are not stated."""
    return table["temperature_c"].fillna(REFERENCE_C).to_numpy(dtype=float)


def _pellets(samples: pd.DataFrame) -> NDArray[np.intp]:
    """Return a number for each sample, the same for those made alike in one paper."""
    import pandas as pd

    columns = ["paper_key", *(n for n in RECIPE_FIELDS if n != "temperature_c")]
    cells = samples[columns].astype(object).where(samples[columns].notna(), "").astype(str)
    codes, _ = pd.factorize(pd.MultiIndex.from_frame(cells))
    return np.asarray(codes, dtype=np.intp)


def sources_text(precedents: pd.DataFrame) -> str:
    """Return the DOI (or URL) of each precedent of one recipe, once each, joined by ``; ``."""
    found = [
        doi or url
        for doi, url in zip(precedents["doi"], precedents["url"], strict=True)
        if doi or url
    ]
    return "; ".join(dict.fromkeys(found)) or NONE_CLOSE
