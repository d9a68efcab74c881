"""A fitted model: valid recipe table in, prediction table out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ssbml.activation import at_temperature
from ssbml.calibration import (
    DEFAULT_COVERAGE,
    Difficulty,
    IntervalCalibrator,
)
from ssbml.chemistry.elements import FloatArray
from ssbml.correction import LabCorrection, Term
from ssbml.describe import count_missing, describers, firing_excess, with_estimate
from ssbml.domain import Domain
from ssbml.errors import ModelError
from ssbml.estimators.blend import Blend
from ssbml.estimators.known import KnownShift
from ssbml.estimators.phases import PhaseModel
from ssbml.estimators.tendencies import NO_TENDENCIES, Tendencies
from ssbml.features.assemble import assemble, families_of
from ssbml.features.base import FeatureMatrix
from ssbml.features.context import as_sintered, as_total, measured_celsius
from ssbml.notes import notes_for
from ssbml.probability import ProbabilityCalibrator
from ssbml.request import PREDICTION_COLUMNS, answer
from ssbml.store import ModelFolder, read_folder, write_folder
from ssbml.targets import CONDUCTIVITY, DENSITY
from ssbml.workers import in_order

if TYPE_CHECKING:
    import pandas as pd


_ROWS_AT_ONCE = 4096
_NO_TERM = Term()


@dataclass(frozen=True, slots=True)
class Interval:
    """Point model, difficulty and calibrated interval of one number."""

    blend: Blend
    difficulty: Difficulty
    calibrator: IntervalCalibrator
    tendencies: Tendencies = NO_TENDENCIES

    def predict(
        self,
        matrix: FeatureMatrix,
        families: list[str],
        describe: FloatArray,
        coverage: float,
        shift: FloatArray | float = 0.0,
    ) -> tuple[FloatArray, FloatArray, FloatArray, NDArray[np.bool_]]:
        """Return point, lower, upper (model units) and whether the interval is the pooled one.

        Parameters
        ----------
        matrix : FeatureMatrix
            Features of n recipes, those of the property included.
        families : list of str
            Host family of each row.
        describe : array, shape (n, k)
            Describers (`ssbml.describe.describers`).
        coverage : float
            Coverage of the interval.
        shift : array, shape (n,), or float, default 0
            Added to the point.
        """
        point, spread = self.blend.predict_with_spread(matrix)
        point = point + self.tendencies.shift(matrix)
        size = self.difficulty.predict(with_estimate(describe, point, spread))
        point = point + shift
        low, high, pooled = self.calibrator.interval(point, size, families, coverage)
        return point, low, high, pooled


@dataclass(frozen=True, slots=True)
class Purity:
    """Score and calibrated probability of a phase-pure product."""

    blend: Blend
    calibrator: ProbabilityCalibrator
    tendencies: Tendencies = NO_TENDENCIES

    def probability(
        self, matrix: FeatureMatrix, coverage: float, shift: float = 0.0
    ) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return the probability of a phase-pure product and the range of its uncertainty.

        Parameters
        ----------
        matrix : FeatureMatrix
            Features of n recipes, the stage included.
        coverage : float
            Share of the uncertainty that the range holds.
        shift : float, default 0
            Added to the log-odds.
        """
        return self.calibrator.probability(
            self.blend.predict(matrix), coverage, self.tendencies.shift(matrix) + shift
        )


