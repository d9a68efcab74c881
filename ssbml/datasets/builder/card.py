"""The data card, generated from the data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from ssbml.cells import split_list
from ssbml.datasets.builder.flags import FLAGS
from ssbml.datasets.builder.prose import (
    ADDING,
    BIASES,
    CITING,
    COMPILED,
    FILES,
    INTRODUCTION,
    SOURCES,
)
from ssbml.datasets.coverage import (
    OUTCOMES,
    PROCESS,
    PROPERTIES,
    SIGMA_BOUNDS,
    SIGMA_VALUES,
    coverage,
    families,
    stated,
)
from ssbml.datasets.noise import replicate_noise
from ssbml.errors import Problem
from ssbml.fields import FIELDS, SCHEMA_VERSION

if TYPE_CHECKING:
    import pandas as pd

_PERIOD = 5


def data_card(
    samples: pd.DataFrame,
    n_rows: int,
    rejects: Sequence[Problem],
    n_merged: int,
    n_copies: int,
) -> str:
    """Return the data card of the embedded data set as Markdown.

    Parameters
    ----------
    samples : DataFrame
        Built samples.
    n_rows : int
        Source rows that were read.
    rejects : sequence of Problem
        Cells that spoilt a source row.
    n_merged : int
        Records merged into another.
    n_copies : int
        Pairs of suspected copies in different papers.
    """
    parts = [
        INTRODUCTION,
        _size(samples, n_rows, rejects, n_merged),
        "## What is stated, per family\n",
        _markdown(coverage(samples, OUTCOMES)),
        "Process fields of all samples:\n",
        _markdown(coverage(samples, PROCESS)),
        _properties(samples),
        _placeholders(samples),
        _flags(samples),
        _origin(samples),
        _groups(samples, n_copies),
        _noise(samples),
        BIASES,
        SOURCES,
        _compiled(samples),
        FILES,
        ADDING,
        CITING,
    ]
    return "\n".join(part.strip() + "\n" for part in parts if part)


def _size(samples: pd.DataFrame, n_rows: int, rejects: Sequence[Problem], n_merged: int) -> str:
    rejected = len({p.index for p in rejects})
    values, bounds = stated(samples, SIGMA_VALUES), stated(samples, SIGMA_BOUNDS)
    pure = samples["phase_pure"]
    filled = [c for c in FIELDS if c in samples and samples[c].notna().any()]
    rows = [
        ("source rows read", n_rows),
        ("of them rejected (`rejects.csv`)", rejected),
        ("of them merged into another row of the same sample (`merged.csv`)", n_merged),
        ("**samples**", len(samples)),
        ("**papers** (`paper_key`)", samples["paper_key"].nunique()),
        ("groups for cross-validation (`cv_group`)", samples["cv_group"].nunique()),
        ("samples with a conductivity", int(values.sum())),
        ("samples with a bound of the conductivity only", int((bounds & ~values).sum())),
        ("samples with a confirmed total conductivity", _count(samples, "sigma_total_s_cm")),
        ("samples with a relative density", _count(samples, "relative_density_pct")),
        ("samples said to be phase-pure", int(pure.eq(True).sum())),
        ("samples said not to be phase-pure", int(pure.eq(False).sum())),
        ("samples with a sintering or annealing temperature", _count(samples, "sintering_temp_c")),
        ("placeholder formulas", int((samples["formula_basis"] == "placeholder").sum())),
        ("columns that are ever filled", len(filled)),
        ("schema version", SCHEMA_VERSION),
    ]
    return "## Size\n\n" + _table(("what", "number"), rows)


def _count(samples: pd.DataFrame, column: str) -> int:
    return int(samples[column].notna().sum())


def _properties(samples: pd.DataFrame) -> str:
    text = ["## Which process fields are known beside each property\n"]
    for name, columns in PROPERTIES.items():
        block = samples[stated(samples, columns)]
        text += [f"### {name}\n", _markdown(coverage(block, PROCESS))]
    return "\n".join(text)


def _placeholders(samples: pd.DataFrame) -> str:
    marked = samples["formula_basis"] == "placeholder"
    n = int(marked.sum())
    rows = [
        (family, int(((samples["family"] == family) & marked).sum()), int(size))
        for family, size in samples["family"].value_counts().loc[families(samples)].items()
    ]
    return (
        "## Placeholder formulas\n\n"
        f"{n} of {len(samples)} samples name a dopant without its amount, or no composition at "
        "all: `formula` holds the undoped host and `dopant_note` what the source says. They must "
        "never train or score a model of the composition as written.\n\n"
        + _table(("family", "placeholders", "samples"), [r for r in rows if r[1]])
    )


def _flags(samples: pd.DataFrame) -> str:
    counts = Counter(flag for text in samples["flags"].dropna() for flag in split_list(text))
    rows = [(f"`{flag}`", counts.get(flag, 0), meaning) for flag, meaning in FLAGS.items()]
    clean = int(samples["flags"].isna().sum())
    conflicts = int(samples["conflicts"].notna().sum())
    return (
        "## Flags\n\n"
        f"Doubts are written into the table; nothing is dropped. {clean} samples carry no flag; "
        f"{conflicts} merged samples list differing values in `conflicts`.\n\n"
        + _table(("flag", "samples", "meaning"), rows)
    )


def _origin(samples: pd.DataFrame) -> str:
    years = samples["year"].dropna().astype(int)
    periods = Counter((y // _PERIOD) * _PERIOD for y in years)
    by_year = [(f"{p}-{p + _PERIOD - 1}", n) for p, n in sorted(periods.items())]
    by_year.append(("not stated", len(samples) - len(years)))
    return (
        "## Years, parts of the source, confidence\n\n"
        + _table(("year of publication", "samples"), by_year)
        + "\n"
        + _table(("read in", "samples"), _counts(samples["found_in"]))
        + "\n"
        + _table(("confidence", "samples"), _counts(samples["confidence"]))
    )


def _counts(column: pd.Series[Any]) -> list[tuple[str, int]]:
    counts = Counter("not stated" if v is None else str(v) for v in column)
    return sorted(counts.items(), key=lambda c: (-c[1], c[0]))


def _compiled(samples: pd.DataFrame) -> str:
    """Return the credit of the collections that samples were read in, if any."""
    urls = samples["url"].fillna("")
    counts = {address: int(urls.str.startswith(address).sum()) for address in COMPILED}
    rows = [(a, COMPILED[a], n) for a, n in counts.items() if n]
    return (
        ""
        if not rows
        else "Collections that samples were read in:\n\n"
        + _table(("address", "credit", "samples"), rows)
    )


def _groups(samples: pd.DataFrame, n_copies: int) -> str:
    sizes = samples["cv_group"].value_counts()
    papers = samples.groupby("cv_group")["paper_key"].nunique()
    largest = min(sizes[sizes == sizes.max()].index)
    return (
        "## Groups\n\n"
        "`cv_group` joins the rows of one paper, one paper under several keys (DOI, nearly equal "
        "title, same address) and papers that report the same sample. Agreement in one round "
        "number joins nothing: copies need at least two points among significant digits of the "
        "conductivity beyond the first, relative density, activation energy, firing, rarity of "
        "the composition, the year of a review's reference and one paper by title, one by DOI "
        "only, and no contradiction "
        f"(`ssbml.datasets.copies`). {n_copies} pairs of suspected copies stand in `copies.csv`. "
        f"The {samples['paper_key'].nunique()} papers form {len(sizes)} groups, "
        f"{int((papers > 1).sum())} of them with more than one paper key (at most "
        f"{int(papers.max())}); the largest group is `{largest}` with {int(sizes.max())} samples "
        f"and {int(papers[largest])} paper key{'s' if papers[largest] > 1 else ''}.\n"
    )


def _noise(samples: pd.DataFrame) -> str:
    table = replicate_noise(samples)
    rows = [
        (r.outcome, r.family, r.n_compositions, r.n_papers, f"{r.std:.2f}",
         f"{r.median_difference:.2f}", r.unit)
        for r in table.itertuples()
    ]  # fmt: skip
    return (
        "## Replicate noise\n\n"
        "The same composition (placeholders left out, films apart) at 15-35 °C in different "
        "papers: the floor for a model that knows the composition only.\n\n"
        + _table(
            (
                "outcome",
                "family",
                "compositions",
                "papers",
                "pooled std",
                "median difference",
                "unit",
            ),
            rows,
        )
    )


def _markdown(table: pd.DataFrame) -> str:
    rows = [(name, *cells) for name, *cells in table.itertuples(name=None)]
    return _table(("family", *table.columns), rows)


def _table(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    lines = ["| " + " | ".join(header) + " |"]
    lines.append("| " + " | ".join("---" for _ in header) + " |")
    lines += ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"
