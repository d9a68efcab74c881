"""A small model fitted once, and the shipped one where it exists."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import settings

from ssbml.datasets.load import load_dataset
from ssbml.datasets.registry import HOME_VARIABLE, cache_folder
from ssbml.errors import DataError
from ssbml.fitting.fit import fit
from ssbml.fitting.settings import Settings, settings_from_dict
from ssbml.location import shipped
from ssbml.models import DEFAULT, load_model
from ssbml.predictor import Predictor

settings.register_profile("ssbml", deadline=None, derandomize=True, database=None)
settings.load_profile("ssbml")


@pytest.fixture(scope="session", autouse=True)
def session_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Keep the user's own models out of the tests; downloads are still shared."""
    folder = tmp_path_factory.mktemp("home")
    shared = cache_folder()
    if shared.is_dir():
        (folder / "data").symlink_to(shared)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(HOME_VARIABLE, str(folder))
        yield folder


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home for one test; the folder of models is returned."""
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "home"))
    return tmp_path / "home" / "models"


@pytest.fixture(scope="session")
def literature() -> pd.DataFrame:
    """The embedded data set."""
    return load_dataset("literature")


@pytest.fixture(scope="session")
def tiny_settings() -> Settings:
    """Settings that fit in seconds."""
    forest = {"forest": {"trees": 12}, "boosting": {"weight": 0.0}}
    return settings_from_dict(
        {
            "folds": 3,
            "bound_rounds": 1,
            "conductivity": {
                "forest": {"trees": 12},
                "boosting": {"iterations": 12, "max_leaf_nodes": 6},
            },
            "density": forest,
            "purity": forest,
            "phase": {"forest": {"trees": 6}, "boosting": {"weight": 0.0}},
        }
    )


@pytest.fixture(scope="session")
def model(literature: pd.DataFrame, tiny_settings: Settings) -> Predictor:
    """A model of the embedded data set, small but whole."""
    return fit(literature, tiny_settings)


@pytest.fixture(scope="session")
def model_folder(model: Predictor, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small model as a folder; never to be written to."""
    path = tmp_path_factory.mktemp("models") / "small"
    model.save(path)
    return path


@pytest.fixture(scope="session")
def shipped_model() -> Predictor:
    """The model that travels with the package."""
    try:
        folder = shipped("models") / DEFAULT
    except DataError:
        folder = None
    if folder is None or not folder.is_dir():
        pytest.skip("this checkout holds no models/default; train it with 'ssbml train'")
    return load_model()
