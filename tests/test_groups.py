"""Identity of papers, copies, merging and groups on small synthetic tables."""

from __future__ import annotations

import random
import time

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ssbml.datasets.groups import (
    cv_groups,
    find_copies,
    merge_samples,
    normalise_doi,
    paper_key,
    same_papers,
    same_samples,
)
from ssbml.datasets.records import digits, rounded_alike
from ssbml.fields import FIELDS

LLZO = "Li7La3Zr2O12"
LLZTO = "Li6.4La3Zr1.4Ta0.6O12"
RARE = "Li6.35La3Zr1.55Ta0.2Al0.15O12"


def table(*rows: dict[str, object], labels: list[str] | None = None) -> pd.DataFrame:
    """A table of samples with typed columns; every row is a paper of its own unless it says."""
    names = ["formula", "paper_key", *dict.fromkeys(k for r in rows for k in r)]
    frame = pd.DataFrame(index=labels or [f"s{i}" for i in range(len(rows))])
    for name in dict.fromkeys(names):
        default = {"formula": LLZTO}.get(name)
        cells = [r.get(name, default) for r in rows]
        if name == "paper_key":
            cells = [r.get(name, f"10.1/{i}") for i, r in enumerate(rows)]
        number = FIELDS[name].kind == "number"
        frame[name] = pd.Series(cells, index=frame.index, dtype=float if number else object)
    return frame


@pytest.mark.parametrize(
    ("text", "doi"),
    [
        ("10.1039/D5CS00358J", "10.1039/d5cs00358j"),
        ("https://doi.org/10.1039/d5cs00358j.", "10.1039/d5cs00358j"),
        ("doi: 10.1016/S0167-2738(99)00193-1", "10.1016/s0167-2738(99)00193-1"),
        ("(see 10.1002/anie.200701144)", "10.1002/anie.200701144"),
        ("https://dx.doi.org/10.1021%2Facs.jpcc.5b03589", "10.1021/acs.jpcc.5b03589"),
        ("10.1021/acs.inorgchem.8b01785.s001", "10.1021/acs.inorgchem.8b01785"),
        ("10.1016/j.a|10.1016/j.b", "10.1016/j.a"),
        ("none given", None),
        ("", None),
        (None, None),
        (float("nan"), None),
    ],
)
def test_normalise_doi(text: object, doi: str | None) -> None:
    assert normalise_doi(text) == doi


def test_paper_key_prefers_doi_then_title_then_address() -> None:
    title = "Ga-doped Li7La3Zr2O12, a fast lithium-ion conductor!"
    assert paper_key("10.1234/AbC", title, "http://x") == "10.1234/abc"
    assert paper_key(None, title, "http://x") == "t:gadopedli7la3zr2o12afastlithiumionconductor"
    assert paper_key(None, None, "http://x") == "u:http://x"
    assert paper_key(None, "x" * 200, None) == "t:" + "x" * 70
    assert paper_key(None, None, None) == ""


def test_a_title_in_another_script_is_not_a_key() -> None:
    assert paper_key(None, "利用固相反应法制备的Li7La3Zr2O12", "http://x") == "u:http://x"


def test_one_paper_under_doi_and_title() -> None:
    title = (
        "High lithium ionic conductivity in the garnet-type oxide Li7-xLa3(Zr2-x,Nbx)O12 (x = 0-2)"
    )
    frame = table(
        {"paper_key": "10.1016/j.x", "doi": "10.1016/j.x", "title": title, "year": 2011},
        {"paper_key": "t:high", "title": title.replace("garnet-type", "garnet type"), "year": 2011},
        {"paper_key": "t:other", "title": title.replace("0-2", "0-3"), "year": 2011},
        {"paper_key": "t:late", "title": title, "year": 2019},
    )
    papers = same_papers(frame)
    assert papers["s0"] == papers["s1"]
    assert papers.nunique() == 3


def test_all_dois_of_a_row_are_one_paper() -> None:
    frame = table(
        {"paper_key": "10.1016/j.a", "doi": "10.1016/j.a|10.1016/j.b"},
        {"paper_key": "10.1016/j.b", "doi": "10.1016/j.b"},
        {"paper_key": "10.1016/j.c", "doi": "10.1016/j.c"},
    )
    assert same_papers(frame).tolist() == ["10.1016/j.a", "10.1016/j.a", "10.1016/j.c"]


