"""The README does what it says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import ssbml
from ssbml.predictor import Predictor

README = Path(__file__).resolve().parents[1] / "README.md"


@pytest.fixture(scope="module")
def text() -> str:
    if not README.is_file():
        pytest.skip("the README lies beside the tests in a source checkout only")
    return README.read_text(encoding="utf-8")


def test_python_blocks_run(text: str, shipped_model: Predictor, capsys) -> None:
    blocks = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    assert len(blocks) >= 2
    names: dict[str, object] = {}
    for block in blocks:
        exec(compile("import ssbml\n" + block, str(README), "exec"), names)
    assert "conductivity_s_cm" in capsys.readouterr().out


def test_predictions_in_the_table_are_those_of_the_model(
    text: str, shipped_model: Predictor
) -> None:
    rows = re.findall(r"^\| (Li\S+) \| [^|]* \| (\S+) \(([^ ]+) to ([^ )]+)\)", text, re.MULTILINE)
    assert len(rows) >= 12
    from ssbml.location import shipped

    table = ssbml.predict(shipped("datasets") / "examples" / "recipes.csv", keep_input=True)
    for (formula, *figures), (_, row) in zip(rows, table.iterrows(), strict=False):
        assert formula == row["formula"]
        ends = ("", "_lower", "_upper")
        assert figures == [f"{row[f'conductivity_s_cm{end}']:.1e}" for end in ends]


def test_the_two_commands_are_there(text: str) -> None:
    assert "pip install . && .venv/bin/ssbml predict datasets/examples/recipes.csv" in text
    assert 'pip install ".[test]" && .venv/bin/pytest' in text
