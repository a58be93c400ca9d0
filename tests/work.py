"""Work for runners to run, here or in a worker of a cluster: what goes wrong, goes wrong for real.

Each function takes a folder and a number, and leaves a file for every time it was begun.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def count(folder: str, number: int) -> int:
    """Return the number."""
    _begun(folder, number)
    return number


def fail_twice(folder: str, number: int) -> int:
    """Fail the first two times, as a disk does that comes back."""
    if _begun(folder, number) <= 2:
        raise OSError(5, "Input/output error")
    return number


def fail_on_three(folder: str, number: int) -> int:
    """Fail on the number three, whenever it is tried."""
    _begun(folder, number)
    if number == 3:
        raise ValueError("three cannot be read")
    return number


def die_of_three(folder: str, number: int) -> int:
    """End the process on the number three, as a segmentation fault does."""
    _begun(folder, number)
    if number == 3:
        os._exit(11)
    return number


def begun(folder: Path, number: int) -> int:
    """Return how often a number was begun."""
    return len(list(folder.glob(f"{number}-*")))


def _begun(folder: str, number: int) -> int:
    os.close(tempfile.mkstemp(prefix=f"{number}-", dir=folder)[0])
    return begun(Path(folder), number)
