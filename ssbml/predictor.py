"""A fitted model: valid recipe table in, prediction table out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ssbml.activation import at_temperature
from ssbml.calibration import DEFAULT_COVERAGE
from ssbml.chemistry.elements import FloatArray
from ssbml.correction import Term
from ssbml.errors import ModelError
from ssbml.features.base import FeatureMatrix
from ssbml.features.context import measured_celsius
from ssbml.notes import notes_for
from ssbml.quantities.batch import Batch
from ssbml.quantities.parts import Parts
from ssbml.request import PREDICTION_COLUMNS, answer
from ssbml.targets import CONDUCTIVITY, DENSITY
from ssbml.workers import in_order

if TYPE_CHECKING:
    import pandas as pd


_ROWS_AT_ONCE = 8192
_NO_TERM = Term()


@dataclass(frozen=True, slots=True)
class Predictor(Parts):
    """Predicts conductivity, relative density and phase purity of recipes.

    Its attributes are those of `ssbml.quantities.parts.Parts`.
    """

    def predict(
        self,
        recipes: Any,
        *,
        coverage: float = DEFAULT_COVERAGE,
        known: Mapping[str, Any] | None = None,
        errors: str = "raise",
        keep_input: bool = False,
        **fields: Any,
    ) -> pd.DataFrame:
        """Predict recipes; see `ssbml.predict` for parameters, returns and errors."""
        return answer(
            self,
            recipes,
            coverage=coverage,
            known=known,
            errors=errors,
            keep_input=keep_input,
            **fields,
        )

    def predict_table(
        self,
        table: pd.DataFrame,
        *,
        coverage: float = DEFAULT_COVERAGE,
        known: Mapping[str, Any] | None = None,
    ) -> pd.DataFrame:
        """Predict a valid recipe table.

        Parameters
        ----------
        table : DataFrame
            Valid recipes (`ssbml.tables.validate.validate`), n rows.
        coverage : float, default 0.9
            Coverage of the intervals, 0.5 to 0.99.
        known : mapping, optional
            Measured ``relative_density_pct`` (array, shape (n,), NaN where not measured) and
            ``phase_main`` (list of str or None, length n).

        Returns
        -------
        DataFrame
            `PREDICTION_COLUMNS`, index of ``table``.
        """
        import pandas as pd

        measured = dict(known or {})

        def part(start: int, stop: int) -> pd.DataFrame:
            given = {name: values[start:stop] for name, values in measured.items()}
            return self._predict_part(table.iloc[start:stop], coverage, given)

        parts = list(in_order(part, 0, len(table), _ROWS_AT_ONCE))
        return parts[0] if len(parts) == 1 else pd.concat(parts)

    def _predict_part(
        self, table: pd.DataFrame, coverage: float, known: Mapping[str, Any]
    ) -> pd.DataFrame:
        import pandas as pd

        batch = Batch.of(table)
        columns, pooled = self.predict_features(batch, coverage=coverage, known=known)
        outside = ~columns["in_domain"]
        columns["notes"] = notes_for(
            table, batch.matrix, batch.families, self.domain, batch.excess, outside, pooled
        )
        return pd.DataFrame(columns, index=table.index, columns=list(PREDICTION_COLUMNS))

    def predict_features(
        self,
        batch: Batch,
        *,
        coverage: float = DEFAULT_COVERAGE,
        known: Mapping[str, Any] | None = None,
    ) -> tuple[dict[str, Any], NDArray[np.bool_]]:
        """Predict recipes given as features: `predict_table` without its notes.

        Parameters
        ----------
        batch : Batch
            n recipes.
        coverage : float, default 0.9
            Coverage of the intervals, 0.5 to 0.99.
        known : mapping, optional
            As for `predict_table`.

        Returns
        -------
        columns : dict of str to array
            `PREDICTION_COLUMNS` without ``notes``, each of shape (n,).
        pooled : bool array, shape (n,)
            Rows whose conductivity interval is the pooled one.
        """
        matrix, families = batch.matrix, batch.families
        distance = batch.distance(self.domain)
        describe = batch.describers(distance)
        density, density_low, density_high = (
            np.clip(DENSITY.inverse(v), DENSITY.low, DENSITY.high)
            for v in self.transformed_density(matrix, families, describe, coverage)
        )
        shares = self.phases.probabilities(matrix, families)
        shift = self.known.shift(families, known or {}, density, self.phases.names, shares)
        *sigma, pooled = self.log10_conductivity(matrix, families, describe, coverage, shift)
        point, low, high = (
            np.clip(CONDUCTIVITY.inverse(v), CONDUCTIVITY.low, CONDUCTIVITY.high) for v in sigma
        )
        purity, purity_low, purity_high = self.purity.probability(
            matrix, coverage, self._term("purity").offset
        )
        best = shares.argmax(axis=1)
        columns: dict[str, Any] = {
            "conductivity_s_cm": point,
            "conductivity_s_cm_lower": low,
            "conductivity_s_cm_upper": high,
            "relative_density_pct": density,
            "relative_density_pct_lower": density_low,
            "relative_density_pct_upper": density_high,
            "phase_purity": purity,
            "phase_purity_lower": purity_low,
            "phase_purity_upper": purity_high,
            "phase_main": np.array(self.phases.names, dtype=object)[best],
            "phase_main_probability": shares[np.arange(len(best)), best],
            "in_domain": distance <= 1.0,
            "domain_distance": distance,
            "n_missing": batch.missing,
        }
        return columns, pooled

    def log10_conductivity(
        self,
        matrix: FeatureMatrix,
        families: Sequence[str],
        describe: FloatArray,
        coverage: float,
        shift: FloatArray | float = 0.0,
    ) -> tuple[FloatArray, FloatArray, FloatArray, NDArray[np.bool_]]:
        """Return log10 conductivity at the temperature of measurement; see `Interval.predict`."""
        if self.correction is not None:
            shift = shift + self.correction.shift("conductivity", matrix)
        *sigma, pooled = self.conductivity.predict(matrix, families, describe, coverage, shift)
        if self.energy is None:
            point, low, high = sigma
            return point, *self._term("conductivity").widened(point, low, high), pooled
        *energy, _ = self.energy.predict(matrix, families, describe, coverage)
        point, low, high = at_temperature(
            (sigma[0], sigma[1], sigma[2]),
            (np.exp(energy[0]), np.exp(energy[1]), np.exp(energy[2])),
            measured_celsius(matrix),
        )
        return point, *self._term("conductivity").widened(point, low, high), pooled

    def activation_energy(
        self, table: pd.DataFrame, *, coverage: float = DEFAULT_COVERAGE
    ) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return the activation energy of a valid recipe table, eV, basis ln(sigma T).

        Parameters
        ----------
        table : DataFrame
            Valid recipes, n rows.
        coverage : float, default 0.9
            Coverage of the interval.

        Returns
        -------
        point, lower, upper : arrays, shape (n,)

        Raises
        ------
        ModelError
            The model was made before activation energies were fitted.
        """
        if self.energy is None:
            raise ModelError(
                "this model holds no activation energy; train it again with this version of ssbml"
            )
        batch = Batch.of(table)
        describe = batch.describers(batch.distance(self.domain))
        point, low, high, _ = self.energy.predict(batch.matrix, batch.families, describe, coverage)
        return np.exp(point), np.exp(low), np.exp(high)

    def transformed_density(
        self, matrix: FeatureMatrix, families: Sequence[str], describe: FloatArray, coverage: float
    ) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return point, lower and upper density in model units; see `Interval.predict`."""
        shift = 0.0 if self.correction is None else self.correction.shift("density", matrix)
        point, low, high, _ = self.density.predict(matrix, families, describe, coverage, shift)
        return point, *self._term("density").widened(point, low, high)

    def _term(self, name: str) -> Term:
        return _NO_TERM if self.correction is None else self.correction.terms.get(name, _NO_TERM)
