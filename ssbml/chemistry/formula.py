"""Chemical formulas: the one place where they are parsed."""

from __future__ import annotations

import math
import re
import unicodedata
from functools import lru_cache
from types import MappingProxyType

from ssbml.chemistry.elements import element_index
from ssbml.errors import SsbmlError

Composition = MappingProxyType[str, float]
"""Amount of each element per formula as written; zero amounts are left out."""

MAX_CHARACTERS = 300
_MAX_AMOUNT = 1e6
_TOKEN = re.compile(r"(?P<element>[A-Z][a-z]?)|(?P<number>\d+\.?\d*|\.\d+)|(?P<open>[(\[{])"
                    r"|(?P<close>[)\]}])|(?P<join>[-·•*+])|(?P<space>\s+)")  # fmt: skip
_PAIRS = {")": "(", "]": "[", "}": "{"}

EXAMPLES: dict[str, str] = {
    "LLZO": "Li7La3Zr2O12",
    "LLZ": "Li7La3Zr2O12",
    "LLZTO": "Li6.4La3Zr1.4Ta0.6O12",
    "LLZNO": "Li6.5La3Zr1.5Nb0.5O12",
    "LLZAO": "Li6.25Al0.25La3Zr2O12",
    "LLZGO": "Li6.25Ga0.25La3Zr2O12",
    "LLTO": "Li0.33La0.557TiO3",
    "LLT": "Li0.33La0.557TiO3",
    "LATP": "Li1.3Al0.3Ti1.7(PO4)3",
    "LAGP": "Li1.5Al0.5Ge1.5(PO4)3",
    "LZP": "LiZr2(PO4)3",
    "LTP": "LiTi2(PO4)3",
    "LIPON": "Li3.3PO3.8N0.2",
    "LISICON": "Li3.5Si0.5P0.5O4",
    "LGPS": "Li10GeP2S12",
    "LPS": "Li3PS4",
    "LPSC": "Li6PS5Cl",
    "LPSCL": "Li6PS5Cl",
    "LYC": "Li3YCl6",
    "LIC": "Li3InCl6",
}
"""An example formula for each acronym people type instead of one."""


class FormulaError(SsbmlError, ValueError):
    """A formula cannot be used.

    Parameters
    ----------
    reason : str
        What is wrong and where.
    suggestion : str
        The nearest valid choice, or an empty string.
    """

    def __init__(self, reason: str, suggestion: str = "") -> None:
        self.reason = reason
        self.suggestion = suggestion
        super().__init__(f"{reason} ({suggestion})" if suggestion else reason)


@lru_cache(maxsize=65536)
def parse_formula(text: str) -> Composition:
    """Return the amounts of each element in a formula.

    Parameters
    ----------
    text : str
        Real elements with decimals and brackets, ``Li1.3Al0.3Ti1.7(PO4)3``, or a mixture whose
        terms all start with a coefficient, ``0.75Li2S-0.25P2S5``. Subscript digits are read as
        digits. Zero amounts are allowed.

    Returns
    -------
    mapping of str to float
        Amounts per formula as written, in order of first appearance.

    Raises
    ------
    FormulaError
        Empty or too long text, an acronym, an unknown element, an unbalanced bracket, a negative or
        absurd amount, a stray character, or nothing left after removing zero amounts.

    Examples
    --------
    >>> dict(parse_formula("Li1.3Al0.3Ti1.7(PO4)3"))
    {'Li': 1.3, 'Al': 0.3, 'Ti': 1.7, 'P': 3.0, 'O': 12.0}
    """
    clean = unicodedata.normalize("NFKC", text).strip()
    if not clean:
        raise FormulaError("the formula is empty", "for example Li7La3Zr2O12")
    if len(clean) > MAX_CHARACTERS:
        raise FormulaError(
            f"a formula has at most {MAX_CHARACTERS} characters, this one has {len(clean):,}"
        )
    example = EXAMPLES.get(clean.upper().replace("-", ""))
    if example is not None and clean.upper() == clean.upper().replace("-", ""):
        raise FormulaError(
            "an acronym does not fix the amounts", f"write the composition, for example {example}"
        )
    amounts = _parse_terms(clean)
    kept = {symbol: amount for symbol, amount in amounts.items() if amount > 0}
    if not kept:
        raise FormulaError("all amounts are zero")
    return MappingProxyType(kept)


