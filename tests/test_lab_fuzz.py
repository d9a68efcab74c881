"""Drawn lab files: 500 here, 20,000 with ``training/fuzz_lab.py``."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[1] / "training" / "fuzz_lab.py"
CASES = 500


def test_no_traceback_and_no_accepted_nonsense() -> None:
    if not SCRIPT.is_file():
        pytest.skip("the tests do not lie in a checkout")
    spec = importlib.util.spec_from_file_location("fuzz_lab", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    counts = script.fuzz(CASES)
    assert sum(counts.values()) >= CASES
    assert counts["rows accepted"] >= CASES // 20
    assert counts["rows refused"] >= CASES // 20
    assert counts["file refused"] >= CASES // 20
