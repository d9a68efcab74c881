import json
import lzma

import pandas as pd
import pytest

from ssbml.chemistry.formula import FormulaError, composition_key, parse_electrolyte
from ssbml.datasets import garnets, laskowski, liverpool, obelix
from ssbml.datasets.amounts import concrete_targets, evaluate
from ssbml.datasets.compiled import conductivity, family_name
from ssbml.datasets.doi import read_paper
from ssbml.datasets.formulas import plain_formula
from ssbml.datasets.laskowski_lines import assemble
from ssbml.datasets.matching import difference
from ssbml.datasets.public import READERS, read_public
from ssbml.datasets.registry import available, fetch, public_files
from ssbml.datasets.subscripts import readings
from ssbml.datasets.synthesis import COLLECTIONS, read_collection, read_synthesis
from ssbml.errors import DataError
from ssbml.fields import FIELDS
from ssbml.tables.validate import validate


def needs(*names):
    missing = [name for name in names if not available(name)]
    return pytest.mark.skipif(
        bool(missing),
        reason=f"{', '.join(missing)}: neither in SSBML_DATA nor in the cache",
    )


def same(first, second):
    return composition_key(parse_electrolyte(first)) == composition_key(parse_electrolyte(second))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ('"(Li2S)0.5 ((P2S5)0.4 (Sb2S3)0.6)0.5"', "LiS2.4P0.4Sb0.6"),
        ("0.75Li2S-0.25P2S5", "Li3PS4"),
        ("0.5 Li2S * 0.5 SiS2", "Li2SiS3"),
        ("0.2(Li2S) 0.8(GeS2)", "Li0.4Ge0.8S1.8"),
        ("(2Li2S-P2S5)0.60(LiI)0.40", "Li2.8P1.2S4.2I0.4"),
        ("0.9(0.4SiS2-0.6Li2S)-0.1LiI", "Si0.36Li1.18S1.26I0.1"),
        ("LiTi2(PO4)3-0.5LiF", "Li1.5Ti2P3O12F0.5"),
        ("14Li2O-9Al2O3-38TiO2-39P2O5", "Li28Al18Ti38P78O312"),
        (" Li6.4Al0.19La3Zr2O11.8", "Li6.4Al0.19La3Zr2O11.8"),
        ("β-Li8GeP4", "Li8GeP4"),
        ("Lao.51Li0.34TiO2.94", "La0.51Li0.34TiO2.94"),
        ("LiHf2(P04)3", "LiHf2(PO4)3"),
        ("Li3.5Si0.5P05S4", "Li3.5Si0.5P0.5S4"),
        ("Li0.375Sr0.4375Zr0.25Ta0.75o3", "Li0.375Sr0.4375Zr0.25Ta0.75O3"),
    ],
)
def test_messy_formulas(written, meant):
    assert same(plain_formula(written).text, meant)


@pytest.mark.parametrize(
    ("printed", "meant"),
    [
        ("Li La Zr O 7 3 2 12", "Li7La3Zr2O12"),
        ("Li PS Br 6 5", "Li6PS5Br"),
        ("Li PS Br 6 5 0.25 I 0.75", "Li6PS5Br0.25I0.75"),
        ("Li 6.4 La Zr 3 1.4 Ta0.6O12", "Li6.4La3Zr1.4Ta0.6O12"),
        ("Li Ba LaTa O 7 2 2 12", "Li7Ba2LaTa2O12"),
        ("Li Nd5 3Sb2O12", "Li5Nd3Sb2O12"),
        ("Li P(S6 4.8Se0.2)Br", "Li6P(S4.8Se0.2)Br"),
        ("Li1.1Al0.1Ti1.9(PO )  4 3", "Li1.1Al0.1Ti1.9(PO4)3"),
        ("0.75Li O-0.25P2S5 2", "(Li2O)3(P2S5)"),
        ("0.6 Li S * 0.4 SiS  2 2", "(Li2S)0.6(SiS2)0.4"),
        ("LiHf2(PO ) -0.3Li4 3 2O", "(LiHf2(PO4)3)(Li2O)0.3"),
        (["0.95(0.6Li S-0.4SiS )-2 2", "0.05Li4SiO4"], "((Li2S)0.6(SiS2)0.4)0.95(Li4SiO4)0.05"),
        (["0.67(0.75Li S-2", "0.25P2S5)-0.33LiBH4"], "((Li2S)0.75(P2S5)0.25)0.67(LiBH4)0.33"),
        (["0.26B2S3 – 0.31Li S – 2", "0.43LiI"], "(B2S3)0.26(Li2S)0.31(LiI)0.43"),
        (["Li6.05Ga0.25La3Zr2O11.8F0", ".2"], "Li6.05Ga0.25La3Zr2O11.8F0.2"),
    ],
)
def test_slipped_subscripts_go_back(printed, meant):
    assert same(plain_formula(printed).text, meant)


