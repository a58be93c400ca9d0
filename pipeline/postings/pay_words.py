"""The words around money that make it pay, or something else, in the languages of our ads.

Layer:   postings (pure); patterns only, pay.py weighs them.
Quirk:   "learning budget" is no pay, "machine learning | $150k" is.
"""

from __future__ import annotations

import re

from pipeline.postings.money import DOLLARS

# Where money may be: at a sign, or at a number with a unit behind it, a code or a label before it.
SIGN = re.compile(r"[$€£₹₪₩฿₽¥￥万萬薪元円]")
CODES = frozenset({*DOLLARS, "Rs"})
NUMBER = re.compile(r"\d(?:[\d.,'’ ]*\d)?")
UNIT = re.compile(
    r" ?(?:[kK]|LPA|lpa|[Ll]a[ck]|[lL](?![A-Za-z])|tsd|Tsd|zł|kr\b|[Ee]uro|usd|eur|"
    + "|".join(DOLLARS)
    + ")"
)
CODE = re.compile(r"([A-Z][A-Zs][A-Z]?)\.? ?\Z")
YEAR = re.compile(r"(?:19|20)\d\d")
NO_LABEL = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_-$€£/=#%")

PAY_WORDS = (
    r"salar|compensat|\bcomp\b|\bpay(?:s|rate|out)?\b|\bwages?\b|remunerat|\bOTE\b|\brates?\b"
    r"|\bearn\b|\bearnings\b|(?<!code )\bbase\b|pay ?range|\brange\b"
    r"|\bpackage\b|\bCTC\b|per annum|\bincome\b"
    r"|hourly|(?:\A|\n)[ *•-]*stipend ?[:–-]|\blohn\b|gehalt|vergütung|entgelt|verdienst"
    r"|salaire|r[ée]mun[ée]ration|fourchette|\bTJM\b"
    r"|retribuzion|\bRAL\b|salari|sueldo|banda|salaris|\bloon\b|wynagrodzeni|\blön\b|\bløn"
    r"|薪|工资|待遇|收入|报酬|月入|年包|給|年収|月収|報酬"
)
PAY_WORD = re.compile(PAY_WORDS, re.IGNORECASE)
PAY_LABEL = re.compile(rf"(?:{PAY_WORDS})[^\d\n]{{0,25}}\n?[^\d\n]{{0,12}}\Z", re.IGNORECASE)
# Money that is no pay, by the words before and after it; the word nearer to the money decides.
OTHER_BEFORE = re.compile(
    r"\brais(?:e|ed|ing)\b|\bfund(?:ing|ed|s|raise)\b|\bseries [a-h]\b|\bseed\b|\bround\b|valuation"
    r"|\bvalued\b|\bworth\b|\brevenues?\b|\bM?ARR\b|\bMRR\b|\bAUM\b|\bassets?\b|\bsales\b|turnover"
    r"|\bbudgets?\b|\binvest|acqui|\bsav(?:e|ed|es|ing|ings)\b|bonus(?:es)?\b|referral|allowance"
    r"|reimburs|tuition|\b401|\bmatch(?:ed|ing|es)?\b|donat|\bgrants?\b|\bprize|\baward|transact"
    r"|insurance|deductible|relocation|\bsign(?:ing)?[- ]on\b|equipment|wellness|\bgym\b|discount"
    r"|\bgift|\bcosts?\b|\bpric(?:e|es|ed|ing)\b|\bfees?\b|\bspen[dt]|\bloss|\bdeals?\b|\bmarket\b"
    r"|\bindustry\b|\bprofit|\bpayments?\b|\bloans?\b|cash ?back|\bshares\b|RSUs?\b|processed"
    r"|stipend|(?<!machine )(?<!deep )\blearning\b|development (?:budget|fund|allow)|training"
    r"|education|\bhome office\b|\bcommut|\bmeals?\b|\bvouchers?\b"
    r"|\btickets?[- ]resto|restaurant|\brepas\b|mutuelle|zuschuss|zuschuß|gutschein|\bbuon[io]\b"
    r"|\blunch|\bsubsid|\bcredits?\b|\bproceeds|\bgenerat|\bmanag(?:e|es|ed|ing)\b|\bup to \d+% of"
    r"|\bpatents?\b|\bpenalt|\bfines?\b|\bclients?\b|\bcustomers?\b|\busers\b|\bcompanies\b"
    r"|\bbenefits? of|per pay period|\bpension\b"
    r"|融资|估值|市值|营收|注册资|餐补|补贴|补助|津贴|房补|奖金|红包|礼金|奖励|报销|投资|年产|超过?\Z|用户",
    re.IGNORECASE,
)
OTHER_AFTER = re.compile(
    r"[ \-–]?(?:(?:a|in|of|for|per|your|our|annual|yearly|monthly|month|year|one[- ]time|USD"
    r"|worth|total|new|more|plus|average|initial|cash|employee|early|professional) ){0,4}"
    r"(?:fund|series|seed\b|round|valuation|budget|stipend|allowance|reimburs|market\b|users?\b"
    r"|customers|employees|people|compan|developers|referral|credit|raised|revenue|ARR\b|MRR\b"
    r"|AUM\b|assets|grant|invest|learning|education|training|development|equipment|home.office"
    r"|wellness|gym\b|towards?\b|sales\b|donat|bonus|sign|relocation|prize|transactions|deals?\b"
    r"|contracts?\b|clients?\b|tuition|perks?\b|match|discount|per pay period|pay period|industry"
    r"|downloads|requests|lines\b|rows|stars|members|students|installs|subscribers|followers"
    r"|visitors|businesses|merchants|drivers|times|RPS\b|QPS\b|TPS\b|resolution|video|余?名|人"
    r"|用户|户|台|平|㎡|家|条|次|行|字|名|个|HT de budget|annual(?:s|es)? de formación)",
    re.IGNORECASE,
)
FOR_A_REFERRAL = re.compile(r"[^.\n]{0,40}\brefer", re.IGNORECASE)
GOES_WITH_PAY = re.compile(
    r"[ ,;)*]{0,3}(?:\+|plus|and|&|/|base|DOE|OTE|gross|brutto|brut|depending|w/|with|based|equity"
    r"|\([^)\n]{0,20}(?:base|DOE|experience|OTE)|for |salary|[·•]\s?\d\d薪)",
    re.IGNORECASE,
)
SALARY_AFTER = re.compile(r" ?\(?(?:base|gross|brutto|annual) ?|,? salary\b", re.IGNORECASE)
# " | $150k-180k | ", "($150k)": the headers of hiring threads
FIELD_BEFORE = re.compile(r"(?:[|(\[{·•,;:/•–—-]|\A|\n)[ *~]{0,3}\Z")
FIELD_AFTER = re.compile(r"[ *.]{0,3}(?:[|)\]}·•,;/+–—-]|\Z|\n)")