def test_one_address_joins_few_papers_only() -> None:
    few = table(*({"paper_key": f"t:{i}", "url": "http://one"} for i in range(3)))
    assert same_papers(few).nunique() == 1
    many = table(*({"paper_key": f"t:{i}", "url": "http://one"} for i in range(4)))
    assert same_papers(many).nunique() == 4
    dois = table(*({"paper_key": f"10.1/{i}", "url": "http://one"} for i in range(2)))
    assert same_papers(dois).nunique() == 2


@pytest.mark.parametrize(
    ("a", "b", "alike"),
    [
        (3.38e-4, 3.4e-4, True),
        (3.38e-4, 3.3e-4, False),
        (1e-3, 1.3e-3, False),
        (1e-3, 1e-3, True),
        (0.0012, 0.00124, True),
        (5e-5, 5e-4, False),
    ],
)
def test_rounded_alike(a: float, b: float, alike: bool) -> None:
    assert rounded_alike(a, b) is alike
    assert rounded_alike(b, a) is alike


def test_digits() -> None:
    assert [digits(v) for v in (1e-3, 3.4e-4, 3.38e-4, 96.0, 94.5, 0.1)] == [1, 2, 3, 2, 3, 1]


def test_a_round_number_never_makes_a_copy() -> None:
    frame = table(*({"formula": LLZO, "sigma_total_s_cm": 1e-3} for _ in range(30)))
    assert find_copies(frame).empty
    assert cv_groups(frame).nunique() == 30


def test_two_digits_of_a_popular_composition_are_not_enough() -> None:
    frame = table(*({"formula": LLZO, "sigma_total_s_cm": 3.1e-4} for _ in range(8)))
    assert find_copies(frame).empty


def test_two_digits_of_a_rare_composition_are_a_copy() -> None:
    frame = table(
        {"formula": RARE, "sigma_total_s_cm": 3.1e-4},
        {"formula": "Li12.7La6Zr3.1Ta0.4Al0.3O24", "sigma_unspecified_s_cm": 3.12e-4},
    )
    assert find_copies(frame)[["a", "b"]].to_numpy().tolist() == [["s0", "s1"]]
    assert cv_groups(frame).nunique() == 1


@pytest.mark.parametrize(
    "difference",
    [
        {"sintering_temp_c": 1150.0},
        {"temperature_c": 60.0},
        {"atmosphere": "Ar"},
        {"relative_density_pct": 88.0},
        {"form": "film"},
        {"phase_main": "tetragonal"},
    ],
)
def test_a_stated_difference_rules_a_copy_out(difference: dict[str, object]) -> None:
    stated = {
        "formula": RARE, "sigma_total_s_cm": 3.14e-4, "sintering_temp_c": 1100.0,
        "atmosphere": "air", "relative_density_pct": 94.0, "form": "pellet", "phase_main": "cubic",
    }  # fmt: skip
    assert len(find_copies(table(stated, stated))) == 1
    assert find_copies(table(stated, {**stated, **difference})).empty


def test_total_and_bulk_are_not_compared() -> None:
    a = {"formula": RARE, "sigma_total_s_cm": 3.14e-4}
    b = {"formula": RARE, "sigma_bulk_s_cm": 3.14e-4}
    assert find_copies(table(a, b)).empty


def test_placeholder_needs_more_evidence() -> None:
    exact = {"formula": LLZTO, "sigma_total_s_cm": 7.4e-4, "relative_density_pct": 96.0}
    base = {
        "formula": LLZO, "formula_basis": "placeholder", "dopant_note": "Ta-doped",
        "sigma_total_s_cm": 7.4e-4,
    }  # fmt: skip
    assert find_copies(table(exact, base)).empty
    firing = {"sintering_temp_c": 1140.0, "sintering_time_h": 16.0}
    full = {**base, "relative_density_pct": 96.0, **firing}
    assert len(find_copies(table({**exact, **firing}, full))) == 1


