"""Who offers a job: the kind of employer and its industry.

Layer:   mentions (pure). Words in terms/profile.toml.
Quirk:   what a firm says of itself stands near the beginning; conditions and benefits ("private
         healthcare") stand at the end and are not its trade.
"""

from __future__ import annotations

import re
from bisect import bisect_left

from pipeline.mentions.cues import STRONG, WEAK, Cue, Cues, labels_in
from pipeline.mentions.scan import Hit
from pipeline.mentions.words import read_terms

_OPENING = 600  # characters in which a firm usually says what it is
_FIRST_WORDS = 200  # the first sentence or two: "X builds ...", "X is ..."
_BY_SIZE = ("startup", "mid_size", "enterprise")
_BY_CHARTER = ("nonprofit", "research_lab", "government", "university")
_TRADE_OF = {"government": "government", "university": "education"}
_PLENTY = 1000  # people, from which a firm is an enterprise
_FEW = 250  # people, up to which it is a startup
# Different weak cues that make a kind: on a board, where employers of every kind advertise, and in
# a hiring thread, where most are young.
_WEAK_CUES = {"startup": 2, "mid_size": 2, "enterprise": 1}
_WEAK_CUES_IN_THREAD = {"startup": 1, "mid_size": 1, "enterprise": 1}
# The trade of one ad in four or five is software, and those say least about it: it has a lead,
# and its words count in the beginning only, as every technical ad is full of them.
_SOFTWARE_LEAD = 2.0
_SOFTWARE_WORDS = 1200
_ENOUGH = 3.0
_IN_NAME = 6.0
_AGAIN = 0.5  # what a word counts the second and third time
_NEAR = 60  # characters from a benefit ("dental") within which a trade is a benefit as well
_PAID = frozenset({"healthcare", "finance", "travel"})  # industries that are benefits as well
# "a startup", "an AI start-up"; but "as a startup, we ..." is history
_A = re.compile(r"(?<!as )\b(?:an?|eine?|une) (?:[\w\-]+ ){0,3}$")
_MANNER = re.compile(
    r"[- ](?:mentality|environment|culture|spirit|vibe|like|mindset|world|scene|atmos)"
)
# "120 employees", "10,000+ people", "71.000 mitarbeiter", "5k engineers"
_NUMBER = re.compile(
    r"(\d{1,3}(?:[.,\u00a0\u202f ]\d{3})+|\d{1,6})(k)?\s?\+?[\s-]+(?:[a-z\-]+\s+){0,2}$"
)
_TEAM_OF = re.compile(
    r"\s+(?:about|around|over|only|just|~|less than|roughly|almost)?\s*(\d{1,3})\+?\s*"
    r"(?:people|person|engineers|employees|and|in|\.|,|now|so far|\()"
)
_YEARS = range(1990, 2036)


def kind_in(employer: str, text: str, cues: Cues, *, is_titled: bool) -> str:
    """Return the kind of employer (name and text lower-cased), "unknown" if nothing tells.

    is_titled: False for an ad of a hiring thread, where firms write themselves and a single
               weak cue ("equity", "co-founder") tells.
    """
    if by_name := _by_name(employer):
        return by_name
    kinds = cues.of("kind")
    score = {
        kind: sum(cue.weight * (1.5 if cue.start < _OPENING else 1.0) for cue in found)
        for kind, found in kinds.items()
    }
    strong = {kind for kind, found in kinds.items() if any(c.weight == STRONG for c in found)}
    if any(_is_startup(cue, text) for cue in kinds.get("startup", ())):
        strong.add("startup")
    if "agency" in strong and "startup" not in strong:
        return "agency"
    rival = max(score.get("startup", 0.0), score.get("enterprise", 0.0))
    for kind in _BY_CHARTER:
        if kind in strong and kinds[kind][0].start < _OPENING and score[kind] >= rival:
            return kind
    stated = size_in(text, cues)
    if stated == "enterprise":
        return stated
    if sized := [kind for kind in _BY_SIZE if kind in strong]:
        return max(sized, key=lambda kind: score[kind])
    if stated:
        return stated
    weak = {kind: len({cue.word for cue in kinds.get(kind, ())}) for kind in _BY_SIZE}
    best = max(weak, key=lambda kind: weak[kind])
    enough = _WEAK_CUES if is_titled else _WEAK_CUES_IN_THREAD
    return best if weak[best] >= enough[best] else "unknown"


