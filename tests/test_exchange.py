"""Versions as files: what comes back is what went out, and nothing else gets in."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ssbml.cli import main
from ssbml.errors import ModelError, SsbmlError
from ssbml.models import list_models, load_model
from ssbml.predictor import Predictor
from ssbml.versions.exchange import export_version, import_version
from ssbml.versions.rebuild import rebuild
from ssbml.versions.record import Draft, sha256
from ssbml.versions.versions import Version, add_version, get_version


@pytest.fixture
def version(home: Path, model: Predictor) -> Version:
    rows = pd.DataFrame({"formula": ["Li3PS4"], "sigma_total_s_cm": [1e-4]})
    return add_version("a", Draft(model, rows, "promoted", "good"))


@pytest.fixture
def archive(version: Version, tmp_path: Path) -> Path:
    return export_version(version, tmp_path / "a.zip")


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def pack(path: Path, content: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in content.items():
            archive.writestr(name, data)
    return path


def resealed(content: dict[str, bytes], **changes: Any) -> dict[str, bytes]:
    """Make every hash agree again, as somebody who knows the format could."""
    from ssbml.versions import record

    manifest = json.loads(content["model/manifest.json"])
    manifest["sha256"] = {name: sha256(content[f"model/{name}"]) for name in manifest["sha256"]}
    content = {**content, "model/manifest.json": json.dumps(manifest).encode()}
    found = json.loads(content["version.json"])
    found["sha256"] = {n: sha256(content[n]) for n in found["sha256"] if n in content}
    found.update(changes)
    found.pop("record_sha256")
    found["record_sha256"] = record._self_hash(found)
    return {**content, "version.json": json.dumps(found).encode()}


def test_there_and_back(version: Version, archive: Path, tmp_path: Path) -> None:
    second = export_version(version, tmp_path / "b.zip")
    assert archive.read_bytes() == second.read_bytes()
    found = import_version(archive, "theirs")
    assert str(found.reference) == "theirs@1"
    for name in version.record["sha256"]:
        assert found.read_file(name) == version.read_file(name)
    assert found.record == version.record
    with pytest.raises(ModelError, match="no version of theirs was promoted"):
        load_model("theirs")
    assert load_model("theirs@1") is not None


def test_the_same_file_twice_is_stored_once(version: Version, archive: Path) -> None:
    assert import_version(archive).reference == version.reference
    assert str(import_version(archive, "b").reference) == "b@1"
    assert str(import_version(archive, "b").reference) == "b@1"


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize(
    "name",
    ["../evil.py", "/etc/passwd", "model/../../x", "model\\..\\x", "C:/x", "evil.pkl", "lab.csv/",
     "model/trees.npz\x00.py", "./lab.csv"],
)  # fmt: skip
def test_files_that_do_not_belong_are_refused(archive: Path, tmp_path: Path, name: str) -> None:
    crafted = pack(tmp_path / "evil.zip", {**parts(archive), name: b"x"})
    before = sorted(p for p in tmp_path.rglob("*"))
    with pytest.raises(ModelError, match=r"which no exported model does|does not hold the files"):
        import_version(crafted, "b")
    assert sorted(p for p in tmp_path.rglob("*")) == before
    assert list_models() == ["default", "a"]


def bomb(size: int) -> bytes:
    """Return a small ``.npz`` that claims to unpack to ``size`` bytes of zeros."""
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        header, {"descr": "|u1", "fortran_order": False, "shape": (size,)}
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x.npy", header.getvalue())
    return buffer.getvalue()


class Bomb:
    """Creates a file when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (self.path,)


def test_crafted_models_are_refused_and_not_run(archive: Path, tmp_path: Path) -> None:
    marker, buffer = tmp_path / "executed", io.BytesIO()
    np.savez(buffer, x=np.array([Bomb(marker)], dtype=object))
    import pickle

    for data in (buffer.getvalue(), bomb(10**13), pickle.dumps(Bomb(marker)), b"", b"PK\x05\x06"):
        crafted = resealed({**parts(archive), "model/trees.npz": data})
        with pytest.raises(ModelError, match=r"trees\.npz is damaged"):
            import_version(pack(tmp_path / "evil.zip", crafted), "b")
    assert not marker.exists()
    assert list_models() == ["default", "a"]


@pytest.mark.parametrize(
    ("change", "clue"),
    [
        ({"format": 7}, "version format 7"),
        ({"schema": 7}, "field table 7"),
        ({"name": "../../x"}, "is no model name"),
        ({"name": "default"}, "is the shipped model"),
        ({"sha256": {}}, "does not list the files"),
    ],
)
def test_crafted_records_are_refused(
    archive: Path, tmp_path: Path, change: dict[str, Any], clue: str
) -> None:
    crafted = pack(tmp_path / "evil.zip", resealed(parts(archive), **change))
    with pytest.raises(ModelError, match=clue):
        import_version(crafted)
    assert list_models() == ["default", "a"]


