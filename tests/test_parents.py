"""Parent structures of hosts, and which ions fit their sites."""

from __future__ import annotations

import pytest

from ssbml.chemistry.families import family_of
from ssbml.chemistry.formula import FormulaError
from ssbml.chemistry.hosts import HOSTS
from ssbml.chemistry.parents import HOST_ALIASES, HOST_FAMILIES, Parent, parent_of
from ssbml.chemistry.site_fit import ion_name, misfit, propose


def known(formula: str) -> Parent:
    parent = parent_of(formula)
    assert parent is not None
    return parent


@pytest.mark.parametrize("formula", [*HOST_FAMILIES, *HOST_ALIASES])
def test_every_listed_host_is_neutral_and_not_over_full(formula: str) -> None:
    parent = known(formula)
    assert abs(parent.charge) < 1e-9
    assert parent.units == pytest.approx(3.0 if formula == "Li10GeP2S12" else 1.0)
    for site in parent.sites:
        assert 0 < sum(site.amounts.values()) <= site.capacity + 1e-9
    low, high = HOSTS[parent.family].lithium_range
    lithium = sum(s.amounts.get("Li", 0.0) for s in parent.sites) / parent.units
    assert low <= lithium <= high
    looks = family_of(parent.formula)
    assert looks in (parent.family, "other")


def test_sites_are_found_by_name_and_by_host_ion() -> None:
    garnet = known("Li5La3Ta2O12")
    assert garnet.site("Ta") is garnet.site("Zr")
    assert garnet.site("Nb") is None
    perovskite = known("Li0.33La0.557TiO3")
    assert perovskite.site("La") is perovskite.site("Li") is perovskite.site("A")
    argyrodite = known("Li6PS5Cl")
    assert argyrodite.site("S") is argyrodite.site("Cl")
    assert argyrodite.site("PS4") is not argyrodite.site("S")


def test_order_and_multiples_of_the_formula_do_not_matter_for_listed_hosts() -> None:
    assert known("La3Zr2Li7O12").sites == known("Li7La3Zr2O12").sites


def test_lltos_lanthanum_is_two_thirds_minus_x() -> None:
    amounts = known("Li0.33La0.557TiO3").sites[0].amounts
    assert amounts["Li"] + 3 * amounts["La"] == pytest.approx(2.0, abs=1e-12)


def test_other_compositions_of_a_family_find_their_sites() -> None:
    doped = known("Li6.25Al0.25La3Zr2O12")
    assert [dict(s.amounts) for s in doped.sites] == [
        {"Li": 6.25, "Al": 0.25},
        {"La": 3.0},
        {"Zr": 2.0},
        {"O": 12.0},
    ]
    assert known("Li3OCl").family == "antiperovskite"
    assert parent_of("LiCoO2") is None
    with pytest.raises(FormulaError):
        parent_of("LLZO")


@pytest.mark.parametrize(
    ("host", "site", "ion", "charge"),
    [
        ("Li7La3Zr2O12", "Li", "Al", 3), ("Li7La3Zr2O12", "Li", "Ga", 3),
        ("Li7La3Zr2O12", "La", "Sr", 2), ("Li7La3Zr2O12", "La", "Ba", 2),
        ("Li7La3Zr2O12", "Zr", "Ta", 5), ("Li7La3Zr2O12", "Zr", "W", 6),
        ("LiTi2(PO4)3", "Ti", "Al", 3), ("LiTi2(PO4)3", "P", "Si", 4),
        ("Li0.33La0.557TiO3", "La", "Sr", 2), ("Li6PS5Cl", "S", "Cl", -1),
        ("Li4SiO4", "Si", "P", 5), ("Li4GeO4", "Ge", "V", 5), ("Li3YCl6", "Y", "Zr", 4),
    ],
)  # fmt: skip
def test_dopants_of_the_literature_fit(host: str, site: str, ion: str, charge: int) -> None:
    parent = known(host)
    place = parent.site(site)
    assert place is not None
    assert misfit(parent, place, site, ion, charge) == ""


@pytest.mark.parametrize(
    ("site", "ion", "charge", "parts"),
    [
        ("Zr", "Sr", 2, ["1.18 Å against 0.72 Å", "64% larger than Zr4+", "known on the La site"]),
        ("La", "Al", 3, ["smaller than La3+", "known on the Li site"]),
        ("Zr", "Al", 3, ["26% smaller than Zr4+", "known on the Li site"]),
        ("Li", "Ta", 5, ["its charge differs from that of Li+", "known on the Zr site"]),
        ("Zr", "Cl", -1, ["Cl- is an anion, Zr4+ is not"]),
        ("O", "Al", 3, ["Al3+ is a cation, O2- is not"]),
    ],
)
def test_what_does_not_fit_is_explained(site: str, ion: str, charge: int, parts: list[str]) -> None:
    garnet = known("Li7La3Zr2O12")
    place = garnet.site(site)
    assert place is not None
    reason = misfit(garnet, place, site, ion, charge)
    for part in parts:
        assert part in reason


def test_proposals_name_known_good_dopants_with_radius_and_charge() -> None:
    found = {(p.site, p.ion): p.reason for p in propose(known("Li7La3Zr2O12"))}
    assert {("Li", "Al"), ("Li", "Ga"), ("La", "Sr"), ("Zr", "Ta"), ("Zr", "Nb")} <= set(found)
    assert found["Zr", "Ta"] == (
        "Ta5+ for Zr4+: 0.64 Å against 0.72 Å, 11% smaller; Li falls by 1 per Ta"
    )
    assert "Li falls by 3 per Al (one place filled, 2 left empty)" in found["Li", "Al"]
    assert ("Ti", "Al") in {(p.site, p.ion) for p in propose(known("LiTi2(PO4)3"))}


@pytest.mark.parametrize("formula", HOST_FAMILIES)
def test_proposals_fit(formula: str) -> None:
    parent = known(formula)
    for proposal in propose(parent):
        site = parent.site(proposal.site)
        assert site is not None
        assert misfit(parent, site, proposal.site, proposal.ion, proposal.charge) == ""
        assert proposal.reason.startswith(ion_name(proposal.ion, proposal.charge))
