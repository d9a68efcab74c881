"""Tables to files, written beside and then renamed, so that nothing is ever half-written."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ssbml.errors import TableError
from ssbml.tables.read import SUFFIXES

if TYPE_CHECKING:
    import pandas as pd

_NUMBER = re.compile(r"^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$")
_FORMULA_STARTS = ("=", "+", "@", "\t", "\r")


@contextmanager
def replaced(path: Path) -> Iterator[Path]:
    """Give a temporary path in the same folder; rename it to ``path`` if the block succeeds.

    Raises
    ------
    TableError
        The folder does not exist or cannot be written to.
    """
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}-", suffix=".tmp")
        os.close(handle)
    except OSError as error:
        raise TableError(f"cannot write to {path.parent}: {error.strerror}") from None
    temporary = Path(name)
    try:
        yield temporary
        umask = os.umask(0)
        os.umask(umask)
        temporary.chmod(0o666 & ~umask)
        temporary.replace(path)
    except OSError as error:
        raise TableError(f"cannot write {path}: {error.strerror}") from None
    finally:
        temporary.unlink(missing_ok=True)


def check_target(path: str | Path) -> Path:
    """Return the path if a table can be written there.

    Raises
    ------
    TableError
        Unknown file type, a directory, or a folder that does not exist.
    """
    return check_destination(path, SUFFIXES, "output files end in")


def check_destination(path: str | Path, suffixes: Sequence[str], rule: str) -> Path:
    """Return the path if a file of one of some types can be written there.

    Parameters
    ----------
    path : str or Path
        The file.
    suffixes : sequence of str
        Endings allowed, with their dots.
    rule : str
        What the message says before it lists them, such as ``output files end in``.

    Raises
    ------
    TableError
        Another file type, a directory, or a folder that does not exist.
    """
    path = Path(path)
    if path.suffix.lower() not in suffixes:
        raise TableError(f"{path.name}: {rule} {', '.join(suffixes)}")
    if path.is_dir():
        raise TableError(f"{path} is a directory")
    if not path.parent.is_dir():
        raise TableError(f"the folder {path.parent} does not exist")
    return path


def write_table(frame: pd.DataFrame, path: str | Path) -> None:
    """Write a table as CSV, Excel or Parquet, by suffix.

    Text that a spreadsheet program would run as a formula is written with a leading apostrophe in
    Excel and CSV files.

    Raises
    ------
    TableError
        The target cannot be written.
    """
    path = check_target(path)
    writers: dict[str, Callable[[Path], None]] = {
        ".csv": lambda p: _defused(frame).to_csv(p, index=False, encoding="utf-8"),
        ".xlsx": lambda p: _defused(frame).to_excel(p, index=False, engine="openpyxl"),
        ".parquet": lambda p: frame.to_parquet(p, index=False),
    }
    with replaced(path) as temporary:
        writers[path.suffix.lower()](temporary)


def defused(value: Any) -> Any:
    """Return a cell that no spreadsheet program runs: an apostrophe before what looks like code.

    Parameters
    ----------
    value : object
        A cell; what is no text comes back as it is, and so do numbers in text.
    """
    if not isinstance(value, str) or _NUMBER.match(value):
        return value
    risky = value.startswith(_FORMULA_STARTS) or (value.startswith("-") and len(value) > 1)
    return f"'{value}" if risky else value


def _defused(frame: pd.DataFrame) -> pd.DataFrame:
    text = frame.select_dtypes(include=["object"]).columns
    if len(text) == 0:
        return frame
    safe = frame.copy()
    for column in text:
        safe[column] = frame[column].map(defused)
    return safe
