"""``ssbml screen --all``, ``--resume`` and ``--scheduler`` as a user meets them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from ssbml.cli import main

SPACE = """\
host: Li7La3Zr2O12
sites: {Zr: {Ta: {from: 0, to: 0.8, step: 0.2}}}
process: {sintering_temp_c: [1050, 1150], atmosphere: [air, O2]}
fixed: {form: pellet}
"""
WIDE = SPACE.replace("step: 0.2", "step: 0.001").replace(
    "[1050, 1150]", "{from: 1000, to: 1250, step: 1}"
)

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(
    capsys: pytest.CaptureFixture[str], model_folder: Path, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Run:  # fmt: skip
    """Run ``ssbml screen space.yaml`` with the small model; return status and stderr."""
    monkeypatch.chdir(tmp_path)
    Path("space.yaml").write_text(SPACE)

    def call(*words: str) -> tuple[int, str]:
        with pytest.raises(SystemExit) as caught:
            main(["screen", "space.yaml", *words, "--model", str(model_folder)])
        assert isinstance(caught.value.code, int)
        return caught.value.code, capsys.readouterr().err

    return call


def test_all_predictions_then_other_goals(run: Run) -> None:
    assert run("-o", "plain.csv")[0] == 0
    assert run("--all", "out", "-o", "a.csv", "--workers", "1")[0] == 0
    assert run("--resume", "out", "-o", "b.csv")[0] == 0
    assert Path("a.csv").read_text() == Path("b.csv").read_text() == Path("plain.csv").read_text()
    stored = pd.read_parquet("out", filters=[("conductivity_s_cm", ">", 0.0)])
    assert len(stored) == 20
    assert json.loads(Path("out/_run.json").read_text())["candidates"] == 20


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--all", "used"), "used is not empty; name another folder, or continue"),
        (("--resume", "used"), "used holds no run that could be continued"),
        (("--resume", "nowhere"), "there is no folder nowhere"),
        (("--all", "a", "--resume", "b"), "leave out --all"),
        (("--workers", "0"), "Invalid value for '--workers'"),
        (("--scheduler", "somewhere"), "scheduler somewhere cannot be reached"),
    ],
)
def test_wrong_usage_is_said_in_a_sentence(run: Run, words: tuple[str, ...], said: str) -> None:
    if words[0] == "--scheduler":
        pytest.importorskip("distributed", reason="needs ssbml[dask]")
    Path("used").mkdir()
    Path("used/file").touch()
    status, errors = run(*words)
    assert status == 2
    assert said in errors
    assert "Traceback" not in errors
    assert "━" not in errors


def test_a_space_too_large_is_refused_without_a_bar(run: Run) -> None:
    text = SPACE.replace(
        "0.8, step: 0.2}", "0.8, step: 0.001}, Nb: {from: 0, to: 0.8, step: 0.001}"
    )
    Path("space.yaml").write_text(
        text.replace("[1050, 1150]", "{from: 1000, to: 1200, step: 0.05}")
    )
    status, errors = run("--all", "out")
    assert status == 2
    assert errors.splitlines() == [
        "641,601 combinations of amounts x 8,002 ways of making = 5,134,091,202 recipes",
        "ssbml: space.yaml: the space is too large to list: 641,601 combinations of amounts x "
        "8,002 ways of making = 5,134,091,202 recipes, and a list holds at most 50,000,000 recipes "
        "of 1,000,000 combinations of amounts and 250,000 ways of making (write for example "
        "budget: 100000 to sample it, max_dopants: 2, or coarser steps)",
    ]
    assert not Path("out").exists()


def test_ctrl_c_stops_at_once(model_folder: Path, tmp_path: Path) -> None:
    (tmp_path / "space.yaml").write_text(WIDE)
    command = "from ssbml.cli import main; main()"
    process = subprocess.Popen(
        [sys.executable, "-c", command, "screen", "space.yaml", "--all", "out", "-o", "r.csv",
         "--model", str(model_folder)],
        cwd=tmp_path, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)},
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )  # fmt: skip
    deadline = time.monotonic() + 60
    while not (tmp_path / "out" / "_run.json").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    asked = time.monotonic()
    _, errors = process.communicate(timeout=60)
    assert time.monotonic() - asked < 10
    assert process.returncode == 130
    assert errors.rstrip().endswith("stopped")
    assert "Traceback" not in errors
    assert not (tmp_path / "r.csv").exists()
    assert not list((tmp_path / "out").glob(".*.tmp"))
