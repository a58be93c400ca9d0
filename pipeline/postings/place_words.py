"""The words around a place that make it the job's, the firm's or somebody else's.

Layer:   postings (pure); patterns only, text_places.py weighs them.
"""

from __future__ import annotations

import re

LEAD = re.compile(
    r" (?:in|at|from|of|near|within|across|to"
    r"|(?:locations?|work ?sites?|workplace|duty station)(?: preference)? (?:is|are|will be)) "
    r"(?:(?:our|the|one|any|either|both|[Dd]owntown|[Cc]entral|sunny|beautiful|lovely|heart|of"
    r"|greater|new|a|many|several|multiple|two|three|locations?|cities|places|such|as|like"
    r"|including) ){0,5}"
    r"\(?([^\W\d_a-z][^\W_]*)"
)
# The words before a place that make it the job's own: "the role is based", "hybrid", "work".
OF_JOB = re.compile(
    r"(?:\b(?:position|role|job|internship|opening|opportunity|vacancy|contract|assignment"
    r"|placement|candidate|hire|person)(?:s|\(s\))?\b[^.\n;:|]{0,40}?\b(?:is|are|be|sit|live|reside)"
    r"(?: [\w-]+){0,3}?"
    r"|\b(?:on-?site|in-?person|in-?office|hybrid|remote(?:ly)?)(?: \w+)?"
    r"|\b(?:hir(?:ing|e)|recruiting|openings?|vacanc(?:y|ies)|positions|roles)(?: [\w,&/-]+){0,8}"
    r"|\bjoin (?:our|the|us|a)(?: \w+){0,3}"
    r"|\b(?:to|can|could|will|you|we|and|or) (?:\w+ )?work(?:ing)?(?: (?:remotely|fully|on-?site"
    r"|full-?time|directly|primarily|mainly|either|out))*"
    r"|\bworking (?:locations?|sites?)(?: \w+){0,3}|\brelocat(?:e|ing|ion)"
    r"|\b(?:remote|distributed)(?: team| company)?)"
    r"(?: (?:in|at|from|out of|to) (?:our|the|one of our|any of our|either of our|an?)(?: \w+){0,2}"
    r" (?:offices?|hubs?|hq|headquarters|labs?|studios?|sites?|campus|centers?|centres?"
    r"|facilit(?:y|ies)|locations?))?"
    r"(?: (?:based|located|situated|available|open|out))?\Z",
    re.IGNORECASE,
)
IN_OR_NEAR = re.compile(r" (?:in|near|at) ")
IS_LOCATION = re.compile(r" (?:location|work|duty)")
OF_FIRM = re.compile(
    r"(?:\boffices?(?: (?:is|are))?(?: located| based| open| opening)?"
    r"|\b(?:we(?:'re|’re| are)|team is|company is|startup|start-up|company|located|based"
    r"|hubs?),?(?: based| located| out)?"
    r"|\b(?:join us|developers?|engineers?|scientists?)(?: \w+){0,4}?)\Z",
    re.IGNORECASE,
)
ELIGIBLE = re.compile(
    r"(?:eligib|authori[sz]|entitle|legal|right|permi|visa|sponsor|clearance)[^.\n]{0,60}\Z", re.I
)
OTHERS = re.compile(
    r"\b(?:customers|clients|users|markets?|partners?|investors?|experience\w*|universit\w+|laws?"
    r"|applicants?|born|founded|started|trips?|travel\w*|visit\w*|conference\w*|headquartered"
    r"|places?|process)"
    r"(?: [\w'’-]+){0,5}\Z",
    re.IGNORECASE,
)
OF_PAY = re.compile(r"\$|\bsalary\b|\bpay\b|\bcompensation\b|\branges?\b|\bordinance\b", re.I)
HEAD_OFFICE = re.compile(r"总部(?:位于|在|设在)")
OUR_OFFICE = re.compile(
    r"\bour (?=[^\W\d_a-z][\w., -]{2,40}? (?:-?based|offices?|hq|headquarters)\b)"
)
# A line's label is looked for by its stem: a search for the label itself takes ten times as long.
STEMS = ("ocation", "OCATION", "ountry", "tandort", "Lieu", "bicaci", "Where", "WHERE")
LABEL = re.compile(
    r"[\s*#>•·-]*(?:job |work |primary |office |company )?(?:locations?|country|standort|"
    r"lieu|ubicaci[oó]n|where)\**\s*(?:\(s\)|\(city\))?\**\s*(?:[:–—-]+|\n)\s*\**\s*",
    re.IGNORECASE,
)
LABEL_HAN = re.compile(r"(?:工作地点|工作城市|工作地|办公地点|上班地点|勤務地)\s*[:：]?\s*")
TITLE_HAN = re.compile(r"\A.{0,60}?[-—|·（(／\s]\s*(?=[一-鿿])")
LIST = re.compile(r":[ *]*\n\s*((?:.{2,60}(?:\n+|\Z)){1,12})")
LIST_OF_PLACES = re.compile(
    r"\b(?:positions|openings|roles|jobs|hiring|offices|locations)\b[^\n]{0,60}\Z", re.IGNORECASE
)
PAY_AT = re.compile(r"(?m)^\W{0,4}([A-Z][^:\n$]{2,60}): ?(?:USD ?)?\$ ?\d")
COUNTRY_LEAD = re.compile(r"\b(?:in|to|within|across|throughout|of)(?: the)? \Z")
UNITED_STATES = re.compile(
    r"U(?<![\w/-]U)(?:\.S\.|SA?\b(?<![A-Z] US)(?<![A-Z] USA)"
    r"(?! [A-Z]{2}|[ -](?i:time|tz|hours|dollar)))|E-Verify\b"
)
SEGMENT = re.compile(r"\s[-–—•]+\s|[|()]\s*")
CAPITAL_ASCII = re.compile(r"[A-Z][A-Za-z]+")
CAPITAL_WORD = re.compile(r"[^\W\d_a-z]\w+")
WORD_OF_PLACE = re.compile(r"[\s*(•·–-]*(?:[a-z]+ ){0,2}[^\W\d_a-z]")
END_OF_CLAUSE = re.compile(r"[\n.;!?](?:\s|$)|\n|\s(?:with|where|who|that|which|to|for)\s")
END_OF_SENTENCE = re.compile(r"\n|[.!?] (?=[A-Z])")
CAPITAL_OR_CJK = re.compile(r"[^\W\d_a-z]")


AREA_WORDS = frozenset({"district", "county", "state", "province"})  # Chelsea District, NY
