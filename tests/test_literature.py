"""The embedded data set: every row valid, every number of the card true, the build repeatable."""

from __future__ import annotations

import csv
import json
import re
import shutil
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ssbml.cells import split_list
from ssbml.chemistry.charge import WARN_IMBALANCE, relative_imbalance
from ssbml.chemistry.elements import composition_matrix
from ssbml.chemistry.formula import parse_formula
from ssbml.datasets.builder.assemble import build, write
from ssbml.datasets.builder.corrections import (
    Correction,
    apply_corrections,
    read_corrections,
    read_known_pairs,
)
from ssbml.datasets.builder.flags import FLAGS, MEASURED
from ssbml.datasets.builder.source import read_source
from ssbml.datasets.groups import cv_groups, paper_key
from ssbml.datasets.load import load_dataset, read_samples
from ssbml.datasets.noise import replicate_noise
from ssbml.errors import DataError
from ssbml.fields import FIELDS, RECIPE_FIELDS
from ssbml.location import shipped
from ssbml.tables.read import read_table
from ssbml.tables.validate import validate

FOLDER = shipped("datasets") / "literature"
FILES = ("samples.csv", "rejects.csv", "columns.csv", "sources.csv", "merged.csv", "copies.csv")


@pytest.fixture(scope="module")
def samples() -> pd.DataFrame:
    return load_dataset("literature")


@pytest.fixture(scope="module")
def card() -> str:
    return (shipped("datasets") / "README.md").read_text(encoding="utf-8")


