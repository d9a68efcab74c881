"""The checks as data: what is varied, what is expected, and where it is written."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

from ssbml.errors import SettingsError
from ssbml.vocabulary import VOCABULARIES, closest

CSR_DOI = "10.1039/d5cs00358j"
"""Chem. Soc. Rev. 54 (2025) 8925."""

RCR_DOI = "10.59761/RCR5171"
"""Russ. Chem. Rev. 94 (2025) RCR5171."""

RELATIONS = ("rises", "falls", "saturates", "peak", "no_gap", "outside")
STRENGTHS = ("strong", "medium", "direction")

LEAST_CHANGE = {"conductivity_s_cm": 0.02, "relative_density_pct": 0.2, "phase_purity": 0.01}
"""Smallest change that is no tie: log10 units, points, probability."""

_LEAST_PROBABILITY = 0.01
_PHASE = "phase:"
_FILE = Path(__file__).with_name("checks.toml")
_SERIES = {"rises": 2, "falls": 2, "no_gap": 2, "saturates": 3, "peak": 3, "outside": 1}


@dataclass(frozen=True, slots=True)
class Check:
    """One expectation about a pair or series of recipes.

    Attributes
    ----------
    id, group, claim : str
        Name, what is varied, and the expectation in words.
    quantity : str
        ``conductivity_s_cm`` (judged in log10), ``relative_density_pct``, ``phase_purity``,
        ``phase:NAME`` or ``in_domain``.
    relation : str
        One of `RELATIONS`.
    strength : str
        One of `STRENGTHS`.
    steps : tuple of mapping
        Recipe fields of each step; ``known`` holds measured outcomes.
    over : tuple of str
        Formulas over which the property is averaged; empty where the steps name the formula.
    fields : mapping
        Recipe fields of all steps.
    csr, rcr : str
        Sections of the two reviews; empty where a review is silent.
    reason : str
        The physics in one sentence.
    at_least : float
        Smallest change that counts (log10 units, points or probability).
    at_most : float or None
        Largest change that can be meant.
    if_failed : str
        Why a model is likely to fail; blank where nobody has looked through the samples.
    """

    id: str
    group: str
    claim: str
    quantity: str
    relation: str
    strength: str
    steps: tuple[Mapping[str, Any], ...]
    over: tuple[str, ...]
    fields: Mapping[str, Any]
    csr: str
    rcr: str
    reason: str
    at_least: float
    at_most: float | None = None
    if_failed: str = ""

    @property
    def phase(self) -> str | None:
        """The main phase whose probability is asked for, if any."""
        return self.quantity.removeprefix(_PHASE) if self.quantity.startswith(_PHASE) else None

    @property
    def source(self) -> str:
        """Where it is written, with DOI."""
        parts = []
        if self.csr:
            parts.append(f"Chem. Soc. Rev. 54 (2025) 8925, {CSR_DOI}, section {self.csr}")
        if self.rcr:
            parts.append(f"Russ. Chem. Rev. 94 (2025) RCR5171, {RCR_DOI}, section {self.rcr}")
        return "; ".join(parts)

    def recipes(self) -> list[list[dict[str, Any]]]:
        """Return the recipes of each step, one for each formula."""
        formulas: tuple[dict[str, Any], ...] = tuple({"formula": f} for f in self.over) or ({},)
        return [
            [{"form": "pellet", **self.fields, **formula, **step} for formula in formulas]
            for step in self.steps
        ]


@cache
def shipped_checks() -> tuple[Check, ...]:
    """Return the checks that travel with the package, in order."""
    return read_checks(_FILE)


def read_checks(path: Path) -> tuple[Check, ...]:
    """Return the checks of a TOML file; its head explains the keys.

    Raises
    ------
    SettingsError
        The file cannot be read, or a check lacks a key, has an unknown one or asks for something
        that the bench does not know.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{path} holds no checks: {error}") from None
    sets = data.get("sets", {})
    checks = tuple(_check(entry, sets) for entry in data.get("check", []))
    names = [check.id for check in checks]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice or not checks:
        raise SettingsError(f"{path.name}: {', '.join(twice) or 'no check'} must stand there once")
    return checks


def _check(entry: dict[str, Any], sets: Mapping[str, Any]) -> Check:
    name = str(entry.get("id", "a check without id"))
    known = {f.name for f in fields(Check)}
    for key in entry:
        if key not in known:
            like = closest(key, known)
            hint = f"; did you mean {like}?" if like else ""
            raise SettingsError(f"check {name}: unknown key '{key}'{hint}")
    over = entry.get("over", ())
    if isinstance(over, str):
        if over not in sets:
            raise SettingsError(f"check {name}: there is no set '{over}'; known are {list(sets)}")
        over = sets[over]
    least = LEAST_CHANGE.get(str(entry.get("quantity")), _LEAST_PROBABILITY)
    optional = {"fields": {}, "csr": "", "rcr": "", "at_least": least}
    filled = {**optional, **entry, "over": tuple(over), "steps": tuple(entry.get("steps", ()))}
    try:
        check = Check(**filled)
    except TypeError as error:
        raise SettingsError(f"check {name}: {error}") from None
    problem = _problem(check)
    if problem:
        raise SettingsError(f"check {name}: {problem}")
    return check


def _problem(check: Check) -> str | None:
    """Return what is wrong with a check, or None."""
    quantities = (*LEAST_CHANGE, "in_domain", *(_PHASE + p for p in VOCABULARIES["phase_main"]))
    for key, allowed in (
        ("quantity", quantities),
        ("relation", RELATIONS),
        ("strength", STRENGTHS),
    ):
        value = getattr(check, key)
        if value not in allowed:
            return f"{key} = '{value}'; allowed are {', '.join(allowed)}"
    if (check.relation == "outside") != (check.quantity == "in_domain"):
        return "relation = 'outside' and quantity = 'in_domain' go together"
    if len(check.steps) < _SERIES[check.relation]:
        return f"'{check.relation}' needs {_SERIES[check.relation]} steps or more"
    if check.relation == "no_gap" and check.at_most is None:
        return "'no_gap' needs at_most"
    if not check.source:
        return "neither csr nor rcr says where it is written"
    return None
