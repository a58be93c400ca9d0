"""Every live source as a small local site in its real shape, serving whatever ids it is told to.

world = World(("greenhouse", "remotive"))     # one server, that is one host, a source
world.list("greenhouse", [1, 2, 3])
place.config(world.config())
"""

from __future__ import annotations

import html
import json
import time
from collections.abc import Callable, Iterable
from urllib.parse import parse_qs, urlsplit

from local_server import Asked, LocalServer, Reply, as_json

SCOPED = {
    "greenhouse": "boards", "lever": "sites", "ashby": "boards", "smartrecruiters": "companies",
    "workable": "companies", "recruitee": "companies", "personio": "companies",
    "weworkremotely": "categories", "usajobs": "queries",
}  # fmt: skip
SOURCES = (
    *SCOPED, "remotive", "remoteok", "arbeitnow", "himalayas", "jobicy", "themuse", "jobtech_se",
    "career_pages",
)  # fmt: skip
PAGED = {"smartrecruiters", "arbeitnow", "himalayas", "themuse", "usajobs", "jobtech_se"}
SIZE = 10  # postings a page, of the sources that have pages


def text(number: int) -> str:
    return f"<p>Posting {number}: you train models in PyTorch for tides &amp; currents.</p>"


def _title(number: int) -> str:
    return f"Machine Learning Engineer {number}"


def _greenhouse(ids: list[int]) -> object:
    jobs = [
        {
            "id": n, "title": _title(n), "content": html.escape(text(n)),
            "location": {"name": "Lisbon, Portugal"}, "absolute_url": f"https://a.example/{n}",
            "first_published": "2026-11-02T09:00:00-05:00", "company_name": "Tidewater",
        }
        for n in ids
    ]  # fmt: skip
    return {"jobs": jobs, "meta": {"total": len(jobs)}}


def _lever(ids: list[int]) -> object:
    return [
        {
            "id": f"id-{n}", "text": _title(n), "description": text(n), "createdAt": 1793610900000,
            "categories": {"location": "Berlin", "allLocations": ["Berlin"]}, "country": "DE",
            "hostedUrl": f"https://a.example/{n}", "lists": [], "workplaceType": "hybrid",
        }
        for n in ids
    ]  # fmt: skip


def _ashby(ids: list[int]) -> object:
    jobs = [
        {
            "id": f"id-{n}", "title": _title(n), "descriptionHtml": text(n), "isListed": True,
            "location": "Oslo, Norway", "publishedAt": "2026-11-02T09:00:00.000+00:00",
            "jobUrl": f"https://a.example/{n}", "workplaceType": "OnSite",
        }
        for n in ids
    ]  # fmt: skip
    return {"apiVersion": "1", "jobs": jobs}


def _smartrecruiters_row(n: int) -> dict[str, object]:
    return {
        "id": str(n), "name": _title(n), "company": {"name": "Tidewater"},
        "releasedDate": "2026-11-02T09:00:00.000Z", "location": {"city": "Lyon", "country": "fr"},
    }  # fmt: skip


def _workable(ids: list[int]) -> object:
    jobs = [
        {
            "shortcode": f"C{n}", "title": _title(n), "description": text(n), "city": "Halifax",
            "country": "United Kingdom", "published_on": "2026-11-02", "state": "England",
            "url": f"https://a.example/{n}",
        }
        for n in ids
    ]  # fmt: skip
    return {"name": "Tidewater", "jobs": jobs}


def _recruitee(ids: list[int]) -> object:
    return {
        "offers": [
            {
                "id": n, "title": _title(n), "description": text(n), "status": "published",
                "location": "Utrecht, Netherlands", "published_at": "2026-11-02 10:10:41 UTC",
                "careers_url": f"https://a.example/{n}", "company_name": "Tidewater",
            }
            for n in ids
        ]
    }  # fmt: skip


def _personio(ids: list[int]) -> str:
    jobs = "".join(
        f"<position><id>{n}</id><office>Munich</office><name>{_title(n)}</name>"
        f"<jobDescriptions><jobDescription><name>Task</name><value><![CDATA[{text(n)}]]></value>"
        "</jobDescription></jobDescriptions><createdAt>2026-11-02T09:00:00+00:00</createdAt>"
        "</position>"
        for n in ids
    )
    return f'<?xml version="1.0" encoding="UTF-8"?><workzag-jobs>{jobs}</workzag-jobs>'


def _weworkremotely(ids: list[int]) -> str:
    items = "".join(
        f"<item><title>Tidewater: {_title(n)}</title><region>Anywhere in the World</region>"
        f"<description>{html.escape(text(n))}</description>"
        f"<pubDate>Mon, 02 Nov 2026 09:00:00 +0000</pubDate><guid>https://a.example/{n}</guid>"
        f"<link>https://a.example/{n}</link></item>"
        for n in ids
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>Jobs</title>'
        f"{items}</channel></rss>"
    )


