"""What does a piece of work need, measured in a process of its own?"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

STATUS = Path("/proc/self/status")
KILOBYTES = 1024  # in which Linux counts, in a megabyte


def measured(module: str, *numbers: int) -> dict[str, float]:
    """What `python -m module numbers` tells about itself."""
    command = [sys.executable, "-m", module, *(str(number) for number in numbers)]
    told = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    found: dict[str, float] = json.loads(told)
    return found


def tell(work: Callable[..., Mapping[str, float]]) -> None:
    """Do the work with the numbers of the command line, and print what it found."""
    sys.stdout.write(json.dumps(dict(work(*(int(one) for one in sys.argv[1:])))))


def peak() -> float:
    """The most memory that this process ever had, in megabytes.

    `getrusage` knows it everywhere, but on Linux it begins with the peak of the parent (proc(5) has our own).
    """
    if STATUS.exists():
        lines = dict(line.split(":", 1) for line in STATUS.read_text(encoding="utf-8").splitlines())
        return int(lines["VmHWM"].split()[0]) / KILOBYTES
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KILOBYTES
