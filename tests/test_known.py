"""What a measured density or phase does to the conductivity."""

from __future__ import annotations

import numpy as np
import pytest

from ssbml.errors import ModelError
from ssbml.estimators.known import KnownShift, fit_known_shift

N = 400


def fitted(slope: float, phase_gap: float, seed: int = 0) -> KnownShift:
    generator = np.random.default_rng(seed)
    excess = generator.normal(scale=5, size=N)
    excess[:50] = np.nan
    phases = [None if i % 5 == 0 else ("cubic" if i % 2 else "tetragonal") for i in range(N)]
    cubic = np.array([0.5 if p == "cubic" else -0.5 if p else 0.0 for p in phases])
    residual = slope * np.nan_to_num(excess) + phase_gap * cubic
    residual = residual + 0.05 * generator.normal(size=N)
    families = ("garnet",) * 300 + ("nasicon",) * 100
    return fit_known_shift(residual, families, excess, phases, np.ones(N))


def test_slope_is_recovered() -> None:
    found = fitted(0.03, 0.0)
    assert set(found.per_density) == {"*", "garnet", "nasicon"}
    for slope in found.per_density.values():
        assert slope == pytest.approx(0.03, abs=0.004)


def test_slope_is_never_negative() -> None:
    assert all(v == 0.0 for v in fitted(-0.05, 0.0).per_density.values())


def test_phase_gap_is_recovered_and_shrunk() -> None:
    found = fitted(0.0, 1.0)
    gap = found.per_phase["garnet", "cubic"] - found.per_phase["garnet", "tetragonal"]
    assert 1.0 < gap < 1.3, "data say 1, the review says 4, and data are many"


def test_a_sample_far_off_says_little_of_its_phase() -> None:
    phases: list[str | None] = ["cubic"] * 20 + ["tetragonal"] * 20
    gaps = []
    for far in (1.5, 6.0):
        residual = np.zeros(40)
        residual[20] = -far
        found = fit_known_shift(
            residual, ("perovskite",) * 40, np.full(40, np.nan), phases, np.ones(40)
        )
        gaps.append(found.per_phase["perovskite", "cubic"])
    assert gaps[0] == gaps[1] > 0.0


def test_no_measured_density_gives_no_slope() -> None:
    found = fit_known_shift(np.ones(5), ("garnet",) * 5, np.full(5, np.nan), [None] * 5, np.ones(5))
    assert found.per_density == {"*": 0.0}
    assert found.per_phase == {}


SHIFT = KnownShift(
    {"*": 0.01, "garnet": 0.03}, {("garnet", "cubic"): 0.4, ("garnet", "tetragonal"): -0.6}
)


@pytest.mark.parametrize(
    ("family", "measured", "predicted", "shift"),
    [
        ("garnet", 98.0, 90.0, 0.24),
        ("garnet", 80.0, 90.0, -0.3),
        ("garnet", 90.0, 90.0, 0.0),
        ("garnet", np.nan, 90.0, 0.0),
        ("halide", 98.0, 90.0, 0.08),
    ],
)
def test_density_shift(family: str, measured: float, predicted: float, shift: float) -> None:
    found = SHIFT.density_shift([family], np.array([measured]), np.array([predicted]))
    assert found == pytest.approx([shift])


@pytest.mark.parametrize(
    ("family", "phase", "shift"),
    [
        ("garnet", "cubic", 0.4 - 0.2),
        ("garnet", "tetragonal", -0.6 - 0.2),
        ("garnet", None, 0.0),
        ("garnet", "mixed", -0.2),
        ("halide", "cubic", 0.0),
    ],
)
def test_phase_shift_is_relative_to_what_was_expected(
    family: str, phase: str | None, shift: float
) -> None:
    shares = {"cubic": 0.8, "tetragonal": 0.2}
    assert SHIFT.phase_shift(family, phase, shares) == pytest.approx(shift)


def test_knowing_what_was_certain_changes_nothing() -> None:
    assert SHIFT.phase_shift("garnet", "cubic", {"cubic": 1.0}) == 0.0


def test_stored_and_opened_again() -> None:
    assert KnownShift.from_arrays(SHIFT.to_arrays("k"), "k") == SHIFT


@pytest.mark.parametrize("name", ["k.density_names", "k.density", "k.phase_names", "k.phase"])
def test_without_a_part_it_is_refused(name: str) -> None:
    arrays = SHIFT.to_arrays("k")
    del arrays[name]
    with pytest.raises(ModelError):
        KnownShift.from_arrays(arrays, "k")
