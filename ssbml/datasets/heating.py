"""The heating steps of a synthesis: drying, calcination, sintering, anneal, or not known which."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ssbml.datasets.steps import Basis, Step, StepKind, gas_of
from ssbml.datasets.synthesis import Operation

DRYING_BELOW_C = 200.0
"""A step below this temperature dries, unless its verb says otherwise."""

_CALCINATION = re.compile(r"calcin|calcif")
_BEFORE = re.compile(
    r"^pre(?!ss)|decompos|decarbon|carboni|pyroly|binder|burn|ignit|combust|denitr|degas"
)
_SINTERING = re.compile(r"sinter|co-?fire|^(?:hot-?)?press")
_HOT_PRESS = re.compile(r"^(?:hot-?)?press")
_MIXING = re.compile(r"^(?:re)?mix|blend|weigh")
_ANNEAL = re.compile(r"anneal|^post|crystalli")
_MELTING = re.compile(r"melt|vitrif")
_GRINDING = re.compile(r"gr[oi]u?nd|mill|crush|pulveri|powder|granulat")


@dataclass(slots=True)
class _Heat:
    """A heating operation and what stands around it, up to the next firing."""

    operation: Operation
    shaped: bool
    ground_since: bool = False
    shaped_since: bool = False
    ground_after: bool = False
    shaped_after: bool = False
    last: bool = True
    of_precursor: bool = False

    def followed(self) -> None:
        """Note that another firing comes: what was done since the heating was done in between."""
        self.last = False
        self.ground_after = self.ground_since
        self.shaped_after = self.shaped_since


def classify(operations: Sequence[Operation]) -> list[Step]:
    """Return the heating steps of a synthesis in order, classified.

    The verb decides where it says calcined, sintered, melted or pre-heated. A heating that is
    followed by grinding or pressing and another heating counts as calcination, unless it says
    otherwise; the last heating counts as sintering (inferred) when the powder was pressed between
    it and an earlier firing that was not hotter. An anneal after sintering is a post-anneal. Below
    200 °C, or before the precursors are mixed, a step dries. Everything else, every heat treatment
    of a melted batch, and sintering steps that contradict each other stay unassigned.

    Parameters
    ----------
    operations : sequence of Operation
        Steps in the order of the text.

    Returns
    -------
    list of Step
    """
    heats = _heats([op for op in _merged(operations) if not _says_nothing(op)])
    steps: list[Step] = []
    past = _Past()
    for heat in heats:
        kind, basis = _kind(heat, past)
        past.add(heat, kind)
        steps.append(_step(heat.operation, kind, basis))
    return _without_contradictions(steps)


@dataclass(slots=True)
class _Past:
    """What happened before a heating."""

    melted: bool = False
    sintered: bool = False
    fired: bool = False
    hottest_c: float = 0.0

    def add(self, heat: _Heat, kind: StepKind) -> None:
        """Remember a heating."""
        self.melted = self.melted or kind == "melting"
        self.sintered = (self.sintered or kind == "sintering") and not heat.ground_after
        if kind != "drying":
            self.fired = True
            hottest = max(heat.operation.temperatures_c, default=0.0)
            self.hottest_c = max(self.hottest_c, hottest)


def _says_nothing(operation: Operation) -> bool:
    """Tell whether a heating is only a verb, such as "heating", with no condition."""
    return (
        _is_heat(operation)
        and not operation.temperatures_c
        and not operation.times_h
        and not operation.gases
        and not any(p.search(operation.token) for p in (_CALCINATION, _SINTERING, _MELTING))
    )


def _merged(operations: Sequence[Operation]) -> list[Operation]:
    """Put "heated to 850 °C and sintered for 4 h", two operations in the collection, together."""
    merged: list[Operation] = []
    for operation in operations:
        before = merged[-1] if merged else None
        if (
            before is not None
            and _is_heat(before)
            and _is_heat(operation)
            and before.temperatures_c
            and not before.times_h
            and not operation.temperatures_c
            and not _says_what(before.token)
        ):
            merged[-1] = Operation(
                kind=operation.kind,
                token=operation.token,
                temperatures_c=before.temperatures_c,
                is_range=before.is_range,
                times_h=operation.times_h,
                gases=operation.gases or before.gases,
            )
        else:
            merged.append(operation)
    return merged


def _is_heat(operation: Operation) -> bool:
    return operation.kind == "HeatingOperation"


def _says_what(token: str) -> bool:
    return any(p.search(token) for p in (_CALCINATION, _BEFORE, _SINTERING, _ANNEAL, _MELTING))


def _heats(operations: Sequence[Operation]) -> list[_Heat]:
    heats: list[_Heat] = []
    shaped = begun = False
    for operation in operations:
        if not _is_heat(operation) and not begun:
            begun = True
            if _MIXING.search(operation.token):
                for heat in heats:
                    heat.of_precursor = True
        if _is_heat(operation) or operation.kind == "DryingOperation" or operation.temperatures_c:
            if not _dries(operation):
                for heat in heats:
                    heat.followed()
            heats.append(_Heat(operation, shaped))
        elif operation.kind == "ShapingOperation":
            shaped = True
            for heat in heats:
                heat.shaped_since = True
        elif _GRINDING.search(operation.token):
            shaped = False
            for heat in heats:
                heat.ground_since = True
    return heats


def _dries(operation: Operation) -> bool:
    if operation.kind != "HeatingOperation":
        return True
    cool = bool(operation.temperatures_c) and max(operation.temperatures_c) < DRYING_BELOW_C
    return cool and not _SINTERING.search(operation.token)


def _kind(heat: _Heat, past: _Past) -> tuple[StepKind, Basis]:
    stated = _stated_kind(heat)
    if stated is not None and not (past.melted and stated[0] == "sintering"):
        return stated
    if past.melted:
        return "unassigned", ""
    if heat.ground_after or heat.shaped_after:
        return "calcination", "inferred"
    if _ANNEAL.search(heat.operation.token) and past.sintered:
        return "post_anneal", "stated"
    pressed_between = heat.shaped and past.fired and heat.last and not past.sintered
    coolest = min(heat.operation.temperatures_c, default=float("inf"))
    if pressed_between and coolest >= past.hottest_c:
        return "sintering", "inferred"
    return "unassigned", ""


def _stated_kind(heat: _Heat) -> tuple[StepKind, Basis] | None:
    """Return what the verb says, or None when it says nothing definite."""
    token = heat.operation.token
    if _dries(heat.operation) or heat.of_precursor:
        return "drying", ""
    if _MELTING.search(token):
        return "melting", "stated"
    if _CALCINATION.search(token):
        return "calcination", "stated"
    if _BEFORE.search(token):
        return "calcination", "inferred"
    if _SINTERING.search(token):
        return ("calcination", "inferred") if heat.ground_after else ("sintering", "stated")
    return None


def _step(operation: Operation, kind: StepKind, basis: Basis) -> Step:
    temperature, time = _hold(operation)
    return Step(
        kind=kind,
        basis=basis,
        temperatures_c=operation.temperatures_c,
        temperature_c=temperature,
        time_h=time,
        gas=gas_of(operation.gases),
        hot_pressed=_HOT_PRESS.search(operation.token) is not None,
    )


def _hold(operation: Operation) -> tuple[float | None, float | None]:
    heats, times = operation.temperatures_c, operation.times_h
    if len(heats) == 1:
        return heats[0], times[0] if len(set(times)) == 1 else None
    programme = len(heats) > 1 and len(times) == len(heats) and not operation.is_range
    if programme and list(heats) == sorted(heats):
        return heats[-1], times[-1]
    return None, times[0] if len(set(times)) == 1 else None


def _without_contradictions(steps: Sequence[Step]) -> list[Step]:
    """Unassign the sintering steps when there are several, or a calcination follows one."""
    firings = [step for step in steps if step.kind in ("sintering", "calcination")]
    sinterings = [step for step in firings if step.kind == "sintering"]
    later_calcination = any(
        first.kind == "sintering" and second.kind == "calcination"
        for first, second in itertools.pairwise(firings)
    )
    different = len({step.temperatures_c for step in sinterings}) > 1
    if not different and not later_calcination:
        return list(steps)
    return [replace(s, kind="unassigned", basis="") if s.kind == "sintering" else s for s in steps]
