"""Why a prediction is what it is, what it rests on, and what would change it."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

_HOME = {
    "Explanation": "ssbml.explanation.explainer",
    "explain": "ssbml.explanation.explainer",
    "improve": "ssbml.explanation.counterfactuals",
    "sweep": "ssbml.explanation.sweeps",
}

__all__ = ["Explanation", "explain", "improve", "sweep"]

if TYPE_CHECKING:
    from ssbml.explanation.counterfactuals import improve
    from ssbml.explanation.explainer import Explanation, explain
    from ssbml.explanation.sweeps import sweep


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(_HOME[name]), name)
    raise AttributeError(f"module 'ssbml.explanation' has no attribute '{name}'")