def test_what_did_not_slip_is_left_alone():
    assert readings("Li6PS5Cl") == ["Li6PS5Cl"]
    assert not plain_formula("Li6PS5Cl").repaired
    assert plain_formula("Li OCl 3").repaired


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Li2S*P2S5", "not stated"),
        ("0.58(Li2O) * 0.5(P2O5)", "add up to 1.08"),
        ("Li7-xLa3Zr2-xTaxO12", "variables"),
        ("Li7La3(Zr2O12", "never closed"),
        ("", "empty"),
        ("La2O3", "no lithium"),
    ],
)
def test_formulas_that_cannot_be_read_say_why(text, reason):
    with pytest.raises(FormulaError, match=reason):
        plain_formula(text)


def test_a_second_component_by_weight_becomes_the_additive():
    formula = plain_formula("Li PS  – 2 wt% Al O  3 4 2 3")
    assert (formula.text, formula.additive, formula.additive_wt_pct) == ("Li3PS4", "Al2O3", 2.0)


def test_conductivities_bounds_and_overlines():
    assert conductivity("1.50E-10̅") == {"sigma_unspecified_s_cm": 1.5e-10}
    assert conductivity("<1E-10") == {"sigma_max_s_cm": 1e-10}
    assert conductivity("1.2E−4", "bulk") == {"sigma_bulk_s_cm": 1.2e-4}
    assert conductivity(" ") == {}
    with pytest.raises(ValueError, match="high"):
        conductivity("high")


def test_reference_cells():
    assert read_paper("https://doi.org/10.1021/CM034802F.s001").doi == "10.1021/cm034802f"
    several = read_paper("10.1039/C3EE41655K|10.1016/j.ssi.2007.05.020")
    assert several.doi == "10.1039/c3ee41655k"
    assert several.others == ("10.1016/j.ssi.2007.05.020",)
    assert several.flags == ("several_dois",)
    assert read_paper("10.1016/ j.ssi.2014.07.018 ").doi == "10.1016/j.ssi.2014.07.018"
    typo = read_paper("10,1016/j.ssi.2014.07.018")
    assert (typo.doi, typo.flags) == (None, ("doi_unreadable",))
    journal = read_paper("Journal De Physique 26 339-341. 1965")
    assert journal.key("https://example.org") == "t:journaldephysique263393411965"
    assert journal.flags == ()
    assert read_paper("").key("https://example.org") == "u:https://example.org"


def test_families_only_where_clear():
    assert family_name(" NASICON") == "nasicon"
    assert family_name("cholorides") == "halide"
    assert family_name("oxides") is None


OBELIX_HEADER = (
    "ID,Reduced Composition,True Composition,Ionic conductivity (S cm-1),IC (Total),IC (Bulk),"
    "Space group,Space group #,Family,DOI,note\n"
)


def read_tiny_obelix(monkeypatch, tmp_path, text):
    path = tmp_path / "all.csv"
    path.write_text(text, encoding="utf-8")
    monkeypatch.setattr(obelix, "fetch", lambda _name: path)
    return obelix.read_obelix()


