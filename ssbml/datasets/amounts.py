"""Target compositions with variables: ``Li1+xAlxTi2-x`` and a list of values of x."""

from __future__ import annotations

import ast
import itertools
import operator
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from ssbml.chemistry.elements import element_index

_OPERATORS: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_DEFICIT = re.compile(r"\s*[-+]?\s*(?:del_O|δ|delta)\s*$")
_LEADING_FACTOR = re.compile(r"(\d)\s*(?=[a-zα-ω])")
_NEGLIGIBLE = 1e-9
_MAX_COMPOSITIONS = 1000
_RANGE_STEPS = 200
_FREE_RANGE = (0.0, 1.0)
_VARIABLE = re.compile(r"[a-zα-ω]+")


@dataclass(frozen=True, slots=True)
class Target:
    """One composition that a synthesis aimed at.

    Attributes
    ----------
    amounts : mapping of str to float
        Amounts per formula as written.
    listed : bool
        False when the text does not list the value of the variable and this is a point of its
        range.
    """

    amounts: Mapping[str, float]
    listed: bool = True


def evaluate(expression: str, values: Mapping[str, float]) -> float:
    """Return the value of an amount such as ``2-0.5*x``; a trailing oxygen deficit counts as zero.

    Raises
    ------
    ValueError
        The text is no sum of products of numbers and known variables.
    """
    try:
        return _value(_parsed(expression), values)
    except (SyntaxError, ZeroDivisionError, RecursionError) as error:
        raise ValueError(f"'{expression}' is not an amount ({error})") from None


@lru_cache(maxsize=4096)
def _parsed(expression: str) -> ast.expr:
    text = _LEADING_FACTOR.sub(r"\1*", _DEFICIT.sub("", expression).strip() or "0")
    return ast.parse(text, mode="eval").body


def _value(node: ast.expr, values: Mapping[str, float]) -> float:
    if isinstance(node, ast.Constant) and isinstance(node.value, (int, float)):
        return float(node.value)
    if isinstance(node, ast.Name) and node.id in values:
        return values[node.id]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.UAdd)):
        inner = _value(node.operand, values)
        return -inner if isinstance(node.op, ast.USub) else inner
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
        return _OPERATORS[type(node.op)](_value(node.left, values), _value(node.right, values))
    raise ValueError(f"'{ast.unparse(node)}' is not an amount")


def concrete_targets(
    parts: Sequence[tuple[str, Mapping[str, str]]],
    amounts: Mapping[str, tuple[Sequence[float], float | None, float | None]],
    elements: Mapping[str, Sequence[str]],
) -> list[Target]:
    """Return every composition that a target with variables stands for.

    Parameters
    ----------
    parts : sequence of (str, mapping)
        Multiple and element amounts (texts) of each part of the formula.
    amounts : mapping
        Listed values, smallest and largest value of each variable.
    elements : mapping of str to sequence of str
        What each element variable stands for.

    Returns
    -------
    list of Target
        Without impossible ones (negative amounts, unknown variables, no elements). Variables
        are combined every way. A text such as "0.2 <= x <= 1" gives the ends as values, so for a
        single variable points of the range follow, not ``listed``; the range is 0 to 1 when the
        text gives none.
    """
    targets: list[Target] = []
    known = {**dict.fromkeys(_unlisted(parts), ((), None, None)), **amounts}
    for values, listed in _choices(known):
        for symbols in _substitutions(elements):
            try:
                composition = _composition(parts, values, symbols)
            except ValueError:
                continue
            targets.append(Target(composition, listed))
            if len(targets) >= _MAX_COMPOSITIONS:
                return targets
    return targets


def _unlisted(parts: Sequence[tuple[str, Mapping[str, str]]]) -> list[str]:
    """Return the variables of the amounts, oxygen deficits left out."""
    texts = [text for multiple, content in parts for text in (multiple, *content.values())]
    return sorted({name for t in texts for name in _VARIABLE.findall(_DEFICIT.sub("", t))})


def _choices(
    amounts: Mapping[str, tuple[Sequence[float], float | None, float | None]],
) -> Iterator[tuple[dict[str, float], bool]]:
    """Yield the listed values, then, for a single variable, points of the range they span."""
    names = list(amounts)
    if all(amounts[name][0] for name in names):
        for combination in itertools.product(*(amounts[name][0] for name in names)):
            yield dict(zip(names, combination, strict=True)), True
    if len(names) != 1:
        return
    values, low, high = amounts[names[0]]
    if values:
        low, high = min(values), max(values)
    elif low is None or high is None or high <= low:
        low, high = _FREE_RANGE
    steps = _RANGE_STEPS if high > low else 0
    for step in range(1, steps):
        yield {names[0]: low + (high - low) * step / steps}, False


def _substitutions(elements: Mapping[str, Sequence[str]]) -> Iterator[dict[str, str]]:
    names = list(elements)
    for combination in itertools.product(*(elements[name] for name in names)):
        yield dict(zip(names, combination, strict=True))


def _composition(
    parts: Sequence[tuple[str, Mapping[str, str]]],
    values: Mapping[str, float],
    symbols: Mapping[str, str],
) -> dict[str, float]:
    total: dict[str, float] = {}
    for multiple, content in parts:
        factor = evaluate(multiple, values)
        for written, expression in content.items():
            symbol = symbols.get(written, written)
            if symbol not in element_index():
                raise ValueError(f"'{symbol}' is not an element")
            amount = factor * evaluate(expression, values)
            if amount < -_NEGLIGIBLE:
                raise ValueError(f"{symbol} {amount:g} is negative")
            total[symbol] = total.get(symbol, 0.0) + max(amount, 0.0)
    kept = {symbol: amount for symbol, amount in total.items() if amount > _NEGLIGIBLE}
    if "Li" not in kept or len(kept) < 2:
        raise ValueError("no lithium compound")
    return kept
