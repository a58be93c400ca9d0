"""What the words of a name say of an employer: a university, a ministry, an agency.

Layer:   postings (pure).
"""

from __future__ import annotations

import re

_UNIVERSITY = re.compile(
    r"universit|universid|université|\bunsw\b|hochschule|\bcollege\b|\bpolytechni|politecnico"
    r"|institute of technology|institute of science|business school|school of (?:medicine|business)"
    r"|\beth\b|\bepfl\b|\becole\b|\bgraduate school\b|\bschool district\b|大学|大學|学院|學院"
    r"|대학교",
    re.IGNORECASE,
)
_HOSPITAL = re.compile(
    r"hospital|medical cent|health system|klinik|clinic\b|健康|医院", re.IGNORECASE
)
_RESEARCH = re.compile(
    r"max planck|fraunhofer|helmholtz|leibniz|\bcnrs\b|\binria\b|national lab"
    r"|research (?:institut|lab|cent|council)|forschungs|institut(?:e|o)? (?:for|of|für|de|des"
    r"|der)\b|laborator(?:y|ies) for"
    r"|academy of sciences|研究院|研究所|实验室|実験|연구원",
    re.IGNORECASE,
)
_GOVERNMENT = re.compile(
    r"^(?:city|county|state|town|commonwealth|government|province) of\b|\bcounty(?: of\b|$)"
    r"|\bministry\b"
    r"|^(?:us |u s )?department of\b"
    r"|federal (?:bureau|agency|reserve|government)|bundesamt|bundeswehr|bundesministerium"
    r"|landesamt|stadtverwaltung|\bcouncil$|\bgovernment\b(?! solutions)|\bpolice\b|\bnhs\b"
    r"|\b(?:us|royal) (?:army|navy|air force)\b|statutory board"
    r"|public service|政府|人民法院|公安|市役所",
    re.IGNORECASE,
)
# Consultants, resources and careers are in the names of engineers, mines and career pages as well.
_AGENCY = re.compile(
    r"recruit|staffing|headhunt|personnel|\bmanpower\b|\bresourcing\b|executive search"
    r"|talent (?:acqui|solution|partner|search|group|hub|pool|agency|consult|advisor|placer|hire"
    r"|network|finder|locker|resources|connect|corner)|\b(?!united )\w+ talent$"
    r"|personal(?:dienst|service|beratung|vermittlung)|zeitarbeit"
    r"|\bplacements? (?:services?|agency|consult|cell|gurus)|\bplacement consult"
    r"|employment (?:agency|group|solutions?|services|professionals|partners)"
    r"|\bhr (?:solutions?|services?|consult\w*|advisory|pundits)\b|\bhuman resources? consult"
    r"|\bsearch (?:partners|group)$|\bworkforce solutions$"
    r"|\bjobs (?:via|for|near)\b|\bjob (?:bank|network)s?$|猎头|人力资源|人才|派遣",
    re.IGNORECASE,
)
_NONPROFIT = re.compile(
    r"\bfoundation(?: for| of|$)|\bcharit(?:y|ies|able)\b|non ?profit|\bngo\b|\bstiftung\b"
    r"|^association|\bassociation(?: of| for|$)|基金会",
    re.IGNORECASE,
)


def told(words: str) -> tuple[str, str] | None:
    """Return kind and industry ("" where they stay open) that a name's words state, or None."""
    if _AGENCY.search(words):
        return "agency", ""
    if _UNIVERSITY.search(words):
        return "university", "healthcare" if _HOSPITAL.search(words) else "education"
    if _RESEARCH.search(words):
        return "research_lab", ""
    if _GOVERNMENT.search(words):
        return "government", "government"
    return ("nonprofit", "") if _NONPROFIT.search(words) else None


def is_seat_of_learning(words: str) -> bool:
    """Say whether a name is a university's, whose place is part of it."""
    return bool(_UNIVERSITY.search(words))


def is_public(words: str) -> bool:
    """Say whether a place in the name is part of it: an office, a university, a hospital."""
    found = told(words)
    return bool(_HOSPITAL.search(words)) or (found is not None and found[0] != "agency")
