"""The field table: every column of a recipe table, once.

Validation, command-line options, error messages, the lab template and the column dictionary of the
data set are generated from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ssbml.vocabulary import VOCABULARIES

SCHEMA_VERSION = 1

Kind = Literal["formula", "number", "flag", "choice", "text", "list", "numbers"]
Role = Literal["recipe", "outcome", "provenance"]


@dataclass(frozen=True, slots=True)
class Field:
    """One column of a recipe table.

    Attributes
    ----------
    name : str
        Column name; ends in the unit where there is one.
    kind : str
        ``formula``, ``number``, ``flag``, ``choice``, ``text``, ``list`` (separated by ``;``) or
        ``numbers`` (a number, or several separated by ``;``).
    meaning : str
        What the column holds.
    role : str
        ``recipe`` (known before the sample is measured), ``outcome`` or ``provenance``.
    unit : str
        Unit, or an empty string.
    low, high : float or None
        Smallest and largest value that can be meant, both included.
    vocabulary : str
        Name of the closed vocabulary of a ``choice``.
    influential_for : tuple of str
        Forms for which a blank counts in ``n_missing``.
    """

    name: str
    kind: Kind
    meaning: str
    role: Role = "recipe"
    unit: str = ""
    low: float | None = None
    high: float | None = None
    vocabulary: str = ""
    influential_for: tuple[str, ...] = ()

    @property
    def choices(self) -> tuple[str, ...]:
        """The allowed values of a ``choice``, else an empty tuple."""
        return VOCABULARIES[self.vocabulary] if self.vocabulary else ()

    @property
    def allowed(self) -> str:
        """What may stand in the column, in words."""
        if self.kind == "choice":
            return ", ".join(self.choices)
        if self.kind == "flag":
            return "true or false"
        if self.kind in ("number", "numbers"):
            unit = f" {self.unit}" if self.unit else ""
            several = " (several separated by ';')" if self.kind == "numbers" else ""
            return f"{self.low:g} to {self.high:g}{unit}{several}"
        return {"formula": "a chemical formula", "list": "a list separated by ';'"}.get(
            self.kind, "text"
        )


_FIRED = ("pellet", "tape", "glass-ceramic")
_HEATED = (*_FIRED, "film")
_BURIED = ("pellet", "tape")
_BULK = (*_FIRED, "powder", "glass", "single_crystal")
_ALL_FORMS = (*_BULK, "film")


def _number(
    name: str,
    meaning: str,
    unit: str,
    low: float,
    high: float,
    role: Role = "recipe",
    influential_for: tuple[str, ...] = (),
) -> Field:
    return Field(name, "number", meaning, role, unit, low, high, influential_for=influential_for)


def _choice(
    name: str,
    meaning: str,
    vocabulary: str,
    role: Role = "recipe",
    influential_for: tuple[str, ...] = (),
) -> Field:
    return Field(
        name, "choice", meaning, role, vocabulary=vocabulary, influential_for=influential_for
    )


_RECIPE = (
    Field("formula", "formula", "composition, Li excess not included"),
    _choice("formula_basis", "where the amounts come from", "formula_basis"),
    Field("dopant_note", "text", "what a placeholder formula cannot carry"),
    _choice("family", "host family; derived from the composition when blank", "family"),
    _choice("form", "what is measured", "form"),
    _choice("route", "how powder or film is made", "route", influential_for=_ALL_FORMS),
    Field("precursors", "list", "starting materials"),
    Field("milling_method", "text", "how the powder is milled"),
    _number("milling_time_h", "milling time", "h", 0, 1000),
    _number("particle_size_um", "d50 of the powder in the green body", "µm", 1e-4, 500),
    _number("calcination_temp_c", "hottest calcination", "°C", 20, 1600, influential_for=_FIRED),
    _number("calcination_time_h", "hold at the hottest calcination", "h", 0, 500),
    _choice("calcination_atmosphere", "gas during calcination", "gas"),
    Field("calcination_steps", "list", "all calcination steps, such as 900C/6h/air"),
    _choice("pressing_method", "cold pressing of the green body", "pressing_method"),
    _number("pressing_pressure_mpa", "pressure of cold pressing", "MPa", 0, 5000),
    _number("green_density_pct", "relative density before sintering", "%", 5, 99),
    _choice("sintering_method", "how it is densified", "sintering_method", influential_for=_FIRED),
    _number(
        "sintering_temp_c",
        "the hold with most of the dwell; films: annealing or crystallisation",
        "°C",
        20,
        3000,
        influential_for=_HEATED,
    ),
    _number("sintering_time_h", "length of that hold", "h", 0, 500, influential_for=_HEATED),
    _number("sintering_peak_temp_c", "two_step: the first, hotter hold", "°C", 20, 3000),
    _number("sintering_peak_time_h", "length of the hotter hold", "h", 0, 500),
    _number("heating_rate_c_min", "heating rate", "°C/min", 0.01, 1e5),
    _choice("cooling", "how it is cooled", "cooling"),
    _number("pressure_mpa", "die pressure during sintering", "MPa", 0, 5000),
    _choice("atmosphere", "gas during sintering or annealing", "gas", influential_for=_HEATED),
    _number("post_anneal_temp_c", "a separate later anneal", "°C", 20, 1600),
    _number("post_anneal_time_h", "length of the later anneal", "h", 0, 500),
    _choice("post_anneal_atmosphere", "gas during the later anneal", "gas"),
    Field(
        "mother_powder", "flag", "buried in powder of its own composition", influential_for=_BURIED
    ),
    _choice("crucible", "crucible material", "crucible", influential_for=_BURIED),
    _number("li_excess_pct", "extra Li source", "%", 0, 500, influential_for=(*_BURIED, "film")),
    _choice("li_excess_basis", "what the Li excess is a percentage of", "li_excess_basis"),
    Field("additive", "list", "sintering aid(s) added after calcination", influential_for=_BURIED),
    Field(
        "additive_wt_pct",
        "numbers",
        "amount of the aid(s), of ceramic mass",
        unit="wt%",
        low=0,
        high=60,
    ),
    Field("additive_mol_pct", "numbers", "amount of the aid(s)", unit="mol%", low=0, high=60),
    Field("substrate", "text", "substrate of a film"),
    _number(
        "substrate_temp_c",
        "substrate temperature during deposition",
        "°C",
        -200,
        1300,
        influential_for=("film",),
    ),
    _choice("deposition_atmosphere", "gas during deposition", "gas"),
    _number("deposition_pressure_mbar", "gas pressure during deposition", "mbar", 0, 1100),
    _number("thickness_um", "thickness (all forms)", "µm", 1e-4, 20000, influential_for=("film",)),
    _number("stack_pressure_mpa", "pressure on the cell while measured", "MPa", 0, 2000),
    Field("electrode", "text", "electrode of the impedance measurement"),
    _choice("storage", "how the sample was kept before measurement", "storage"),
    _number("temperature_c", "temperature of the conductivity measurement", "°C", -273.15, 1000),
)

_OUTCOMES = (
    *(
        _number(f"sigma_{kind}_s_cm", meaning, "S/cm", low, 100, "outcome")
        for kind, meaning, low in (
            ("total", "total Li-ion conductivity", 1e-20),
            ("bulk", "bulk (grain) conductivity", 1e-20),
            ("gb", "apparent grain-boundary conductivity", 1e-20),
            ("unspecified", "conductivity, source does not say which", 1e-20),
            ("max", "upper bound: the conductivity is below this", 1e-20),
            ("min", "lower bound: the conductivity is above this", 1e-20),
            ("electronic", "electronic conductivity", 1e-22),
        )
    ),
    _number("activation_energy_ev", "activation energy of conduction", "eV", 0.01, 3, "outcome"),
    _choice(
        "activation_energy_basis",
        "fitted to ln(sigma) or ln(sigma T)",
        "activation_energy_basis",
        "outcome",
    ),
    _number("relative_density_pct", "relative density", "%", 10, 101, "outcome"),
    _number("density_g_cm3", "density", "g/cm³", 0.3, 12, "outcome"),
    _number("theoretical_density_g_cm3", "theoretical density", "g/cm³", 0.5, 12, "outcome"),
    Field("density_method", "text", "how density was measured", "outcome"),
    _number("grain_size_um", "mean grain size", "µm", 1e-4, 5000, "outcome"),
    _choice("phase_main", "main phase", "phase_main", "outcome"),
    Field(
        "phase_pure",
        "flag",
        "no crystalline phase of another composition above about 2 wt%",
        "outcome",
    ),
    Field("impurities", "list", "crystalline phases of another composition", "outcome"),
    _number("impurity_wt_pct", "sum of the impurities", "wt%", 0, 100, "outcome"),
    _number("phase_purity_pct", "share of the main phase", "wt%", 0, 100, "outcome"),
    _choice("phase_stage", "what was examined for phases", "phase_stage", "outcome"),
    _choice("phase_method", "how phases were examined", "phase_method", "outcome"),
)

_PROVENANCE = (
    Field("sample_id", "text", "identity of the sample in its data set", "provenance"),
    Field("source", "text", "data set(s) that hold the sample", "provenance"),
    Field("doi", "text", "DOI of the paper", "provenance"),
    Field("url", "text", "where it was read", "provenance"),
    Field("title", "text", "title of the paper", "provenance"),
    _number("year", "year of publication", "", 1900, 2100, "provenance"),
    _choice("found_in", "part of the source", "found_in", "provenance"),
    Field("other_dois", "list", "further papers that the source names", "provenance"),
    Field("evidence", "text", "where the numbers stand, in our words", "provenance"),
    _choice("confidence", "how sure the reading is", "confidence", "provenance"),
    Field("paper_key", "text", "identity of the paper", "provenance"),
    Field("cv_group", "text", "what cross-validation keeps together", "provenance"),
    _number(
        "heating_unassigned_temp_c",
        "hottest joined heating step of which it is not known whether it sintered the sample",
        "°C",
        20,
        3000,
        "provenance",
    ),
    _number("heating_unassigned_time_h", "length of that step", "h", 0, 1000, "provenance"),
    _choice("heating_unassigned_atmosphere", "gas during that step", "gas", "provenance"),
    Field("heating_unassigned_steps", "list", "all such steps, such as 900C/12h/air", "provenance"),
    Field("flags", "list", "doubts about the row, such as charge_imbalance", "provenance"),
    Field("conflicts", "text", "other values that sources give for the sample", "provenance"),
    Field("batch", "text", "batch or campaign (lab files)", "provenance"),
)

FIELDS: dict[str, Field] = {f.name: f for f in (*_RECIPE, *_OUTCOMES, *_PROVENANCE)}
"""Every field by name, in table order."""

LAB_FIELDS: dict[str, Field] = {
    f.name: f
    for f in (
        Field(
            "suggestion_id",
            "text",
            "identity of the suggestion that the sample answers",
            "provenance",
        ),
    )
}
"""Fields of lab files alone: data sets do not have them."""

RECIPE_FIELDS: tuple[str, ...] = tuple(f.name for f in _RECIPE)
"""Columns that describe how a sample is made and measured: the only model inputs."""

OUTCOME_FIELDS: tuple[str, ...] = tuple(f.name for f in _OUTCOMES)
"""Measured outcomes: never model inputs except through ``known``."""

PROVENANCE_FIELDS: tuple[str, ...] = tuple(f.name for f in _PROVENANCE)
"""Where a row comes from."""

DEFAULT_FORM = "pellet"
"""The form that a recipe is counted as when it does not say."""


def influential(form: str | None) -> tuple[str, ...]:
    """Return the fields whose blanks ``n_missing`` counts for a form.

    Parameters
    ----------
    form : str or None
        A form of the vocabulary; None counts as a pellet.
    """
    wanted = form or DEFAULT_FORM
    return tuple(f.name for f in _RECIPE if wanted in f.influential_for)