def test_a_chain_of_copies_is_one_group() -> None:
    frame = table(
        {"formula": RARE, "sigma_total_s_cm": 3.14e-4, "paper_key": "10.1/a"},
        {"formula": RARE, "sigma_total_s_cm": 3.14e-4, "paper_key": "10.1/b"},
        {"formula": LLZTO, "sigma_total_s_cm": 8.21e-4, "paper_key": "10.1/b"},
        {"formula": LLZTO, "sigma_total_s_cm": 8.21e-4, "paper_key": "10.1/c"},
        {"formula": LLZTO, "sigma_total_s_cm": 5e-4, "paper_key": "10.1/d"},
    )
    assert cv_groups(frame).tolist() == ["10.1/a"] * 4 + ["10.1/d"]


def test_merge_fills_blanks_and_keeps_the_better_source() -> None:
    same = {"paper_key": "10.1/a", "sigma_unspecified_s_cm": 3.4e-4}
    frame = table(
        {**same, "found_in": "review", "sintering_temp_c": 1100.0, "route": "sol_gel",
         "evidence": "review", "source": "literature"},
        {**same, "sigma_unspecified_s_cm": 3.38e-4, "found_in": "full_text", "route": "pechini",
         "relative_density_pct": 94.0, "evidence": "text", "source": "literature"},
    )  # fmt: skip
    merged = merge_samples(frame)
    assert merged.index.tolist() == ["s1"]
    row = merged.loc["s1"]
    assert (row["sigma_unspecified_s_cm"], row["sintering_temp_c"]) == (3.38e-4, 1100.0)
    assert row["relative_density_pct"] == 94.0
    assert row["route"] == "pechini"
    assert row["conflicts"] == "route: pechini (full_text) | sol_gel (review)"
    assert row["evidence"] == "text || review"


def test_merge_of_different_sources_keeps_a_conflict_with_both_values() -> None:
    same = {"paper_key": "10.1/a", "sigma_total_s_cm": 3.38e-4}
    frame = table(
        {**same, "sintering_temp_c": 1100.0, "source": "literature"},
        {**same, "sintering_temp_c": 1150.0, "source": "obelix"},
    )
    merged = merge_samples(frame)
    assert len(merged) == 1
    assert merged["conflicts"].iloc[0] == ("sintering_temp_c: 1100 (literature) | 1150 (obelix)")
    assert merged["source"].iloc[0] == "literature; obelix"
    alone = frame.assign(source="literature")
    assert len(merge_samples(alone)) == 2


def test_a_series_of_one_paper_is_not_merged() -> None:
    frame = table(
        *(
            {"paper_key": "10.1/a", "sintering_temp_c": t, "relative_density_pct": 94.0}
            for t in (1000.0, 1050.0, 1100.0)
        ),
        {"paper_key": "10.1/a", "relative_density_pct": 94.0},
    )
    assert len(merge_samples(frame)) == 3


def test_trace_dopants_keep_samples_apart() -> None:
    frame = table(
        {"formula": "LiTi1.998Mn0.002(PO4)3", "paper_key": "10.1/a", "sigma_total_s_cm": 1.23e-5},
        {"formula": "LiTi1.998Ge0.002(PO4)3", "paper_key": "10.1/a", "sigma_total_s_cm": 1.23e-5},
    )
    assert len(merge_samples(frame)) == 2


def test_one_sample_under_two_family_labels_is_merged() -> None:
    cells = {"formula": "Li7P3S11", "paper_key": "10.1/a", "sigma_total_s_cm": 3.2e-3}
    frame = table(
        {**cells, "family": "thio-lisicon", "source": "liverpool"},
        {**cells, "family": "sulfide-glass", "source": "obelix"},
    )
    assert len(merge_samples(frame)) == 1


def test_different_dopants_of_placeholders_are_not_merged() -> None:
    same = {
        "paper_key": "10.1/a", "formula": LLZO, "formula_basis": "placeholder",
        "sintering_temp_c": 1200.0, "form": "pellet", "relative_density_pct": 94.0,
    }  # fmt: skip
    frame = table({**same, "dopant_note": "Ga-doped"}, {**same, "dopant_note": "Al-doped"})
    assert len(merge_samples(frame)) == 2