def test_obelix_rows(monkeypatch, tmp_path):
    text = OBELIX_HEADER + (
        "aaa,Li7P3S11,Li14.0P6.0S22.0,0.0032,,,P -1,2,,10.1039/C3EE41655K,\n"
        "bbb,Li4P2O7,Li8.0P4.0O14.0,<1E-10,,,P -1,2,,10.1016/j.jssc.2013.12.015,\n"
        "ccc,Li7La3Zr2O12,,7.1e-05,7.1e-05,0.00014,I a -3 d,230,garnet,10.1002/x,bulk ic\n"
        "ddd,La2Zr2O7,Li6.0La3.0Zr1.0Ta1.0O12.0,1e-5,,,I,,garnet,10.1002/anie.1,\n"
        "eee,Li2CdCl4,Li1.6Cd8.0Cl32.0,5.8e-07,,,F,227,chlorides,1O.1016/typo,doi typo\n"
        "fff,LLZO,,1e-4,,,I,,garnet,10.1002/anie.2,\n"
        "ggg,Li3N,,high,,,P,,,10.1002/anie.3,\n"
    )
    table, report = read_tiny_obelix(monkeypatch, tmp_path, text)
    rows = table.set_index("sample_id")
    assert list(table.columns) == list(FIELDS)
    assert rows.loc["obelix:aaa", "sigma_unspecified_s_cm"] == 0.0032
    assert rows.loc["obelix:aaa", "paper_key"] == "10.1039/c3ee41655k"
    assert rows.loc["obelix:bbb", "sigma_max_s_cm"] == 1e-10
    assert pd.isna(rows.loc["obelix:bbb", "sigma_unspecified_s_cm"])
    assert rows.loc["obelix:ccc", "sigma_total_s_cm"] == 7.1e-05
    assert rows.loc["obelix:ccc", "sigma_bulk_s_cm"] == 0.00014
    assert pd.isna(rows.loc["obelix:ccc", "sigma_unspecified_s_cm"])
    assert same(rows.loc["obelix:ddd", "formula"], "Li6La3ZrTaO12")
    assert "composition_disagrees" in rows.loc["obelix:ddd", "flags"]
    assert same(rows.loc["obelix:eee", "formula"], "Li2CdCl4")
    assert set(report.rejected["row"]) == {"obelix:fff", "obelix:ggg"}
    assert report.reasons() == {
        "the composition cannot be read": 1,
        "the conductivity is not a number": 1,
    }
    assert (report.total, report.read) == (7, 5)
    assert table["form"].isna().all()
    phases = rows["phase_main"].to_dict()
    assert phases["obelix:ccc"] == phases["obelix:eee"] == "cubic"
    assert phases["obelix:aaa"] == "other"
    assert pd.isna(phases["obelix:ddd"])


def test_a_changed_header_is_named(monkeypatch, tmp_path):
    with pytest.raises(DataError, match=r"all\.csv: the header lacks True Composition"):
        read_tiny_obelix(monkeypatch, tmp_path, OBELIX_HEADER.replace("True Comp", "Comp"))


def test_a_file_that_is_not_text_is_named(monkeypatch, tmp_path):
    path = tmp_path / "all.csv"
    path.write_bytes(b"ID,\xff\xfe")
    monkeypatch.setattr(obelix, "fetch", lambda _name: path)
    with pytest.raises(DataError, match="not UTF-8"):
        obelix.read_obelix()


def test_a_sample_on_both_sides_of_the_split_is_an_error(monkeypatch, tmp_path):
    path = tmp_path / "idx.csv"
    path.write_text("ID\naaa\n")
    monkeypatch.setattr(obelix, "fetch", lambda _name: path)
    with pytest.raises(DataError, match="obelix:aaa is on both sides"):
        obelix.obelix_split()


def test_liverpool_rows(monkeypatch, tmp_path):
    path = tmp_path / "liion.csv"
    path.write_text(
        "\ufeffID,composition,source,temperature,target,log_target,family,ChemicalFamily\n"
        '105,"""(Li2O)50 (P2O5)50""",10.1016/J.X.1 ,300,2.2E-05,-4,Glass,#N/A\n'
        "14,Li14MgGe4O16,Journal of Things 26 339-341. 1965,-5,1E-7,-7,LISICON,#N/A\n"
        "15,Li3N,10.1016/j.x.2,25,500,2.7,Other,#N/A\n"
        "14,LiF,10.1016/j.x.3,350,1.1E-08,-8,Rocksalt,\n",
        encoding="utf-8",
    )
    monkeypatch.setattr(liverpool, "fetch", lambda _name: path)
    table, report = liverpool.read_liverpool()
    first, second, third = table.to_dict("records")
    assert third["sample_id"] == "liverpool:14:2"
    assert (first["form"], first["temperature_c"]) == ("glass", 300.0)
    assert first["doi"] == "10.1016/j.x.1"
    assert (second["family"], second["temperature_c"]) == ("lisicon", -5.0)
    assert second["title"] == "Journal of Things 26 339-341. 1965"
    assert report.rejected["row"].tolist() == ["liverpool:15"]
    assert report.rejected["reason"][0].startswith("sigma_unspecified_s_cm: allowed")


