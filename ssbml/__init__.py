"""ssbml: conductivity, density and phase purity of solid lithium electrolytes from recipes.

The names below are loaded when first used, so that ``import ssbml`` is instant.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from ssbml.version import __version__

_HOME = {
    "predict": "ssbml.api",
    "explain": "ssbml.explanation.explainer",
    "Recipe": "ssbml.recipe",
    "Predictor": "ssbml.predictor",
    "load_model": "ssbml.models",
    "list_models": "ssbml.models",
    "load_dataset": "ssbml.datasets.load",
    "retrain": "ssbml.retraining.retrain",
    "suggest": "ssbml.retraining.suggest",
    "screen": "ssbml.screening.run",
    "train": "ssbml.training",
    "evaluate": "ssbml.training",
    "SearchSpace": "ssbml.screening.space",
    "SsbmlError": "ssbml.errors",
    "RecipeError": "ssbml.errors",
    "TableError": "ssbml.errors",
    "DataError": "ssbml.errors",
    "ModelError": "ssbml.errors",
    "SettingsError": "ssbml.errors",
    "SpaceError": "ssbml.errors",
    "VaryError": "ssbml.errors",
}

__all__ = [
    "DataError",
    "ModelError",
    "Predictor",
    "Recipe",
    "RecipeError",
    "SearchSpace",
    "SettingsError",
    "SpaceError",
    "SsbmlError",
    "TableError",
    "VaryError",
    "__version__",
    "evaluate",
    "explain",
    "list_models",
    "load_dataset",
    "load_model",
    "predict",
    "retrain",
    "screen",
    "suggest",
    "train",
]

if TYPE_CHECKING:
    from ssbml.api import predict
    from ssbml.datasets.load import load_dataset
    from ssbml.errors import (
        DataError,
        ModelError,
        RecipeError,
        SettingsError,
        SpaceError,
        SsbmlError,
        TableError,
        VaryError,
    )
    from ssbml.explanation.explainer import explain
    from ssbml.models import list_models, load_model
    from ssbml.predictor import Predictor
    from ssbml.recipe import Recipe
    from ssbml.retraining.retrain import retrain
    from ssbml.retraining.suggest import suggest
    from ssbml.screening.run import screen
    from ssbml.screening.space import SearchSpace
    from ssbml.training import evaluate, train


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(_HOME[name]), name)
    raise AttributeError(f"module 'ssbml' has no attribute '{name}'")


def __dir__() -> list[str]:
    return sorted(__all__)
