"""The full data set; needs the public files."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from ssbml.chemistry.formula import composition_key, parse_formula
from ssbml.datasets.full import Full, build_full
from ssbml.datasets.holdout import without_obelix_test, without_samples
from ssbml.datasets.load import load_dataset
from ssbml.datasets.obelix import obelix_split, read_obelix
from ssbml.errors import DataError
from ssbml.fields import FIELDS

SIGMA = ["sigma_total_s_cm", "sigma_bulk_s_cm", "sigma_unspecified_s_cm"]


@pytest.fixture(scope="module")
def full(literature: pd.DataFrame) -> Full:
    try:
        return build_full(literature)
    except DataError as error:
        pytest.skip(f"the public data sets cannot be had: {error}")


def test_holds_what_was_promised(full: Full) -> None:
    samples = full.samples
    assert samples[SIGMA].notna().any(axis=1).sum() >= 2300
    assert samples["sintering_temp_c"].notna().sum() >= 420
    assert samples["relative_density_pct"].notna().sum() >= 265
    assert samples["phase_pure"].notna().sum() >= 212


def test_is_typed_and_grouped(full: Full) -> None:
    samples = full.samples
    assert samples.index.is_unique
    assert list(samples.columns) == [name for name in FIELDS if name != "sample_id"]
    for name, field in FIELDS.items():
        if field.kind == "number":
            assert samples[name].dtype == float
    assert samples["cv_group"].notna().all()
    papers_per_group = samples.groupby("paper_key")["cv_group"].nunique()
    assert (papers_per_group == 1).all()


def test_merging_loses_no_conductivity(full: Full) -> None:
    assert full.records > len(full.samples)
    sources = full.samples["source"].str.contains("; ")
    assert 100 < sources.sum() < len(full.samples) / 2


def test_joined_process_is_the_process_of_the_same_paper(full: Full) -> None:
    joined = full.samples[full.samples["flags"].fillna("").str.contains("process_joined")]
    assert len(joined) > 50
    assert joined["doi"].notna().all()


def test_no_obelix_test_row_survives_in_any_disguise(full: Full) -> None:
    train = without_obelix_test(full.samples)
    obelix, _ = read_obelix()
    split = obelix_split()
    test = obelix[[split[name] == "test" for name in obelix["sample_id"]]]
    assert len(test) == 121
    assert not set(train["doi"].dropna().str.lower()) & set(test["doi"].dropna().str.lower())
    keys = {composition_key(parse_formula(f), 3) for f in test["formula"]}
    assert not keys & {composition_key(parse_formula(f), 3) for f in train["formula"]}
    assert len(train) > 0.5 * len(full.samples)


def test_copies_of_held_out_samples_go_with_their_group() -> None:
    table = pd.DataFrame(
        {
            "formula": ["Li7La3Zr2O12", "Li5La3Ta2O12", "LiTi2(PO4)3", "Li3PS4"],
            "doi": ["10.1000/a", "10.1000/b", "10.1000/c", None],
            "other_dois": [None, None, "10.1000/held", None],
            "paper_key": ["10.1000/a", "10.1000/b", "10.1000/c", "t:title"],
            "cv_group": ["g1", "g1", "g2", "g3"],
        }
    )
    held = pd.DataFrame(
        {
            "formula": ["Li14La6Zr4O24"],
            "doi": ["10.1000/HELD"],
            "other_dois": [None],
            "paper_key": ["10.1000/held"],
        }
    )
    assert list(without_samples(table, held)["formula"]) == ["Li3PS4"]


def test_second_load_comes_from_the_cache(tmp_path, monkeypatch, full: Full) -> None:
    monkeypatch.setenv("SSBML_HOME", str(tmp_path))
    first = load_dataset("full")
    assert list((tmp_path / "cache").glob("full-*.parquet"))
    second = load_dataset("full")
    pd.testing.assert_frame_equal(first, second)
    assert np.array_equal(first.index, full.samples.index)


def test_without_public_data_one_line_says_what_is_missing(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("SSBML_HOME", str(tmp_path))
    monkeypatch.setenv("SSBML_DATA", str(tmp_path / "nowhere"))
    with pytest.raises(DataError) as caught:
        load_dataset("full")
    assert "\n" not in str(caught.value)
    assert "'literature' works without" in str(caught.value)
    assert len(load_dataset("literature")) >= 800
