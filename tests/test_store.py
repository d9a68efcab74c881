"""Model folders: opened as saved, refused when altered, never executed."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from ssbml.errors import ModelError
from ssbml.fields import SCHEMA_VERSION
from ssbml.models import list_models, load_model
from ssbml.predictor import Predictor
from ssbml.store import FORMAT_VERSION, ModelFolder, read_folder, write_folder

FILES = ["README.md", "calibration.npz", "domain.npz", "manifest.json", "trees.npz"]
MAX_MEGABYTES = 10


@pytest.fixture
def copy(model_folder: Path, tmp_path: Path) -> Path:
    """A copy of the model folder that a test may damage."""
    return Path(shutil.copytree(model_folder, tmp_path / "copy"))


def rehash(folder: Path, **changes: Any) -> None:
    """Make the manifest agree with the files, as an attacker would."""
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    for name in manifest["sha256"]:
        manifest["sha256"][name] = hashlib.sha256((folder / name).read_bytes()).hexdigest()
    (folder / "manifest.json").write_text(json.dumps({**manifest, **changes}), "utf-8")


def test_predicts_the_same_bits(
    model: Predictor, model_folder: Path, literature: pd.DataFrame
) -> None:
    again = Predictor.load(model_folder)
    recipes = literature[["formula", "sintering_temp_c", "atmosphere"]].iloc[:60]
    pd.testing.assert_frame_equal(again.predict(recipes), model.predict(recipes), check_exact=True)


def test_holds_these_files(model_folder: Path) -> None:
    assert sorted(p.name for p in model_folder.iterdir()) == FILES
    manifest = json.loads((model_folder / "manifest.json").read_text("utf-8"))
    assert manifest["format"] == FORMAT_VERSION
    assert manifest["schema"] == SCHEMA_VERSION
    assert sorted(manifest["sha256"]) == [f for f in FILES if f != "manifest.json"]


def test_two_saves_are_byte_identical(model: Predictor, model_folder: Path, tmp_path: Path) -> None:
    model.save(tmp_path / "b")
    Predictor.load(model_folder).save(tmp_path / "c")
    for name in FILES:
        first = (model_folder / name).read_bytes()
        assert (tmp_path / "b" / name).read_bytes() == first
        if name != "manifest.json":
            assert (tmp_path / "c" / name).read_bytes() == first


def test_the_shipped_model_is_small(shipped_model: Predictor, tmp_path: Path) -> None:
    shipped_model.save(tmp_path / "m")
    size = sum(p.stat().st_size for p in (tmp_path / "m").iterdir())
    assert size < MAX_MEGABYTES * 1e6


def test_card_and_manifest_travel(model: Predictor, tmp_path: Path) -> None:
    arrays = model.to_arrays()
    write_folder(tmp_path / "m", ModelFolder(*arrays, {"note": "µ"}, "# Karte äöü\n"))
    found = load_model(tmp_path / "m")
    assert found.card == "# Karte äöü\n"
    assert found.manifest["note"] == "µ"


def truncate(name: str) -> Callable[[Path], None]:
    return lambda folder: os.truncate(folder / name, (folder / name).stat().st_size // 2)


def flip(name: str) -> Callable[[Path], None]:
    def apply(folder: Path) -> None:
        data = bytearray((folder / name).read_bytes())
        data[len(data) // 2] ^= 1
        (folder / name).write_bytes(bytes(data))

    return apply


def remove(name: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).unlink()


def write(name: str, text: str) -> Callable[[Path], Any]:
    return lambda folder: (folder / name).write_text(text, "utf-8")


PARTS = ["trees.npz", "calibration.npz", "domain.npz"]
DAMAGE: dict[str, tuple[Callable[[Path], Any], str]] = {
    **{f"{n} truncated": (truncate(n), "altered or cut short") for n in PARTS},
    **{f"{n} flipped": (flip(n), "altered or cut short") for n in PARTS},
    **{f"{n} missing": (remove(n), "cannot read") for n in [*PARTS, "README.md"]},
    "no manifest": (remove("manifest.json"), "holds no manifest.json"),
    "empty manifest": (write("manifest.json", ""), "damaged"),
    "manifest of another kind": (write("manifest.json", "[1, 2]"), "not a model manifest"),
    "manifest without hashes": (write("manifest.json", '{"format": 1}'), "not a model manifest"),
    "manifest cut": (truncate("manifest.json"), "damaged"),
    "another card": (write("README.md", "# Best model\n"), "altered or cut short"),
}


@pytest.mark.parametrize("damage", sorted(DAMAGE))
def test_damaged_folders_are_refused(copy: Path, damage: str) -> None:
    apply, clue = DAMAGE[damage]
    apply(copy)
    with pytest.raises(ModelError, match=clue):
        load_model(copy)


@pytest.mark.parametrize("name", PARTS)
def test_truncated_files_with_matching_hashes_are_refused(copy: Path, name: str) -> None:
    truncate(name)(copy)
    rehash(copy)
    with pytest.raises(ModelError, match=f"{name} is damaged"):
        load_model(copy)


@pytest.mark.parametrize("number", [0, FORMAT_VERSION + 1, "1", None])
def test_another_format_is_refused(copy: Path, number: Any) -> None:
    rehash(copy, format=number)
    with pytest.raises(
        ModelError, match=rf"has model format .* reads format {FORMAT_VERSION}: retrain it"
    ):
        load_model(copy)


class Bomb:
    """Creates a file when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (self.path,)


