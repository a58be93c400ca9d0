"""What the commands share: exit codes, settings, and how a result is printed.

Layer:   the outermost; results go to stdout, progress to stderr.
"""

from __future__ import annotations

import json
from argparse import Namespace
from typing import Any

OK, FAILED, SOURCE_FAILED = 0, 1, 3


def show(arguments: Namespace, values: Any, text: str) -> None:
    """Print a result: as JSON where --json asks for it, else as text."""
    if arguments.json:
        text = json.dumps(values, default=str, ensure_ascii=False, indent=1)
    print(text)


def settings_of(arguments: Namespace) -> Any:
    """Return the settings that --data and --config name."""
    from pipeline.edge.settings import read_settings

    return read_settings(arguments.data, arguments.config)