def parse_electrolyte(text: str) -> Composition:
    """Return the amounts in the formula of a lithium electrolyte.

    Parameters
    ----------
    text : str
        As in `parse_formula`.

    Returns
    -------
    mapping of str to float
        Amounts per formula as written.

    Raises
    ------
    FormulaError
        As in `parse_formula`, or when the formula holds no lithium.
    """
    composition = parse_formula(text)
    if "Li" not in composition:
        raise FormulaError("the formula holds no lithium; ssbml knows lithium electrolytes only")
    if len(composition) == 1:
        raise FormulaError("lithium metal is not an electrolyte")
    return composition


def composition_key(composition: Composition, digits: int = 4) -> str:
    """Return a text that is equal for equal compositions, whatever their multiple or order.

    Parameters
    ----------
    composition : mapping of str to float
        Amounts.
    digits : int, default 4
        Decimals of the atomic fractions that count.
    """
    total = sum(composition.values())
    parts = ((s, round(a / total, digits)) for s, a in sorted(composition.items()))
    return " ".join(f"{s}{f:.{digits}f}" for s, f in parts if f > 0)


def _parse_terms(text: str) -> dict[str, float]:
    """Sum the terms of a mixture, or parse a plain formula as its only term."""
    stack: list[tuple[str, int, dict[str, float]]] = [("", 0, {})]
    mixture = text[0].isdigit()
    coefficient, position = 1.0, 0
    total: dict[str, float] = {}
    tokens = _tokens(text)
    while position < len(tokens):
        kind, token, at = tokens[position]
        position += 1
        if kind == "join":
            _require_mixture(mixture, len(stack), token, at)
            _add(total, stack[0][2], coefficient)
            stack, coefficient = [("", 0, {})], 1.0
        elif kind == "number":
            if stack[-1][2] or len(stack) > 1:
                raise FormulaError(f"the amount {token} at character {at} follows no element")
            coefficient = _amount(token, at)
        elif kind == "open":
            stack.append((token, at, {}))
        else:
            amount = 1.0
            if position < len(tokens) and tokens[position][0] == "number":
                amount = _amount(tokens[position][1], tokens[position][2])
                position += 1
            group = {token: 1.0} if kind == "element" else _close(stack, token, at)
            _add(stack[-1][2], group, amount)
    if len(stack) > 1:
        bracket, at, _ = stack[-1]
        raise FormulaError(f"the bracket '{bracket}' at character {at} is never closed")
    if not stack[0][2]:
        raise FormulaError("a coefficient stands before nothing")
    _add(total, stack[0][2], coefficient)
    return total


def _tokens(text: str) -> list[tuple[str, str, int]]:
    """Split into (kind, text, 1-based position), spaces left out."""
    tokens: list[tuple[str, str, int]] = []
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        at = position + 1
        if match is None or match.lastgroup is None:
            raise FormulaError(_stray(text[position], at))
        if match.lastgroup == "element":
            _check_element(match.group(), at)
        if match.lastgroup != "space":
            tokens.append((match.lastgroup, match.group(), at))
        position = match.end()
    return tokens


def _stray(character: str, at: int) -> str:
    if character in "xyzδ±":
        return f"'{character}' at character {at}: variables need a value; write the amounts"
    if character == ",":
        return f"',' at character {at}: use a point in decimals"
    return f"'{character}' at character {at} is not part of a formula"


def _check_element(symbol: str, at: int) -> None:
    if symbol in element_index():
        return
    like = ", ".join(sorted(known for known in element_index() if known[0] == symbol[0]))
    raise FormulaError(
        f"'{symbol}' at character {at} is not an element",
        f"elements with {symbol[0]} are {like}" if like else "",
    )


def _require_mixture(mixture: bool, depth: int, token: str, at: int) -> None:
    if not mixture or depth > 1:
        raise FormulaError(
            f"'{token}' at character {at}: amounts cannot be negative, and the terms of a mixture "
            "all need a coefficient",
            "for example 0.75Li2S-0.25P2S5",
        )


def _amount(token: str, at: int) -> float:
    value = float(token)
    if not math.isfinite(value) or value > _MAX_AMOUNT:
        raise FormulaError(f"the amount {token[:20]} at character {at} is absurd")
    return value


def _close(stack: list[tuple[str, int, dict[str, float]]], token: str, at: int) -> dict[str, float]:
    if len(stack) == 1 or stack[-1][0] != _PAIRS[token]:
        raise FormulaError(f"the bracket '{token}' at character {at} was never opened")
    bracket, opened, group = stack.pop()
    if not group:
        raise FormulaError(f"the bracket '{bracket}' at character {opened} holds nothing")
    return group


def _add(target: dict[str, float], group: dict[str, float], factor: float) -> None:
    for symbol, amount in group.items():
        target[symbol] = target.get(symbol, 0.0) + amount * factor