MADE_UP = (
    "Li9BiO7,1.11E-07,0.51̅,P-1,2,,100001,1\n"
    '"",,,,,α-,,\n'
    "Li6Zn(PO4)3,<2E-10,1.1,P21/c,14,Li6Zn(P,100002,2\n"
    '"",,,,,O4)3,,\n'
    "(Ag0.2Li0.8)0.3La0.55TiO,,,,,,,1\n"
    '"",2.2E-4,0.33,Pmmm,47,,,\n'
    "3,,,,,,,\n"
    "0.55Li2O-,,,,,,,2\n"
    "0.05Al2O3-,3.3E-8,0.44,,,,,\n"
    "0.1TiO2-0.3P2O5,,,,,,,\n"
    "Li7La3Hf2O12-0.8wt% Al,4.4E-4,0.35,,,,,9\n"
    'Li3OI,5.5E-06,0.66,Pm3̅m,221,,100003,"1-2"\n'
    "Li2S*B2S3,6.6E-03,,,,,,1\n"
)


def test_lines_of_the_laskowski_table_become_records():
    records = assemble(MADE_UP)
    assert [r.line for r in records] == [1, 3, 5, 8, 11, 12, 13]
    assert records[2].formula == ["(Ag0.2Li0.8)0.3La0.55TiO", "3"]
    assert records[2].reference == "1"
    assert len(records[3].formula) == 3
    assert all(r.complete for r in records)


def test_lines_that_do_not_pair_up_are_marked():
    cut = 'Li6.4La3Zr1.4Ta0.5Nb0.1O1,,0.27,,,,,239\n"",7.7E-4,,,,,,\nLi3N,1E-4,,,,,,1\n'
    assert [r.complete for r in assemble(cut)] == [False, True]
    assert [r.complete for r in assemble("Li7La3Zr1.5Ta0.5O1,,,,,,,\n")] == [False]


def test_laskowski_rows(monkeypatch, tmp_path):
    table_file, references = tmp_path / "table.csv", tmp_path / "refs.csv"
    table_file.write_text(MADE_UP, encoding="utf-8")
    references.write_text("ref. number,DOI\n1,10.1021/ic000001a\n2,10.1021/CM000002a.s001\n")
    files = {laskowski.FILE: table_file, laskowski.REFERENCES: references}
    monkeypatch.setattr(laskowski, "fetch", lambda name: files[name])
    table, report = laskowski.read_laskowski()
    rows = table.set_index("sample_id")
    assert rows.loc["laskowski:1", "activation_energy_ev"] == 0.51
    assert rows.loc["laskowski:1", "activation_energy_basis"] == "unknown"
    assert rows.loc["laskowski:3", "sigma_max_s_cm"] == 2e-10
    assert rows.loc["laskowski:3", "doi"] == "10.1021/cm000002a"
    assert rows.loc["laskowski:11", "formula_basis"] == "placeholder"
    assert rows.loc["laskowski:11", "dopant_note"] == "with 0.8 wt% Al"
    assert "no_reference" in rows.loc["laskowski:11", "flags"]
    assert rows.loc["laskowski:12", "other_dois"] == "10.1021/cm000002a"
    assert report.rejected["row"].tolist() == ["laskowski:13"]


