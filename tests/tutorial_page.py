"""The tutorial, taken apart: its files, its commands, and what it shows that they print."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

PAGE = (Path(__file__).resolve().parents[1] / "docs" / "tutorial.md").read_text(encoding="utf-8")
CRON = re.findall(r"```cron\n(.*?)\n```", PAGE, re.DOTALL)[0]
_LEFT_OUT = "…"


@dataclass(frozen=True)
class Step:
    """A file to save, or commands to type with the lines that the page shows of their output."""

    file: str
    body: str
    shown: tuple[str, ...] = ()

    @property
    def commands(self) -> list[str]:
        return [] if self.file else self.body.splitlines()


def steps() -> list[Step]:
    """Return what the page asks for, in its order; a file is named last before its block."""
    found: list[Step] = []
    for before, language, body in re.findall(r"(.*?)```(\w+)\n(.*?)```", PAGE, re.DOTALL):
        if language == "cron":
            continue  # a line for another program; CRON is that line
        if language == "text":
            shown = tuple(line.rstrip() for line in body.splitlines())
            found[-1] = Step("", found[-1].body, shown)
        elif language == "sh":
            found.append(Step("", body))
        else:
            found.append(Step(re.findall(r"`([\w/]+\.\w+)`", before)[-1], body))
    return found


def step_of(command: str) -> Step:
    """Return the step whose commands begin so."""
    return next(one for one in steps() if any(line.startswith(command) for line in one.commands))


def not_printed(shown: tuple[str, ...], printed: str) -> list[str]:
    """Return the shown lines that are not printed in that order; an ellipsis skips any number."""
    rest = iter(line.rstrip() for line in printed.splitlines() if line.strip())
    return [line for line in shown if line != _LEFT_OUT and line not in rest]