def rows_of(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_row_is_valid(samples: pd.DataFrame) -> None:
    raw = read_table(FOLDER / "samples.csv")
    checked = validate(raw, columns=FIELDS)
    assert checked.problems == []
    assert checked.ignored == {}
    assert len(checked.table) == len(samples)


def test_load_agrees_with_validation(samples: pd.DataFrame) -> None:
    checked = validate(read_table(FOLDER / "samples.csv"), columns=FIELDS).table
    pd.testing.assert_frame_equal(checked.set_index("sample_id"), samples, check_dtype=True)


def test_columns_and_types(samples: pd.DataFrame) -> None:
    assert samples.index.name == "sample_id"
    assert samples.index.is_unique
    assert list(samples.columns) == [n for n in FIELDS if n != "sample_id"]
    for name in samples.columns:
        kind = FIELDS[name].kind
        assert samples[name].dtype == (float if kind == "number" else object), name
        if kind == "flag":
            assert set(samples[name].dropna()) <= {True, False}
    header = next(csv.reader((FOLDER / "samples.csv").open(encoding="utf-8")))
    assert header == [n for n in FIELDS if n in header]


def test_provenance_of_every_row(samples: pd.DataFrame) -> None:
    assert (samples["doi"].notna() | samples["url"].notna()).all()
    for name in ("evidence", "paper_key", "cv_group", "source", "found_in", "confidence"):
        assert samples[name].notna().all(), name
    assert samples["doi"].dropna().str.fullmatch(r"10\.\d{4,9}/\S+").all()
    assert samples[list(MEASURED)].notna().any(axis=1).all()
    assert set(samples["source"]) == {"literature"}


def test_nothing_of_the_mining_is_left() -> None:
    for path in [*FOLDER.rglob("*"), shipped("datasets") / "README.md"]:
        if path.is_file():
            text = path.read_text(encoding="utf-8")
            assert not re.search(r"seed:|\bseeds?\b|\b00[03]_", text), path
            assert not re.search(r"(?<![\d.,])\b00[03] (Table|sec|ref)", text), path


def test_placeholders_are_marked(samples: pd.DataFrame) -> None:
    marked = samples["formula_basis"] == "placeholder"
    flagged = samples["flags"].fillna("").map(lambda f: "placeholder" in split_list(f))
    assert (marked == flagged).all()
    assert samples.loc[marked, "dopant_note"].notna().all()
    doped = samples["dopant_note"].fillna("").str.contains("doped, amount not stated")
    assert marked[doped].all()


def test_flags_are_known_and_true(samples: pd.DataFrame) -> None:
    flags = samples["flags"].fillna("").map(split_list)
    assert {f for row in flags for f in row} <= set(FLAGS)
    amounts = composition_matrix([parse_formula(f) for f in samples["formula"]])
    off = relative_imbalance(amounts) > WARN_IMBALANCE
    assert (flags.map(lambda f: "charge_imbalance" in f).to_numpy() == off).all()
    low = samples["confidence"] == "low"
    assert flags[low].map(lambda f: "low_confidence" in f).all()


def test_known_slips_of_the_reviews_are_flagged(samples: pd.DataFrame) -> None:
    slips = samples[samples["flags"].fillna("").str.contains("review_slip")]
    text = " ".join(slips["evidence"]) + " ".join(slips["title"].fillna(""))
    for name in (
        "Kamaya",
        "Aguesse",
        "Key parameters governing",
        "Madinabeitia",
        "Li1.4Ge0.2Ti1.4(PO4)3",
        "plasma",
    ):
        assert name in text, name
    assert not samples["formula"].str.fullmatch(r"Li1\.4Ge0\.2Ti1\.4\(PO4\)3").any()


def test_groups_keep_papers_and_copies_together(samples: pd.DataFrame) -> None:
    assert samples.groupby("paper_key")["cv_group"].nunique().max() == 1
    for pair in rows_of("copies.csv"):
        assert samples.at[pair["a"], "cv_group"] == samples.at[pair["b"], "cv_group"]
    papers = samples.groupby("cv_group")["paper_key"].nunique()
    assert papers.max() <= 5
    sizes = samples["cv_group"].value_counts()
    assert sizes[papers[sizes.index] > 1].max() <= 0.05 * len(samples)


def test_groups_do_not_depend_on_the_order(samples: pd.DataFrame) -> None:
    shuffled = samples.sample(frac=1, random_state=3)
    pd.testing.assert_series_equal(cv_groups(shuffled).loc[samples.index], cv_groups(samples))


def test_rows_are_accounted_for(samples: pd.DataFrame) -> None:
    source = read_source(FOLDER / "source")
    merged = {r["row"]: r["sample_id"] for r in rows_of("merged.csv")}
    rejected = {r["row"] for r in rows_of("rejects.csv")}
    assert set(source.index) == set(samples.index) | set(merged) | rejected
    assert len(source) == len(samples) + len(merged) + len(rejected)
    assert set(merged.values()) <= set(samples.index)
    assert all(r["reason"] for r in rows_of("rejects.csv"))


def test_paper_keys_stay_as_handed_over(samples: pd.DataFrame) -> None:
    source = read_source(FOLDER / "source")
    assert (source.loc[samples.index, "paper_key"] == samples["paper_key"]).all()


def test_build_is_byte_identical(tmp_path: Path) -> None:
    target = tmp_path / "literature"
    shutil.copytree(FOLDER / "source", target / "source")
    for name in ("corrections.csv", "same.csv"):
        shutil.copy(FOLDER / name, target / name)
    write(build(target), target, tmp_path / "README.md")
    for name in FILES:
        assert (target / name).read_bytes() == (FOLDER / name).read_bytes(), name
    card = shipped("datasets") / "README.md"
    assert (tmp_path / "README.md").read_bytes() == card.read_bytes()


def test_column_dictionary_equals_the_field_table() -> None:
    table = rows_of("columns.csv")
    assert [r["name"] for r in table] == list(FIELDS)
    for row in table:
        field = FIELDS[row["name"]]
        assert (row["role"], row["kind"], row["unit"]) == (field.role, field.kind, field.unit)
        assert (row["allowed"], row["meaning"]) == (field.allowed, field.meaning)
        for name in ("low", "high"):
            limit = getattr(field, name)
            assert (float(row[name]) if row[name] else None) == limit


def test_sources_count_the_samples(samples: pd.DataFrame) -> None:
    counts = {r["paper_key"]: int(r["n_samples"]) for r in rows_of("sources.csv")}
    assert counts == samples["paper_key"].value_counts().to_dict()
    assert all(r["doi"] or r["url"] for r in rows_of("sources.csv"))


def card_table(card: str, *header: str) -> dict[str, list[str]]:
    """First column to the other cells, of the first table with that header."""
    lines = card[card.index("| " + " | ".join(header)) :].split("\n\n")[0].splitlines()[2:]
    cells = [[c.strip() for c in line.strip("| ").split(" | ")] for line in lines]
    return {row[0]: row[1:] for row in cells}


def test_card_numbers_equal_the_data(card: str, samples: pd.DataFrame) -> None:
    size = {k: int(v[0]) for k, v in card_table(card, "what", "number").items()}
    assert f"| **samples** | {len(samples)} |" in card
    assert f"| **papers** (`paper_key`) | {samples['paper_key'].nunique()} |" in card
    assert size["source rows read"] == len(read_source(FOLDER / "source"))
    assert size["groups for cross-validation (`cv_group`)"] == samples["cv_group"].nunique()
    assert size["samples said to be phase-pure"] == (samples["phase_pure"] == True).sum()  # noqa: E712
    assert size["samples with a relative density"] == samples["relative_density_pct"].notna().sum()
    placeholders = (samples["formula_basis"] == "placeholder").sum()
    assert size["placeholder formulas"] == placeholders
    assert f"{placeholders} of {len(samples)} samples name a dopant" in card


def test_card_tables_equal_the_data(card: str, samples: pd.DataFrame) -> None:
    measured = card_table(card, "family", "samples", "total")
    garnets = samples[samples["family"] == "garnet"]
    assert measured["garnet"][0] == str(len(garnets))
    assert measured["garnet"][1] == str(garnets["sigma_total_s_cm"].notna().sum())
    assert set(measured) == {*samples["family"], "all"}
    flags = Counter(f for text in samples["flags"].dropna() for f in split_list(text))
    stated = {k.strip("`"): int(v[0]) for k, v in card_table(card, "flag", "samples").items()}
    assert stated == {name: flags.get(name, 0) for name in FLAGS}
    years = card_table(card, "year of publication", "samples")
    assert int(years["not stated"][0]) == samples["year"].isna().sum()
    assert sum(int(v[0]) for v in years.values()) == len(samples)
    noise = replicate_noise(samples)
    for row in noise.itertuples():
        line = f"| {row.outcome} | {row.family} | {row.n_compositions} | {row.n_papers} | "
        assert f"{line}{row.std:.2f} | {row.median_difference:.2f} | {row.unit} |" in card


def test_replicate_noise_by_hand() -> None:
    frame = pd.DataFrame(
        {
            "formula": ["Li7La3Zr2O12"] * 5,
            "formula_basis": ["nominal"] * 4 + ["placeholder"],
            "family": "garnet",
            "form": "pellet",
            "cv_group": ["a", "a", "b", "c", "d"],
            "sigma_total_s_cm": [1e-4, 1e-4, 1e-3, np.nan, 1.0],
            "relative_density_pct": np.nan,
        }
    )
    noise = replicate_noise(frame)
    garnet = noise[noise["family"] == "garnet"].iloc[0]
    assert (garnet["n_compositions"], garnet["n_papers"]) == (1, 2)
    assert garnet["std"] == pytest.approx(np.std([-4, -3], ddof=1))
    assert garnet["median_difference"] == pytest.approx(1.0)


def test_unknown_data_set_names_the_nearest() -> None:
    with pytest.raises(DataError, match="did you mean literature"):
        load_dataset("litrature")
    with pytest.raises(DataError, match="known are literature"):
        load_dataset("zzz")


def test_a_broken_samples_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "samples.csv"
    with pytest.raises(DataError, match="cannot be read"):
        read_samples(path)
    path.write_text("sample_id,formula,sintering_temp_c\na,Li7La3Zr2O12,hot\n")
    with pytest.raises(DataError, match="sintering_temp_c"):
        read_samples(path)
    path.write_text("sample_id,formula,colour\na,Li7La3Zr2O12,red\n")
    with pytest.raises(DataError, match="colour"):
        read_samples(path)


def test_source_lines_are_checked(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"no \.jsonl"):
        read_source(tmp_path)
    path = tmp_path / "new.jsonl"
    path.write_text('{"formula": "Li7La3Zr2O12"}\n{"formula": \n')
    with pytest.raises(DataError, match=r"new.jsonl, line 2: not a JSON object"):
        read_source(tmp_path)
    path.write_text('{"formula": "Li7La3Zr2O12", "colour": "red"}\n')
    with pytest.raises(DataError, match="line 1: colour"):
        read_source(tmp_path)
    row = {"formula": "Li7La3Zr2O12", "doi": "https://doi.org/10.1234/ABC", "url": "http://x"}
    path.write_text("\n" + json.dumps(row) + "\n")
    frame = read_source(tmp_path)
    assert frame.index.tolist() == ["new:2"]
    assert frame["paper_key"].tolist() == [paper_key("10.1234/abc", None, None)]


def test_corrections_say_what_they_replace(tmp_path: Path) -> None:
    frame = pd.DataFrame({"formula": ["Li7La3Zr2O12"], "sintering_temp_c": [1100]}, index=["a:1"])
    frame = frame.astype(object)
    fix = Correction("a:1", "sintering_temp_c", "1100", "", "it was the calcination")
    assert apply_corrections(frame, [fix])["sintering_temp_c"].tolist() == [None]
    for wrong in (
        Correction("a:1", "sintering_temp_c", "1000", "", "stale"),
        Correction("a:2", "sintering_temp_c", "1100", "", "no such row"),
    ):
        with pytest.raises(DataError):
            apply_corrections(frame, [wrong])
    flag = Correction("a:1", "flags", "", "guideline", "an overview")
    assert apply_corrections(frame, [flag, flag])["flags"].tolist() == ["guideline"]
    path = tmp_path / "corrections.csv"
    path.write_text("row,column,old,new,reason\na:1,formula,x,y,\n")
    with pytest.raises(DataError, match="line 2"):
        read_corrections(path)
    path.write_text("row,same_as,kind,reason\na:1,a:2,twin,\n")
    with pytest.raises(DataError, match="kind sample or paper"):
        read_known_pairs(path, "sample")


def test_example_recipes_are_valid_and_recognisable() -> None:
    raw = read_table(shipped("datasets") / "examples" / "recipes.csv")
    assert set(raw.columns) <= set(RECIPE_FIELDS)
    checked = validate(raw)
    assert checked.problems == []
    table = checked.table
    assert len(table) >= 14
    amounts = composition_matrix([parse_formula(f) for f in table["formula"]])
    assert (relative_imbalance(amounts) <= WARN_IMBALANCE).all()
    garnets = table[table["formula"].str.contains("Zr")]
    assert {"air", "O2", "Ar"} <= set(garnets["atmosphere"].dropna())
    assert {"conventional", "hot_press"} <= set(garnets["sintering_method"])
    for element in ("Al", "Ga", "Ta", "Nb"):
        assert garnets["formula"].str.contains(element).any(), element
    assert {"film", "glass-ceramic", "pellet", "tape"} <= set(table["form"])
    assert {"Li6PS5Cl", "Li3YCl6"} <= set(table["formula"])