TO = re.compile(
    r"\n{0,2}[–—-]\n{0,2}"
    r"|\.?[ \n]?\(?(?:[ ]?[-‐‑‒–—−~〜～]{1,3}[ ]?|[ ]?\.\.\.?[ ]?| ?(?:to|bis|bis zu|à|a|up to|thru"
    r"|through|至|到|until|t/m|tot|hasta|do|till) ?)[ ]?"
)
AND = re.compile(r" ?(?:and|und|et|y|e|en|&) ", re.IGNORECASE)
BETWEEN = re.compile(r"(?:between|\brange|zwischen|entre|tra|tussen)[^\d\n]{0,25}\Z", re.IGNORECASE)
# "$100,000/year in our lowest geographic market up to $150,000/year"; "Minimum: $1 Maximum: $2"
# "$118,000 [minimum salary in our lowest market] to $184,000 [maximum salary in our highest]"
FAR_TO = re.compile(
    r" ?[\[(][^\d\n\])]{0,110}[\])] ?(?:up to|to|and|[-–—]) ?"
    r"|[^\d\n]{0,30}lowest[^\d\n]{0,40}(?:up to|to|and)[^\d\n]{0,20}"
    r"|[ ,;\n–—-]{0,4}max[^\d\n]{0,20}",
    re.I,
)
LOST_DASH = re.compile(r" (?:(?:salary|to|max(?:imum)?) )?", re.IGNORECASE)  # "Salary 30k 35k"
SOME_WAY_UP_TO = re.compile(r"[^\d\n]{0,75}\bup to ", re.IGNORECASE)
UP_TO = re.compile(
    r"(?:\bup ?to|\bmax(?:imum)?(?: of)?|\bbis(?: zu)?|jusqu'[àa]|\bhasta|\btot|\bfino a"
    r"|最高|\bunder|<)[ :]{0,2}(?:an? )?(?:about )?\Z",
    re.IGNORECASE,
)
FROM = re.compile(
    r"(?:\bfrom|\bstart(?:s|ing)?(?: salary)?(?: at| from| of)?"
    r"|\bmin(?:imum)?\.?(?: salary)?(?: of)?|\bat least|\bab|\bdesde|\bvanaf"
    r"|à partir de|\bover|north of|>=?|≥)[ :]{0,2}\Z",
    re.IGNORECASE,
)
OR_MORE = re.compile(r" ?(?:and up|and above|or more|or above|起|以上|upwards)", re.IGNORECASE)
TOTAL = re.compile(r"\bOTE\b|on[- ]target|total (?:target )?(?:comp|cash|rem|pack)|\bTC\b", re.I)
PERIOD_BEFORE = re.compile(
    r"(?P<hour>hourly|per hour|an hour|\bhr\b|时薪|時給)"
    r"|(?P<day>daily|day rate|per day|per diem|tagessatz|\bTJM\b|日薪)"
    r"|(?P<fortnight>\bbi-?weekly|fortnight|every (?:two|2|other) weeks?)"
    r"|(?P<halfmonth>\b(?:semi|bi)-?monthly|twice (?:monthly|(?:a|per) month))"
    r"|(?P<week>weekly|per week|a week)"
    r"|(?P<month>monthly|per month|a month|monat|maand|mensual|mensuel|mensile"
    r"|月薪|月給|月入|月收入)"
    r"|(?P<year>annual|yearly|per year|per annum|a year|jahr|jaar|annuel"
    r"|年薪|年收|年包|年俸)",
    re.IGNORECASE,
)
PERIOD_AFTER = re.compile(
    r"[^\d\n.;|]{0,25}?(?:(?P<hour>per hour|hourly|an hour)|(?P<day>per day|daily)"
    r"|(?P<fortnight>\bbi-?weekly|fortnight|every (?:two|other) weeks?)"
    r"|(?P<halfmonth>\b(?:semi|bi)-?monthly|twice (?:monthly|(?:a|per) month))"
    r"|(?P<month>per month|monthly|a month|[·•xX*]\s?\d\d\s?薪)"
    r"|(?P<year>per year|annual|yearly|per annum|a year))",
    re.IGNORECASE,
)
# "算法工程师 20-25K", on the boards of China always thousands a month
CHINESE_RANGE = re.compile(
    r"(?<![\d.])\d{1,3}[kK]?[-~–]\d{1,3}[kK](?:[·•*xX ]?(?:\d\d)?薪|[\s，,/]|\Z)"
)
HAN = re.compile(r"[\u4e00-\u9fff]")
ANY_CODE = re.compile(r"\b(?:[A-Z]{3}|[Ee]uros?)\b")
NOTATION = re.compile(
    r"^Pay: (?:(?P<from>from )|(?P<upto>up to ))?"
    r"(?P<low>\d+(?:\.\d+)?)(?:-(?P<high>\d+(?:\.\d+)?))?"
    r" (?P<currency>[A-Z]{3}) per (?P<period>year|month|day|hour)$",
    re.MULTILINE,
)
