"""The parts of the data card that hold no numbers of the data."""

from __future__ import annotations

INTRODUCTION = """
# Data card: published recipes of solid lithium electrolytes

One row is one sample that somebody published: a composition made one way, with what came out. The
table is `literature/samples.csv`; `ssbml.load_dataset("literature")` reads it with types, and
`literature/columns.csv` says what each column means. A blank means that the source does not say it.
This card is written by `python training/build_dataset.py`; do not edit it.
"""

BIASES = """
## Known biases

- **Success bias.** Papers report what worked: phase-pure, dense and conducting samples. Failures
  were searched for on purpose and are still far too few.
- **Best-sample bias.** Abstracts give the best sample of a series. Conductivities are therefore
  nearer to what a recipe can reach than to what it gives on average.
- **Abstract bias.** Most rows were read in abstracts, which state temperatures more often than
  times, atmospheres, crucibles, Li excess or mother powder. A blank says nothing about what was
  done.
- **Kind of conductivity.** Most sources do not say whether a value is total or bulk
  (`sigma_unspecified_s_cm`); in perovskites the two differ by decades.
- **Temperature.** A blank `temperature_c` is room temperature as far as the source lets one tell.
- **Families.** Garnets dominate, then NASICON types and perovskites; halides, LISICON and
  antiperovskites are thin.
- **Crucibles.** Garnets fired in alumina take up aluminium; few sources name the crucible, so
  "undoped" cubic garnet may hold Al.
- **Reviews.** Rows read in a review repeat its slips. Those that were found carry `review_slip`,
  general statements carry `guideline`.
"""

SOURCES = """
## Sources and licence

The rows state facts read in published articles, theses, patents, conference abstracts and two
reviews, in our own words; no text or figure is copied. Each row has a DOI, an address or a full
citation and `evidence` (where the numbers stand). Part of the rows was read in

- *Chem. Soc. Rev.* 2025, **54**, 8925, https://doi.org/10.1039/d5cs00358j
- E. A. Il'ina, E. G. Kalinina, *Russ. Chem. Rev.* 2025, **94** (12), RCR5171,
  https://doi.org/10.59761/RCR5171 (the address follows the journal's rule for article numbers)

and cites the paper behind the statement in `title` and `doi`. The table is published under the
licence of the project (MIT). Rows that had been read in a mirror of the Liverpool Ionics Dataset,
whose terms do not allow redistribution, are left out: the first three lines of
`literature/source/reviews_and_abstracts.jsonl` are blank for that reason.
"""

COMPILED: dict[str, str] = {
    "https://github.com/ScandiumLabs-in/Scandium-Labs-Solid-State-Battery-Dataset": (
        "Scandium Labs Solid-State Battery Dataset (CC BY 4.0): quotations of articles kept in its "
        "verification files"
    ),
}
"""Compiled collections that rows were read in: address and credit."""

FILES = """
## Files

| file | content |
| --- | --- |
| `literature/samples.csv` | the samples |
| `literature/columns.csv` | column dictionary, generated from the field table |
| `literature/sources.csv` | papers with DOI, title, year, address and number of samples |
| `literature/rejects.csv` | source rows that could not be used, cell by cell, with the reason |
| `literature/merged.csv` | source rows that went into another row of the same sample |
| `literature/copies.csv` | suspected copies in different papers, with what they share |
| `literature/source/*.jsonl` | source rows as read, never edited |
| `literature/corrections.csv` | every changed cell: row, column, old, new, reason |
| `literature/same.csv` | rows that a reader found to be one sample or one paper |
| `examples/recipes.csv` | recipes for trying out `ssbml predict` |

Plots (`python training/plot_dataset.py`) lie in `docs/figures` of the source tree: coverage,
conductivity against relative density, conductivity of garnets against sintering temperature, and
a periodic table of dopants.

`sample_id` is `<source file>:<line>` of the best sourced record.
"""

ADDING = """
## How to add or correct a row

1. Add a JSON object on a new line of a file in `literature/source/` (a new file is fine). Keys are
   the columns of `columns.csv`; `formula`, `evidence`, `found_in`, `confidence`, a DOI, address or
   citation (`url`) and at least one measured outcome are needed. Leave out what the source does
   not say.
2. To change an existing row, add a line to `corrections.csv` with the reason; column `flags` adds a
   flag. Existing source lines are never edited, moved or deleted, because rows are named after
   them.
3. Run `python training/build_dataset.py` and look at `rejects.csv`, then run the tests.
"""

CITING = """
## How to cite

Cite ssbml (see `CITATION.cff`) and the papers whose samples you use (`sources.csv`).
"""