def test_the_exact_formula_wins_over_a_placeholder() -> None:
    same = {"paper_key": "10.1/a", "sigma_total_s_cm": 7.4e-4, "formula_basis": "nominal"}
    frame = table(
        {**same, "found_in": "review"},
        {**same, "formula": LLZO, "formula_basis": "placeholder", "dopant_note": "Ta-doped",
         "found_in": "full_text"},
    )  # fmt: skip
    merged = merge_samples(frame)
    assert merged["formula"].tolist() == [LLZTO]
    assert merged["formula_basis"].tolist() == ["nominal"]
    assert merged["dopant_note"].isna().all()


def test_known_pairs_are_merged_whatever_they_state() -> None:
    frame = table({"sintering_temp_c": 1000.0}, {"sintering_temp_c": 1100.0}, {})
    assert same_samples(frame, [("s0", "s1")]).nunique() == 2
    assert cv_groups(frame, [("s0", "s2")]).tolist() == ["10.1/0", "10.1/1", "10.1/0"]


ROW = st.fixed_dictionaries(
    {
        "formula": st.sampled_from([LLZO, LLZTO, RARE]),
        "paper_key": st.sampled_from([f"10.1/{c}" for c in "abcdef"]),
    },
    optional={
        "sigma_total_s_cm": st.sampled_from([1e-3, 3.1e-4, 3.14e-4, 7.4e-4]),
        "sigma_unspecified_s_cm": st.sampled_from([1e-3, 3.1e-4, 7.4e-4]),
        "relative_density_pct": st.sampled_from([94.0, 96.5]),
        "sintering_temp_c": st.sampled_from([1100.0, 1150.0]),
        "formula_basis": st.sampled_from(["nominal", "placeholder"]),
        "found_in": st.sampled_from(["abstract", "review", "full_text"]),
        "source": st.sampled_from(["literature", "obelix"]),
        "phase_main": st.sampled_from(["cubic", "tetragonal"]),
    },
)


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(ROW, min_size=1, max_size=12), seed=st.integers(0, 10**6))
def test_the_order_of_rows_changes_nothing(rows: list[dict[str, object]], seed: int) -> None:
    frame = table(*rows)
    order = list(frame.index)
    random.Random(seed).shuffle(order)
    shuffled = frame.loc[order]
    assert cv_groups(shuffled).loc[frame.index].tolist() == cv_groups(frame).tolist()
    assert same_samples(shuffled).loc[frame.index].tolist() == same_samples(frame).tolist()
    merged, again = merge_samples(frame), merge_samples(shuffled)
    pd.testing.assert_frame_equal(merged, again.loc[merged.index][merged.columns])


@settings(max_examples=40, deadline=None)
@given(rows=st.lists(ROW, min_size=1, max_size=10))
def test_groups_respect_papers_and_copies(rows: list[dict[str, object]]) -> None:
    frame = table(*rows)
    before = frame.copy(deep=True)
    groups = cv_groups(frame)
    assert groups.groupby(frame["paper_key"]).nunique().max() == 1
    for pair in find_copies(frame).itertuples():
        assert groups[pair.a] == groups[pair.b]
    target = same_samples(frame)
    assert (target[target.unique()] == target.unique()).all()
    merge_samples(frame)
    pd.testing.assert_frame_equal(frame, before)


def test_four_thousand_rows_take_seconds() -> None:
    rng = random.Random(1)
    rows = [
        {
            "formula": rng.choice([LLZO, LLZTO, f"Li{rng.randint(500, 700) / 100}La3Zr2O12"]),
            "paper_key": f"10.1/{rng.randint(0, 1500)}",
            "title": " ".join(rng.choices([f"word{i}" for i in range(4000)], k=12)),
            "sigma_total_s_cm": float(f"{10 ** rng.uniform(-6, -3):.1e}"),
            "year": 2000 + rng.randint(0, 25),
        }
        for _ in range(4000)
    ]
    frame = table(*rows)
    start = time.perf_counter()
    cv_groups(merge_samples(frame))
    assert time.perf_counter() - start < 10
