"""The public data files: where they come from, how they are checked, what may be done with them."""

from __future__ import annotations

import csv
import hashlib
import os
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType

from ssbml.errors import DataError
from ssbml.vocabulary import closest

DATA_VARIABLE = "SSBML_DATA"
"""Environment variable: a folder that holds the public files; used instead of the network."""

HOME_VARIABLE = "SSBML_HOME"
"""Environment variable: the folder for downloads and own models."""

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class PublicFile:
    """One file of a public data set.

    Attributes
    ----------
    name : str
        Path below the data folder, such as ``obelix/all.csv``.
    source : str
        Data set it belongs to, such as ``obelix``.
    sha256 : str
        Expected hash.
    size : int
        Bytes.
    redistributable : bool
        Whether rows of it may be shipped.
    licence, citation : str
        Terms of use, and what to cite.
    url : str
        Address at a pinned commit.
    """

    name: str
    source: str
    sha256: str
    size: int
    redistributable: bool
    licence: str
    citation: str
    url: str


@lru_cache(maxsize=1)
def public_files() -> MappingProxyType[str, PublicFile]:
    """Return every registered file by name."""
    text = files("ssbml.datasets").joinpath("public_files.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return MappingProxyType(
        {
            row["name"]: PublicFile(
                name=row["name"],
                source=row["source"],
                sha256=row["sha256"],
                size=int(row["bytes"]),
                redistributable=row["redistributable"] == "yes",
                licence=row["licence"],
                citation=row["citation"],
                url=row["url"],
            )
            for row in rows
        }
    )


def public_sources() -> tuple[str, ...]:
    """Return the names of the public data sets."""
    return tuple(dict.fromkeys(file.source for file in public_files().values()))


def files_of(source: str) -> tuple[PublicFile, ...]:
    """Return the files of one data set.

    Raises
    ------
    DataError
        There is no data set of that name.
    """
    found = tuple(file for file in public_files().values() if file.source == source)
    if not found:
        raise DataError(f"there is no public data set '{source}'{_did_you_mean(source)}")
    return found


def home_folder() -> Path:
    """Return the folder for downloads and own models (``SSBML_HOME``, else the platform's)."""
    stated = os.environ.get(HOME_VARIABLE, "").strip()
    if stated:
        return Path(stated).expanduser()
    import platformdirs

    return Path(platformdirs.user_data_dir("ssbml", appauthor=False))


def data_folder() -> Path | None:
    """Return the folder named by ``SSBML_DATA``, or None when the variable is unset."""
    stated = os.environ.get(DATA_VARIABLE, "").strip()
    return Path(stated).expanduser() if stated else None


def cache_folder() -> Path:
    """Return the folder that downloads are kept in."""
    return home_folder() / "data"


def fetch(name: str) -> Path:
    """Return the path of a verified public file, downloading it when needed.

    Parameters
    ----------
    name : str
        A registered name, such as ``obelix/all.csv``.

    Returns
    -------
    Path
        Below ``SSBML_DATA`` if that is set (nothing is ever written there), else in the cache.

    Raises
    ------
    DataError
        The name is not registered, the file is missing from ``SSBML_DATA``, cannot be downloaded,
        or its hash is not the expected one.
    """
    file = _registered(name)
    folder = data_folder()
    if folder is not None:
        return _verified(file, folder)
    return _downloaded(file, cache_folder())


def available(name: str) -> bool:
    """Return whether a verified file can be had without the network.

    Raises
    ------
    DataError
        The name is not registered.
    """
    file = _registered(name)
    path = (data_folder() or cache_folder()) / file.name
    return path.is_file() and file_hash(path) == file.sha256


def file_hash(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _registered(name: str) -> PublicFile:
    file = public_files().get(name)
    if file is None:
        raise DataError(f"there is no public data file '{name}'{_did_you_mean(name)}")
    return file


def _did_you_mean(name: str) -> str:
    like = closest(name, (*public_files(), *public_sources()))
    return f" (did you mean {like}?)" if like else ""


def _verified(file: PublicFile, folder: Path) -> Path:
    path = folder / file.name
    if not path.is_file():
        raise DataError(
            f"{file.name} is missing from {DATA_VARIABLE} ({folder}); put the file with SHA-256 "
            f"{file.sha256} there, or unset {DATA_VARIABLE} to download it"
        )
    found = file_hash(path)
    if found != file.sha256:
        raise DataError(
            f"{path} is not the registered file: expected SHA-256 {file.sha256} "
            f"({file.size:,} bytes), found {found} ({path.stat().st_size:,} bytes); replace it by "
            f"the file at {file.url}, or unset {DATA_VARIABLE} to download it"
        )
    return path


def _downloaded(file: PublicFile, cache: Path) -> Path:
    import pooch

    path = cache / file.name
    before = file_hash(path) if path.is_file() else None
    if before == file.sha256:
        return path
    store = pooch.create(
        path=cache,
        base_url="",
        registry={file.name: f"sha256:{file.sha256}"},
        urls={file.name: file.url},
    )
    pooch.get_logger().setLevel("WARNING")
    try:
        return Path(store.fetch(file.name))
    except (OSError, ValueError) as error:
        state = (
            f"the cached copy {path} has SHA-256 {before}, expected {file.sha256}, and a new one"
            if before
            else f"it is not in {cache} and"
        )
        raise DataError(
            f"{file.name} cannot be had: {state} cannot be downloaded from {file.url} "
            f"({_first_line(error)}); connect to the network, or set {DATA_VARIABLE} to a folder "
            "that holds the public files"
        ) from error


def _first_line(error: Exception) -> str:
    lines = str(error).splitlines() or [type(error).__name__]
    return lines[0][:200]
