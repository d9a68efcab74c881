"""Model folders: saved whole or not at all, loaded without executing anything from them."""

from __future__ import annotations

import hashlib
import io
import json
import math
import shutil
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ssbml.errors import ModelError
from ssbml.fields import SCHEMA_VERSION

FORMAT_VERSION = 2
"""Version of the folder layout.

To change it: keep the old reader, register it by number, and add a test that opens an old folder.
"""

_PARTS = ("trees.npz", "calibration.npz", "domain.npz")
_CARD = "README.md"
_MANIFEST = "manifest.json"
MODEL_FILES = (*_PARTS, _CARD, _MANIFEST)
"""Files of a model folder."""

_KINDS = frozenset("biufU")
_MAX_BYTES = 512 * 1024 * 1024
_MAX_MANIFEST_BYTES = 16 * 1024 * 1024
_MAX_ARRAYS = 100_000


@dataclass(frozen=True, slots=True)
class ModelFolder:
    """What a model folder holds, as plain arrays and text.

    Attributes
    ----------
    trees, calibration, domain : dict of str to array
        Named arrays, one file each.
    manifest : dict
        What ``manifest.json`` says; format, schema and hashes are added when it is written.
    card : str
        The model card, Markdown.
    """

    trees: dict[str, Any]
    calibration: dict[str, Any]
    domain: dict[str, Any]
    manifest: dict[str, Any]
    card: str


def folder_files(folder: ModelFolder) -> dict[str, bytes]:
    """Return the files of a model folder by name; the same model gives the same bytes."""
    parts = (folder.trees, folder.calibration, folder.domain)
    files = {name: _npz(arrays) for name, arrays in zip(_PARTS, parts, strict=True)}
    files[_CARD] = folder.card.encode("utf-8")
    manifest = {
        **folder.manifest,
        "format": FORMAT_VERSION,
        "schema": SCHEMA_VERSION,
        "sha256": {name: hashlib.sha256(data).hexdigest() for name, data in files.items()},
    }
    files[_MANIFEST] = (json.dumps(manifest, indent=1, sort_keys=True) + "\n").encode("utf-8")
    return files


def write_folder(path: Path, folder: ModelFolder) -> None:
    """Write a model folder beside its place, then rename it.

    Raises
    ------
    ModelError
        The path exists and is not a model folder, or it cannot be written.
    """
    if path.exists() and not (path / _MANIFEST).is_file():
        raise ModelError(f"{path} exists and is no model folder; choose another path")
    files = folder_files(folder)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(dir=path.parent, prefix=f".{path.name}-"))
        try:
            for name, data in files.items():
                (temporary / name).write_bytes(data)
            temporary.chmod(0o755)
            _swap(temporary, path)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
    except OSError as error:
        raise ModelError(f"cannot save the model to {path}: {error.strerror}") from None


def _swap(temporary: Path, path: Path) -> None:
    if not path.exists():
        temporary.rename(path)
        return
    old = Path(tempfile.mkdtemp(dir=path.parent, prefix=f".{path.name}-old-"))
    path.rename(old / path.name)
    try:
        temporary.rename(path)
    except OSError:
        (old / path.name).rename(path)
        raise
    shutil.rmtree(old, ignore_errors=True)


def read_folder(path: Path) -> ModelFolder:
    """Read a model folder: manifest, hashes, then arrays without any object in them.

    Raises
    ------
    ModelError
        The folder is missing, incomplete, altered, of another format, or damaged.
    """
    manifest = _read_manifest(path)
    files = {name: _checked_bytes(path / name, manifest) for name in (*_PARTS, _CARD)}
    arrays = [_load_npz(files[name], name) for name in _PARTS]
    card = files[_CARD].decode("utf-8", errors="replace")
    return ModelFolder(arrays[0], arrays[1], arrays[2], manifest, card)


def _read_manifest(path: Path) -> dict[str, Any]:
    file = path / _MANIFEST
    if not file.is_file():
        raise ModelError(f"{path} is no model folder: it holds no {_MANIFEST}")
    try:
        if file.stat().st_size > _MAX_MANIFEST_BYTES:
            raise ModelError(f"{file} is larger than any manifest ssbml writes")
        manifest = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise ModelError(f"{file} is damaged: {error}") from None
    if not isinstance(manifest, dict) or not isinstance(manifest.get("sha256"), dict):
        raise ModelError(f"{file} is damaged: it is not a model manifest")
    if manifest.get("format") != FORMAT_VERSION:
        raise ModelError(
            f"{path} has model format {manifest.get('format')!r}; this version of ssbml reads "
            f"format {FORMAT_VERSION}: retrain it, or install the version of ssbml that made it"
        )
    return manifest


def _checked_bytes(file: Path, manifest: dict[str, Any]) -> bytes:
    expected = manifest["sha256"].get(file.name)
    try:
        if file.stat().st_size > _MAX_BYTES:
            raise ModelError(f"{file} is larger than any model ssbml writes")
        data = file.read_bytes()
    except OSError as error:
        raise ModelError(f"cannot read {file}: {error.strerror}") from None
    found = hashlib.sha256(data).hexdigest()
    if found != expected:
        raise ModelError(
            f"{file} was altered or cut short: SHA-256 {found}, the manifest says {expected}"
        )
    return data


def _npz(arrays: dict[str, Any]) -> bytes:
    """Return a compressed ``.npz`` whose bytes depend on the arrays only."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(arrays):
            member = io.BytesIO()
            np.lib.format.write_array(member, np.asarray(arrays[name]), allow_pickle=False)
            entry = zipfile.ZipInfo(f"{name}.npy", date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, member.getvalue())
    return buffer.getvalue()


def _load_npz(data: bytes, name: str) -> dict[str, Any]:
    try:
        _check_sizes(data)
        with np.load(io.BytesIO(data), allow_pickle=False) as archive:
            arrays = {key: archive[key] for key in archive.files}
    except ModelError as error:
        raise ModelError(f"{name} is damaged: {error}") from None
    except Exception as error:
        # NumPy, zipfile and zlib raise a dozen kinds of errors for a file made to hurt.
        raise ModelError(f"{name} is damaged: {error}") from None
    strange = sorted(key for key, array in arrays.items() if array.dtype.kind not in _KINDS)
    if strange:
        raise ModelError(f"{name} holds arrays of a kind that ssbml never writes: {strange[:3]}")
    return arrays


def _check_sizes(data: bytes) -> None:
    """Raise before anything is unpacked that would fill the memory.

    An entry must be a plain ``.npy`` whose stated shape is as long as its bytes.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = archive.infolist()
        if len(entries) > _MAX_ARRAYS or sum(e.file_size for e in entries) > _MAX_BYTES:
            raise ModelError("it unpacks to more than any model ssbml writes")
        for entry in entries:
            with archive.open(entry) as stream:
                version = np.lib.format.read_magic(stream)
                read = _HEADERS[version]
                shape, _, dtype = read(stream)
            if dtype.hasobject:
                raise ModelError(f"{entry.filename} holds Python objects, which are never loaded")
            if math.prod(shape) * dtype.itemsize > entry.file_size:
                raise ModelError(f"{entry.filename} is shorter than it says")


_HEADERS: dict[tuple[int, int], Any] = {
    (1, 0): np.lib.format.read_array_header_1_0,
    (2, 0): np.lib.format.read_array_header_2_0,
}
