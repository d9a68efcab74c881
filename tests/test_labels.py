"""Names of rows, each different one kept once."""

from __future__ import annotations

import numpy as np
import pytest

from ssbml.chemistry.labels import Labels

NAMES = ["garnet", "other", "garnet", "nasicon"]


def test_labels_are_the_sequence_that_they_were_made_of() -> None:
    labels = Labels.of(NAMES)
    assert list(labels) == NAMES
    assert [labels[i] for i in range(len(labels))] == NAMES
    assert list(labels[1:3]) == NAMES[1:3]
    assert Labels.of(labels) is labels


def test_groups_cover_every_row_once() -> None:
    seen = np.zeros(len(NAMES), dtype=int)
    for name, rows in Labels.of(NAMES).groups():
        assert set(np.array(NAMES)[rows]) == {name}
        seen[rows] += 1
    assert seen.tolist() == [1, 1, 1, 1]


def test_one_name_is_one_group_of_all_rows() -> None:
    ((name, rows),) = Labels.repeated("garnet", 3).groups()
    assert (name, rows) == ("garnet", slice(None))


def test_a_name_without_rows_is_no_group() -> None:
    assert [name for name, _ in Labels.of(NAMES)[:1].groups()] == ["garnet"]


@pytest.mark.parametrize("name", ["garnet", "nasicon", "lipon"])
def test_equal(name: str) -> None:
    assert Labels.of(NAMES).equal(name).tolist() == [n == name for n in NAMES]


def test_a_number_is_asked_once_a_name() -> None:
    asked: list[str] = []

    def length(name: str) -> float:
        asked.append(name)
        return float(len(name))

    assert Labels.of(NAMES).mapped(length).tolist() == [6, 5, 6, 7]
    assert asked == ["garnet", "other", "nasicon"]
