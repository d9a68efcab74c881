"""``ssbml.retrain``: lab rows to a version of a model, promoted only if it helps."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ssbml.errors import TableError
from ssbml.fields import OUTCOME_FIELDS
from ssbml.fitting.records import samples_of
from ssbml.lab.read import LabFile, read_lab
from ssbml.lab.report import ReadReport
from ssbml.models import DEFAULT
from ssbml.physics.scorecard import strong_failures
from ssbml.predictor import Predictor
from ssbml.retraining.gate import Verdict, judge
from ssbml.retraining.learning import METHODS, PRIORS, as_json
from ssbml.retraining.literature import literature_of
from ssbml.retraining.refitting import REFITS, Refits, refits_of
from ssbml.retraining.residuals import Lab, lab_of
from ssbml.retraining.start import start_of
from ssbml.retraining.strategy import OFFERED, best_of_each, compared, retrained
from ssbml.retraining.trial import Trial, learnable, try_out
from ssbml.versions.names import check_name
from ssbml.versions.record import Draft, Status
from ssbml.versions.versions import Version, add_version

if TYPE_CHECKING:
    import pandas as pd

METHOD = "lab correction"
"""Method of a version that corrects its base by lab rows."""

STEPS = 9
"""Most steps that progress is told of; refits add `REFIT_STEPS`."""

REFIT_STEPS = 3

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True, eq=False)
class RetrainResult:
    """The outcome of retraining.

    Attributes
    ----------
    version : Version
        As stored.
    status : {"promoted", "stored", "forced"}
        Whether predictions by its name use it.
    verdict : Verdict
        What the gate found.
    predictor : Predictor
        The model.
    methods : dict of str to str
        What was learned of each property.
    suspicious : dict of int to str
        Spreadsheet line of each row to measure again, and why.
    read : ReadReport
        How the file was read.
    lab : Lab
        The rows and the base's answers.
    trials : dict of str to Trial
        Answers to rows that the learning had not seen.
    lines : list of int
        Spreadsheet line of each row.
    """

    version: Version
    status: Status
    verdict: Verdict
    predictor: Predictor
    methods: dict[str, str]
    suspicious: dict[int, str]
    read: ReadReport
    lab: Lab
    trials: dict[str, Trial]
    lines: list[int]

    @property
    def promoted(self) -> bool:
        """Whether predictions by the name use this version."""
        return self.status != "stored"

    @property
    def reason(self) -> str:
        """Why it was promoted or not, in a sentence."""
        return str(self.version.record["reason"])

    def __repr__(self) -> str:
        return f"{self.version.reference}: {self.status}; {self.reason}"


def retrain(
    rows: str | Path | pd.DataFrame,
    *,
    name: str,
    base: str | None = None,
    refit: bool = False,
    force: bool = False,
    seed: int = 0,
    progress: Progress | None = None,
) -> RetrainResult:
    """Learn from the rows of a laboratory, and promote the model if it is better there.

    Parameters
    ----------
    rows : str, Path or DataFrame
        A lab file (``.csv``, ``.xlsx``, ``.parquet``) or a table with the same columns; all rows of
        the lab, those of earlier versions included. Rows that cannot be used are left out and
        listed in ``.read.problems``.
    name : str
        Name of the model; the version gets the next number.
    base : str, optional
        Model to start from, the shipped one by default. Of a retrained model its own base is
        used: everything is learned anew from all rows.
    refit : bool, default False
        Also try to fit the base again to what it was trained on and the lab rows together, at the
        weight of published samples and at ten times it (minutes). Whatever predicts unseen groups
        of the lab best is taken; on published rows a refit may not be worse than
        `ssbml.retraining.gate` allows. Needs the data that the base was trained on, else the
        embedded rows serve.
    force : bool, default False
        Promote whatever the gate says; the record says so.
    seed : int, default 0
        Of the folds and bootstraps.
    progress : callable, optional
        Called with a short text after each step, at most `STEPS` times (`REFIT_STEPS` more with
        ``refit``).

    Returns
    -------
    RetrainResult
        ``.promoted`` and ``.reason`` say what came of it. The version is stored in any case.

    Raises
    ------
    TableError
        The file cannot be read, or no row holds a measured outcome.
    ModelError
        The name or base cannot be used or fitted again, or the version cannot be stored.

    Examples
    --------
    >>> result = ssbml.retrain("lab.xlsx", name="my-lab")  # doctest: +SKIP
    >>> result.promoted  # doctest: +SKIP
    True
    """
    tell: Progress = progress or (lambda _: None)
    check_name(name)
    parent, start = start_of(base or DEFAULT)
    file = _read(rows)
    tell("rows read")
    lab = lab_of(start, samples_of(file.table))
    tell("base asked")
    refits = refits_of(start, literature_of(start), lab) if refit else None
    if refits is not None:
        tell("published rows read")
    usable, suspicious = learnable(lab)
    errors = compared(usable, refits)
    methods = best_of_each(errors)
    predictor = retrained(start, usable, methods, refits)
    if refits is not None:
        tell("methods compared")
    trials = try_out(start, lab, seed, tell, refits)
    published = _on_literature(refits, usable, methods)
    if refits is not None:
        tell("papers held out")
    failures = strong_failures(start), strong_failures(predictor)
    tell("physics checked")
    verdict = judge(trials, len(suspicious) / len(file.table), failures, seed, published)
    status: Status = "promoted" if verdict.promoted else "forced" if force else "stored"
    reason = verdict.reason if status != "forced" else f"forced although {verdict.reason}"
    kept = usable.parts_rows()
    strategy = {
        "method": METHOD,
        "terms": methods,
        "offered": list(OFFERED if refits is not None else METHODS),
        "left_out": sorted(set(suspicious) - kept),
        "priors": {key: as_json(PRIORS[key]) for key in methods},
    }
    found = {file.lines[row]: why for row, why in suspicious.items()}
    draft = Draft(
        replace(predictor, card=_card(start.card, name, parent, file, status, reason)),
        file.table,
        status,
        reason,
        parent=parent,
        strategy=strategy,
        settings=refits.literature.settings.as_dict() if refits and published else {},
        seed=seed,
        data=refits.literature.as_dict() if refits and published else {"name": None},
        metrics={"compared": errors, **_metrics(verdict, lab, found, failures)},
        others=file.others if len(file.others.columns) else None,
    )
    return _stored(name, draft, verdict, methods, found, file, lab, trials, tell)


def _on_literature(refits: Refits | None, lab: Lab, methods: dict[str, str]) -> dict[str, Any]:
    return {
        key: refits.on_literature(key, method, lab.parts[key].rows)
        for key, method in methods.items()
        if refits is not None and method in REFITS
    }


def _stored(
    name: str,
    draft: Draft,
    verdict: Verdict,
    methods: dict[str, str],
    suspicious: dict[int, str],
    file: LabFile,
    lab: Lab,
    trials: dict[str, Trial],
    tell: Progress,
) -> RetrainResult:
    from ssbml.retraining.findings import findings_json

    report = findings_json(
        verdict, methods, draft.metrics["compared"], suspicious, file, lab, trials
    )
    version = add_version(name, replace(draft, reports={"report.json": report}))
    tell("stored")
    return RetrainResult(
        version, draft.status, verdict, draft.predictor, methods, suspicious, file.report, lab,
        trials, file.lines,
    )  # fmt: skip


def _read(rows: str | Path | pd.DataFrame) -> LabFile:
    if isinstance(rows, (str, Path)):
        file = read_lab(rows)
    else:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "table.csv"
            rows.to_csv(path, index=False)
            file = read_lab(path)
    measured = file.table[list(OUTCOME_FIELDS)].notna().to_numpy().any()
    if not measured:
        first = f": {file.report.problems[0].sentence()}" if file.report.problems else ""
        raise TableError(f"{file.report.file} has no usable row with a measured outcome{first}")
    return file


def _metrics(
    verdict: Verdict,
    lab: Lab,
    suspicious: dict[int, str],
    failures: tuple[list[str], list[str]],
) -> dict[str, Any]:
    return {
        "lab": verdict.metrics,
        "falls_with_probability": verdict.probability,
        "held_out": lab.holdout_name,
        "literature": {
            "fitted_again": verdict.literature,
            "others": "unchanged: a correction applies under this lab's model alone",
        },
        "strong_physics_failures": [len(failures[0]), len(failures[1])],
        "suspicious": {str(line): why for line, why in suspicious.items()},
    }


def _card(base: str, name: str, parent: str, file: LabFile, status: Status, reason: str) -> str:
    return (
        f"# {name}: {parent} retrained with {len(file.table)} lab rows\n\n"
        f"{status.capitalize()}: {reason}. What was learned holds for the laboratory that measured "
        f"the rows; what follows describes the base.\n\n{base}"
    )
