"""The machine the numbers come from, in a few words."""

import os
import platform
from pathlib import Path


def describe() -> str:
    """Cores, processor, memory, system and Python; nothing that names the machine."""
    cores = len(os.sched_getaffinity(0))
    gibibytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{cores} cores ({_processor()}), {gibibytes:.0f} GiB, {platform.system()}, "
        f"Python {platform.python_version()}"
    )


def load() -> str:
    """The load of the last minute, to tell a quiet machine from a busy one."""
    return f"{os.getloadavg()[0]:.1f}"


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()
