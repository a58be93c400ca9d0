"""What an object store refuses, as one line that names the address and what to look at.

Layer:   edge (environment). The words are ours: a store's may repeat what it was sent.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from pipeline.errors import PipelineError


class Changed(PipelineError):
    """An object is not as it was when we read it: somebody else wrote it."""


@contextmanager
def told(path: object) -> Iterator[None]:
    """Turn what a store refuses into one line; what is not there stays a FileNotFoundError."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except (OSError, BotoCoreError, ClientError) as error:
        cause = error.__cause__ if isinstance(error.__cause__, ClientError) else error
        code = str(getattr(cause, "response", {}).get("Error", {}).get("Code", ""))
        if code in {"PreconditionFailed", "ConditionalRequestConflict", "412", "409"}:
            raise Changed(f"{path}: somebody else wrote it meanwhile") from None
        if isinstance(error, FileNotFoundError) and code != "NoSuchBucket":
            raise
        raise PipelineError(f"{path}: {_words(error, code)}") from None


def _words(error: Exception, code: str) -> str:
    """Return what to say of an error, in words of our own: a store's may hold what it was sent."""
    kind = type(error).__name__
    address = urlsplit(os.environ.get("AWS_ENDPOINT_URL", ""))
    where = f"{address.hostname}:{address.port or ''}".rstrip(":") if address.hostname else "AWS"
    if code == "NotImplemented":
        return (
            f"expected {where} to heed If-Match and If-None-Match, saw it refuse them; use another"
        )
    if code == "NoSuchBucket":
        return f"expected a bucket, saw none of that name at {where}; make it, or name another"
    if kind in {"NoCredentialsError", "PartialCredentialsError"}:
        return (
            "expected credentials in the environment, saw none; set AWS_ACCESS_KEY_ID and "
            "AWS_SECRET_ACCESS_KEY"
        )
    if isinstance(error, PermissionError):
        why = code if code.isalnum() else "refused"
        return (
            f"expected {where} to let us in, saw it refuse ({why}); check AWS_ACCESS_KEY_ID, "
            "AWS_SECRET_ACCESS_KEY and what they may do in that bucket"
        )
    if "Connect" in kind or "Timeout" in kind or "Endpoint" in kind:
        return f"expected an answer from {where}, saw none ({kind}); check AWS_ENDPOINT_URL"
    return f"expected {where} to do as asked, saw {code or kind}; run again"
