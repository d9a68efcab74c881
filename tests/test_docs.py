"""The documentation site: built strictly, tutorials run, nothing loaded from the network."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
CONFIG = ROOT / "mkdocs.yml"
LOADED = re.compile(
    r"<(?:script|img|iframe)[^>]+src=\"(https?:[^\"]+)|<link[^>]+href=\"(https?:[^\"]+)"
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    for library in ("mkdocs", "material", "mkdocstrings", "nbclient", "nbconvert"):
        pytest.importorskip(library, reason="the docs extra is not installed")
    if not CONFIG.is_file():
        pytest.skip("this is no source checkout")
    target = tmp_path_factory.mktemp("site")
    command = [
        sys.executable,
        "-m",
        "mkdocs",
        "build",
        "--strict",
        "-f",
        str(CONFIG),
        "-d",
        str(target),
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return target


def test_pages_load_nothing_from_the_network(site: Path) -> None:
    for page in site.rglob("*.html"):
        found = [a or b for a, b in LOADED.findall(page.read_text("utf-8"))]
        assert found == [], page


def test_tutorials_show_what_they_computed(site: Path) -> None:
    predict = (site / "tutorials" / "predict.html").read_text("utf-8")
    assert "conductivity_s_cm_upper" in predict
    assert "charge imbalance of +22.00" in predict
    assert "Traceback" not in predict


def test_the_sweep_of_a_tutorial_is_a_range(site: Path) -> None:
    page = (site / "tutorials" / "explain.html").read_text("utf-8")
    assert all(f"<td>{float(celsius)}</td>" in page for celsius in range(1000, 1201, 50))
    assert "<td>50.0</td>" not in page


def test_every_tutorial_is_a_page_and_ran(site: Path) -> None:
    notebooks = sorted((ROOT / "docs" / "tutorials").glob("*.ipynb"))
    assert {path.stem for path in notebooks} >= {"predict", "screen", "retrain", "explain"}
    for path in notebooks:
        page = (site / "tutorials" / f"{path.stem}.html").read_text("utf-8")
        assert "Traceback" not in page, path.stem
        assert page.count("<table") or page.count("my-lab@1"), path.stem
    assert "my-lab@1" in (site / "tutorials" / "retrain.html").read_text("utf-8")


def test_reference_describes_the_public_functions(site: Path) -> None:
    reference = (site / "reference" / "python.html").read_text("utf-8")
    for name in (
        "ssbml.api.predict",
        "ssbml.screening.run.screen",
        "ssbml.temperature.curve.arrhenius",
    ):
        assert f'id="{name}"' in reference
