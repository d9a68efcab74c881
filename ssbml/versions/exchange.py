"""A version as one file, and back: checked like the post of a stranger."""

from __future__ import annotations

import tempfile
import zipfile
from pathlib import Path

from ssbml.errors import ModelError
from ssbml.predictor import Predictor
from ssbml.tables.write import replaced
from ssbml.versions.durable import locked, sweep, writing
from ssbml.versions.names import Reference, check_name, folder_of, models_folder
from ssbml.versions.record import MODEL, RECORD, REPORTS, REQUIRED, ROWS, read_record, sha256
from ssbml.versions.rows import rows_from_csv
from ssbml.versions.versions import (
    MAX_FILE_BYTES,
    Version,
    get_version,
    numbers_in,
    store_files,
)

SUFFIX = ".zip"
MAX_ARCHIVE_BYTES = 256 * 1024 * 1024
"""Largest archive that is imported."""

_DATE = (1980, 1, 1, 0, 0, 0)
_ENCRYPTED = 0x1
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def export_version(version: Version, path: str | Path) -> Path:
    """Write a version as one ``.zip`` file; the same version gives the same bytes.

    Parameters
    ----------
    version : Version
        What to export; every file is checked first.
    path : str or Path
        Target, ``.zip``; an existing file is replaced.

    Returns
    -------
    Path
        The target.

    Raises
    ------
    ModelError
        The version is damaged, or the target is no ``.zip``.
    TableError
        The target cannot be written.
    """
    path = Path(path)
    if path.suffix.lower() != SUFFIX:
        raise ModelError(f"{path.name}: an exported model ends in {SUFFIX}")
    files = {name: version.read_file(name) for name in version.record["sha256"]}
    files[RECORD] = (version.path / RECORD).read_bytes()
    with replaced(path) as temporary, zipfile.ZipFile(temporary, "w") as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, date_time=_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, files[name])
    return path


def import_version(path: str | Path, name: str | None = None) -> Version:
    """Store an exported version under the next number of its name; nothing becomes active.

    Only the files of a version are read, none larger than stated and allowed; hashes are checked,
    the model is opened and the rows are read before anything is stored. Nothing in the file is
    ever executed.

    Parameters
    ----------
    path : str or Path
        A file written by `export_version`.
    name : str, optional
        Name to store it under; the one it was exported from by default.

    Returns
    -------
    Version
        As stored; the one that is there already if it is the same.

    Raises
    ------
    ModelError
        The file is no exported model, damaged, altered or made to hurt; nothing is stored.
    """
    path = Path(path)
    if name is not None:
        check_name(name)
    files = _read_archive(path)
    record = read_record(files[RECORD], path.name)
    if set(record["sha256"]) != set(files) - {RECORD}:
        raise ModelError(f"{path.name}: its files are not those of its record")
    for part, expected in record["sha256"].items():
        if sha256(files[part]) != expected:
            raise ModelError(f"{path.name}: {part} was altered or cut short")
    rows_from_csv(files[ROWS])
    chosen = name if name is not None else str(record.get("name"))
    check_name(chosen)
    _try_open(files)
    folder = folder_of(chosen)
    with locked(folder):
        sweep(folder)
        for number in numbers_in(folder):
            if _same(folder / str(number) / RECORD, files[RECORD]):
                return get_version(Reference(chosen, number))
        number = max(numbers_in(folder), default=0) + 1
        store_files(folder / str(number), files)
        return get_version(Reference(chosen, number))


def _read_archive(path: Path) -> dict[str, bytes]:
    allowed = {*REQUIRED, *REPORTS, RECORD}
    try:
        if path.stat().st_size > MAX_ARCHIVE_BYTES:
            raise ModelError(f"{path.name} is larger than any exported model")
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            names = [entry.filename for entry in entries]
            strange = [n for n in names if n not in allowed]
            if strange:
                raise ModelError(
                    f"{path.name} holds {strange[0][:80]!r}, which no exported model does; "
                    "nothing was stored"
                )
            if len(set(names)) != len(names) or not {*REQUIRED, RECORD} <= set(names):
                raise ModelError(f"{path.name} does not hold the files of an exported model")
            return {entry.filename: _content(archive, entry, path) for entry in entries}
    except ModelError:
        raise
    except OSError as error:
        raise ModelError(f"cannot read {path}: {error.strerror or error}") from None
    except Exception as error:
        # zipfile and zlib raise many kinds of errors for a damaged archive.
        raise ModelError(f"{path.name} is no exported model, or damaged: {error}") from None


def _content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, path: Path) -> bytes:
    if entry.flag_bits & _ENCRYPTED or entry.compress_type not in _METHODS:
        raise ModelError(f"{path.name}: {entry.filename} is packed in a way that is not read")
    if entry.file_size > MAX_FILE_BYTES:
        raise ModelError(f"{path.name}: {entry.filename} is larger than any file of a model")
    with archive.open(entry) as stream:
        data = stream.read(MAX_FILE_BYTES + 1)
    if len(data) != entry.file_size:
        raise ModelError(f"{path.name}: {entry.filename} is not as long as it says")
    return data


def _try_open(files: dict[str, bytes]) -> None:
    """Open the model from a folder of its own before it is stored.

    Raises
    ------
    ModelError
        It cannot be opened, or there is no room to try.
    """
    with (
        writing(models_folder()),
        tempfile.TemporaryDirectory(prefix="ssbml-import-") as temporary,
    ):
        for name, data in files.items():
            if name.startswith(f"{MODEL}/"):
                (Path(temporary) / Path(name).name).write_bytes(data)
        Predictor.load(Path(temporary))


def _same(record: Path, data: bytes) -> bool:
    try:
        return record.read_bytes() == data
    except OSError:
        return False
