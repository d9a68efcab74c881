"""Canonical spellings of the field, and the synonyms people type instead.

Every closed vocabulary of a recipe lives here. A synonym is never accepted silently: it is what an
error message suggests.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable

VOCABULARIES: dict[str, tuple[str, ...]] = {
    "formula_basis": ("nominal", "measured", "refined", "placeholder"),
    "family": (
        "garnet",
        "nasicon",
        "perovskite",
        "lisicon",
        "lipon",
        "argyrodite",
        "thio-lisicon",
        "oxide-glass",
        "sulfide-glass",
        "antiperovskite",
        "halide",
        "other",
    ),
    "form": ("pellet", "tape", "film", "powder", "glass", "glass-ceramic", "single_crystal"),
    "route": (
        "solid_state",
        "sol_gel",
        "pechini",
        "coprecipitation",
        "combustion",
        "spray_pyrolysis",
        "hydrothermal",
        "molten_salt",
        "mechanochemical",
        "glass_crystallization",
        "melt_quench",
        "solution_coating",
        "sputtering",
        "pld",
        "cvd",
        "ald",
        "evaporation",
        "aerosol_deposition",
        "plasma_spray",
        "electrophoretic",
        "other",
    ),
    "pressing_method": ("uniaxial", "cip", "none"),
    "sintering_method": (
        "conventional",
        "two_step",
        "hot_press",
        "hip",
        "sps",
        "uhs",
        "microwave",
        "flash",
        "cold",
        "laser",
        "none",
    ),
    "cooling": ("furnace", "slow", "quench"),
    "gas": (
        "air",
        "dry_air",
        "humid_air",
        "O2",
        "N2",
        "Ar",
        "H2_Ar",
        "CO2",
        "vacuum",
        "other",
    ),
    "crucible": (
        "Al2O3",
        "MgO",
        "Pt",
        "Au",
        "graphite",
        "glassy_carbon",
        "ZrO2",
        "BN",
        "Ni",
        "quartz",
        "other",
    ),
    "li_excess_basis": ("li_precursor", "batch_wt", "wt", "mol", "unknown"),
    "storage": ("fresh", "air_exposed"),
    "activation_energy_basis": ("sigma", "sigma_t", "unknown"),
    "phase_main": (
        "cubic",
        "tetragonal",
        "rhombohedral",
        "orthorhombic",
        "amorphous",
        "mixed",
        "other",
    ),
    "phase_stage": ("calcined", "sintered", "film"),
    "phase_method": ("xrd", "rietveld", "raman", "other"),
    "found_in": ("abstract", "full_text", "table", "review"),
    "confidence": ("high", "medium", "low"),
}

_SYNONYMS: dict[str, dict[str, str]] = {
    "gas": {
        "argon": "Ar",
        "oxygen": "O2",
        "pure oxygen": "O2",
        "nitrogen": "N2",
        "ambient": "air",
        "dry air": "dry_air",
        "humid air": "humid_air",
        "forming gas": "H2_Ar",
        "ar/h2": "H2_Ar",
        "carbon dioxide": "CO2",
        "vac": "vacuum",
    },
    "sintering_method": {
        "pressureless": "conventional",
        "furnace": "conventional",
        "muffle furnace": "conventional",
        "hot pressing": "hot_press",
        "hot pressed": "hot_press",
        "hp": "hot_press",
        "rihp": "hot_press",
        "spark plasma sintering": "sps",
        "fast": "sps",
        "pecs": "sps",
        "hot isostatic pressing": "hip",
        "ultrafast": "uhs",
        "ultrafast high-temperature sintering": "uhs",
        "two-step": "two_step",
        "cold sintering": "cold",
        "csp": "cold",
    },
    "route": {
        "ssr": "solid_state",
        "solid state": "solid_state",
        "solid-state reaction": "solid_state",
        "sol-gel": "sol_gel",
        "co-precipitation": "coprecipitation",
        "rf sputtering": "sputtering",
        "pulsed laser deposition": "pld",
        "ball milling": "mechanochemical",
        "spin coating": "solution_coating",
        "dip coating": "solution_coating",
    },
    "form": {
        "disc": "pellet",
        "disk": "pellet",
        "ceramic": "pellet",
        "bulk": "pellet",
        "thin film": "film",
        "sheet": "tape",
        "crystal": "single_crystal",
        "glass ceramic": "glass-ceramic",
    },
    "family": {
        "llzo": "garnet",
        "latp": "nasicon",
        "lagp": "nasicon",
        "llto": "perovskite",
        "phosphate": "nasicon",
        "sulfide": "thio-lisicon",
        "anti-perovskite": "antiperovskite",
    },
    "crucible": {"alumina": "Al2O3", "magnesia": "MgO", "platinum": "Pt", "gold": "Au"},
    "cooling": {"quenched": "quench", "furnace cooled": "furnace"},
}

FLAG_WORDS: dict[str, bool] = {
    "true": True,
    "yes": True,
    "y": True,
    "1": True,
    "false": False,
    "no": False,
    "n": False,
    "0": False,
}


def canonical(vocabulary: str, text: str) -> str | None:
    """Return the canonical spelling of ``text``, or None if it is not in the vocabulary.

    Only letter case is forgiven.
    """
    wanted = text.strip().casefold()
    return next((v for v in VOCABULARIES[vocabulary] if v.casefold() == wanted), None)


def synonym(vocabulary: str, text: str) -> str | None:
    """Return the value that a known synonym or a spelling with blanks stands for, or None."""
    wanted = text.strip().casefold()
    listed = _SYNONYMS.get(vocabulary, {}).get(wanted)
    return listed or canonical(vocabulary, wanted.replace(" ", "_").replace("-", "_"))


def nearest(vocabulary: str, text: str) -> str | None:
    """Return the value a person most probably meant, or None."""
    known = synonym(vocabulary, text)
    if known is not None:
        return known
    return closest(text.strip().casefold().replace(" ", "_"), VOCABULARIES[vocabulary])


def closest(text: str, choices: Iterable[str]) -> str | None:
    """Return the choice spelt most like ``text`` (letter case ignored), or None."""
    by_folded = {choice.casefold(): choice for choice in choices}
    hits = difflib.get_close_matches(text.casefold(), list(by_folded), n=1, cutoff=0.6)
    return by_folded[hits[0]] if hits else None
