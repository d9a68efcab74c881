"""A small model fitted once, and the shipped one where it exists."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
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
from ssbml.screening.job import Job, job_of
from ssbml.screening.score import Scorer
from ssbml.screening.shortlist import Shortlist
from ssbml.screening.space import SearchSpace

JobMaker = Callable[..., Job]
"""Makes the job of the small space of garnets with changes, by a model if one is given."""

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


@pytest.fixture(scope="session")
def garnets() -> dict[str, Any]:
    """A space of 2,079 recipes for Ta-doped garnets."""
    return {
        "host": "Li7La3Zr2O12",
        "sites": {"Zr": {"Ta": {"from": 0, "to": 1, "step": 0.05}}},
        "process": {
            "sintering_temp_c": {"from": 1000, "to": 1250, "step": 25},
            "sintering_time_h": [1, 6, 12],
            "atmosphere": ["air", "O2", "Ar"],
        },
        "fixed": {"form": "pellet"},
        "top": 30,
    }


@pytest.fixture(scope="session")
def make_job(model: Predictor, garnets: dict[str, Any]) -> JobMaker:
    def make(predictor: Predictor = model, **changes: Any) -> Job:
        space = SearchSpace.from_dict({**garnets, **changes})
        return job_of(space.candidates(), predictor, Scorer(space.goals, 0.9))

    return make


@pytest.fixture(scope="session")
def assert_same() -> Callable[[Shortlist, Shortlist], None]:
    """Asserts that two passes came to the same shortlist."""

    def check(found: Shortlist, expected: Shortlist) -> None:
        for name in ("numbers", "scores", "losses"):
            assert np.array_equal(getattr(found, name), getattr(expected, name)), name
            assert np.array_equal(getattr(found.front, name), getattr(expected.front, name)), name
        assert np.array_equal(found.inside, expected.inside)
        assert found.tally.seen == expected.tally.seen
        assert found.tally.feasible == expected.tally.feasible
        assert np.array_equal(found.tally.failed, expected.tally.failed)
        assert found.outside == expected.outside

    return check
