"""The lab template: a spreadsheet with every column, its allowed values, and three examples."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from ssbml.cells import is_missing
from ssbml.errors import TableError
from ssbml.fields import FIELDS, LAB_FIELDS, OUTCOME_FIELDS, RECIPE_FIELDS, Field
from ssbml.lab.read import EXAMPLE_BATCH
from ssbml.tables.write import check_target, replaced, write_table

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

EXAMPLES = ("reviews_and_abstracts:132", "mined_2026_11:12", "mined_2026_11:89")
"""Samples of the embedded data set that stand in the template as examples."""

_IDENTITY = ("sample_id", "batch", "suggestion_id")
_ROWS = 1000
_INLINE = 250
_COLOURS = {"identity": "E2EFDA", "recipe": "DDEBF7", "outcome": "FCE4D6"}
_WORDS = {
    "formula": "chemical formula",
    "number": "number",
    "flag": "true or false",
    "choice": "one of the list",
    "text": "text",
    "list": "list, separated by ;",
    "numbers": "number, or several separated by ;",
}
_FIRST_STEPS = (
    "One row = one sample: a composition made one way. Only 'formula' must be filled.",
    "Leave blank what was not recorded. 'not done' is a value: sintering_method = none.",
    "sample_id: the same text in two rows means two measurements of one pellet.",
    "batch: the powder batch or campaign; rows of a batch are never split to judge the model.",
    "suggestion_id: copy it from the file of 'ssbml suggest' when the sample answers it.",
    f"Rows whose batch is '{EXAMPLE_BATCH}' are never learned from; overwrite or delete them.",
    "You may use headers of your own with units, such as 'Sintering T (K)' or 'sigma (mS/cm)'.",
)


def template_columns() -> tuple[str, ...]:
    """Return the columns of the template: identity, recipe, outcomes."""
    return (*_IDENTITY, *RECIPE_FIELDS, *OUTCOME_FIELDS)


def write_template(path: str | Path) -> Path:
    """Write the lab template.

    Parameters
    ----------
    path : str or Path
        Target. ``.xlsx`` has drop-downs, examples and an explanation of every column; ``.csv`` and
        ``.parquet`` have the columns and the examples alone.

    Returns
    -------
    Path
        The target.

    Raises
    ------
    TableError
        The target cannot be written.
    """
    path = check_target(path)
    if path.suffix.lower() != ".xlsx":
        import pandas as pd

        write_table(pd.DataFrame(_examples(), columns=list(template_columns()), dtype=object), path)
        return path
    with replaced(path) as temporary, temporary.open("wb") as stream:
        _workbook().save(stream)
    return path


def _field(name: str) -> Field:
    return FIELDS[name] if name in FIELDS else LAB_FIELDS[name]


def _examples() -> list[dict[str, Any]]:
    """Return three published samples as rows of a lab file."""
    from ssbml.datasets.load import load_dataset

    samples = load_dataset("literature")
    missing = [name for name in EXAMPLES if name not in samples.index]
    if missing:
        raise TableError(f"the embedded data set lacks the example {missing[0]}; install again")
    rows = []
    for number, name in enumerate(EXAMPLES, start=1):
        cells = samples.loc[name].to_dict()
        row = {c: cells[c] for c in template_columns() if c in cells and not is_missing(cells[c])}
        rows.append({**row, "sample_id": f"P{number}", "batch": EXAMPLE_BATCH})
    return rows


def _source(name: str) -> str:
    from ssbml.datasets.load import load_dataset

    cells = load_dataset("literature").loc[name]
    return f"published: {cells['title']} ({cells['doi'] or cells['url']})"


def _workbook() -> Workbook:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "samples"
    lists = book.create_sheet("lists")
    _fill_samples(sheet, lists)
    _fill_columns(book.create_sheet("columns", 1))
    lists.sheet_state = "hidden"
    return book


def _fill_samples(sheet: Worksheet, lists: Worksheet) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import Font, PatternFill
    from openpyxl.utils import get_column_letter

    rows = _examples()
    for position, name in enumerate(template_columns(), start=1):
        field, letter = _field(name), get_column_letter(position)
        head = sheet.cell(1, position, name)
        head.font = Font(bold=True)
        head.fill = PatternFill("solid", start_color=_COLOURS[_part(name)])
        head.comment = Comment(f"{field.meaning}\n{field.allowed}", "ssbml", height=120, width=320)
        sheet.column_dimensions[letter].width = max(12, len(name) + 2)
        for row, cells in enumerate(rows, start=2):
            value = cells.get(name)
            if value is not None:
                sheet.cell(row, position, value).font = Font(italic=True, color="808080")
        _restrict(sheet, lists, field, letter)
    for row, name in enumerate(EXAMPLES, start=2):
        sheet.cell(row, 1).comment = Comment(_source(name), "ssbml", height=120, width=320)
    sheet.freeze_panes = f"{get_column_letter(len(_IDENTITY) + 2)}2"


def _part(name: str) -> str:
    if name in _IDENTITY:
        return "identity"
    return "recipe" if name in RECIPE_FIELDS else "outcome"


def _restrict(sheet: Worksheet, lists: Worksheet, field: Field, letter: str) -> None:
    """Give a column its drop-down or its range; both can be overruled by pasting only."""
    from openpyxl.worksheet.datavalidation import DataValidation

    if field.kind in ("choice", "flag"):
        values = field.choices or ("true", "false")
        rule = DataValidation(type="list", formula1=_listed(values, lists, field.name))
        rule.error = f"allowed: {field.allowed}"[:_INLINE]
    elif field.kind == "number":
        rule = DataValidation(
            type="decimal", operator="between", formula1=repr(field.low), formula2=repr(field.high)
        )
        rule.error = f"a number is expected, {field.allowed}"[:_INLINE]
    else:
        return
    rule.allow_blank = True
    rule.showErrorMessage = True
    rule.errorTitle = field.name[:32]
    rule.add(f"{letter}2:{letter}{_ROWS}")
    sheet.add_data_validation(rule)


def _listed(values: tuple[str, ...], lists: Worksheet, name: str) -> str:
    """Return the source of a drop-down: the values, or their place on the list sheet."""
    from openpyxl.utils import get_column_letter

    inline = ",".join(values)
    if len(inline) < _INLINE // 2:
        return f'"{inline}"'
    column = 1 if lists.cell(1, 1).value is None else lists.max_column + 1
    lists.cell(1, column, name)
    for row, value in enumerate(values, start=2):
        lists.cell(row, column, value)
    letter = get_column_letter(column)
    return f"lists!${letter}$2:${letter}${len(values) + 1}"


def _fill_columns(sheet: Worksheet) -> None:
    from openpyxl.styles import Alignment, Font

    for row, text in enumerate(_FIRST_STEPS, start=1):
        sheet.cell(row, 1, text)
    start = len(_FIRST_STEPS) + 2
    for position, word in enumerate(("column", "what it holds", "unit", "kind", "allowed"), 1):
        sheet.cell(start, position, word).font = Font(bold=True)
    for row, name in enumerate(template_columns(), start=start + 1):
        field = _field(name)
        cells = (name, field.meaning, field.unit, _WORDS[field.kind], field.allowed)
        for position, text in enumerate(cells, start=1):
            cell: Any = sheet.cell(row, position, text)
            cell.alignment = Alignment(wrap_text=position > 1)
    for letter, width in zip("ABCDE", (28, 56, 10, 22, 60), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = f"A{start + 1}"
