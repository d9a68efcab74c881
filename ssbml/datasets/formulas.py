"""Formulas as compiled tables write them, turned into what the formula parser accepts."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from ssbml.chemistry.charge import WARN_IMBALANCE, relative_imbalance
from ssbml.chemistry.elements import composition_matrix
from ssbml.chemistry.formula import FormulaError, parse_electrolyte
from ssbml.datasets.subscripts import readings

_DASHES = str.maketrans({c: "-" for c in "‐‑‒–—−"})
_QUOTES = re.compile("[\"'“”‘’]")
_POLYMORPH = re.compile(r"^[a-zα-ωß]['’]?-(?=[A-Z(])")
_WEIGHT_SHARE = re.compile(r"^(?P<host>.+?)-?(?P<share>\d+(?:\.\d+)?)wt%(?P<added>.+)$")
_TERM = re.compile(r"^(\d*\.?\d+)?(.+)$")
_SHARES = (1.0, 10.0, 100.0)
_SHARE_TOLERANCE = 0.051
_MAX_READINGS = 256

_REPAIRS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?<=[A-Za-z])o(?=\.\d)"), "0"),
    (re.compile(r"(?<=\d)o(?=\d)"), "O"),
    (re.compile(r"\(P04\)"), "(PO4)"),
    (re.compile(r"(?<=[A-Za-z])0(?=[1-9](?:[A-Z]|$))"), "0."),
    (re.compile(r"(?<=\d)Li2(?=-\d)"), "Li2S"),
)
"""Slips of scanned tables: the letter o for zero or oxygen, a lost decimal point, a lost S."""


@dataclass(frozen=True, slots=True)
class PlainFormula:
    """A formula that parses, and what was done to it.

    Attributes
    ----------
    text : str
        A formula that `ssbml.chemistry.formula.parse_electrolyte` accepts.
    repaired : bool
        Whether characters were changed or subscripts moved (not just spaces and quotes).
    additive : str
        What was added by weight, or an empty string.
    additive_wt_pct : float or None
        How much of it.
    """

    text: str
    repaired: bool = False
    additive: str = ""
    additive_wt_pct: float | None = None


def plain_formula(lines: str | Sequence[str]) -> PlainFormula:
    """Return a messy formula in a form that parses.

    Quotes, spaces, other dashes and polymorph letters go; nested mixtures become brackets; slipped
    subscripts go back (of several readings the first that is charge-balanced); a second component
    given in wt% becomes the additive.

    Parameters
    ----------
    lines : str or sequence of str
        The formula, or the lines it was broken into.

    Returns
    -------
    PlainFormula

    Raises
    ------
    FormulaError
        Nothing readable is left, no lithium, or a mixture whose shares are not stated or do not
        add up.

    Examples
    --------
    >>> plain_formula("(Li2S)0.5 ((P2S5)0.4 (Sb2S3)0.6)0.5").text
    '(Li2S)0.5((P2S5)0.4(Sb2S3)0.6)0.5'
    >>> plain_formula("0.9(0.4SiS2-0.6Li2S)-0.1LiI").text
    '((SiS2)0.4(Li2S)0.6)0.9(LiI)0.1'
    """
    parts = [_cleaned(line) for line in ([lines] if isinstance(lines, str) else lines)]
    if not any(parts):
        raise FormulaError("the formula is empty")
    choices = itertools.product(*(readings(part) for part in parts))
    written = ["".join(choice) for choice in itertools.islice(choices, _MAX_READINGS)]
    errors: list[FormulaError] = []
    found: list[PlainFormula] = []
    for text in written:
        try:
            found.append(_one_reading(text, moved=text != "".join("".join(parts).split())))
        except FormulaError as error:
            errors.append(error)
    if not found:
        raise errors[0]
    balanced = (formula for formula in found if _imbalance(formula.text) <= WARN_IMBALANCE)
    return next(balanced, found[0])


def _cleaned(text: str) -> str:
    clean = unicodedata.normalize("NFKC", text).translate(_DASHES)
    clean = _QUOTES.sub("", clean).strip()
    clean = re.sub(r"(\))\s+(?=0?\.\d+\()", r"\1*", clean) if clean[:1].isdigit() else clean
    return _POLYMORPH.sub("", clean)


def _one_reading(text: str, *, moved: bool) -> PlainFormula:
    repaired = text
    for slip, right in _REPAIRS:
        repaired = slip.sub(right, repaired)
    changed = moved or repaired != text
    weighed = _WEIGHT_SHARE.match(repaired)
    if weighed:
        host = _unmixed(weighed["host"].rstrip("-"))
        parse_electrolyte(host)
        return PlainFormula(host, changed, weighed["added"], float(weighed["share"]))
    plain = _unmixed(repaired)
    parse_electrolyte(plain)
    return PlainFormula(plain, changed)


def _imbalance(formula: str) -> float:
    return float(relative_imbalance(composition_matrix([parse_electrolyte(formula)]))[0])


def _unmixed(text: str) -> str:
    """Rewrite mixtures, nested ones too, as brackets with their shares behind."""
    text = _inner_unmixed(text)
    terms, joins = _split(text)
    if len(terms) == 1:
        return _term(terms[0]) if text[:1].isdigit() else text
    shares = [_TERM.match(term) for term in terms]
    stated = [match.group(1) for match in shares if match]
    _check_shares(terms, stated, joins)
    return "".join(_term(term) for term in terms)


def _inner_unmixed(text: str) -> str:
    out, depth, start = "", 0, 0
    for i, character in enumerate(text):
        if character == "(":
            if depth == 0:
                start = i
            depth += 1
        elif character == ")" and depth > 0:
            depth -= 1
            if depth == 0:
                out += f"({_unmixed(text[start + 1 : i])})"
        elif depth == 0:
            out += character
    return out if depth == 0 else text


def _split(text: str) -> tuple[list[str], list[str]]:
    terms, joins, depth = [""], [], 0
    for character in text:
        depth += (character == "(") - (character == ")")
        if depth == 0 and character in "-*·":
            joins.append(character)
            terms.append("")
        else:
            terms[-1] += character
    if any(not term for term in terms):
        raise FormulaError("a term of the mixture is missing")
    return terms, joins


def _term(term: str) -> str:
    match = _TERM.match(term)
    share, body = (match.group(1), match.group(2)) if match else (None, term)
    if share is None:
        return body if body.endswith(")") else f"({body})"
    enclosed = body.startswith("(") and body.endswith(")") and _closes_last(body)
    return f"{body}{share}" if enclosed else f"({body}){share}"


def _closes_last(body: str) -> bool:
    depth = 0
    for i, character in enumerate(body):
        depth += (character == "(") - (character == ")")
        if depth == 0:
            return i == len(body) - 1
    return False


def _check_shares(terms: list[str], stated: list[str | None], joins: list[str]) -> None:
    if all(share is None for share in stated):
        if "-" not in joins and not any("H2O" in term for term in terms):
            raise FormulaError("the shares of the mixture are not stated")
        return
    if any(share is None for share in stated):
        return
    total = sum(float(share) for share in stated if share)
    if not any(abs(total - whole) <= _SHARE_TOLERANCE * whole for whole in _SHARES):
        raise FormulaError(f"the shares of the mixture add up to {total:g}")
