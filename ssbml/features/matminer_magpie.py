"""The Magpie features as matminer computes them: the reference, and the only matminer import."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ssbml.chemistry.elements import FloatArray
from ssbml.chemistry.formula import parse_formula


def matminer_features(formulas: Sequence[str]) -> FloatArray:
    """Return ``ElementProperty.from_preset("magpie")`` of formulas, one process, no silent NaN.

    Parameters
    ----------
    formulas : sequence of str
        Length n.

    Returns
    -------
    array, shape (n, 132)
    """
    from matminer.featurizers.composition import ElementProperty
    from pymatgen.core.composition import Composition

    featurizer = ElementProperty.from_preset("magpie")
    featurizer.set_n_jobs(1)
    unique = list(dict.fromkeys(formulas))
    compositions = [Composition(dict(parse_formula(f))) for f in unique]
    values = featurizer.featurize_many(compositions, ignore_errors=False, pbar=False)
    by_formula = dict(zip(unique, values, strict=True))
    return np.array([by_formula[f] for f in formulas], dtype=float)
