"""The errors a user may see: each is one line that says what was expected, seen and to do next.

Layer:   the words everything else uses.
"""


class PipelineError(Exception):
    """Anything that stops a command; printed as one line, exit 1."""


class InputError(PipelineError):
    """What the user handed us cannot be read or makes no sense; exit 2."""


class SourceChanged(PipelineError):
    """A source no longer answers in the shape we know: it stops, the others go on.

    kept: where the answer is, from the data folder on
    """

    def __init__(self, source: str, expected: str, seen: object, kept: str = "the raw folder"):
        super().__init__(
            f"{source}: expected {expected}, saw {seen!r}; compare it with the source's "
            f"documentation; the answer is kept in {kept}"
        )
        self.source = source


class SourceUnavailable(PipelineError):
    """A source could not be reached or refused; what we have of it stays and grows older."""


class Disallowed(SourceUnavailable):
    """A site does not want this URL fetched or used by us: it is left out, the others go on."""


class OutOfTime(SourceUnavailable):
    """A source's time in this run is spent, or the run was stopped; no fault of the site."""


class ChecksFailed(PipelineError):
    """The warehouse that was built breaks a check: it is not published."""


class Locked(PipelineError):
    """Another run is writing to the same data folder."""


class WorkerLost(PipelineError):
    """A process that read or extracted was killed: what it had not finished can be done again."""
