"""The store of versions: immutable, chosen by one pointer, never half-written, never trusted."""

from __future__ import annotations

import errno
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import ssbml
from ssbml.errors import ModelError
from ssbml.lab.read import LabFile, read_lab
from ssbml.models import list_models, load_model
from ssbml.predictor import Predictor
from ssbml.versions import durable
from ssbml.versions.check import store_problems
from ssbml.versions.choice import in_use, rollback, use
from ssbml.versions.names import parse_reference
from ssbml.versions.pointers import read_pointer
from ssbml.versions.record import Draft, Status
from ssbml.versions.rows import rows_from_csv, rows_to_csv
from ssbml.versions.versions import add_version, get_version, versions_of

CRASH = Path(__file__).parents[1] / "training" / "crash_store.py"


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> LabFile:
    path = tmp_path_factory.mktemp("lab") / "lab.csv"
    path.write_text(
        "formula,Sintering T (K),sigma (mS/cm),batch,mother_powder,additive_wt_pct,Furnace\n"
        "Li6.4La3Zr1.4Ta0.6O12,1423.15,0.8123456789012345,B1,yes,2,=cmd\n"
        'Li6.4La3Zr1.4Ta0.6O12,1398,0.7,B2,no,,"a, b\nc"\n',
        encoding="utf-8",
    )
    return read_lab(path)


@pytest.fixture
def draft(model: Predictor, lab: LabFile) -> Callable[..., Draft]:
    def make(status: Status = "promoted", **more: Any) -> Draft:
        fields = {"reason": "the gate said so", "others": lab.others, **more}
        return Draft(model, lab.table, status, **fields)

    return make


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(p.relative_to(folder)): p.read_bytes()
        for p in sorted(folder.rglob("*"))
        if p.is_file() and p.name != ".lock"
    }


def test_a_version_holds_all_it_was_made_of(home: Path, draft: Any, lab: LabFile) -> None:
    found = add_version("my-lab", draft(metrics={"mae": 0.5}, strategy={"method": "refit"}, seed=3))
    assert str(found.reference) == "my-lab@1"
    assert found.path == home / "my-lab" / "1"
    assert sorted(p.name for p in found.path.iterdir()) == ["lab.csv", "model", "version.json"]
    record = found.record
    assert (record["status"], record["reason"]) == ("promoted", "the gate said so")
    assert (record["parent"], record["seed"], record["metrics"]) == ("default", 3, {"mae": 0.5})
    assert record["lab"]["rows"] == 2
    assert set(record["libraries"]) == {"numpy", "pandas", "scikit-learn", "lightgbm"}
    pd.testing.assert_frame_equal(found.rows(), lab.table, check_dtype=False)
    assert store_problems() == {"my-lab@1": []}


def test_rows_are_kept_to_the_last_bit_and_are_a_lab_file(
    home: Path, draft: Any, lab: LabFile
) -> None:
    path = add_version("my-lab", draft()).path / "lab.csv"
    again = read_lab(path)
    pd.testing.assert_frame_equal(again.table, lab.table, check_exact=True)
    assert again.others["# Furnace"].tolist() == ["'=cmd", "a, b\nc"]
    with pytest.raises(ModelError, match="furnace are no fields"):
        rows_to_csv(lab.table.assign(furnace=1))
    for data in (b"", b"formula\nLLZO\n", b"form\npellet\n", b"\xff", b'formula\n"Li3PS4\n'):
        with pytest.raises(ModelError, match="the stored lab rows are damaged"):
            rows_from_csv(data)


def test_it_predicts_the_same_bits_by_name(home: Path, draft: Any, model: Predictor) -> None:
    add_version("my-lab", draft())
    recipes = [{"formula": "Li6.4La3Zr1.4Ta0.6O12"}]
    expected = model.predict(recipes)
    for name in ("my-lab", "my-lab@1"):
        pd.testing.assert_frame_equal(
            ssbml.predict(recipes, model=name), expected, check_exact=True
        )
    assert list_models() == ["default", "my-lab"]
    assert load_model("my-lab") is load_model("my-lab@1")


