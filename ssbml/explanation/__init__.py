"""Why a prediction is what it is, what it rests on, and what would change it."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

_HOME = {
    "Explanation": "ssbml.explanation.explain",
    "explain": "ssbml.explanation.explain",
    "improve": "ssbml.explanation.improve",
    "sweep": "ssbml.explanation.sweep",
}

__all__ = ["Explanation", "explain", "improve", "sweep"]

if TYPE_CHECKING:
    from ssbml.explanation.explain import Explanation, explain
    from ssbml.explanation.improve import improve
    from ssbml.explanation.sweep import sweep


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(_HOME[name]), name)
    raise AttributeError(f"module 'ssbml.explanation' has no attribute '{name}'")
