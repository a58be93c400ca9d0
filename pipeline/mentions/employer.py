"""Who offers a job: the kind of employer and its industry.

Layer:   mentions (pure). Words in terms/profile.toml.
Quirk:   what a firm says of itself stands near the beginning; conditions and benefits ("private
         healthcare") stand at the end and are not its trade.
"""

from __future__ import annotations

import re

from pipeline.mentions.cues import STRONG, WEAK, Cue, Cues, counted, labels_in
from pipeline.mentions.scan import Hit
from pipeline.mentions.words import read_terms

_OPENING = 600  # characters in which a firm usually says what it is
_BY_SIZE = ("startup", "mid_size", "enterprise")
_BY_CHARTER = ("nonprofit", "research_lab", "government", "university")
_TRADE_OF = {"government": "government", "university": "education"}
_PLENTY = 1000  # people, from which a firm is an enterprise
_FEW = 250  # people, up to which it is a startup
_WEAK_CUES = 3  # weak cues that make a kind where a board brings ads of every kind
_ENOUGH = 3.0
_IN_NAME = 9.0
_LATE, _LATE_PART = 0.55, 0.4  # cues that begin behind this part of the ad count for so much
_SOFTWARE_WORD = 0.7  # weak words of the software trade stand in every technical ad
# "medical, dental and vision", "private healthcare", "travel allowance"
_BENEFIT = re.compile(
    r"dental|401\(?k|benefits?\b|insurance (?:plan|cover)|eyecare|allowance|pension|paid time"
    r"|private (?:health|medical)|parental|gym|reimburse|krankenversicherung|五险"
)
_PAID = frozenset({"healthcare", "finance", "travel"})  # industries that are benefits as well
# "is a fintech", "building the leading adtech"
_SELF = re.compile(
    r"\b(?:is|are|we're|was|ist|est) (?:an?|the|one of|eine?|une?)\b|leading|building|mission"
)
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
    kinds = cues.by_facet["kind"]
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
        opens = any(c.start < _OPENING and c.weight == STRONG for c in kinds.get(kind, ()))
        if opens and score[kind] >= rival:
            return kind
    staff = _staff(text, cues.staff)
    if staff >= _PLENTY:
        return "enterprise"
    if sized := [kind for kind in _BY_SIZE if kind in strong]:
        return max(sized, key=lambda kind: score[kind])
    if staff:
        return "startup" if staff < _FEW else "mid_size"
    weak = {kind: len({cue.word for cue in kinds.get(kind, ())}) for kind in _BY_SIZE}
    best = max(weak, key=lambda kind: weak[kind])
    return best if weak[best] >= (_WEAK_CUES if is_titled else 1) else "unknown"


def industry_in(employer: str, text: str, cues: Cues, *, kind: str = "") -> str:
    """Return the industry (name and text lower-cased), "other" if nothing tells."""
    scores: dict[str, float] = {}
    for industry, found in cues.by_facet["industry"].items():
        total = sum(_weight(cue, industry, text) for cue, _ in counted(found))
        first = min(cue.start for cue in found)
        is_late = len(text) > _OPENING and first > _LATE * len(text)
        scores[industry] = total * (_LATE_PART if is_late else 1.0)
    for facet, industry, _ in labels_in(employer):
        # "... Software", "... Cloud" name no trade
        if facet == "industry" and industry != "cloud_software":
            scores[industry] = scores.get(industry, 0.0) + _IN_NAME
    best = max(scores, key=lambda industry: scores[industry], default="other")
    return best if scores.get(best, 0.0) >= _ENOUGH else _TRADE_OF.get(kind, "other")


def _weight(cue: Cue, industry: str, text: str) -> float:
    if industry == "cloud_software" and cue.weight == WEAK:
        return _SOFTWARE_WORD if cue.start < 2 * _OPENING else 0.0
    if industry in _PAID and _BENEFIT.search(text, max(0, cue.start - 50), cue.start + 60):
        return 0.0
    weight = cue.weight * (2.0 if cue.start < _OPENING else 1.0)
    is_own = cue.weight == STRONG and _SELF.search(text, max(0, cue.start - 50), cue.start)
    return weight * 1.5 if is_own else weight


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
    is_listed = ("kind", "enterprise", STRONG) in labels_in(employer)
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