def test_promotion_moves_the_pointer_of_its_name_only(home: Path, draft: Any) -> None:
    for name, status in (("a", "promoted"), ("b", "stored"), ("a", "stored"), ("a", "forced")):
        add_version(name, draft(status))
    assert read_pointer("a").active == 3
    assert read_pointer("a").before == (1,)
    assert str(get_version("a").reference) == "a@3"
    assert str(get_version("a@2").reference) == "a@2"
    assert str(in_use()) == "default"
    with pytest.raises(ModelError, match="ssbml models use b@1"):
        load_model("b")
    assert load_model("b@1") is not None


def test_model_none_means_what_was_chosen(home: Path, draft: Any, shipped_model: Predictor) -> None:
    assert load_model() is shipped_model
    add_version("a", draft())
    assert load_model() is shipped_model
    use("a")
    add_version("a", draft())
    assert str(in_use()) == "a@2"
    use("a@1")
    assert (str(in_use()), read_pointer("a").active) == ("a@1", 1)
    add_version("a", draft())
    assert str(in_use()) == "a@1"
    assert str(get_version("a").reference) == "a@3"
    assert load_model("default") is shipped_model
    use("default")
    assert load_model() is shipped_model


def test_a_stored_version_can_be_used_as_the_message_says(home: Path, draft: Any) -> None:
    add_version("a", draft("stored"))
    use("a@1")
    assert load_model("a") is load_model("a@1") is load_model()


def test_rollback_goes_back_step_by_step(home: Path, draft: Any) -> None:
    for _ in range(3):
        add_version("a", draft())
    assert [str(rollback("a")) for _ in range(2)] == ["a@2", "a@1"]
    with pytest.raises(ModelError, match="a has no earlier active version"):
        rollback("a")
    assert [str(v) for v in versions_of("a")] == ["a@1", "a@2", "a@3"]
    assert str(add_version("a", draft()).reference) == "a@4"
    assert str(rollback("a")) == "a@1"


def test_rollback_refuses_a_damaged_version(home: Path, draft: Any) -> None:
    for _ in range(2):
        add_version("a", draft())
    os.truncate(home / "a" / "1" / "model" / "trees.npz", 1000)
    with pytest.raises(ModelError, match=r"trees\.npz was altered or cut short"):
        rollback("a")
    assert read_pointer("a").active == 2


@pytest.mark.parametrize(
    ("text", "clue"),
    [
        ("nobody", "there is no model 'nobody'; known are default, my-lab"),
        ("my-lob", r"did you mean my-lab\?"),
        ("my-lab@7", "my-lab has no version 7; stored: my-lab@1"),
        ("my-lab@0", "is no version"),
        ("my-lab@x", "is no version"),
        ("my-lab@1@2", "is no version"),
        ("default@1", "has no versions"),
        ("", "is no model name"),
        ("..", "is no model name"),
        (".hidden", "is no model name"),
        ("a b", "is no model name"),
        ("con", "is no model name"),
        ("x" * 65, "is no model name"),
    ],
)
def test_names_that_mean_nothing(home: Path, draft: Any, text: str, clue: str) -> None:
    add_version("my-lab", draft())
    with pytest.raises(ModelError, match=clue):
        load_model(text)


def test_names_that_cannot_be_given(home: Path, draft: Any) -> None:
    add_version("Lab", draft())
    for name, clue in (
        ("default", "is the shipped model"),
        ("../x", "is no model name"),
        ("lab", "there is a model 'Lab' already"),
    ):
        with pytest.raises(ModelError, match=clue):
            add_version(name, draft())
    assert str(parse_reference("Lab@12")) == "Lab@12"


def test_drafts_are_checked(home: Path, draft: Any) -> None:
    for bad, clue in (
        (draft(reports={"../evil.html": b""}), "reports may be called"),
        (draft(metrics={"mae": float("nan")}), "is no JSON"),
        (draft(metrics={"mae": object()}), "is no JSON"),
        (replace(draft(), status="great"), "status 'great'"),
    ):
        with pytest.raises(ModelError, match=clue):
            add_version("a", bad)
    assert list_models() == ["default"]
    found = add_version("a", draft(reports={"report.html": b"<p>", "report.json": b"{}"}))
    assert found.read_file("report.html") == b"<p>"