def _remotive(ids: list[int]) -> object:
    jobs = [
        {
            "id": n, "title": _title(n), "description": text(n), "company_name": "Tidewater",
            "url": f"https://a.example/{n}", "publication_date": "2026-11-02T09:00:00",
            "candidate_required_location": "Worldwide", "salary": "",
        }
        for n in ids
    ]  # fmt: skip
    return {"0-legal-notice": "link back", "job-count": len(jobs), "jobs": jobs}


def _remoteok(ids: list[int]) -> object:
    jobs = [
        {
            "id": str(n), "position": _title(n), "description": text(n), "company": "Tidewater",
            "url": f"https://a.example/{n}", "date": "2026-11-02T09:00:00+00:00",
            "epoch": 1793610900, "location": "Worldwide", "salary_min": 0, "salary_max": 0,
        }
        for n in ids
    ]  # fmt: skip
    return [{"legal": "link back", "last_updated": 1793610900}, *jobs]


def _jobicy(ids: list[int]) -> object:
    jobs = [
        {
            "id": n, "jobTitle": _title(n), "jobDescription": text(n), "companyName": "Tidewater",
            "url": f"https://a.example/{n}", "pubDate": "2026-11-02T09:00:00+00:00",
            "jobGeo": "Europe", "jobType": ["Full-Time"],
        }
        for n in ids
    ]  # fmt: skip
    return {"apiVersion": "2", "jobCount": len(jobs), "jobs": jobs}


_WHOLE: dict[str, tuple[str, Callable[[list[int]], object]]] = {
    "greenhouse": ("/v1/boards/tidewater/jobs", _greenhouse),
    "lever": ("/v0/postings/tidewater", _lever),
    "ashby": ("/posting-api/job-board/tidewater", _ashby),
    "workable": ("/api/v1/widget/accounts/tidewater", _workable),
    "recruitee": ("/api/offers/", _recruitee),
    "personio": ("/xml", _personio),
    "weworkremotely": ("/categories/tidewater.rss", _weworkremotely),
    "remotive": ("/api/remote-jobs", _remotive),
    "remoteok": ("/api", _remoteok),
    "jobicy": ("/api/v2/remote-jobs", _jobicy),
}


