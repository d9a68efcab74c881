"""Units as people write them, and numbers converted into the unit of a field."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from ssbml.errors import SsbmlError
from ssbml.fields import Field

if TYPE_CHECKING:
    import pint

_SYMBOLS: dict[str, str] = {
    "°C": "degC", "C": "degC", "degC": "degC", "deg": "degC", "oC": "degC", "ºC": "degC",
    "celsius": "degC", "Celsius": "degC", "K": "kelvin", "kelvin": "kelvin", "Kelvin": "kelvin",
    "°F": "degF", "F": "degF",
    "h": "hour", "hr": "hour", "hrs": "hour", "hour": "hour", "hours": "hour", "H": "hour",
    "min": "minute", "mins": "minute", "minute": "minute", "minutes": "minute", "Min": "minute",
    "s": "second", "sec": "second", "secs": "second", "second": "second", "seconds": "second",
    "d": "day", "day": "day", "days": "day", "Days": "day",
    "Pa": "pascal", "hPa": "hectopascal", "kPa": "kilopascal", "KPa": "kilopascal",
    "MPa": "megapascal", "Mpa": "megapascal", "GPa": "gigapascal", "Gpa": "gigapascal",
    "bar": "bar", "mbar": "millibar", "kbar": "kilobar", "atm": "atm", "psi": "psi",
    "ksi": "ksi", "Torr": "torr", "torr": "torr", "mmHg": "mmHg",
    "nm": "nanometer", "µm": "micrometer", "um": "micrometer", "micron": "micrometer",
    "microns": "micrometer", "mm": "millimeter", "cm": "centimeter", "m": "meter",
    "Å": "angstrom", "A": "angstrom",
    "S": "siemens", "mS": "millisiemens", "µS": "microsiemens", "uS": "microsiemens",
    "nS": "nanosiemens", "Ω": "ohm", "ohm": "ohm", "Ohm": "ohm", "ohms": "ohm", "kΩ": "kiloohm",
    "eV": "eV", "meV": "meV", "J": "joule", "kJ": "kilojoule", "cal": "calorie",
    "kcal": "kilocalorie", "mol": "mole",
    "g": "gram", "mg": "milligram", "kg": "kilogram", "cc": "milliliter",
    "mL": "milliliter", "ml": "milliliter", "L": "liter", "l": "liter",
    "kgf": "force_kilogram", "N": "newton", "kN": "kilonewton", "tf": "force_metric_ton",
}  # fmt: skip
"""Spellings of unit symbols and the pint units that they stand for."""

_FORCES = frozenset({"t", "ton", "tons", "tonne", "tonnes", "kN", "N", "kgf", "tf", "metric ton"})

_PERCENT: dict[str, str] = {
    "%": "%", "percent": "%", "pct": "%", "% td": "%", "%td": "%", "% of theoretical": "%",
    "% theoretical": "%", "%th": "%", "% th": "%",
    "wt%": "wt%", "wt %": "wt%", "wt.%": "wt%", "wt. %": "wt%", "weight %": "wt%", "mass %": "wt%",
    "weight%": "wt%", "mass%": "wt%", "w/o": "wt%", "wt pct": "wt%", "% wt": "wt%",
    "mol%": "mol%", "mol %": "mol%", "mol.%": "mol%", "mole %": "mol%", "mole%": "mol%",
    "mol pct": "mol%", "% mol": "mol%",
}  # fmt: skip

_PERCENT_FOR: dict[str, tuple[str, ...]] = {
    "%": ("%",),
    "wt%": ("wt%", "%"),
    "mol%": ("mol%", "%"),
}

_FIELD_UNITS: dict[str, str] = {
    "°C": "degC",
    "h": "hour",
    "µm": "micrometer",
    "MPa": "megapascal",
    "mbar": "millibar",
    "S/cm": "siemens * centimeter**-1",
    "eV": "eV",
    "g/cm³": "gram * centimeter**-3",
    "°C/min": "kelvin * minute**-1",
}
"""pint units of the units that the field table uses."""

_TAILS: dict[str, str] = {
    "s cm": "S/cm", "ms cm": "mS/cm", "us cm": "µS/cm", "s m": "S/m", "g cm3": "g/cm3",
    "g cc": "g/cm3", "kg m3": "kg/m3", "c min": "°C/min", "k min": "K/min", "kj mol": "kJ/mol",
    "c": "°C", "k": "K", "mpa": "MPa", "gpa": "GPa", "kpa": "kPa", "ev": "eV", "mev": "meV",
}  # fmt: skip
"""Units at the end of names such as ``sigma_ms_cm``, whose letters have lost case and slash."""

_FACTOR = re.compile(r"([^\W\d_]+|°[CF])\s*\^?\s*\(?([-+]?\d+)?\)?")
_DIGITS = 12
_LONGEST = 40


class UnitError(SsbmlError, ValueError):
    """A unit is not understood or does not fit its field."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as written, and what it stands for.

    Attributes
    ----------
    text : str
        As people read it.
    pint : str
        Expression that pint reads, empty for percentages and forces.
    percent : str
        ``%``, ``wt%`` or ``mol%``, empty for other units.
    force : bool
        Whether it is a force, given where a pressure is asked for.
    """

    text: str
    pint: str = ""
    percent: str = ""
    force: bool = False


@lru_cache(maxsize=1024)
def parse_unit(text: str) -> Unit | None:
    """Return the unit that a text stands for, or None if it stands for none.

    Parameters
    ----------
    text : str
        Such as ``mS/cm``, ``S cm⁻¹``, ``kJ/mol``, ``wt.%`` or, from a name, ``ms cm``.
    """
    shown = " ".join(text.split())
    if len(shown) > _LONGEST:
        return None
    plain = unicodedata.normalize("NFKC", shown).replace("μ", "µ").replace("−", "-")
    plain = plain.replace("º", "°").replace("° ", "°").replace("deg. ", "deg")
    plain = plain.replace("degrees ", "deg").replace("deg ", "deg").strip(" .")
    if plain.casefold() in _PERCENT:
        return Unit(shown, percent=_PERCENT[plain.casefold()])
    if plain.casefold() in _TAILS and plain == plain.casefold():
        plain = _TAILS[plain]
    if plain in _FORCES:
        return Unit(shown, force=True)
    expression = _expression(plain)
    return Unit(shown, expression) if expression else None


def _expression(text: str) -> str:
    """Return a pint expression made of known symbols alone, or an empty text."""
    numerator, *denominators = text.split("/")
    factors: list[str] = []
    for position, part in enumerate((numerator, *denominators)):
        cleaned = part.replace("·", " ").replace("*", " ").replace(".", " ").strip(" ()[]")
        rest = cleaned
        if not (cleaned or position) or cleaned == "1":
            continue
        for match in _FACTOR.finditer(cleaned):
            symbol, power = match.group(1), int(match.group(2) or 1)
            if symbol not in _SYMBOLS or abs(power) > 4:
                return ""
            power = -power if position else power
            factors.append(_SYMBOLS[symbol] if power == 1 else f"{_SYMBOLS[symbol]}**{power}")
            rest = rest.replace(match.group(0), "", 1)
        if rest.strip(" ^()") or not cleaned:
            return ""
    if len(factors) == 1:
        return factors[0]
    return " * ".join(factors).replace("degC", "kelvin")


def fits(unit: Unit, field: Field) -> bool:
    """Return whether numbers in ``unit`` can stand in a field."""
    if unit.percent:
        allowed = _PERCENT_FOR.get(field.unit, ())
        return unit.percent in allowed or (
            field.name == "li_excess_pct" and unit.percent in ("wt%", "mol%")
        )
    if field.unit not in _FIELD_UNITS or not unit.pint:
        return False
    return unit.pint == _FIELD_UNITS[field.unit] or _factor(unit.pint, field.unit) is not None


def converted(value: float, unit: Unit, field: Field) -> float:
    """Return a number in the unit of its field, to twelve digits.

    Parameters
    ----------
    value : float
        In ``unit``.
    unit : Unit
        Must fit the field (`fits`).
    field : Field
        The column.

    Raises
    ------
    UnitError
        The unit does not fit the field.
    """
    if unit.percent:
        return value
    found = _factor(unit.pint, field.unit)
    if found is None:
        raise UnitError(f"'{unit.text}' is no unit of {field.name} ({field.unit})")
    factor, offset = found
    return float(f"{value * factor + offset:.{_DIGITS}g}")


def same_unit(unit: Unit, field: Field) -> bool:
    """Return whether numbers in ``unit`` are numbers in the unit of the field."""
    return bool(unit.percent) or _factor(unit.pint, field.unit) == (1.0, 0.0)


@lru_cache(maxsize=512)
def _factor(expression: str, field_unit: str) -> tuple[float, float] | None:
    """Return factor and offset into a field's unit, or None where the dimensions differ.

    Energies per mole become energies per particle with the Avogadro constant of pint (CODATA).
    """
    target = _FIELD_UNITS.get(field_unit)
    if target is None:
        return None
    if expression == target:
        return 1.0, 0.0
    registry = _registry()
    unit, wanted = registry.Unit(expression), registry.Unit(target)
    if (unit * registry.mole).dimensionality == wanted.dimensionality:
        one = (registry.Quantity(1.0, unit) / registry.Quantity(1.0, "avogadro_constant")).to(
            wanted
        )
        return float(one.magnitude), 0.0
    if unit.dimensionality != wanted.dimensionality:
        return None
    zero = float(registry.Quantity(0.0, unit).to(wanted).magnitude)
    hundred = float(registry.Quantity(100.0, unit).to(wanted).magnitude)
    return float(f"{(hundred - zero) / 100:.15g}"), float(f"{zero:.{_DIGITS}g}")


@lru_cache(maxsize=1)
def _registry() -> pint.UnitRegistry[Any]:
    import pint

    return pint.UnitRegistry()


def unit_examples(field: Field) -> str:
    """Return the units that a field understands, in words."""
    if field.unit in _PERCENT_FOR:
        return field.unit
    return _EXAMPLES.get(field.unit, field.unit or "no unit")


_EXAMPLES = MappingProxyType(
    {
        "°C": "°C, K",
        "h": "h, min, s, days",
        "µm": "µm, nm, mm",
        "MPa": "MPa, kPa, GPa, bar, psi",
        "mbar": "mbar, Pa, Torr",
        "S/cm": "S/cm, mS/cm, S/m",
        "eV": "eV, meV, kJ/mol",
        "g/cm³": "g/cm³, kg/m³",
        "°C/min": "°C/min, K/min, °C/h",
    }
)
