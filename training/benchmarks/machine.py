"""What the measurements were made on, without naming it."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version
from pathlib import Path

from ssbml.workers import usable_cores

_PACKAGES = ("numpy", "numba", "pandas", "scikit-learn", "matminer", "pymatgen", "lightgbm")


def described() -> str:
    """Return processor, cores, memory and versions in one sentence."""
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    versions = ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
    return (
        f"{_processor()}, {usable_cores()} cores usable, {pages:.0f} GB memory, "
        f"{platform.system()}, Python {platform.python_version()}, {versions}"
    )


def load() -> float:
    """Return how many processes wanted to run during the last minute."""
    return os.getloadavg()[0]


def peak_megabytes() -> float:
    """Return the most memory that this process has held, MB.

    Read from the system's own status where there is one: the resource usage of a child begins with
    that of its parent.
    """
    status = Path("/proc/self/status")
    if status.exists():
        line = next(x for x in status.read_text().splitlines() if x.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    names = info.read_text().splitlines() if info.exists() else []
    found = next((line.split(":", 1)[1].strip() for line in names if "model name" in line), "")
    return found or platform.machine()
