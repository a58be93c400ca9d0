"""How the name of an employer is written: what is left once the forms around it are gone.

Layer:   postings (pure); no table of names is asked here.
Quirk:   a land behind a comma or a dash is dropped; inside a name ("Air India") it stays here, and
         employers.py decides.
Quirk:   boards write codes of legal entities ("0871 Acme Luxembourg S.A."), ratings ("Acme - 3.8")
         and whole sentences ("Acme is hiring", "Acme, a Foo company") into the field of the name.
"""

from __future__ import annotations

import re
import unicodedata


def _words(words: str) -> frozenset[str]:
    return frozenset(words.split())


# English; German, Dutch, French and southern Europe; the north, the east, Asia and the Gulf
LEGAL = _words(
    "inc incorporated llc ltd limited corp corporation co company plc llp lp pllc na pty pte pvt "
    "private lllp pbc ulc "
    "gmbh ggmbh mbh ag aktiengesellschaft se kg kgaa ohg ug ev eg gbr bv nv bvba sprl cvba vof sa "
    "sas sasu sarl srl sl slu sro spa sapi ltda limitada ltee eireli lda cv "
    "ab as asa aps oy oyj ou uab sia spzoo kft zrt nyrt doo dd ood ead eood ooo oao pjsc ao sdn "
    "bhd berhad tbk kk gk jsc fze fzco fzllc wll sti "
    "careers"  # no form of company, but as little part of the name
)
# Written so they are a suffix, as a word they may be part of a name: "Nordic Spa", "Such As".
_LEGAL_WORDS = frozenset({"spa", "as"})
_SEVERAL = re.compile(r"(?: s ?a(?: ?p ?i)?| s ?de ?r ?l)? de c ?v$")  # "S.A. de C.V."
_DOTTED = re.compile(r"\b(?:[A-Za-z]\.\s?){2,}|\b(?:[A-Za-z]\.\s?)+[A-Za-z]\b")
_SPELLED = re.compile(
    r"\bs\.\s?p\.\s?a\b\.?|\bsp\.?\s?z\.?\s?o\.?\s?o\b\.?|\b[aA]/[sS]\b|\bd\.o\.o\b\.?"
    r"|\bs\.\s?à\s?r\.\s?l\b\.?",
    re.IGNORECASE,
)
_PLAIN_SPELLED = str.maketrans("àÀ", "aA")
_HAN_LEGAL = re.compile(
    r"(?:股份|有限|责任|責任|合伙|总公司|分公司|公司|集团|集團|株式会社|有限会社|合同会社"
    r"|주식회사|유한회사)+$"
)
_BEFORE = re.compile(r"^(?:(?:株式会社|有限会社|合同会社|주식회사|\(株\)|\(주\))\s*|PT\.?\s(?=\w))")
_BRACKETS = re.compile(r"\s*[(\[（【][^()\[\]（）【】]*[)\]）】]\s*")
_YC = re.compile(
    r"\b(?:YC|Y Combinator)\s?[-:]?\s?[SWFX]?\s?\d{2,4}\b|\bYC\b(?=\s*$)", re.IGNORECASE
)
_CAREERS = re.compile(r"^(?:careers|jobs) (?:at|with) |^we[’']?re hiring at ", re.IGNORECASE)
LANDS = (
    "usa|us|u\\.s\\.a?\\.?|united states(?: of america)?|uk|u\\.k\\.|united kingdom"
    "|great britain|england|scotland|ireland|germany|deutschland|france|spain|españa|italy"
    "|italia|portugal|netherlands"
    "|the netherlands|nederland|belgium|luxembourg|switzerland|schweiz|suisse|austria|österreich"
    "|poland|polska|czech republic|czechia|hungary|romania|bulgaria|greece|turkey|sweden|norway"
    "|denmark|finland|estonia|latvia|lithuania|ukraine|russia|israel|uae|dubai|saudi arabia|egypt"
    "|south africa|nigeria|kenya|india|pakistan|bangladesh|sri lanka|china|hong kong|taiwan|japan"
    "|korea|south korea|singapore|singapour|malaysia|indonesia|thailand|vietnam|philippines"
    "|australia"
    "|new zealand|canada|mexico|brazil|brasil|argentina|chile|colombia|peru|emea|apac|europe"
    "|north america|latam|asia pacific|asia|america|americas|global|worldwide|international"
)
_LAND_BEHIND = re.compile(rf"(?:,|\s[-–—|]|[-–—|]\s)\s*(?:{LANDS})\s*$", re.IGNORECASE)
_ADDRESS = re.compile(
    r"^(?:https?:/*)?(?:(?:www|jobs|careers)\.)?([\w-]+(?:\.[\w-]+)*\.[a-z]{2,6})(?:/\S*)?$",
    re.IGNORECASE,
)
# "SchooLinks - schoolinks.com", "Acme Inc. acme.com"
_ADDRESS_BEHIND = re.compile(
    r"^(.+?)[\s,|/–—-]+(?:www\.)?([\w-]{3,})\.[a-z]{2,6}(?:\.[a-z]{2})?$", re.IGNORECASE
)
_SUFFIXED = r"(?i:Inc|LLC|Ltd|Limited|L\.?L\.?C|S\.?A|S\.?A\.?S|N\.?A|GmbH|AG|AS|B\.?V|NV|Corp|Co)"
_ENTITY = re.compile(  # "0871 Acme Luxembourg S.A.", "VN01 Acme Vietnam Company Limited"
    r"^(?:[A-Z]{2,3}\d{3,4}|\d{4,5}|0\d\d|\w{4} \(FCRS = \w+\))\s+(?:-\s)?"
    rf"(?=[^\W\d_]\S+\s.*?(?:\b{_SUFFIXED}\b\.?|Company|S\.?p\.?A\.?|o\.o\.?|s\.r\.o\.?|K\.K\.?)\s*(?:\(.*)?$)"
)
_RATING = re.compile(r"\s+-\s+[1-5]\.\d$")
_CODE = re.compile(r"\s-\s[A-Z]\d{2}$")  # "Acme LLC - A57"
_TRADING_AS = re.compile(rf"^.*(?:\w[\s,]+(?:d/b/a|dba)|(?:,|\b{_SUFFIXED}\.?)\s+DBA)\s+(?=\w)")
_HIRING_FOR = re.compile(
    r"^.*\w\s+(?:hiring for|on behalf of)\s+(?!\w*client|their\b|our\b)(?=\w)", re.IGNORECASE
)
_CLIENT_OF = re.compile(r"^(?:an?\s+)?(?:\w+\s+)?client of\s+(?=\w)", re.IGNORECASE)
_ASIDE = re.compile(
    r"[\s,;|–—-]+(?:formerly|previously|f/k/a|fka|acquired by|part of|subsidiary of|member of"
    r"|powered by|an? (?:division|part|member|subsidiary|brand) of"
    r"|(?:now )?an? [\w&+.'’]+(?: [\w&+.'’]+){0,4} (?:company|brand))\b.*$"
    r"|[\s-]+(?:we are|we[’']re|is|are)\s+(?:hiring|looking|seeking|recruiting)\b.*$"
    r"|[.!]\s+we\b.*$",
    re.IGNORECASE,
)
_HIDDEN = re.compile(
    r"(?:an?|our|my) (?:[\w-]+ ){0,8}(?:company|firm|start ?up|client|organi[sz]ation|mnc)s?!?"
    r"|(?:leading|reputed|multi ?national|mnc|fast growing|well known|prestigious|large"
    r"|stealth|renowned|undisclosed|confidential)(?: [\w-]+){0,5}"
    r" (?:company|client|firm|organi[sz]ation|mnc|start ?up|employer)s?"
    r"|\d+ points? by .*|https? .*sitemap.*|about us|description .+|.* client of ours"
)
_NOBODY = re.compile(
    r"(?:the )?(?:client )?(?:company |employer |name )?(?:is )?"
    r"(?:confidential|unknown|hidden|anonymous|undisclosed|n a|na|none|null|nan|nil|tbd|unspecified"
    r"|not (?:specified|available|disclosed|provided|given|stated|applicable)|private advertiser"
    r"|we|we re|various|hiring|location|remote|onsite|seeking (?:work|freelancer)|apply at"
    r"|hedge fund"
    r"|(?:in )?stealth(?: mode)?(?: ai)?(?: startup| company)?|a company|company)"
    r"(?: company| employer| client| careers| name)?|保密|匿名|未知|某.+",
)
LONGEST = 300  # signs; what is longer is a text that strayed into the field
_NO_ACCENT = {ord("ø"): "o", ord("ł"): "l", ord("đ"): "d", ord("æ"): "ae"}


