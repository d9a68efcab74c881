"""Candidates of a search space and their numbers."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ssbml.chemistry.elements import composition_matrix
from ssbml.screening.candidates import Candidates


def candidates() -> Candidates:
    amounts = [{"Li": 7.0, "La": 3.0, "Zr": 2.0, "O": 12.0}, {"Li": 5, "La": 3, "Ta": 2, "O": 12}]
    return Candidates(
        "garnet",
        composition_matrix(amounts),
        np.array(["Li7La3Zr2O12", "Li5La3Ta2O12"], dtype=object),
        pd.DataFrame({"sintering_temp_c": [1000.0, 1100.0, 1200.0]}),
    )


def test_every_composition_is_made_in_every_way() -> None:
    table = candidates().table(np.arange(6))
    assert len(candidates()) == 6
    assert table["formula"].tolist() == ["Li7La3Zr2O12"] * 3 + ["Li5La3Ta2O12"] * 3
    assert table["sintering_temp_c"].tolist() == [1000.0, 1100.0, 1200.0] * 2


def test_numbers_pick_candidates_in_the_order_asked_for() -> None:
    table = candidates().table(np.array([5, 0]))
    assert table.index.tolist() == [5, 0]
    assert table["formula"].tolist() == ["Li5La3Ta2O12", "Li7La3Zr2O12"]
    assert table["sintering_temp_c"].tolist() == [1200.0, 1000.0]
