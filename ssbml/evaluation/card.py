"""The model card: written from the figures, never typed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ssbml.evaluation.markdown import markdown_table
from ssbml.evaluation.report import Report
from ssbml.features.assemble import families_of
from ssbml.physics.scorecard import check_physics, shares

if TYPE_CHECKING:
    import pandas as pd

    from ssbml.predictor import Predictor

_OUTCOMES = {
    "conductivity values": (
        "sigma_total_s_cm",
        "sigma_bulk_s_cm",
        "sigma_unspecified_s_cm",
    ),
    "confirmed total conductivities": ("sigma_total_s_cm",),
    "conductivity bounds": ("sigma_max_s_cm", "sigma_min_s_cm"),
    "relative densities": ("relative_density_pct",),
    "phase-purity outcomes": ("phase_pure",),
    "main phases": ("phase_main",),
}


def write_card(
    table: pd.DataFrame,
    predictor: Predictor,
    manifest: dict[str, Any],
    report: Report | None,
    embedded: Report | None = None,
    sections: Mapping[str, str] | None = None,
) -> str:
    """Return the model card as Markdown.

    Parameters
    ----------
    table : DataFrame
        Training table.
    predictor : Predictor
        The fitted model.
    manifest : dict
        Its manifest.
    report : Report or None
        Cross-validated figures; None when the model was not evaluated.
    embedded : Report, optional
        The same figures for a model of the embedded rows alone.
    sections : mapping of str to str, optional
        Further sections by title, Markdown; they stand before the limits.
    """
    data = manifest["data"]
    parts = [
        "# Model card",
        f"Made by ssbml {manifest['ssbml']} from the data set `{data['name']}` "
        f"({data['samples']:,} samples, {data['papers']:,} papers).",
        "## What it learned from",
        markdown_table(_contents(table)),
        _placeholders(table),
        "Bounds are used as bounds. Total, bulk and unspecified conductivities are kept apart by a "
        "feature; predictions are for the total conductivity.",
        "## Accuracy on papers it has not seen",
        _accuracy(report),
        *_embedded(embedded),
        "## Physics",
        *_physics(predictor),
        "## Cited directions",
        *_tendencies(predictor),
        "## Known density and phase",
        _known(predictor),
        *(f"## {title}\n\n{text}" for title, text in (sections or {}).items()),
        "## Limits",
        _limits(report),
    ]
    return "\n\n".join(parts) + "\n"


def _contents(table: pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    rows = {}
    family = pd.Series(families_of(table), index=table.index)
    for label, columns in _OUTCOMES.items():
        present = table[list(columns)].notna().any(axis=1)
        counts = family[present].value_counts()
        rows[label] = {"all": int(present.sum()), **{str(k): int(v) for k, v in counts.items()}}
    frame = pd.DataFrame(rows).T.fillna(0).astype(int)
    return frame.reset_index(names="outcome")


def _placeholders(table: pd.DataFrame) -> str:
    placeholder = table["formula_basis"] == "placeholder"
    n = int(placeholder.sum())
    return (
        f"{n} samples have a placeholder formula (the source names the dopant, not its amount): "
        "every feature that depends on amounts is blank for them, the stated dopants count as "
        "present, they weigh half, and no conductivity or density error includes them."
    )


def _accuracy(report: Report | None) -> str:
    if report is None:
        return "Not evaluated (`ssbml train --no-evaluate`)."
    lead = (
        "Nested cross-validation over papers: samples of one paper, and copies of a sample, stay "
        "on one side of every split, and the held-out papers take no part in fitting or "
        "calibration. Estimators and hyper-parameters were chosen by cross-validation on the same "
        "papers, so small differences should not be trusted. `without processing` is the same "
        "model without the columns that say how a sample was made."
    )
    blocks = [lead]
    for title, frame in report.tables().items():
        blocks.append(f"### {title}\n\n{markdown_table(frame)}")
    return "\n\n".join(blocks)


def _embedded(report: Report | None) -> list[str]:
    if report is None:
        return []
    return [
        "## The same model, trained on the embedded rows alone",
        "What anybody can train without the public sets, judged the same way.",
        markdown_table(report.errors),
        markdown_table(report.purity),
        markdown_table(report.coverage),
    ]


def _physics(predictor: Predictor) -> list[str]:
    """Return the score card of the directional checks: shares, then every check."""
    score = check_physics(predictor)
    shown = score[["check", "strength", "outcome", "value", "expected", "claim"]]
    failed = score.loc[~score["passed"], ["check", "strength", "outcome", "likely_reason"]]
    return [
        "Directions that two reviews report (`ssbml check-physics` prints the sections): pairs or "
        "series of recipes and the sign, size or optimum that their predictions must show. Values "
        "are changes in log10 S/cm, points of relative density or probability. *No effect* means "
        "that the model does not see the field, mostly because too few papers vary it; *not met* "
        "that the change is too small, too large or opposite.",
        markdown_table(shares(score)),
        *(["### What fails, and the likely reason", markdown_table(failed)] if len(failed) else []),
        "### Every check",
        markdown_table(shown.sort_values("outcome", ascending=False, kind="stable")),
    ]


def _tendencies(predictor: Predictor) -> list[str]:
    """Return the slopes of the linear part beside what was expected of them."""
    import pandas as pd

    rows: list[dict[str, Any]] = []
    parts = {
        "conductivity (log10 S/cm)": ("conductivity", predictor.conductivity.tendencies),
        "relative density (-ln(porosity % + 1))": ("density", predictor.density.tendencies),
        "phase purity (log-odds)": ("purity", predictor.purity.tendencies),
    }
    settings = predictor.manifest.get("settings", {})
    for title, (name, tendencies) in parts.items():
        expected = settings.get(name, {}).get("tendencies", {})
        rows.extend(
            {"property": title, "term": term, "expected": expected.get(term), "fitted": slope}
            for term, slope in zip(tendencies.names, tendencies.slopes.tolist(), strict=True)
        )
    return [
        "A small linear part stands beside the trees: directions that the reviews report and that "
        "few papers vary (`ssbml/features/tendencies.py` has the sections). Each slope starts at "
        "an expected size and moves with the data; it keeps its sign and a quarter of its size. "
        "Physics checks on these fields are therefore met by construction, not discovered.",
        markdown_table(pd.DataFrame(rows, columns=["property", "term", "expected", "fitted"])),
    ]


def _known(predictor: Predictor) -> str:
    slopes = ", ".join(
        f"{'all families' if k == '*' else k} {v:.3f}"
        for k, v in sorted(predictor.known.per_density.items())
    )
    return (
        "A measured relative density shifts log10 conductivity by this much per point above the "
        f"predicted density: {slopes}. A measured main phase shifts it by the mean residual of "
        "that phase in its family, shrunk towards none; tetragonal garnet starts four decades "
        "below cubic, as the review has it."
    )


def _limits(report: Report | None) -> str:
    lines = [
        "- The literature reports successes more often than failures, and best samples more often "
        "than typical ones.",
        "- Most papers leave out half the recipe; `n_missing` says how much of yours is blank.",
        "- A recipe with `in_domain` false is answered, but the figures above do not speak for it.",
    ]
    if report is not None:
        lines.extend(_no_skill(report))
    return "\n".join(lines)


def _no_skill(report: Report) -> list[str]:
    lines = []
    density = report.errors[report.errors["property"].str.startswith("relative density")].iloc[0]
    if density["model"] >= density["family median"]:
        lines.append("- Relative density: no skill yet beyond the median of the family.")
    model = report.purity.iloc[0]
    if model["Brier skill"] <= 0:
        lines.append("- Phase purity: no skill yet beyond the base rate.")
    return lines
