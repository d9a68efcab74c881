"""Papers that no choice may see."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssbml.errors import DataError
from ssbml.evaluation import report_set
from ssbml.evaluation.report_set import (
    SHARE,
    Look,
    development,
    in_report_set,
    log_look,
    log_path,
    read_looks,
    report_rows,
    settings_hash,
)

PAPERS = [f"10.1000/paper-{i}" for i in range(4000)]
PINNED = [3, 6, 19, 25, 27, 29, 51, 56]


def test_the_share_is_as_stated() -> None:
    assert in_report_set(PAPERS).mean() == pytest.approx(SHARE, abs=0.02)


def test_members_never_change() -> None:
    """Pinned: a changed hash, salt or share would void every earlier look."""
    assert np.flatnonzero(in_report_set(PAPERS[:60])).tolist() == PINNED


@given(st.permutations(PAPERS[:40]), st.integers(1, 40))
def test_a_paper_stays_whatever_stands_beside_it(papers: list[str], n: int) -> None:
    alone = {paper: bool(in_report_set([paper])[0]) for paper in papers}
    assert in_report_set(papers[:n]).tolist() == [alone[paper] for paper in papers[:n]]


def test_another_salt_is_another_set(monkeypatch: pytest.MonkeyPatch) -> None:
    before = in_report_set(PAPERS)
    monkeypatch.setattr(report_set, "SALT", "another")
    after = in_report_set(PAPERS)
    assert (before & after).mean() == pytest.approx(SHARE**2, abs=0.01)


def test_no_paper_is_on_both_sides(literature: pd.DataFrame) -> None:
    inside, outside = report_rows(literature), development(literature)
    assert len(inside) + len(outside) == len(literature)
    assert not set(inside["cv_group"]) & set(outside["cv_group"])
    assert 0.05 < len(inside) / len(literature) < 0.25


def test_every_look_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "looks.csv"
    assert read_looks(path).empty
    log_look(Look("0.1", "a" * 64, "b" * 64, {"conductivity MAE": 0.61234}), path)
    log_look(Look("0.2", "a" * 64, "c" * 64, {"conductivity MAE": 0.6, "coverage": 0.9}), path)
    looks = read_looks(path)
    assert looks["version"].tolist() == ["0.1", "0.2"]
    assert looks["conductivity MAE"].tolist() == [0.6123, 0.6]
    assert pd.to_datetime(looks["date"], utc=True).notna().all()
    assert path.read_text("utf-8").count("settings_sha256") == 1


def test_a_log_that_is_none_is_named(tmp_path: Path) -> None:
    path = tmp_path / "other.csv"
    path.write_text("a,b\n1,2\n", "utf-8")
    with pytest.raises(DataError, match=r"other\.csv is no log"):
        read_looks(path)
    with pytest.raises(DataError, match="cannot write"):
        log_look(Look("1", "a", "b", {}), tmp_path / "no-folder" / "looks.csv")


def test_the_log_lies_in_the_checkout() -> None:
    try:
        path = log_path()
    except DataError as error:
        pytest.skip(str(error))
    assert path.parent.name == "training"
    assert read_looks(path).columns[:2].tolist() == ["date", "version"]


def test_the_settings_hash_sees_every_value() -> None:
    assert settings_hash({"a": {"b": 1}}) != settings_hash({"a": {"b": 2}})
    assert settings_hash({"a": 1, "b": 2}) == settings_hash({"b": 2, "a": 1})