@pytest.mark.parametrize("name", PARTS)
def test_pickles_are_refused_and_not_run(copy: Path, tmp_path: Path, name: str) -> None:
    marker = tmp_path / "executed"
    with np.load(copy / name, allow_pickle=False) as archive:
        arrays = {key: archive[key] for key in archive.files}
    arrays[next(iter(arrays))] = np.array([Bomb(marker)], dtype=object)
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)  # type: ignore[arg-type]
    (copy / name).write_bytes(buffer.getvalue())
    rehash(copy)
    with pytest.raises(ModelError, match=f"{name} is damaged"):
        load_model(copy)
    assert not marker.exists()
    with np.load(copy / name, allow_pickle=True) as archive, pytest.raises(TypeError):
        # The payload is live: numpy would run it if it were allowed to.
        float(archive[next(iter(arrays))][0])
    assert marker.exists()


def test_arrays_of_strange_kinds_are_refused(copy: Path) -> None:
    with np.load(copy / "domain.npz") as archive:
        arrays = {key: archive[key] for key in archive.files}
    np.savez(copy / "domain.npz", **arrays, when=np.array(["2026-01-01"], dtype="datetime64[D]"))
    rehash(copy)
    with pytest.raises(ModelError, match="of a kind that ssbml never writes"):
        load_model(copy)


@pytest.mark.parametrize("key", ["conductivity.0.feature", "purity.weights", "phase.names"])
def test_a_missing_array_is_named(copy: Path, key: str) -> None:
    with np.load(copy / "trees.npz") as archive:
        arrays = {k: archive[k] for k in archive.files if k != key}
    np.savez(copy / "trees.npz", **arrays)
    rehash(copy)
    with pytest.raises(ModelError):
        load_model(copy)


def test_nothing_but_a_model_is_overwritten(model: Predictor, tmp_path: Path) -> None:
    folder = tmp_path / "thesis"
    folder.mkdir()
    (folder / "chapter1.tex").write_text("years of work")
    with pytest.raises(ModelError, match="exists and is no model folder"):
        model.save(folder)
    assert [p.name for p in folder.iterdir()] == ["chapter1.tex"]


def test_a_model_is_replaced_whole(model: Predictor, copy: Path) -> None:
    (copy / "stray.txt").write_text("old")
    model.save(copy)
    assert sorted(p.name for p in copy.iterdir()) == FILES
    assert [p.name for p in copy.parent.iterdir()] == [copy.name]


def test_a_failed_save_leaves_the_old_model(
    model: Predictor, copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {p.name: p.read_bytes() for p in copy.iterdir()}
    real = Path.write_bytes

    def full(self: Path, data: bytes) -> int:
        if self.name == "domain.npz":
            raise OSError(28, "No space left on device")
        return real(self, data)

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(ModelError, match="No space left on device"):
        model.save(copy)
    assert {p.name: p.read_bytes() for p in copy.iterdir()} == before
    assert [p.name for p in copy.parent.iterdir()] == [copy.name]


def test_models_by_name(model_folder: Path, tmp_path: Path) -> None:
    assert list_models() == ["default"]
    assert load_model(str(model_folder)).card == ""
    with pytest.raises(ModelError, match=r"no model 'defualt'.*did you mean default\?"):
        load_model("defualt")
    with pytest.raises(ModelError, match="is no model folder"):
        load_model(tmp_path)
    with pytest.raises(ModelError, match="is no model folder"):
        read_folder(tmp_path / "nowhere")


def test_the_shipped_model_opens_once(shipped_model: Predictor) -> None:
    assert load_model() is shipped_model
    assert load_model("default") is shipped_model
    assert shipped_model.card.startswith("# Model card")
