"""Conductivity over temperature: the curve of a recipe, its window of operation, its plot."""

from __future__ import annotations

from ssbml.temperature.curve import Curve, arrhenius

__all__ = ["Curve", "arrhenius"]