def test_garnet_formulas_come_from_the_sites(monkeypatch, tmp_path):
    columns = ["source", "rel_dens_%", "conductivity", "act_energy", "li_sto", "li_dop_sto",
               "li_dopant", "la_sto", "la_dop_sto", "la_dopant", "zr_sto", "zr_dop_sto",
               "zr_dopant"]  # fmt: skip
    rows = [
        [
            "10.1002/anie.1 [thin pellet]",
            95,
            3e-4,
            0.3,
            6.4,
            None,
            None,
            3,
            None,
            None,
            1.4,
            0.6,
            "ta",
        ],
        ["10.1002/anie.2", None, 1e-4, None, 6.5, 0.25, "al", 4, None, None, 2, None, None],
        ["10.1002/anie.3", None, 1e-4, None, None, None, None, 3, None, None, 2, None, None],
    ]
    path = tmp_path / "garnets.xlsx"
    pd.DataFrame(rows, columns=columns).to_excel(path, sheet_name=garnets.SHEET, index=False)
    monkeypatch.setattr(garnets, "fetch", lambda _name: path)
    table, report = garnets.read_garnets()
    assert table["formula"].tolist() == ["Li6.4La3Zr1.4Ta0.6O12", "Li6.5Al0.25La4Zr2O12"]
    assert table["flags"].tolist() == [None, "charge_imbalance"]
    assert "thin pellet" in table["evidence"][0]
    assert table["relative_density_pct"][0] == 95
    assert report.reasons() == {"the site amounts cannot be read": 1}


def test_a_workbook_without_the_sheet_is_named(monkeypatch, tmp_path):
    path = tmp_path / "garnets.xlsx"
    pd.DataFrame({"a": [1]}).to_excel(path, sheet_name="other", index=False)
    monkeypatch.setattr(garnets, "fetch", lambda _name: path)
    with pytest.raises(DataError, match="Dataset \\(pre-process\\)"):
        garnets.read_garnets()


def test_amounts_with_variables():
    assert evaluate("2-0.5*x", {"x": 0.4}) == pytest.approx(1.8)
    assert evaluate("3x", {"x": 0.1}) == pytest.approx(0.3)
    assert evaluate("12 - del_O", {}) == 12
    for bad in ("__import__('os')", "x**9", "y", "2-"):
        with pytest.raises(ValueError, match="amount"):
            evaluate(bad, {"x": 1.0})


def test_listed_values_then_points_of_the_range():
    parts = [("1", {"Li": "1+x", "Al": "x", "Ti": "2-x", "P": "3", "O": "12"})]
    targets = concrete_targets(parts, {"x": ([0.0, 0.3], 0.0, 0.3)}, {})
    assert [t.listed for t in targets[:3]] == [True, True, False]
    assert dict(targets[1].amounts)["Li"] == pytest.approx(1.3)
    assert all(0 <= t.amounts.get("Al", 0) <= 0.3 for t in targets)


def test_element_variables_and_impossible_targets():
    parts = [("1", {"Li": "1", "M": "1", "O": "2-x"})]
    targets = concrete_targets(parts, {"x": ([0.0, 3.0], 0.0, 3.0)}, {"M": ["Co", "Xx"]})
    assert {tuple(t.amounts) for t in targets if t.listed} == {("Li", "Co", "O")}
    assert concrete_targets([("1", {"Li": "x*y", "O": "1"})], {}, {}) == []


def reaction(doi="10.1016/j.x.1", target="Li2TiO3", elements=None):
    elements = elements or {"Li": "2", "Ti": "1", "O": "3"}
    return {
        "doi": doi,
        "target": {
            "material_string": target,
            "material_formula": target,
            "composition": [{"formula": target, "elements": elements, "amount": "1"}],
            "amounts_vars": {},
            "elements_vars": {},
        },
        "precursors": [{"material_string": "Li2CO3(3N)", "material_formula": "Li2CO3(3N)"}],
        "operations": [
            {
                "type": "HeatingOperation",
                "token": "Sintered",
                "conditions": {
                    "heating_temperature": [
                        {"values": [1473.0], "units": "K", "min_value": None, "max_value": 1473.0},
                        {"values": [10.0], "units": "C", "min_value": None, "max_value": 10.0},
                    ],
                    "heating_time": [
                        {"values": [90.0], "units": "min", "min_value": None, "max_value": 90.0}
                    ],
                    "heating_atmosphere": ["Air"],
                },
            }
        ],
    }


def collection(tmp_path, *texts, name="tiny.json.xz"):
    body = ",\n".join(texts)
    text = f'{{"release_date": "2019-12-03", "reactions": [\n{body}\n]\n}}\n'
    path = tmp_path / name
    path.write_bytes(lzma.compress(text.encode()))
    return path