def size_in(text: str, cues: Cues) -> str:
    """Return the kind that a stated number of people makes (text lower-cased), "" if none is."""
    staff = _staff(text, cues.staff)
    if not staff:
        return ""
    return "enterprise" if staff >= _PLENTY else "mid_size" if staff >= _FEW else "startup"


def calls_itself_startup(cues: Cues) -> bool:
    """Say whether a firm says in its own ad that it is, or was when it wrote it, a startup."""
    own = read_terms("profile.toml")["kind"]["startup"]["own"]
    return any(cue.word in own for cue in cues.of("kind").get("startup", ()))


def industry_in(employer: str, cues: Cues, *, kind: str = "") -> str:
    """Return the industry (name lower-cased), "other" if nothing tells.

    What stands in the first words counts four times, in the opening twice: there a firm says
    what it is.
    """
    benefits = [hit.start for hit in cues.benefits]
    scores = {"cloud_software": _SOFTWARE_LEAD}
    for industry, found in cues.of("industry").items():
        score = scores.get(industry, 0.0)
        for cue in found:
            if industry not in _PAID or not _is_near(cue.start, benefits):
                score += _weight(cue, industry)
        scores[industry] = score
    for industry in labels_in(employer, "industry"):
        if industry != "cloud_software":  # "... Software", "... Cloud" name no trade
            scores[industry] = scores.get(industry, 0.0) + _IN_NAME
    best = max(scores, key=lambda industry: scores[industry])
    return best if scores[best] >= _ENOUGH else _TRADE_OF.get(kind, "other")


def _weight(cue: Cue, industry: str) -> float:
    weight = cue.weight if cue.nth == 1 else cue.weight * _AGAIN
    if industry == "cloud_software" and cue.weight == WEAK:
        return weight if cue.start < _SOFTWARE_WORDS else 0.0
    return weight * (4.0 if cue.start < _FIRST_WORDS else 2.0 if cue.start < _OPENING else 1.0)


def _is_near(start: int, benefits: list[int]) -> bool:
    """Say whether a benefit is named around a place: "medical, dental and vision"."""
    following = bisect_left(benefits, start - _NEAR)
    return following < len(benefits) and benefits[following] < start + _NEAR


def _is_startup(cue: Cue, text: str) -> bool:
    return (
        cue.word in ("startup", "start-up")
        and cue.start < _OPENING
        and bool(_A.search(text, max(0, cue.start - 40), cue.start))
        and not _MANNER.match(text, cue.start + len(cue.word))
    )


def _by_name(employer: str) -> str:
    if not employer:
        return ""
    for kind, words in read_terms("profile.toml")["names"].items():
        if any(word in employer for word in words):
            return str(kind)
    is_listed = labels_in(employer, "kind").get("enterprise") == STRONG
    return "enterprise" if is_listed else ""


def _staff(text: str, hits: list[Hit]) -> int:
    """Return the largest number of people a firm says it has; 0 if it says none."""
    largest = 0
    for hit in hits:
        if hit.key == "team_of":
            if number := _TEAM_OF.match(text, hit.end):
                largest = max(largest, int(number[1]))
        elif number := _NUMBER.search(text, max(0, hit.start - 30), hit.start):
            value = int(re.sub(r"\D", "", number[1])) * (1000 if number[2] else 1)
            if value not in _YEARS and (hit.key == "employees" or _is_own(text, number, hit)):
                largest = max(largest, value)
    return largest


def _is_own(text: str, number: re.Match[str], hit: Hit) -> bool:
    # "help 10 million people" are no staff
    around = text[max(0, number.start() - 40) : hit.end + 25]
    return any(word in around for word in ("team", "we are", "we're", "company", "employ", "firm"))
