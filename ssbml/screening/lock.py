"""One run at a time in a folder."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ssbml.errors import TableError

_NAME = ".lock"


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the lock of a folder; the system lets go of it when the process ends, however it ends.

    Parameters
    ----------
    folder : Path
        An existing folder.

    Raises
    ------
    TableError
        Another run holds the lock, or the folder cannot be written to.
    """
    try:
        handle = os.open(folder / _NAME, os.O_RDWR | os.O_CREAT)
    except OSError as error:
        raise TableError(f"cannot write to {folder}: {error.strerror}") from None
    try:
        try:
            _take(handle)
        except OSError:
            raise TableError(
                f"another run is writing to {folder}; wait for it, or name another folder"
            ) from None
        yield
    finally:
        os.close(handle)


if sys.platform == "win32":

    def _take(handle: int) -> None:
        import msvcrt

        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

else:

    def _take(handle: int) -> None:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
