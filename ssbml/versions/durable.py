"""Files that are on the disk, whole, before anything points to them."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from ssbml.errors import ModelError
from ssbml.versions.names import where_to

LOCK_SECONDS = 60.0
"""How long a writer waits for another one."""

_NEW = ".new-"


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Turn what the system says about a failed write into one sentence.

    Raises
    ------
    ModelError
        The block failed to write.
    """
    try:
        yield
    except OSError as error:
        raise ModelError(
            f"cannot write to {folder}: {error.strerror or error}; nothing was changed: "
            f"{where_to()}"
        ) from None


@contextmanager
def locked(folder: Path, timeout: float | None = None) -> Iterator[None]:
    """Let one writer at a time change the versions of a name.

    The lock belongs to the process: the system frees it when the process dies.

    Parameters
    ----------
    folder : Path
        Folder of the name; made if needed.
    timeout : float, optional
        Seconds to wait for another writer; ``LOCK_SECONDS`` by default.

    Raises
    ------
    ModelError
        Another process holds the lock for longer, or the folder cannot be written to.
    """
    from filelock import FileLock, Timeout

    seconds = LOCK_SECONDS if timeout is None else timeout
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(str(folder / ".lock"), timeout=seconds)
        try:
            lock.acquire()
        except Timeout:
            raise ModelError(
                f"another ssbml has been changing '{folder.name}' for {seconds:g} s; try again "
                "when it is done"
            ) from None
    try:
        yield
    finally:
        lock.release()


def write_file(path: Path, data: bytes) -> None:
    """Write a file beside its place, bring it to the disk, and rename it.

    Raises
    ------
    OSError
        It cannot be written; the old file is untouched.
    """
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=_NEW)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def write_tree(path: Path, files: Mapping[str, bytes]) -> None:
    """Write a folder of files beside its place, bring it to the disk, and rename it.

    Parameters
    ----------
    path : Path
        Target; must not exist.
    files : mapping of str to bytes
        Relative path, with ``/`` between the parts, to content.

    Raises
    ------
    OSError
        It cannot be written; nothing is left behind unless the process is killed.
    """
    temporary = Path(tempfile.mkdtemp(dir=path.parent, prefix=_NEW))
    try:
        folders = {temporary}
        for name, data in files.items():
            target = temporary.joinpath(*name.split("/"))
            target.parent.mkdir(parents=True, exist_ok=True)
            folders.add(target.parent)
            with target.open("wb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
        temporary.chmod(0o755)
        for folder in sorted(folders, reverse=True):
            sync_folder(folder)
        temporary.rename(path)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise
    sync_folder(path.parent)


def sweep(folder: Path) -> None:
    """Remove what killed writers left behind; the caller holds the lock."""
    for left in folder.glob(f"{_NEW}*"):
        if left.is_dir() and not left.is_symlink():
            shutil.rmtree(left, ignore_errors=True)
        else:
            left.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Bring the names in a folder to the disk, where the system can do that."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
