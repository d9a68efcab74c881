"""The headers that people write in lab files, field by field, in one place.

Spellings are in the form that `ssbml.lab.headers.plain` gives: lower case, words separated by one
space, Greek letters spelt out, no unit. A spelling that stands at several fields is decided by the
unit (``density`` in % or in g/cm³), else it is ambiguous and refused.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import product
from types import MappingProxyType

from ssbml.fields import FIELDS, LAB_FIELDS

_TEMPERATURE = ("temperature", "temp", "t")
_TIME = ("time", "dwell", "dwell time", "hold", "hold time", "holding time", "soak", "soak time",
         "soaking time", "duration", "t")  # fmt: skip
_GAS = ("atmosphere", "gas", "atm")
_PRESSURE = ("pressure", "p")

_SINTERING = ("sintering", "sinter", "sint", "firing", "densification")
_CALCINATION = ("calcination", "calcining", "calcine", "calc")
_POST_ANNEAL = ("post anneal", "post annealing", "post sintering anneal")
_ANNEAL = ("anneal", "annealing", "crystallisation", "crystallization")
_PEAK = ("sintering peak", "peak sintering", "first step", "first sintering")
_PRESS = ("pressing", "green", "cold pressing", "compaction", "uniaxial", "uniaxial pressing",
          "cip", "green body", "pelletizing", "pelletising")  # fmt: skip
_DIE = ("sintering", "hot press", "hot pressing", "sps", "die", "applied")
_MEASURED = ("measurement", "measuring", "meas", "test", "eis", "impedance")

_STEPS: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("sintering_temp_c", _SINTERING, _TEMPERATURE),
    ("sintering_time_h", _SINTERING, _TIME),
    ("atmosphere", _SINTERING, _GAS),
    ("sintering_peak_temp_c", _PEAK, _TEMPERATURE),
    ("sintering_peak_time_h", _PEAK, _TIME),
    ("calcination_temp_c", _CALCINATION, _TEMPERATURE),
    ("calcination_time_h", _CALCINATION, _TIME),
    ("calcination_atmosphere", _CALCINATION, _GAS),
    ("post_anneal_temp_c", (*_POST_ANNEAL, *_ANNEAL), _TEMPERATURE),
    ("post_anneal_time_h", (*_POST_ANNEAL, *_ANNEAL), _TIME),
    ("post_anneal_atmosphere", (*_POST_ANNEAL, *_ANNEAL), _GAS),
    ("sintering_temp_c", _ANNEAL, _TEMPERATURE),
    ("sintering_time_h", _ANNEAL, _TIME),
    ("atmosphere", _ANNEAL, _GAS),
    ("pressing_pressure_mpa", _PRESS, _PRESSURE),
    ("pressure_mpa", _DIE, _PRESSURE),
    ("stack_pressure_mpa", ("stack", *_MEASURED, "cell"), _PRESSURE),
    ("deposition_pressure_mbar", ("deposition", "chamber", "sputter"), _PRESSURE),
    ("deposition_atmosphere", ("deposition",), _GAS),
    ("substrate_temp_c", ("substrate", "deposition"), _TEMPERATURE),
    ("temperature_c", _MEASURED, _TEMPERATURE),
    ("milling_time_h", ("milling", "ball milling", "mill"), _TIME),
)
"""Fields whose headers are a step and a quantity, in either order."""

_VAGUE = frozenset({"pressure_mpa", "temperature_c"})
"""Fields whose names mean them only when spelt exactly: ``Pressure (MPa)`` may be another one."""

_SPELLINGS: dict[str, tuple[str, ...]] = {
    "formula": ("composition", "compound", "chemical formula", "nominal composition", "material",
                "stoichiometry", "chemical composition", "nominal formula", "target composition"),
    "formula_basis": ("composition basis",),
    "family": ("host family", "structure family", "material family"),
    "form": ("sample form", "geometry", "shape", "sample type"),
    "route": ("synthesis route", "synthesis", "synthesis method", "powder route", "preparation",
              "preparation route", "preparation method"),
    "precursors": ("precursor", "starting materials", "raw materials", "reagents", "educts"),
    "milling_method": ("milling", "mill", "mill type"),
    "particle_size_um": ("particle size", "d50", "powder size", "powder d50", "median size"),
    "pressing_method": ("pressing", "press type"),
    "green_density_pct": ("green density", "green rd", "green relative density"),
    "sintering_method": ("sintering technique", "sintering type", "densification method"),
    "sintering_temp_c": ("ts", "tsint", "tsinter", "temperature", "temp", "t"),
    "sintering_time_h": ("time", "dwell", "dwell time", "hold time", "holding time", "t"),
    "calcination_temp_c": ("tc", "tcalc", "temperature", "temp", "t"),
    "calcination_time_h": ("time", "dwell", "dwell time", "hold time", "holding time", "t"),
    "temperature_c": ("temperature", "temp", "t", "measured at", "temperature of measurement"),
    "heating_rate_c_min": ("heating rate", "ramp", "ramp rate", "heating ramp", "ramping rate"),
    "cooling": ("cooling mode", "cooling type"),
    "pressing_pressure_mpa": ("pressure", "p", "pellet pressure"),
    "pressure_mpa": ("pressure", "p"),
    "stack_pressure_mpa": ("pressure", "p"),
    "atmosphere": ("gas", "furnace atmosphere"),
    "mother_powder": ("powder bed", "sacrificial powder", "buried in powder", "buried"),
    "crucible": ("crucible material",),
    "li_excess_pct": ("li excess", "excess li", "lithium excess", "excess lithium",
                      "li source excess"),
    "li_excess_basis": ("li excess basis", "excess basis"),
    "additive": ("sintering aid", "aid", "sintering additive", "additives"),
    "additive_wt_pct": ("additive", "additive amount", "sintering aid", "sintering aid amount",
                        "aid amount", "amount of additive"),
    "additive_mol_pct": ("additive", "additive amount", "sintering aid", "sintering aid amount",
                         "aid amount", "amount of additive"),
    "thickness_um": ("thickness", "pellet thickness", "film thickness", "sample thickness",
                     "layer thickness"),
    "electrode": ("electrodes", "contacts", "blocking electrode", "electrode material"),
    "sigma_total_s_cm": ("sigma total", "sigma tot", "total sigma", "total conductivity",
                         "conductivity total", "total ionic conductivity",
                         "ionic conductivity total", "sigma t"),
    "sigma_bulk_s_cm": ("sigma bulk", "bulk sigma", "bulk conductivity", "conductivity bulk",
                        "grain conductivity", "sigma grain", "sigma b", "sigma g"),
    "sigma_gb_s_cm": ("sigma gb", "gb conductivity", "grain boundary conductivity",
                      "conductivity gb", "conductivity grain boundary"),
    "sigma_unspecified_s_cm": ("sigma", "conductivity", "ionic conductivity", "sigma ion",
                               "li conductivity", "li ion conductivity",
                               "lithium ion conductivity", "sigma rt", "rt conductivity",
                               "conductivity rt", "room temperature conductivity"),
    "sigma_max_s_cm": ("sigma max", "sigma below", "upper bound of sigma"),
    "sigma_min_s_cm": ("sigma min", "sigma above", "lower bound of sigma"),
    "sigma_electronic_s_cm": ("sigma electronic", "electronic conductivity", "sigma e", "sigma el"),
    "activation_energy_ev": ("activation energy", "ea", "e a", "e act"),
    "relative_density_pct": ("relative density", "rel density", "rd", "density", "rho", "rho rel",
                             "archimedes density", "geometric density", "sintered density"),
    "density_g_cm3": ("density", "rho", "archimedes density", "geometric density",
                      "sintered density", "absolute density", "mass density"),
    "theoretical_density_g_cm3": ("theoretical density", "x ray density", "xrd density",
                                  "rho theo", "theo density"),
    "grain_size_um": ("grain size", "mean grain size", "average grain size", "grain diameter"),
    "phase_main": ("phase", "main phase", "crystal structure", "structure", "symmetry",
                   "polymorph", "crystal phase"),
    "phase_pure": ("pure", "single phase", "is phase pure"),
    "impurities": ("impurity", "secondary phase", "secondary phases", "impurity phase",
                   "impurity phases", "second phase"),
    "impurity_wt_pct": ("impurity", "impurities", "impurity amount", "secondary phase",
                        "secondary phases", "impurity content"),
    "phase_purity_pct": ("purity", "phase purity", "main phase share"),
    "sample_id": ("sample", "sample name", "sample no", "sample number", "pellet", "pellet id",
                  "pellet no", "pellet name", "specimen", "specimen id"),
    "batch": ("batch id", "batch no", "batch number", "campaign", "lot", "lot no"),
    "suggestion_id": ("suggestion", "suggestion no", "suggested as"),
    "doi": ("doi of the paper",),
}  # fmt: skip


@lru_cache(maxsize=1)
def alias_table() -> MappingProxyType[str, tuple[str, ...]]:
    """Return every spelling with the fields that it may mean, in field order."""
    found: dict[str, set[str]] = {}
    for name in (*FIELDS, *LAB_FIELDS):
        if name not in _VAGUE:
            found.setdefault(name.replace("_", " "), set()).add(name)
    for name, spellings in _SPELLINGS.items():
        for spelling in spellings:
            found.setdefault(spelling, set()).add(name)
    for name, steps, quantities in _STEPS:
        for step, quantity in product(steps, quantities):
            found.setdefault(f"{step} {quantity}", set()).add(name)
            found.setdefault(f"{quantity} {step}", set()).add(name)
    order = {name: position for position, name in enumerate((*FIELDS, *LAB_FIELDS))}
    return MappingProxyType(
        {spelling: tuple(sorted(names, key=order.__getitem__)) for spelling, names in found.items()}
    )