@dataclass(frozen=True, slots=True)
class Predictor:
    """Predicts conductivity, relative density and phase purity of recipes.

    Attributes
    ----------
    conductivity, density : Interval
        Models of log10 conductivity and of the transformed density.
    purity : Purity
        Model of phase purity.
    phases : PhaseModel
        Model of the main phase.
    known : KnownShift
        What a measured density or phase changes.
    domain : Domain
        What the data support.
    manifest : dict
        Versions, data hash, settings and cross-validated figures.
    card : str
        The model card, Markdown.
    energy : Interval or None
        Model of ln activation energy (eV, basis ln(sigma T)). With it the conductivity model is
        one of 25 °C, which sees no temperature, and its answer is brought to the temperature of
        measurement; models made before have none.
    correction : LabCorrection or None
        What the rows of one laboratory change.
    """

    conductivity: Interval
    density: Interval
    purity: Purity
    phases: PhaseModel
    known: KnownShift
    domain: Domain
    manifest: dict[str, Any]
    card: str = ""
    energy: Interval | None = None
    correction: LabCorrection | None = None

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

    def save(self, path: str | Path) -> None:
        """Save the model as a folder that `ssbml.load_model` opens.

        Raises
        ------
        ModelError
            The folder exists and is no model, or cannot be written.
        """
        write_folder(Path(path), ModelFolder(*self.to_arrays(), self.manifest, self.card))

    @classmethod
    def load(cls, path: str | Path) -> Predictor:
        """Open a model folder.

        Raises
        ------
        ModelError
            The folder is missing, incomplete, altered, of another format, or damaged.
        """
        folder = read_folder(Path(path))
        return cls.from_arrays(
            folder.trees, folder.calibration, folder.domain, folder.manifest, folder.card
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

        families = families_of(table)
        matrix = assemble(table, families)
        excess = firing_excess(table, families)
        columns, pooled = self.predict_features(
            matrix, families, count_missing(table), excess, coverage=coverage, known=known
        )
        columns["notes"] = notes_for(table, matrix, families, self.domain, excess, pooled)
        return pd.DataFrame(columns, index=table.index, columns=list(PREDICTION_COLUMNS))

    def predict_features(
        self,
        matrix: FeatureMatrix,
        families: list[str],
        missing: NDArray[Any],
        excess: FloatArray,
        *,
        coverage: float = DEFAULT_COVERAGE,
        known: Mapping[str, Any] | None = None,
    ) -> tuple[dict[str, Any], NDArray[np.bool_]]:
        """Predict recipes given as features: `predict_table` without its notes.

        Parameters
        ----------
        matrix : FeatureMatrix
            Features of n recipes (`ssbml.features.assemble.assemble`).
        families : list of str
            Host family of each row.
        missing : int array, shape (n,)
            Blank influential fields.
        excess : array, shape (n,)
            How far each recipe is fired above what its family and method allow, °C.
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
        measured = dict(known or {})
        distance = self._distance(matrix, families, excess)
        describe = describers(families, distance, missing)
        density, density_low, density_high = self._density(matrix, families, describe, coverage)
        staged = as_sintered(matrix)
        shares = self.phases.probabilities(staged, families)
        shift = self._shift(families, measured, density, shares)
        *sigma, pooled = self.log10_conductivity(
            as_total(matrix), families, describe, coverage, shift
        )
        bounds = CONDUCTIVITY.low, CONDUCTIVITY.high
        point, low, high = (np.clip(CONDUCTIVITY.inverse(v), *bounds) for v in sigma)
        purity, purity_low, purity_high = self.purity.probability(
            staged, coverage, self._term("purity").offset
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
            "n_missing": missing,
        }
        return columns, pooled

    def log10_conductivity(
        self,
        matrix: FeatureMatrix,
        families: list[str],
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
        families = families_of(table)
        matrix = assemble(table)
        excess = firing_excess(table, families)
        distance = self._distance(matrix, families, excess)
        describe = describers(families, distance, count_missing(table))
        point, low, high, _ = self.energy.predict(as_total(matrix), families, describe, coverage)
        return np.exp(point), np.exp(low), np.exp(high)

    def _distance(
        self, matrix: FeatureMatrix, families: list[str], excess: FloatArray
    ) -> FloatArray:
        return np.maximum(
            self.domain.distance(matrix, families), np.where(excess > 0, 1.0 + excess / 100.0, 0.0)
        )

    def _density(
        self, matrix: FeatureMatrix, families: list[str], describe: FloatArray, coverage: float
    ) -> tuple[FloatArray, FloatArray, FloatArray]:
        point, low, high = (
            np.clip(DENSITY.inverse(v), DENSITY.low, DENSITY.high)
            for v in self.transformed_density(matrix, families, describe, coverage)
        )
        return point, low, high

    def transformed_density(
        self, matrix: FeatureMatrix, families: list[str], describe: FloatArray, coverage: float
    ) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return point, lower and upper density in model units; see `Interval.predict`."""
        shift = 0.0 if self.correction is None else self.correction.shift("density", matrix)
        point, low, high, _ = self.density.predict(matrix, families, describe, coverage, shift)
        return point, *self._term("density").widened(point, low, high)

    def _term(self, name: str) -> Term:
        return _NO_TERM if self.correction is None else self.correction.terms.get(name, _NO_TERM)

    def _shift(
        self,
        families: list[str],
        measured: Mapping[str, Any],
        density: FloatArray,
        shares: FloatArray,
    ) -> FloatArray:
        shift = np.zeros(len(families))
        if measured.get("relative_density_pct") is not None:
            given = np.asarray(measured["relative_density_pct"], dtype=float)
            shift += self.known.density_shift(families, given, density)
        if measured.get("phase_main") is not None:
            for i, (family, phase) in enumerate(zip(families, measured["phase_main"], strict=True)):
                expected = dict(zip(self.phases.names, shares[i].tolist(), strict=True))
                shift[i] += self.known.phase_shift(family, phase, expected)
        return shift

    def to_arrays(self) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
        """Return the arrays of trees, calibration and domain."""
        trees = {
            **self.conductivity.blend.to_arrays("conductivity"),
            **self.density.blend.to_arrays("density"),
            **self.purity.blend.to_arrays("purity"),
            **self.phases.to_arrays("phase"),
        }
        if self.energy is not None:
            trees.update(self.energy.blend.to_arrays("energy"))
        calibration = {
            "conductivity.difficulty": self.conductivity.difficulty.to_array(),
            "density.difficulty": self.density.difficulty.to_array(),
            **self.conductivity.calibrator.to_arrays("conductivity"),
            **self.density.calibrator.to_arrays("density"),
            **self.purity.calibrator.to_arrays("purity"),
            **self.known.to_arrays("known"),
            **self.conductivity.tendencies.to_arrays("conductivity"),
            **self.density.tendencies.to_arrays("density"),
            **self.purity.tendencies.to_arrays("purity"),
        }
        if self.energy is not None:
            calibration["energy.difficulty"] = self.energy.difficulty.to_array()
            calibration.update(self.energy.calibrator.to_arrays("energy"))
        if self.correction is not None:
            calibration.update(self.correction.to_arrays("lab"))
        return trees, calibration, self.domain.to_arrays("domain")

    @classmethod
    def from_arrays(
        cls,
        trees: Mapping[str, Any],
        calibration: Mapping[str, Any],
        domain: Mapping[str, Any],
        manifest: dict[str, Any],
        card: str,
    ) -> Predictor:
        """Return the predictor stored in three sets of arrays.

        Raises
        ------
        ModelError
            Something is missing or damaged.
        """

        def interval(name: str) -> Interval:
            return Interval(
                Blend.from_arrays(trees, name),
                Difficulty.from_arrays(calibration, f"{name}.difficulty"),
                IntervalCalibrator.from_arrays(calibration, name),
                Tendencies.from_arrays(calibration, name),
            )

        return cls(
            conductivity=interval("conductivity"),
            density=interval("density"),
            purity=Purity(
                Blend.from_arrays(trees, "purity"),
                ProbabilityCalibrator.from_arrays(calibration, "purity"),
                Tendencies.from_arrays(calibration, "purity"),
            ),
            phases=PhaseModel.from_arrays(trees, "phase"),
            known=KnownShift.from_arrays(calibration, "known"),
            domain=Domain.from_arrays(domain, "domain"),
            manifest=manifest,
            card=card,
            energy=interval("energy") if "energy.difficulty" in calibration else None,
            correction=LabCorrection.from_arrays(calibration, "lab"),
        )
