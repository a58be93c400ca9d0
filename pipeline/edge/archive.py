"""Archive: every raw answer once, cleaned of personal data before it reaches the disk.

Layer:   edge. One folder per source, one per URL in it, one file per answer that differed from
         the one before: `<UTC time>-<hash of the body>.json.zst`. The files are the index. An
         answer in no format we know is kept as `….unread.json.zst`, for a person to look at.
Quirk:   what is archived is what the parser sees; a name that was never stored cannot leak.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from pipeline.edge.archive_files import (
    SUFFIX,
    UNREAD,
    Archived,
    digest,
    is_stale,
    read,
    readable,
    write,
)
from pipeline.edge.cleaning import (
    GONE,
    Policy,
    cleaned,
    cleaned_text,
    dumped,
    without_items,
)
from pipeline.edge.durable import sync_folder, write_atomically
from pipeline.errors import PipelineError, SourceChanged

log = logging.getLogger(__name__)


class Archive:
    """The archived answers under one folder; one thread writes a source's at a time."""

    def __init__(
        self,
        folder: Path | str,
        policies: Mapping[str, Policy],
        clean_text: Callable[[str], str] = str,
    ):
        """Take a policy per source and what removes personal data from one text."""
        self.folder = Path(folder)
        self.policies = policies
        self.clean_text = clean_text

    def clean(self, source: str, body: str) -> str:
        """Return a body without what may not be stored; raise ValueError if it should be JSON."""
        policy = self._policy(source)
        if not policy.is_json:
            return cleaned_text(policy.trim(body), policy, self.clean_text)
        answer = json.loads(body)
        kept = without_items(answer, policy.id_fields, self.forgotten(source))
        return dumped(None if kept is GONE else cleaned(policy.trim(kept), policy, self.clean_text))

    def store(
        self,
        source: str,
        url: str,
        body: str,
        *,
        fetched_at: datetime,
        etag: str = "",
        last_modified: str = "",
    ) -> Archived:
        """Store one answer, cleaned, unless the last one of this URL was the same.

        Raises SourceChanged for an answer that should be JSON and is not; it is kept as unread.
        A text that names a forgotten item cannot be cut: it is returned and not stored.
        """
        answer = Archived(source, url, fetched_at.astimezone(UTC), etag, last_modified, body)
        try:
            kept = self.clean(source, body)
        except (ValueError, RecursionError):
            raise SourceChanged(
                source, "a JSON answer", self.clean_text(body[:40]), self._keep(answer)
            ) from None
        last = self.latest(source, url)
        if last and last.body == kept:
            return last
        answer = replace(answer, body=kept)
        if self._policy(source).is_json or not _names(kept, self.forgotten(source)):
            write(self._url_folder(source, url), answer)
        return answer

    def _keep(self, answer: Archived) -> str:
        """Keep an answer that nobody can read, its text cleaned, and say where."""
        if _names(answer.body, self.forgotten(answer.source)):
            return "no file, since it may name a posting that was to be forgotten"
        cleaner = cleaned_text(answer.body, self._policy(answer.source), self.clean_text)
        answer = replace(answer, body=cleaner, etag="", last_modified="")
        folder = self._url_folder(answer.source, answer.url)
        same = sorted(folder.glob(f"*-{digest(cleaner)}{UNREAD}"))
        path = same[0] if same else write(folder, answer, UNREAD)
        return f"{self.folder.name}/{path.relative_to(self.folder).as_posix()}"

    def latest(self, source: str, url: str) -> Archived | None:
        """Return the newest answer of a URL that can be read."""
        for path in reversed(readable(self._url_folder(source, url), "*")):
            if found := read(path):
                return found
        return None

    def answers(self, source: str) -> Iterator[Archived]:
        """Yield every archived answer of a source, by URL folder, oldest first."""
        for path in readable(self.folder / source, "*/*"):
            if found := read(path):
                yield found

    def old_answers(self, days: int, *, today: date) -> list[Path]:
        """Return the answers fetched more than `days` days ago."""
        oldest = (today - timedelta(days=days)).strftime("%Y%m%d")
        return [path for path in self.folder.glob("*/*/*" + SUFFIX) if path.name[:8] < oldest]

    def prune(self, days: int, *, today: date) -> int:
        """Remove answers fetched more than `days` days ago and return how many."""
        old = self.old_answers(days, today=today)
        parts = [path for path in self.folder.glob("*/*/*.part") if is_stale(path)]
        for path in (*old, *parts):
            path.unlink(missing_ok=True)
        log.info("archive: %d answers older than %d days removed", len(old), days)
        return len(old)

    def purge(self, source: str, ids: Iterable[str]) -> int:
        """Rewrite the source's answers without these items; return how many files changed.

        An answer that is not JSON, an unread one among them, cannot be cut: where it names an id,
        it goes as a whole. So does a file that cannot be read: nobody can say what it holds.
        """
        unwanted = frozenset(str(item_id) for item_id in ids)
        changed = 0
        if not unwanted:
            return changed
        for path in sorted((self.folder / source).glob("*/*" + SUFFIX)):
            changed += self._purged(path, unwanted)
        log.info("archive: %s: %d items purged from %d answers", source, len(unwanted), changed)
        return changed

    def forget(self, source: str, item_id: str) -> int:
        """Purge one item for good: later answers are stored without it."""
        ids = sorted(self.forgotten(source) | {str(item_id)})
        write_atomically(self._forgotten_file(source), json.dumps(ids).encode())
        return self.purge(source, [item_id])

    def forgotten(self, source: str) -> frozenset[str]:
        """Return the ids that may never be stored again."""
        file = self._forgotten_file(source)
        return frozenset(json.loads(file.read_text())) if file.exists() else frozenset()

    def _purged(self, path: Path, unwanted: frozenset[str]) -> bool:
        found = read(path)
        kept = self._body_without(found, unwanted, path) if found else None
        if found and kept == found.body:
            return False
        # The new file first: a crash in between leaves both, and the next purge finds the old one.
        if found and kept is not None:
            write(path.parent, replace(found, body=kept))
        path.unlink()
        sync_folder(path.parent)
        return True

    def _body_without(self, found: Archived, unwanted: frozenset[str], path: Path) -> str | None:
        """Return the body without the items, or None if nothing of it may stay."""
        policy = self._policy(found.source)
        if not policy.is_json or path.name.endswith(UNREAD):
            return None if _names(found.body, unwanted) else found.body
        answer = json.loads(found.body)
        kept = without_items(answer, policy.id_fields, unwanted)
        if kept == answer:
            return found.body
        return None if kept is GONE else dumped(kept)

    def _policy(self, source: str) -> Policy:
        if source not in self.policies:
            raise PipelineError(
                f"{source}: no archive policy says which fields are personal; nothing was stored, "
                "name them in the source's TOML"
            )
        return self.policies[source]

    def _url_folder(self, source: str, url: str) -> Path:
        return self.folder / source / hashlib.sha256(url.encode()).hexdigest()[:16]

    def _forgotten_file(self, source: str) -> Path:
        return self.folder / source / "forgotten.json"


def _names(text: str, ids: Iterable[str]) -> bool:
    return any(item_id in text for item_id in ids)