def _page(source: str, ids: list[int], number: int) -> object:
    """Return one page, counted from 0, of a source that has pages."""
    some = ids[number * SIZE : (number + 1) * SIZE]
    more = (number + 1) * SIZE < len(ids)
    if source == "smartrecruiters":
        content = [_smartrecruiters_row(n) for n in some]
        return {"offset": number * SIZE, "limit": SIZE, "totalFound": len(ids), "content": content}
    if source == "arbeitnow":
        data = [
            {
                "slug": f"s-{n}", "title": _title(n), "description": text(n), "remote": False,
                "company_name": "Tidewater", "url": f"https://a.example/{n}", "tags": [],
                "job_types": [], "location": "Hamburg", "created_at": 1793610900,
            }
            for n in some
        ]  # fmt: skip
        following = f"https://live.example/api/job-board-api?page={number + 2}" if more else None
        return {"data": data, "links": {"next": following}, "meta": {"current_page": number + 1}}
    if source == "himalayas":
        jobs = [
            {
                "guid": f"https://a.example/{n}", "title": _title(n), "description": text(n),
                "companyName": "Tidewater", "pubDate": 1793610900,
                "locationRestrictions": ["Canada"], "applicationLink": f"https://a.example/{n}",
            }
            for n in some
        ]  # fmt: skip
        return {"totalCount": len(ids), "offset": number * SIZE, "limit": SIZE, "jobs": jobs}
    if source == "themuse":
        results = [
            {
                "id": n, "name": _title(n), "contents": text(n), "company": {"name": "Tidewater"},
                "publication_date": "2026-11-02T09:00:00Z", "locations": [{"name": "Tokyo, Japan"}],
                "refs": {"landing_page": f"https://a.example/{n}"},
            }
            for n in some
        ]  # fmt: skip
        pages = max(1, -(-len(ids) // SIZE))
        return {"page": number, "page_count": pages, "total": len(ids), "results": results}
    if source == "usajobs":
        items = [
            {
                "MatchedObjectId": str(n),
                "MatchedObjectDescriptor": {
                    "PositionTitle": _title(n), "OrganizationName": "Tide Service",
                    "PositionURI": f"https://a.example:443/job/{n}",
                    "PositionLocationDisplay": "Boston, Massachusetts",
                    "PublicationStartDate": "2026-11-02T00:00:00.0000",
                    "UserArea": {"Details": {"JobSummary": text(n)}},
                },
            }
            for n in some
        ]  # fmt: skip
        counts = {"SearchResultCount": len(some), "SearchResultCountAll": len(ids)}
        return {"SearchResult": {**counts, "SearchResultItems": items}}
    hits = [
        {
            "id": str(n), "headline": _title(n), "description": {"text": text(n)},
            "employer": {"name": "Tidewater"}, "publication_date": "2026-11-02T09:00:00",
            "workplace_address": {"municipality": "Lund", "country": "Sverige"},
            "webpage_url": f"https://a.example/{n}", "removed": False,
            "application_contacts": [{"description": "Ask Recruiter Nameless"}],
        }
        for n in some
    ]  # fmt: skip
    return {"total": {"value": len(ids)}, "hits": hits}


_PAGES: dict[str, tuple[str, Callable[[dict[str, str]], int]]] = {
    "smartrecruiters": (
        "/v1/companies/tidewater/postings", lambda asked: int(asked["offset"]) // SIZE
    ),
    "arbeitnow": ("/api/job-board-api", lambda asked: int(asked["page"]) - 1),
    "himalayas": ("/jobs/api", lambda asked: int(asked["offset"]) // SIZE),
    "themuse": ("/api/public/jobs", lambda asked: int(asked["page"])),
    "usajobs": ("/api/Search", lambda asked: int(asked["Page"]) - 1),
    "jobtech_se": ("/search", lambda asked: int(asked["offset"]) // SIZE),
}  # fmt: skip


def job_page(number: int) -> str:
    """Return a career page with one posting as JSON-LD."""
    posting = {
        "@context": "https://schema.org", "@type": "JobPosting", "title": _title(number),
        "description": text(number), "datePosted": "2026-11-02", "identifier": f"J-{number}",
        "hiringOrganization": {"@type": "Organization", "name": "Tidewater"},
        "jobLocation": {"@type": "Place", "address": {"addressLocality": "Porto"}},
    }  # fmt: skip
    block = json.dumps(posting)
    return (
        f"<html><head><title>{_title(number)}</title>"
        f'<script type="application/ld+json">{block}</script></head><body></body></html>'
    )


class World:
    """One local server a source; `ids` says what each lists, `delay` how slow each answers."""

    def __init__(self, names: Iterable[str] = SOURCES):
        self.servers = {name: LocalServer() for name in names}
        self.ids: dict[str, list[int]] = {}
        self.delay = 0.0
        self.spans: dict[str, list[tuple[float, float]]] = {name: [] for name in self.servers}
        for name, server in self.servers.items():
            self.ids[name] = list(range(1, 13))
            self.restore(name)
            server.__enter__()

    def __enter__(self) -> World:
        return self

    def __exit__(self, *_: object) -> None:
        for server in self.servers.values():
            server.__exit__()

    def list(self, name: str, ids: Iterable[int]) -> None:
        """Let a source list these postings from now on."""
        self.ids[name] = list(ids)

    def path(self, name: str) -> str:
        """Return the path of a source's listing."""
        if name == "career_pages":
            return "/job/1"
        return (_PAGES if name in PAGED else _WHOLE)[name][0]

    def restore(self, name: str) -> None:
        """Let a source answer as it should."""
        server, path = self.servers[name], self.path(name)
        if name == "career_pages":
            for number in range(1, 30):
                server.call(f"/job/{number}", lambda _, n=number: self._career(n))
        elif name in PAGED:
            server.call(path, lambda asked: self.answer(name, self._paged(name, asked)))
            if name == "smartrecruiters":
                server.call(path + "/*", lambda asked: self.answer(name, self._detail(asked)))
        else:
            server.call(path, lambda _: self.answer(name, _WHOLE[name][1](self.ids[name])))

    def config(self, names: Iterable[str] | None = None, **options: object) -> str:
        """Return a config of these sources (default: all), asked as fast as they answer."""
        lines = []
        for name in names or self.servers:
            url = self.servers[name].url
            own: dict[str, object] = {"rate_per_second": 1000.0, "tries": 2, "backoff": 0.01}
            if name == "career_pages":
                own["urls"] = [f"{url}/job/{n}" for n in self.ids[name]]
            else:
                own["base_url"] = url
            if name in SCOPED:
                own[SCOPED[name]] = ["tidewater"]
            lines.append(f"[sources.{name}]")
            lines += [f"{key} = {json.dumps(value)}" for key, value in (own | options).items()]
        return "\n".join(lines) + "\n"

    def answer(self, name: str, answer: object) -> Reply:
        """Return an answer as late as the world is slow, and note when it was under way."""
        began = time.monotonic()
        time.sleep(self.delay)
        self.spans[name].append((began, time.monotonic()))
        if isinstance(answer, str):
            return Reply(answer, headers={"Content-Type": "application/xml; charset=utf-8"})
        return as_json(answer)

    def _paged(self, name: str, asked: Asked) -> object:
        query = {key: value[0] for key, value in parse_qs(urlsplit(asked.path).query).items()}
        return _page(name, self.ids[name], _PAGES[name][1](query))

    def _detail(self, asked: Asked) -> object:
        number = int(asked.path.rpartition("/")[2])
        sections = {"jobDescription": {"title": "The job", "text": text(number)}}
        url = {"postingUrl": f"https://a.example/{number}"}
        return _smartrecruiters_row(number) | url | {"jobAd": {"sections": sections}}

    def _career(self, number: int) -> Reply:
        began = time.monotonic()
        time.sleep(self.delay)
        self.spans["career_pages"].append((began, time.monotonic()))
        if number not in self.ids["career_pages"]:
            return Reply(status=404)
        return Reply(job_page(number), headers={"Content-Type": "text/html; charset=utf-8"})