def plain_id(name: str) -> str:
    """Return the id by spelling alone: lower-case words joined by "_", "" for a hidden name."""
    words = _stated(name)
    if _HIDDEN.fullmatch(" ".join(re.sub(r"[^\w!]+", " ", words.casefold()).split())):
        return ""
    plain = _spelled_id(words)
    # A suffix may only show once another is gone: "集团（深圳）有限公司".
    while (again := _spelled_id(plain)) != plain:
        plain = again
    return plain


def _stated(name: str) -> str:
    """Return the name without the sentence, the code or the address it stands in."""
    words = unicodedata.normalize("NFKC", name[:LONGEST]).replace("%20", " ")
    words = " ".join(words.split())
    if "_" in words and " " not in words:
        return words.replace("_", " ")  # an id, or a name used as one
    if address := _ADDRESS.match(words):
        return address[1]
    words = _CODE.sub("", _RATING.sub("", _ENTITY.sub("", words)))
    words = _HIRING_FOR.sub("", _TRADING_AS.sub("", _CLIENT_OF.sub("", words)))
    words = _YC.sub(" ", words)
    words = _BRACKETS.sub(" ", words).strip() or words
    words = _ASIDE.sub("", words).strip() or words
    if behind := _ADDRESS_BEHIND.match(words):
        own, site = (re.sub(r"\W", "", part).casefold() for part in behind.groups())
        if own.startswith(site) or site.startswith(own):
            words = behind[1]
    return words


