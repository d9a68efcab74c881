"""Recipe tables to named feature matrices; the only room that knows both.

The featurisers are scikit-learn transformers and are imported when first asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__all__ = ["CompositionFeaturizer", "HostFeaturizer", "ProcessFeaturizer", "RecipeFeaturizer"]

if TYPE_CHECKING:
    from ssbml.features.transformers import (
        CompositionFeaturizer,
        HostFeaturizer,
        ProcessFeaturizer,
        RecipeFeaturizer,
    )


def __getattr__(name: str) -> Any:
    if name in __all__:
        from ssbml.features import transformers

        return getattr(transformers, name)
    raise AttributeError(f"module 'ssbml.features' has no attribute '{name}'")