def damage(path: Path, how: str) -> None:
    data = bytearray(path.read_bytes())
    if how == "cut":
        data = data[: len(data) // 2]
    elif how == "flip":
        data[len(data) // 2] ^= 1
    elif how == "gone":
        path.unlink()
        return
    path.write_bytes(bytes(data))


@pytest.mark.parametrize("how", ["cut", "flip", "gone"])
@pytest.mark.parametrize(
    "name", ["version.json", "lab.csv", "model/manifest.json", "model/calibration.npz"]
)
def test_damage_is_found_and_named(home: Path, draft: Any, name: str, how: str) -> None:
    found = add_version("a", draft())
    damage(found.path / name, how)
    problems = store_problems("a")["a@1"]
    assert problems
    assert Path(name).name in " ".join(problems)
    if name != "lab.csv":
        with pytest.raises(ModelError):
            get_version("a@1").open()


def test_strange_files_and_lost_versions_are_found(home: Path, draft: Any) -> None:
    for _ in range(2):
        add_version("a", draft())
    (home / "a" / "1" / "evil.py").write_text("print(1)")
    assert store_problems()["a@1"] == ["a@1 holds evil.py, which is not in its record"]
    use("a")
    shutil.rmtree(home / "a" / "2")
    assert store_problems("a")["pointer of a"] == ["a@2 was active and is missing"]
    with pytest.raises(ModelError, match=r"a has no version 2.*models use default"):
        load_model()
    use("default")
    load_model("a@1")


@pytest.mark.parametrize("text", ["", "{", "[]", '{"active": "../../x", "before": []}', "null",
                                  '{"active": 0, "before": []}', '{"active": true, "before": []}',
                                  "[" * 100_000])  # fmt: skip
def test_a_damaged_pointer_is_mended_by_use(home: Path, draft: Any, text: str) -> None:
    add_version("a", draft())
    (home / "a" / "active.json").write_text(text)
    with pytest.raises(ModelError, match="ssbml models use a@1"):
        load_model("a")
    use("a@1")
    assert load_model("a") is not None


@pytest.mark.parametrize("text", ["{", '{"model": 3}', '{"model": "../../etc"}', "null"])
def test_a_damaged_choice_is_mended_by_use(home: Path, draft: Any, text: str) -> None:
    add_version("a", draft())
    (home / "in-use.json").write_text(text)
    with pytest.raises(ModelError):
        load_model()
    use("a")
    assert load_model() is load_model("a")


def rewrite(path: Path, **changes: Any) -> None:
    """Change the record and its own hash, as somebody who knows the format could."""
    from ssbml.versions import record

    content = json.loads(path.read_text("utf-8"))
    content.update(changes)
    content.pop("record_sha256")
    content["record_sha256"] = record._self_hash(content)
    path.write_text(json.dumps(content), "utf-8")


def test_other_formats_are_told_from_damage(home: Path, draft: Any) -> None:
    found = add_version("a", draft())
    rewrite(found.path / "version.json", format=2, ssbml="9.1")
    with pytest.raises(ModelError, match=r"written by ssbml 9\.1 \(version format 2.*update ssbml"):
        get_version("a")
    rewrite(found.path / "version.json", format=1, schema=99)
    with pytest.raises(ModelError, match="field table 99"):
        get_version("a")


@pytest.mark.parametrize(
    "listed", [{}, {"../../../etc/passwd": "0" * 64}, "x", {"lab.csv": "0" * 64}, None]
)
def test_records_that_list_other_files_are_refused(home: Path, draft: Any, listed: Any) -> None:
    found = add_version("a", draft())
    files = found.record["sha256"]
    if isinstance(listed, dict) and listed:
        listed = {**files, **listed} if "lab.csv" not in listed else listed
    rewrite(found.path / "version.json", sha256=listed)
    with pytest.raises(ModelError, match="does not list the files of a version"):
        get_version("a")


def test_a_full_disk_changes_nothing(
    home: Path, draft: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_version("a", draft())
    before = files(home)
    calls = 0

    def full(handle: int) -> None:
        nonlocal calls
        calls += 1
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(durable.os, "fsync", full)
    with pytest.raises(ModelError, match=r"No space left on device; nothing was changed"):
        add_version("a", draft())
    with pytest.raises(ModelError, match="No space left on device"):
        use("a")
    assert calls >= 2
    assert files(home) == before


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and resource limits")
@pytest.mark.parametrize("size", [0, 100, 3000])
def test_a_disk_that_really_refuses(home: Path, draft: Any, size: int) -> None:
    add_version("a", draft())
    before = files(home)
    pid = os.fork()
    if pid == 0:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
        try:
            add_version("a", draft())
        except ModelError as error:
            os._exit(0 if "cannot write to" in str(error) and "\n" not in str(error) else 2)
        except BaseException:
            os._exit(3)
        os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    assert files(home) == before
    assert str(add_version("a", draft()).reference) == "a@2"


def test_folders_that_cannot_be_written_to(
    home: Path, draft: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    places = [tmp_path / "file" / "below"]
    (tmp_path / "file").write_text("no folder")
    if Path("/proc/self").is_dir():
        places.append(Path("/proc/ssbml"))
    if os.geteuid() != 0:
        (tmp_path / "locked").mkdir(mode=0o500)
        places.append(tmp_path / "locked")
    for place in places:
        monkeypatch.setenv("SSBML_HOME", str(place))
        for action in (lambda: add_version("a", draft()), lambda: use("default")):
            with pytest.raises(
                ModelError, match=r"cannot write to .*nothing was changed"
            ) as caught:
                action()
            assert "\n" not in str(caught.value)
        assert list_models() == ["default"]


def test_what_killed_writers_left_is_swept(home: Path, draft: Any) -> None:
    add_version("a", draft())
    (home / "a" / ".new-left").mkdir()
    (home / "a" / ".new-left" / "trees.npz").write_bytes(b"half")
    (home / "a" / ".new-file").write_bytes(b"half")
    assert load_model("a") is not None
    add_version("a", draft())
    assert sorted(p.name for p in (home / "a").iterdir()) == [".lock", "1", "2", "active.json"]


def test_a_writer_that_waits_too_long_says_so(
    home: Path, draft: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(durable, "LOCK_SECONDS", 0.05)
    with (
        durable.locked(home / "a"),
        pytest.raises(ModelError, match=r"another ssbml has been changing 'a' for 0\.05 s"),
    ):
        add_version("a", draft())
    assert str(add_version("a", draft()).reference) == "a@1"


def test_two_writers_at_once(home: Path, model_folder: Path) -> None:
    script = (
        "import sys; from pathlib import Path; import pandas as pd\n"
        "from ssbml.predictor import Predictor\n"
        "from ssbml.versions.record import Draft\n"
        "from ssbml.versions.versions import add_version\n"
        "model = Predictor.load(Path(sys.argv[1]))\n"
        "rows = pd.DataFrame({'formula': ['Li3PS4'] * int(sys.argv[2])})\n"
        "for i in range(4):\n"
        "    add_version('a', Draft(model, rows, 'promoted', sys.argv[2]))\n"
    )
    root = Path(ssbml.__file__).parents[1]
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", script, str(model_folder), str(n)],
            env={**os.environ, "PYTHONPATH": str(root)},
        )
        for n in (1, 2)
    ]
    assert [w.wait(timeout=120) for w in writers] == [0, 0]
    found = [get_version(v) for v in versions_of("a")]
    assert [v.reference.number for v in found] == list(range(1, 9))
    assert sorted(len(v.rows()) for v in found) == [1] * 4 + [2] * 4
    pointer = read_pointer("a")
    assert (*pointer.before, pointer.active) == tuple(range(1, 9))
    assert not any(store_problems().values())


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and SIGKILL")
def test_killed_writers_leave_the_old_or_the_new_model() -> None:
    if not CRASH.is_file():
        pytest.skip("the tests do not lie in a checkout")
    root = Path(ssbml.__file__).parents[1]
    done = subprocess.run(
        [sys.executable, str(CRASH), "--kills", "6", "--steps"],
        capture_output=True,
        text=True,
        timeout=600,
        env={**os.environ, "PYTHONPATH": str(root)},
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    assert "6 kills: the store opened every time" in done.stdout
    promote = next(line for line in done.stdout.splitlines() if line.startswith("promote: killed"))
    assert "old" in promote
    assert "new" in promote