def test_other_files_are_refused(archive: Path, tmp_path: Path) -> None:
    content = parts(archive)
    without = {k: v for k, v in content.items() if k != "lab.csv"}
    rows = resealed({**content, "lab.csv": b"formula\nLLZO\n"})
    altered = {**content, "lab.csv": content["lab.csv"] + b"\n"}
    for data, clue in (
        (b"no zip", "is no exported model, or damaged"),
        (archive.read_bytes()[:2000], "is no exported model, or damaged"),
        (pack(tmp_path / "x.zip", without).read_bytes(), "does not hold the files"),
        (pack(tmp_path / "x.zip", rows).read_bytes(), "the stored lab rows are damaged"),
        (pack(tmp_path / "x.zip", altered).read_bytes(), r"lab\.csv was altered"),
    ):
        (tmp_path / "evil.zip").write_bytes(data)
        with pytest.raises(ModelError, match=clue):
            import_version(tmp_path / "evil.zip", "b")
    for missing in (tmp_path / "none.zip", tmp_path):
        with pytest.raises(ModelError, match="cannot read"):
            import_version(missing)
    assert list_models() == ["default", "a"]


def test_export_refuses_what_is_damaged_or_no_zip(version: Version, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"ends in \.zip"):
        export_version(version, tmp_path / "a.tar")
    (version.path / "lab.csv").write_text("formula\n")
    with pytest.raises(ModelError, match="altered"):
        export_version(version, tmp_path / "a.zip")
    assert not (tmp_path / "a.zip").exists()


@given(data=st.data())
@settings(max_examples=40)
def test_any_flipped_byte_is_refused_or_changes_nothing(
    model_folder: Path, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = Path(shutil.copytree(model_folder, tmp_path_factory.mktemp("flip") / "m"))
    name = data.draw(st.sampled_from(["calibration.npz", "domain.npz", "manifest.json"]))
    content = bytearray((folder / name).read_bytes())
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] ^= data.draw(st.integers(1, 255))
    (folder / name).write_bytes(bytes(content))
    if name != "manifest.json":
        manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
        manifest["sha256"][name] = sha256(bytes(content))
        (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    try:
        opened = Predictor.load(folder)
    except SsbmlError:
        return
    assert opened.predict("Li7La3Zr2O12") is not None


def test_a_rebuild_says_how_far_it_is_from_what_was_stored(
    version: Version, model: Predictor, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    other = replace(model, conductivity=replace(model.conductivity, blend=model.density.blend))
    for again, status, clue in ((model, 0, "differ by at most 0.0e+00"), (other, 1, "differ by")):
        monkeypatch.setattr(
            "ssbml.retraining.rebuild.rebuilder_of", lambda _, again=again: lambda _: again
        )
        with pytest.raises(SystemExit) as caught:
            main(["models", "rebuild", str(version.reference)])
        assert caught.value.code == status
        assert clue in capsys.readouterr().out


def test_a_rebuild_needs_a_method(version: Version, model: Predictor) -> None:
    from ssbml.retraining.rebuild import rebuilder_of

    with pytest.raises(ModelError, match="made by the method 'None'; known are lab correction"):
        rebuilder_of(version)
    found = rebuild(version, lambda _: model)
    assert (found.difference, found.reproduced, found.libraries) == (0.0, True, {})


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    with pytest.raises(SystemExit) as caught:
        main(["models", *words])
    shown = capsys.readouterr()
    return int(caught.value.code or 0), shown.out + shown.err


def test_the_commands(
    version: Version, tmp_path: Path, capsys: pytest.CaptureFixture[str], shipped_model: Predictor
) -> None:
    status, out = run(capsys, "list")
    assert status == 0
    assert "a@1" in out
    rows = json.loads(run(capsys, "list", "--json")[1])
    assert [(r["model"], r["in use"]) for r in rows] == [("default", "yes"), ("a@1", "")]
    assert "a@1: promoted" in run(capsys, "show", "a")[1]
    assert "now use a" in run(capsys, "use", "a")[1]
    assert run(capsys, "rollback", "a")[0] == 2
    assert run(capsys, "export", "a", "-o", str(tmp_path / "a.zip"))[0] == 0
    status, out = run(capsys, "import", str(tmp_path / "a.zip"), "--name", "b")
    assert (status, "stored as b@1; to use it: ssbml models use b@1" in out) == (0, True)
    status, out = run(capsys, "verify")
    assert (status, out.splitlines()) == (0, ["default: sound", "a@1: sound", "b@1: sound"])
    (get_version("b@1").path / "lab.csv").write_text("formula\n")
    status, out = run(capsys, "verify", "b")
    assert (status, "lab.csv of b@1 was altered" in out) == (1, True)
    (get_version("b@1").path / "version.json").write_text("{")
    assert run(capsys, "verify", "b")[1].startswith("b@1: version.json of b@1 is damaged")
    assert run(capsys, "use", "default")[0] == 0
    assert run(capsys, "show", "c")[0] == 2
