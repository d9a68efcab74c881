"""The report of a screening: structure, escaping, files, and a real browser where there is one."""

from __future__ import annotations

import base64
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from ssbml.chemistry.elements import composition_matrix
from ssbml.chemistry.formula import parse_formula
from ssbml.errors import TableError
from ssbml.explanation.explainer import Explanation
from ssbml.predictor import Predictor
from ssbml.report.drivers import drivers
from ssbml.report.markup import element, html, printable
from ssbml.report.plane import plane_of
from ssbml.report.screening import screening_page, write_screening
from ssbml.report.sheets import SHEET_COLUMNS, batch_table
from ssbml.report.tradeoff import published_samples
from ssbml.report.words import plain, scientific
from ssbml.screening.candidates import Candidates
from ssbml.tables.validate import validate
from ssbml.wording import label

EVIL = "<script>alert('x')</script> & \"more\"\x00"
VOID = frozenset({"meta", "br", "img", "link", "input", "hr", "path", "line", "circle", "rect"})


@dataclass
class Numbers:
    """Figures of a screening."""

    size: int = 1700
    candidates: int = 36
    dropped: dict[str, int] = field(default_factory=lambda: {f"too much Ta {EVIL}": 40})
    feasible: int = 30
    failed: dict[str, int] = field(default_factory=lambda: {"relative_density_pct >= 93": 6})
    freed: dict[str, int] = field(default_factory=lambda: {"relative_density_pct >= 93": 5})
    objectives: dict[str, str] = field(default_factory=lambda: {"conductivity_s_cm": "maximize"})

    def lines(self) -> list[str]:
        return ["1,700 combinations", "dropped 40: too much Ta", "warning: one group only"]


def some_candidates() -> Candidates:
    formulas = [
        f"Li{7 - ta - 3 * al:g}Al{al:g}La3Zr{2 - ta:g}Ta{ta:g}O12"
        for al in (0, 0.1)
        for ta in (0, 0.3, 0.6)
    ]
    processes = pd.DataFrame(
        [
            {"form": "pellet", "route": "solid_state", "sintering_method": "conventional",
             "sintering_temp_c": t, "calcination_temp_c": t - 200, "sintering_time_h": h,
             "li_excess_pct": 10.0, "crucible": "Al2O3", "milling_method": EVIL}
            for t in (1100.0, 1150.0, 1200.0) for h in (2.0, 6.0)
        ]
    )  # fmt: skip
    compositions = composition_matrix([parse_formula(f) for f in formulas])
    return Candidates("garnet", compositions, np.array(formulas, dtype=object), processes)


@pytest.fixture(scope="module")
def screening(model: Predictor) -> Any:
    candidates = some_candidates()
    table = candidates.table(np.arange(len(candidates)))
    frame = pd.concat([table, model.predict_table(validate(table).table)], axis=1)
    frame["score"] = frame["conductivity_s_cm_lower"]
    frame = frame.sort_values("score", ascending=False, kind="stable")
    frame["group"], frame["pareto"] = 1, [True, *[False] * (len(frame) - 1)]
    ranked = frame.head(12).copy()
    ranked.insert(0, "rank", range(1, 13))
    ranked["notes"] = EVIL
    return SimpleNamespace(
        ranked=ranked, pareto=frame.head(20).drop(columns=["group"]), summary=Numbers(),
        candidates=candidates, predictor=model,
    )  # fmt: skip


@pytest.fixture(scope="module")
def page(screening: Any, literature: pd.DataFrame) -> str:
    return screening_page(screening, batch_g=20, literature=literature)


