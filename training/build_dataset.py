"""Build datasets/literature and its data card from source rows and corrections.

Usage: ``python training/build_dataset.py``. The result is byte-identical on every run.
"""

from __future__ import annotations

from pathlib import Path

from ssbml.datasets.builder.assemble import build, write

DATASETS = Path(__file__).resolve().parents[1] / "datasets"
FOLDER = DATASETS / "literature"


def main() -> None:
    built = build(FOLDER)
    write(built, FOLDER, DATASETS / "README.md")
    print(
        f"{built.n_rows} source rows, {len(built.samples)} samples, {len(built.merged)} merged, "
        f"{len({p.index for p in built.rejects})} rejected, {len(built.copies)} suspected copies"
    )


if __name__ == "__main__":
    main()
