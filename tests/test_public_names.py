"""The front door: its names, and nothing heavy behind it until it is used."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import ssbml

NAMES = [
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
HEAVY = ("numpy", "pandas", "scipy", "sklearn", "pymatgen", "matminer", "numba", "click", "rich")


def test_names_are_pinned() -> None:
    assert sorted(ssbml.__all__) == NAMES
    assert dir(ssbml) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_every_name_is_there_and_documented(name: str) -> None:
    found = getattr(ssbml, name)
    assert name == "__version__" or found.__doc__


def test_other_names_are_not_there() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'fit_predict'"):
        ssbml.fit_predict  # noqa: B018


@pytest.mark.parametrize("name", [n for n in NAMES if n.endswith("Error") and n != "SsbmlError"])
def test_errors_share_a_base(name: str) -> None:
    assert issubclass(getattr(ssbml, name), ssbml.SsbmlError)


@pytest.mark.parametrize("name", ["RecipeError", "SpaceError", "TableError", "SettingsError"])
def test_errors_about_values_are_value_errors(name: str) -> None:
    assert issubclass(getattr(ssbml, name), ValueError)


def test_the_version_is_that_of_the_project() -> None:
    file = Path(__file__).parents[1] / "pyproject.toml"
    if not file.is_file():
        pytest.skip("the tests do not lie in a checkout")
    assert tomllib.loads(file.read_text("utf-8"))["project"]["version"] == ssbml.__version__


def loaded_after(code: str) -> set[str]:
    """Return the top-level modules that a fresh interpreter has loaded after ``code``."""
    home = Path(ssbml.__file__).parents[1]
    script = f"import sys; sys.path.insert(0, {str(home)!r}); {code}; print(*sys.modules)"
    out = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    ).stdout
    return {name.split(".")[0] for name in out.split()}


def test_import_loads_nothing_heavy() -> None:
    assert not loaded_after("import ssbml; ssbml.__version__; ssbml.RecipeError") & set(HEAVY)


def test_prediction_needs_neither_scikit_learn_nor_matminer(tmp_path: Path) -> None:
    code = "import ssbml.api, ssbml.predictor, ssbml.features.assemble, ssbml.notes"
    assert not loaded_after(code) & {"sklearn", "matminer", "pymatgen", "numba", "skops"}