class Reader(HTMLParser):
    """Checks that tags close in order and collects what the page holds."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.seen: dict[str, int] = {}
        self.ids: list[str] = []
        self.fetched: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen[tag] = self.seen.get(tag, 0) + 1
        named = dict(attrs)
        self.ids += [named["id"]] if named.get("id") else []
        if tag in ("script", "link", "img", "iframe") and (named.get("src") or named.get("href")):
            self.fetched.append(tag)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag, tag

    def handle_data(self, data: str) -> None:
        if "script" not in self.open and "style" not in self.open:
            self.text.append(data)


@pytest.fixture(scope="module")
def read(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    reader.close()
    return reader


def test_tags_close_and_identities_are_unique(read: Reader) -> None:
    assert read.open == []
    assert len(set(read.ids)) == len(read.ids)


def test_all_sections_are_there(read: Reader) -> None:
    wanted = [
        "overview",
        "ranking",
        "plots",
        "tradeoff",
        "heatmap",
        "drivers",
        "batches",
        "sources",
    ]
    assert [name for name in wanted if name not in read.ids] == []
    assert read.seen["article"] == 10, "a sheet for each of the ten best"


def test_nothing_is_fetched(read: Reader, page: str) -> None:
    assert read.fetched == []
    assert "default-src 'none'" in page
    assert page.count("plotly.js v") <= 3, "the library is there once"
    assert len(page) < 8_000_000


def test_what_users_write_is_escaped(page: str, read: Reader) -> None:
    assert "<script>alert" not in page
    assert "\x00" not in page
    assert "<script>alert('x')</script> & \"more\"" in "".join(read.text)


def test_the_summary_says_what_was_dropped_and_why(read: Reader) -> None:
    text = " ".join(read.text)
    assert "too much Ta" in text
    assert "relative_density_pct >= 93" in text
    assert "warning: one group only" in text
    assert "interfaces are not included" in text
    assert "fitted" in text


def test_every_ranked_recipe_is_in_the_table(page: str) -> None:
    table = page[page.index('id="ranking"') : page.index('id="plots"')]
    assert table.count("<tr>") == 13
    assert re.findall(r'data-sort="(\d+)">\1<', table)[:3] == ["1", "1", "2"]


def test_what_is_predicted_stands_beside_the_composition(page: str) -> None:
    table = page[page.index('id="ranking"') : page.index('id="plots"')]
    heads = re.findall(r"<button[^>]*>([^<]+)</button>", table)
    assert heads[:5] == ["#", "Composition", "σ, S/cm", "Density, %", "P(phase-pure)"]
    assert heads[5] == "Calcination temperature, °C"


def test_batch_sheet_holds_the_weights(page: str, screening: Any) -> None:
    formula = screening.ranked["formula"].iloc[0]
    lines = batch_table(screening.ranked, 20).query("rank == 1")
    sheet = page[page.index('<article class="sheet">') : page.index("</article>")]
    assert formula in sheet
    for precursor, grams in zip(lines["precursor"], lines["weigh_g"], strict=True):
        assert precursor in sheet
        assert f"{grams:.4f}" in sheet


def test_page_of_no_recipe_says_so(screening: Any, literature: pd.DataFrame) -> None:
    empty = SimpleNamespace(**{**vars(screening), "ranked": screening.ranked.iloc[:0]})
    text = screening_page(empty, literature=literature)
    assert "No recipe meets the constraints" in text
    assert 'id="plots"' not in text
    Reader().feed(text)


def test_two_pages_of_one_screening_are_equal(
    page: str, screening: Any, literature: pd.DataFrame
) -> None:
    assert screening_page(screening, batch_g=20, literature=literature) == page


def test_the_plane_goes_through_the_best_recipe(screening: Any) -> None:
    best = screening.ranked.iloc[0].to_dict()
    plane = plane_of(screening.candidates, best)
    assert plane is not None
    assert (plane.dopant, plane.column) == ("Ta", "sintering_temp_c")
    assert plane.amounts.tolist() == [0, 0.3, 0.6]
    assert plane.values.tolist() == [1100, 1150, 1200]
    aluminium = {"Al0.1" in f for f in screening.candidates.formulas[plane.compositions]}
    assert aluminium == {"Al0.1" in best["formula"]}
    hours = screening.candidates.processes["sintering_time_h"].iloc[plane.processes]
    assert set(hours) == {best["sintering_time_h"]}


def test_the_plane_varies_a_dopant_that_the_best_recipe_holds(screening: Any) -> None:
    process = screening.ranked.iloc[0].to_dict()
    plane = plane_of(screening.candidates, {**process, "formula": "Li6.7Al0.1La3Zr2Ta0O12"})
    assert plane is not None
    assert (plane.dopant, plane.amounts.tolist()) == ("Al", [0, 0.1])


def test_the_dopant_is_the_lesser_of_two_elements_even_among_two_hosts() -> None:
    formulas = [f"Li{1 + x:g}Al{x:g}{m}{2 - x:g}(PO4)3" for m in ("Ti", "Ge") for x in (0.3, 0.5)]
    ways = pd.DataFrame({"sintering_temp_c": [900.0, 1000.0]})
    amounts = composition_matrix([parse_formula(f) for f in formulas])
    space = Candidates("nasicon", amounts, np.array(formulas, dtype=object), ways)
    plane = plane_of(space, {"formula": formulas[1], **ways.iloc[0].to_dict()})
    assert plane is not None
    assert (plane.dopant, plane.amounts.tolist()) == ("Al", [0.3, 0.5])


def test_an_anion_may_be_the_dopant() -> None:
    formulas = ["Li6PS5Cl", "Li5.5PS4.5Cl1.5"]
    ways = pd.DataFrame({"sintering_method": "none", "pressing_pressure_mpa": [100.0, 300.0]})
    amounts = composition_matrix([parse_formula(f) for f in formulas])
    space = Candidates("argyrodite", amounts, np.array(formulas, dtype=object), ways)
    plane = plane_of(space, {"formula": "Li6PS5Cl", **ways.iloc[0].to_dict()})
    assert plane is not None
    assert (plane.dopant, plane.column) == ("Cl", "pressing_pressure_mpa")


def test_a_space_without_dopants_has_no_plane(screening: Any) -> None:
    only = screening.candidates
    one = Candidates("garnet", only.compositions[:1], only.formulas[:1], only.processes)
    assert plane_of(one, screening.ranked.iloc[0].to_dict()) is None


def test_published_samples_are_of_the_family_and_measured(literature: pd.DataFrame) -> None:
    found = published_samples(literature, "garnet")
    assert len(found) > 20
    assert found[["conductivity_s_cm", "relative_density_pct"]].notna().all(axis=None)
    assert len(published_samples(literature, "halide")) < len(found)


def test_drivers_name_sources() -> None:
    parts = {"row": 0, "property": "conductivity_s_cm", "mechanism": "", "source": ""}
    told = pd.DataFrame(
        [
            {**parts, "kind": "start", "driver": "average", "contribution": -4.0, "effect": "1e-4"},
            {**parts, "kind": "host", "driver": "host", "contribution": -0.3, "effect": "÷2"},
            {**parts, "kind": "dopant", "driver": f"Ta{EVIL}", "contribution": 1.0,
             "effect": "×10", "mechanism": "more vacancies", "source": "review"},
        ]
    )  # fmt: skip
    near = pd.DataFrame(
        [{"row": i, "rank": 1, "sample_id": f"a{i}", "doi": doi, "url": url, "title": "Garnets",
          "formula": "LLZO", "conditions": "1200 °C", "results": "1e-4 S/cm", "differences": ""}
         for i, (doi, url) in enumerate(
             [("10.1/x", ""), ("", "https://example.org/y"), ("", "javascript:alert(1)")])]
    )  # fmt: skip
    text = html(drivers(pd.DataFrame({"rank": [1, 2, 3]}), Explanation(told, near)))
    assert 'href="https://doi.org/10.1/x"' in text
    assert 'href="https://example.org/y"' in text
    assert "javascript" not in text
    assert "more vacancies [review]" in text
    assert text.index("average") < text.index("host") < text.index("Ta&lt;script&gt;")


def test_batch_sheets_as_a_table(screening: Any) -> None:
    found = batch_table(screening.ranked, batch_g=20)
    assert list(found.columns) == list(SHEET_COLUMNS)
    assert set(found["rank"].astype(int)) == set(range(1, 13))


def test_batch_that_cannot_be_weighed_says_why() -> None:
    found = batch_table(pd.DataFrame({"formula": ["Li3.3PO3.8N0.2"]}))
    assert "no precursor of N" in found["notes"].iloc[0]


def test_bad_report_paths(screening: Any, tmp_path: Path) -> None:
    with pytest.raises(TableError, match=r"a report ends in \.html"):
        write_screening(screening, tmp_path / "report.pdf")
    with pytest.raises(TableError, match="nowhere does not exist"):
        write_screening(screening, tmp_path / "nowhere" / "report.html")
    (tmp_path / "folder.html").mkdir()
    with pytest.raises(TableError, match="is a directory"):
        write_screening(screening, tmp_path / "folder.html")
    assert not list(tmp_path.glob("*.tmp"))


def test_markup_escapes() -> None:
    made = element("p", "a<b", element("i", "&"), "\x07tail", class_="x", data_sort='"')
    assert html(made) == '<p class="x" data-sort="&quot;">a&lt;b<i>&amp;</i>tail</p>'
    assert printable("a\x00\x1bb\nc\x85d") == "ab\ncd"


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (scientific(4.23e-4), "4.2e-4"), (scientific(None), "–"), (plain(1234.5, 3), "1,234"),
        (plain(float("nan")), "–"), (plain(0), "0"), (plain(93.456), "93.5"),
        (label("sintering_temp_c"), "sintering temperature"), (label("li_excess_pct"), "Li excess"),
        (label("additive_wt_pct"), "additive amount"),
        (label("heating_rate_c_min"), "heating rate"),
    ],
)  # fmt: skip
def test_words(found: str, expected: str) -> None:
    assert found == expected


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is not installed")
    from selenium.webdriver.chrome.service import Service

    binary = (
        shutil.which("chromium")
        or shutil.which("chromium-browser")
        or shutil.which("google-chrome")
    )
    driver = shutil.which("chromedriver")
    if binary is None or driver is None:
        pytest.skip("no chromium and chromedriver on this computer")
    options = webdriver.ChromeOptions()
    options.binary_location = binary
    for flag in ("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
                 "--disable-background-networking", "--hide-scrollbars"):  # fmt: skip
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    opened = webdriver.Chrome(options=options, service=Service(driver))
    opened.set_script_timeout(20)
    yield opened
    opened.quit()


def open_at(browser: Any, path: Path, width: int) -> None:
    browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False},
    )
    browser.get(path.as_uri())
    browser.execute_async_script(
        "const done = arguments[0]; const look = () => document.readyState === 'complete' && "
        "document.querySelectorAll('.main-svg').length >= 6 ? setTimeout(done, 200) : "
        "setTimeout(look, 50); look();"
    )


@pytest.fixture(scope="module")
def report(page: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(page, encoding="utf-8")
    return path


@pytest.mark.parametrize("width", [1280, 400])
def test_browser_draws_without_errors_or_overflow(browser: Any, report: Path, width: int) -> None:
    open_at(browser, report, width)
    script = "return document.documentElement.scrollWidth"
    assert browser.execute_script(script) <= width
    widths = browser.execute_script(
        "return [...document.querySelectorAll('.main-svg')].map(e => "
        "e.getBoundingClientRect().right)"
    )
    assert max(widths) <= width
    assert browser.execute_script("return document.querySelectorAll('.hm image').length") == 1
    assert browser.execute_script("return document.querySelectorAll('.scatterlayer .point').length")
    problems = [e for e in browser.get_log("browser") if e["level"] in ("SEVERE", "WARNING")]
    assert problems == []


def test_browser_sorts_the_table(browser: Any, report: Path) -> None:
    open_at(browser, report, 1280)
    from selenium.webdriver.common.by import By

    def column(position: int) -> list[float]:
        return [float(v) for v in browser.execute_script(
            "return [...document.querySelectorAll('.sortable tbody tr')].map(r => "
            "r.cells[arguments[0]].dataset.sort)", position)]  # fmt: skip

    heads = browser.find_elements(By.CSS_SELECTOR, ".sortable th button")
    position = next(i for i, h in enumerate(heads) if "S/cm" in h.text)
    assert column(0) == sorted(column(0))
    heads[position].click()
    assert column(position) == sorted(column(position))
    heads[position].click()
    assert column(position) == sorted(column(position), reverse=True)
    assert browser.execute_script(
        "return document.querySelectorAll('th[aria-sort=descending]').length"
    ) == 1  # fmt: skip


def test_browser_prints_on_paper(browser: Any, report: Path) -> None:
    open_at(browser, report, 1280)
    printed = browser.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True})
    pdf = base64.b64decode(printed["data"])
    assert pdf.startswith(b"%PDF")
    assert 5 <= len(re.findall(rb"/Type\s*/Page\b", pdf)) <= 20