def _spelled_id(name: str) -> str:
    words = name.replace("_", " ")
    words = _BEFORE.sub("", words.strip())
    words = _YC.sub(" ", words)
    words = _BRACKETS.sub(" ", words).strip() or words
    words = _LAND_BEHIND.sub("", words)
    words = _CAREERS.sub("", words.strip())
    words = _SPELLED.sub(
        lambda found: re.sub(r"\W", "", found.group()).translate(_PLAIN_SPELLED), words
    )
    words = _DOTTED.sub(lambda found: re.sub(r"[.\s]", "", found.group()) + " ", words)
    words = re.sub(r"(?<=\w)['’`´](?=\w)", "", words.replace("&", " and "))
    tokens = _SEVERAL.sub("", _folded(re.sub(r"[^\w]+", " ", words)).strip()).split()
    cased = re.sub(r"[^\w]+", " ", words).split()[: len(tokens)]
    tokens = _without_legal(tokens, cased if len(cased) == len(tokens) else tokens)
    joined = "_".join(tokens)
    plain = _HAN_LEGAL.sub("", joined) or joined
    return "" if _NOBODY.fullmatch(plain.replace("_", " ")) else plain.strip("_")


def _folded(words: str) -> str:
    """Lower the case and drop accents; Han, Kana and Hangul stay as they are."""
    words = words.casefold().translate(_NO_ACCENT)
    apart = unicodedata.normalize("NFD", words)
    kept = (sign for sign in apart if not "\u0300" <= sign <= "\u036f")
    return unicodedata.normalize("NFC", "".join(kept))


def _without_legal(tokens: list[str], cased: list[str]) -> list[str]:
    if len(tokens) > 1 and tokens[0] == "the":
        tokens, cased = tokens[1:], cased[1:]
    while len(tokens) > 1:
        last = tokens[-1]
        if last == "careers" and len("".join(tokens)) < 12:
            break  # "e-Careers"
        is_word = last in _LEGAL_WORDS and cased[-1] in (last, last.title())
        if last != "and" and (last not in LEGAL or is_word):
            break
        tokens, cased = tokens[:-1], cased[:-1]
    return tokens
