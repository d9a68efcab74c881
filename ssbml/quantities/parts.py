"""The fitted parts of a model, and the folder that they are stored in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from ssbml.correction import LabCorrection
from ssbml.domain import Domain
from ssbml.estimators.known import KnownShift
from ssbml.estimators.phases import PhaseModel
from ssbml.quantities.interval import Interval
from ssbml.quantities.purity import Purity
from ssbml.store import ModelFolder, read_folder, write_folder


@dataclass(frozen=True, slots=True)
class Parts:
    """What a predictor is made of.

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

    def save(self, path: str | Path) -> None:
        """Save the model as a folder that `ssbml.load_model` opens.

        Raises
        ------
        ModelError
            The folder exists and is no model, or cannot be written.
        """
        write_folder(Path(path), ModelFolder(*self.to_arrays(), self.manifest, self.card))

    @classmethod
    def load(cls, path: str | Path) -> Self:
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

    def to_arrays(self) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
        """Return the arrays of trees, calibration and domain."""
        quantities: dict[str, Interval | Purity] = {
            "conductivity": self.conductivity,
            "density": self.density,
            "purity": self.purity,
        }
        if self.energy is not None:
            quantities["energy"] = self.energy
        trees = self.phases.to_arrays("phase")
        calibration = self.known.to_arrays("known")
        for name, quantity in quantities.items():
            trees.update(quantity.tree_arrays(name))
            calibration.update(quantity.calibration_arrays(name))
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
    ) -> Self:
        """Return the model stored in three sets of arrays.

        Raises
        ------
        ModelError
            Something is missing or damaged.
        """
        energy = "energy.difficulty" in calibration
        return cls(
            conductivity=Interval.from_arrays(trees, calibration, "conductivity"),
            density=Interval.from_arrays(trees, calibration, "density"),
            purity=Purity.from_arrays(trees, calibration, "purity"),
            phases=PhaseModel.from_arrays(trees, "phase"),
            known=KnownShift.from_arrays(calibration, "known"),
            domain=Domain.from_arrays(domain, "domain"),
            manifest=manifest,
            card=card,
            energy=Interval.from_arrays(trees, calibration, "energy") if energy else None,
            correction=LabCorrection.from_arrays(calibration, "lab"),
        )