def written(item):
    return json.dumps(item, indent=1)


def test_synthesis_records(tmp_path):
    path = collection(
        tmp_path, written(reaction()), written(reaction(elements={"Ti": "1", "O": "2"}))
    )
    (record,), report = read_collection(path, "solid_state")
    assert (report.total, report.read) == (1, 1)
    assert record.record_id == "solid_state:0"
    assert record.precursors == ("Li2CO3",)
    assert dict(record.targets[0].amounts) == {"Li": 2, "Ti": 1, "O": 3}
    (operation,) = record.operations
    assert operation.temperatures_c == (1200.0,)
    assert (operation.times_h, operation.gases) == ((1.5,), ("air",))


def test_damaged_records_are_counted_and_the_rest_loads(tmp_path):
    good = written(reaction())
    lacking = reaction()
    del lacking["operations"]
    typo = reaction(doi="1O.1016/j.x")
    broken = good.replace('"doi":', '"doi"')
    path = collection(tmp_path, good, broken, written(lacking), written(typo), good)
    records, report = read_collection(path, "solid_state")
    assert [r.record_id for r in records] == ["solid_state:0", "solid_state:4"]
    assert report.rejected["row"].tolist() == [f"solid_state:{i}" for i in (1, 2, 3)]
    assert report.reasons() == {
        "the record is not readable JSON": 1,
        "the record lacks a field": 1,
        "the DOI is not readable": 1,
    }


def test_a_truncated_download_is_named(tmp_path):
    path = collection(tmp_path, written(reaction()))
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(DataError, match=r"tiny\.json\.xz is cut short or damaged"):
        read_collection(path, "solid_state")


def test_another_layout_is_named(tmp_path):
    path = tmp_path / "tiny.json.xz"
    path.write_bytes(lzma.compress(b'{"rows": []}'))
    with pytest.raises(DataError, match="not the version"):
        read_collection(path, "solid_state")


PUBLIC = [file for file in public_files() if not file.startswith("synthesis")]


@needs(*PUBLIC)
@pytest.mark.parametrize(
    ("source", "total", "least"),
    [
        ("obelix", 599, 0.97),
        ("liverpool", 820, 0.95),
        ("laskowski", 1345, 0.90),
        ("llzo_garnets", 176, 0.95),
    ],
)
def test_coverage_of_the_real_files(source, total, least):
    table, report = READERS[source]()
    assert report.total == total
    assert report.coverage >= least
    assert len(table) == report.read == total - len(report.rejected)
    assert not validate(table, FIELDS).problems
    assert table["sample_id"].is_unique
    assert (table["source"] == source).all()
    assert table["paper_key"].notna().all()
    doi = table["doi"].dropna()
    assert doi.str.fullmatch(r"10\.\d{4,9}/\S+").all()
    assert (doi == doi.str.lower()).all()
    assert not doi.str.contains(r"\.s\d{3}$").any()


@needs(*PUBLIC)
def test_obelix_agrees_with_the_table_its_benchmark_reads():
    table, _ = obelix.read_obelix()
    rows = table.set_index("sample_id")
    processed = pd.read_csv(fetch("obelix/processed.csv"), dtype={"ID": str})
    split = obelix.obelix_split()
    assert set(split) == set(rows.index)
    assert pd.Series(split).value_counts().to_dict() == {"train": 478, "test": 121}
    disagree = [
        item.ID
        for item in processed.itertuples()
        if difference(
            parse_electrolyte(rows.loc[f"obelix:{item.ID}", "formula"]),
            parse_electrolyte(item.Composition),
        )
        > 0.1
    ]
    assert disagree == ["r5y"]  # Li1.6Cd8Cl32 there; only the reduced Li2CdCl4 is charge-balanced


@needs(*PUBLIC)
def test_read_public_gives_all_four_in_order():
    assert [report.source for _, report in read_public()] == list(READERS)


@needs(*COLLECTIONS.values())
def test_lithium_syntheses_of_the_real_files():
    records, reports = read_synthesis()
    assert len(records) == 5731
    assert all(report.coverage == 1.0 for report in reports)
