"""Archive: every raw answer once, cleaned of personal data before it reaches the disk.

Layer:   edge. One folder per source, one per URL in it, one file per answer that differed from
         the one before: `<UTC time>-<hash of the body>.json.zst`. The files are the index.
Quirk:   what is archived is what the parser sees; a name that was never stored cannot leak.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import zstandard

from pipeline.edge.cleaning import GONE, Policy, cleaned, dumped, without_items
from pipeline.edge.durable import sync_folder, write_atomically
from pipeline.errors import PipelineError, SourceChanged

log = logging.getLogger(__name__)

_SUFFIX = ".json.zst"
_STAMP = "%Y%m%dT%H%M%S%fZ"


@dataclass(frozen=True, slots=True)
class Archived:
    """One archived answer; `etag` and `last_modified` are "" where the server sent none."""

    source: str
    url: str
    fetched_at: datetime
    etag: str
    last_modified: str
    body: str


class Archive:
    """The archived answers under one folder; one process writes at a time."""

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
        """Return a body without what may not be stored; raise SourceChanged if it is not JSON."""
        policy = self._policy(source)
        if not policy.is_json:
            return self.clean_text(body)
        try:
            answer = json.loads(body)
        except ValueError:
            raise SourceChanged(source, "a JSON answer", body[:40]) from None
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
        """Store one answer, cleaned, unless the last one of this URL was the same."""
        kept = self.clean(source, body)
        last = self.latest(source, url)
        if last and last.body == kept:
            return last
        answer = Archived(source, url, fetched_at.astimezone(UTC), etag, last_modified, kept)
        self._write(answer)
        return answer

    def latest(self, source: str, url: str) -> Archived | None:
        """Return the newest answer of a URL that can be read."""
        for path in sorted(self._url_folder(source, url).glob("*" + _SUFFIX), reverse=True):
            if found := _read(path):
                return found
        return None

    def answers(self, source: str) -> Iterator[Archived]:
        """Yield every archived answer of a source, by URL folder, oldest first."""
        for path in sorted((self.folder / source).glob("*/*" + _SUFFIX)):
            if found := _read(path):
                yield found

    def prune(self, days: int = 30, *, today: date) -> int:
        """Remove answers fetched more than `days` days ago and return how many."""
        oldest = (today - timedelta(days=days)).strftime("%Y%m%d")
        old = [path for path in self.folder.glob("*/*/*" + _SUFFIX) if path.name[:8] < oldest]
        for path in (*old, *self.folder.glob("*/*/*.part")):  # a part is a write that was cut off
            path.unlink(missing_ok=True)
        log.info("archive: %d answers older than %d days removed", len(old), days)
        return len(old)

    def purge(self, source: str, ids: Iterable[str]) -> int:
        """Rewrite the source's answers without these items; return how many files changed.

        An answer that is not JSON cannot be cut: where it names an id, it goes as a whole. So
        does a file that cannot be read, since nobody can say what it holds.
        """
        unwanted = frozenset(str(item_id) for item_id in ids)
        changed = 0
        if not unwanted:
            return changed
        for path in sorted((self.folder / source).glob("*/*" + _SUFFIX)):
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
        found = _read(path)
        kept = self._body_without(found, unwanted) if found else None
        if found and kept == found.body:
            return False
        # The new file first: a crash in between leaves both, and the next purge finds the old one.
        if found and kept is not None:
            self._write(replace(found, body=kept))
        path.unlink()
        sync_folder(path.parent)
        return True

    def _body_without(self, found: Archived, unwanted: frozenset[str]) -> str | None:
        """Return the body without the items, or None if nothing of it may stay."""
        policy = self._policy(found.source)
        if not policy.is_json:
            return None if any(item_id in found.body for item_id in unwanted) else found.body
        answer = json.loads(found.body)
        kept = without_items(answer, policy.id_fields, unwanted)
        if kept == answer:
            return found.body
        return None if kept is GONE else dumped(kept)

    def _write(self, answer: Archived) -> None:
        digest = hashlib.sha256(answer.body.encode()).hexdigest()[:32]
        stamp = answer.fetched_at.strftime(_STAMP)
        path = self._url_folder(answer.source, answer.url) / f"{stamp}-{digest}{_SUFFIX}"
        record = {
            "source": answer.source,
            "url": answer.url,
            "fetched_on": answer.fetched_at.date().isoformat(),
            "fetched_at": answer.fetched_at.isoformat(),
            "etag": answer.etag,
            "last_modified": answer.last_modified,
            "body": answer.body,
        }
        if not path.exists():  # the name holds the content: an existing file is this very answer
            write_atomically(path, zstandard.compress(dumped(record).encode(), level=9))

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


def _read(path: Path) -> Archived | None:
    try:
        record = json.loads(zstandard.decompress(path.read_bytes()))
    except (zstandard.ZstdError, ValueError, OSError) as error:
        log.warning("archive: %s cannot be read (%s); it is left out, remove it", path, error)
        return None
    return Archived(
        record["source"],
        record["url"],
        datetime.fromisoformat(record["fetched_at"]),
        record["etag"],
        record["last_modified"],
        record["body"],
    )
