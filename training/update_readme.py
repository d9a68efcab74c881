"""Write the example predictions and the accuracy table of the shipped model into README.md.

Usage: ``python training/update_readme.py``, after training. Also rewrites the golden predictions
that the tests compare with (``tests/golden_examples.csv``).
"""

from __future__ import annotations

import re
from pathlib import Path

import ssbml
from ssbml.location import shipped

ROOT = Path(__file__).resolve().parents[1]
SHOWN = 14
GOLDEN = (
    "conductivity_s_cm",
    "conductivity_s_cm_lower",
    "conductivity_s_cm_upper",
    "relative_density_pct",
    "phase_purity",
    "domain_distance",
)
SUBSETS = (
    ("conductivity (log10 S/cm)", "15-35 °C"),
    ("conductivity (log10 S/cm)", "15-35 °C, firing temperature known"),
    ("conductivity (log10 S/cm)", "15-35 °C, garnets"),
    ("relative density (points)", "all"),
)


def main() -> None:
    table = ssbml.predict(shipped("datasets") / "examples" / "recipes.csv", keep_input=True)
    table[["formula", *GOLDEN]].to_csv(ROOT / "tests" / "golden_examples.csv", index=False)
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    text = filled(text, "predictions", predictions(table.head(SHOWN)))
    text = filled(text, "accuracy", accuracy(ssbml.load_model().manifest["metrics"]))
    (ROOT / "README.md").write_text(text, encoding="utf-8")


def filled(text: str, name: str, block: str) -> str:
    pattern = re.compile(rf"(<!-- {name}: [^>]*-->\n).*?(<!-- end -->)", re.DOTALL)
    return pattern.sub(lambda match: f"{match.group(1)}{block}\n{match.group(2)}", text)


def predictions(table) -> str:
    lines = [
        "| recipe | how | σ (S/cm) | density (%) | P(pure) | domain | blank |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for _, row in table.iterrows():
        cells = (
            row["formula"],
            how(row),
            span(row, "conductivity_s_cm", ".1e"),
            span(row, "relative_density_pct", ".0f"),
            f"{row['phase_purity']:.2f}",
            "in" if row["in_domain"] else "out",
            str(row["n_missing"]),
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def how(row) -> str:
    parts = [row["form"], row["sintering_method"] if row["sintering_method"] != "none" else ""]
    if row["sintering_temp_c"]:
        parts.append(f"{row['sintering_temp_c']} °C")
    if row["sintering_time_h"]:
        parts.append(f"{row['sintering_time_h']} h")
    parts.append(row["atmosphere"])
    return ", ".join(p for p in parts if p)


def span(row, name: str, style: str) -> str:
    point, low, high = (row[f"{name}{end}"] for end in ("", "_lower", "_upper"))
    return f"{point:{style}} ({low:{style}} to {high:{style}})"


def accuracy(metrics) -> str:
    lines = [
        "Mean absolute error on unseen papers (nested cross-validation, whole papers held out):",
        "",
        "| property | subset | samples | papers | ssbml | without processing | family median |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for row in metrics["errors"]:
        if (row["property"], row["subset"]) in SUBSETS:
            figures = (row["model"], row["without processing"], row["family median"])
            shown = " | ".join(f"{v:.2f}" for v in figures)
            lines.append(
                f"| {row['property']} | {row['subset']} | {row['samples']} | {row['papers']} "
                f"| {shown} |"
            )
    purity = {row["predictor"]: row for row in metrics["purity"]}
    model, rate = purity["model"], purity["base rate"]
    coverage = metrics["coverage"][0]
    lines += [
        "",
        f"Phase purity ({model['samples']} outcomes): Brier skill against the base rate "
        f"{model['Brier skill']:+.2f}, AUROC {model['AUROC']:.2f}, "
        f"{purity['without processing']['AUROC']:.2f} without processing. Pooled over folds the "
        f"base rate itself has {rate['AUROC']:.2f}: without a paper that reports many failures the "
        f"others look purer. The 90 % conductivity interval holds "
        f"{coverage['coverage 90%']:.0%} of samples from unseen papers.",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
