"""The errors a user may see: each is one line that says what was expected, seen and to do next.

Layer:   the words everything else uses.
"""


class PipelineError(Exception):
    """Anything that stops a command; printed as one line, exit 1."""


class InputError(PipelineError):
    """What the user handed us cannot be read or makes no sense; exit 2."""


class SourceChanged(PipelineError):
    """A source no longer answers in the shape we know: it stops, the others go on."""

    def __init__(self, source: str, expected: str, seen: object):
        super().__init__(
            f"{source}: expected {expected}, saw {seen!r}; "
            "nothing of this answer was stored, compare it with the source's documentation"
        )
        self.source = source


class SourceUnavailable(PipelineError):
    """A source could not be reached or refused; what we have of it stays and grows older."""


class ChecksFailed(PipelineError):
    """The warehouse that was built breaks a check: it is not published."""


class Locked(PipelineError):
    """Another run is writing to the same data folder."""
