"""Pay is read as stated, told from all other money, and written down so that it reads the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.facts import facts
from pipeline.postings.money import DOLLARS
from pipeline.postings.pay import is_believable, notation, pay_in, per_year, stated_pay
from pipeline.postings.pay_offers import MOST
from pipeline.records import Pay, Posting

STATED = [
    ("Base $150k-$180k", "", (150_000, 180_000, "USD", "year")),
    ("$150,000 - $180,000 per year", "US", (150_000, 180_000, "USD", "year")),
    ("Salary: $145000 - $250000 annually", "US", (145_000, 250_000, "USD", "year")),
    ("ML Engineer | €60-80k | Berlin", "DE", (60_000, 80_000, "EUR", "year")),
    ("Comp: 120-150k USD", "", (120_000, 150_000, "USD", "year")),
    ("Engineer | $100 - $150k | Remote", "US", (100_000, 150_000, "USD", "year")),
    ("we pay £500/day", "GB", (500, 500, "GBP", "day")),
    ("Contract, $60/hr", "US", (60, 60, "USD", "hour")),
    ("$22 - $29 an hour", "US", (22, 29, "USD", "hour")),
    ("Hourly: $33.895 - $42.370", "CA", (33.895, 42.37, "CAD", "hour")),
    ("Lohn: CHF 100'000 - 120'000", "CH", (100_000, 120_000, "CHF", "year")),
    ("NLP工程师 40-60K·14薪", "CN", (40_000, 60_000, "CNY", "month")),
    ("AI算法 20-25K 岗位职责", "", (20_000, 25_000, "CNY", "month")),
    ("待遇1.5-2.5万/月", "CN", (15_000, 25_000, "CNY", "month")),
    ("综合年薪30到50万", "CN", (300_000, 500_000, "CNY", "year")),
    ("年収600万円〜1000万円", "JP", (6_000_000, 10_000_000, "JPY", "year")),
    ("Package 8-10 LPA", "IN", (800_000, 1_000_000, "INR", "year")),
    ("₹8,00,000 - ₹12,00,000 a year", "IN", (800_000, 1_200_000, "INR", "year")),
    ("Gehalt: 60.000 € brutto/Jahr", "DE", (60_000, 60_000, "EUR", "year")),
    ("Salaire : 75 538,00$ à 90 240,00$ par an", "CA", (75_538, 90_240, "CAD", "year")),
    ("Salary SEK 45 000 - 55 000", "SE", (45_000, 55_000, "SEK", "month")),
    ("base pay is between USD 120,000 and USD 150,000", "US", (120_000, 150_000, "USD", "year")),
    (
        "Base pay ranges from $120,000/year in our lowest market up to $150,000/year",
        "US",
        (120_000, 150_000, "USD", "year"),
    ),
    ("Salary Minimum: $117,000.00 Maximum: $150,000.00", "US", (117_000, 150_000, "USD", "year")),
    (r"The range is $198,000\\.00 \\- $228,000\\.", "US", (198_000, 228_000, "USD", "year")),
    ("Job type: contract in San Mateo, CA$80/hour", "US", (80, 80, "USD", "hour")),
    ("Salary: $75,000.00 to $90,000.00 /hour", "US", (75_000, 90_000, "USD", "year")),
    ("Pay $50/hour to $130,000/year + bonus", "US", (104_000, 130_000, "USD", "year")),
    ("* Salary *\n90k - 120k and equity", "US", (90_000, 120_000, "USD", "year")),
    ("Salary 41k 46k per year Bonus Pension", "GB", (41_000, 46_000, "GBP", "year")),
    ("SALARY FROM 41000 SALARY 46000 JOB SKILLS", "GB", (41_000, 46_000, "GBP", "year")),
    ("Een salaris tussen de €3100,- en €4900,-.", "NL", (3_100, 4_900, "EUR", "month")),
    ("Gehalt: 61.000,- bis 74.000,- Euro im Jahr", "DE", (61_000, 74_000, "EUR", "year")),
    (
        "between $101,000 [the least in our cheapest town] to $152,000 [the most in our dearest]",
        "US",
        (101_000, 152_000, "USD", "year"),
    ),
    (
        "The range for this role is ($101,000 and $152,000).",
        "US",
        (101_000, 152_000, "USD", "year"),
    ),
    ("Annual salary:\n\n$301,000\n\n—\n\n$402,000 USD", "US", (301_000, 402_000, "USD", "year")),
    ("Grade 3: Minimum: $61,000 - Maximum: $84,000", "US", (61_000, 84_000, "USD", "year")),
    ("base pay range $131,00 – 184,000", "US", (131_000, 184_000, "USD", "year")),
    ("Salary £43,100–£51,600 Contract Type Fixed", "GB", (43_100, 51_600, "GBP", "year")),
    ("Weekly base pay: $2,000", "US", (104_000, 104_000, "USD", "year")),
    ("$3,000 bi-weekly", "US", (78_000, 78_000, "USD", "year")),
    ("Pay: $3,000 - $3,500 biweekly", "US", (78_000, 91_000, "USD", "year")),
    ("Bi-weekly pay: $3,000", "US", (78_000, 78_000, "USD", "year")),
    ("Salary £1,500 per fortnight", "GB", (39_000, 39_000, "GBP", "year")),
    ("Salary: $3,100 every two weeks", "US", (80_600, 80_600, "USD", "year")),
    ("Salary: $4,000 semi-monthly", "US", (96_000, 96_000, "USD", "year")),
    ("$25 - $30 an hour, paid biweekly", "US", (25, 30, "USD", "hour")),
    ("Salary: $60,000, paid bi-weekly", "US", (60_000, 60_000, "USD", "year")),
    ("Paid bi-weekly. Salary: $80,000 - $90,000", "US", (80_000, 90_000, "USD", "year")),
    ("A 1099 contractor, paid hourly at $47.50/hr", "US", (47.5, 47.5, "USD", "hour")),
]
OTHER_MONEY = [
    "We raised $5.5 million and closed a $20M Series A.",
    "backed with $90k in seed funding",
    "$350k annual revenue, $1B+ valuation, $12 billion AUM",
    "dental, vision, 401k with 5% match and a 401 k plan",
    "a sign-on bonus of $10,000 and a $1,500 referral bonus",
    "we save our customers $100k a year",
    "a learning budget of $1,000 per year and $100/month for the gym",
    "$3,000 annual stipend for training; $300 monthly limit on meals",
    "loved by 100k - 200k users, a company of 5k-10k people",
    "Salary: 0,00€ pro Jahr",
    "在全球电视年产能2600万台，超过10万用户",
    "team of 10 since 2016-2020, Python 3.11, 24/7",
    "funds of $2 million to $500 million",
    "The code base has 60k - 90k lines.",
    "Une carte Ticket Restaurant créditée de 8€ par jour, une mutuelle",
    "Essenszuschuss von 7€ pro Tag",
    "we'll pay you $5,000 if you refer somebody we hire",
]


@pytest.mark.parametrize(("text", "country", "pay"), STATED)
def test_pay_is_read_as_the_ad_states_it(text, country, pay):
    assert pay_in(text, country=country) == Pay(*pay)


@pytest.mark.parametrize("text", OTHER_MONEY)
def test_other_money_is_no_pay(text):
    assert pay_in(text, country="US") is None


@pytest.mark.parametrize(
    ("country", "currency"),
    [("", "USD"), ("US", "USD"), ("PL", "USD"), ("CA", "CAD"), ("AU", "AUD"), ("SG", "SGD")],
)
def test_a_bare_dollar_is_the_countrys_own(country, currency):
    assert pay_in("Salary: $90,000 - $120,000", country=country).currency == currency


@pytest.mark.parametrize(
    ("sign", "currency"),
    [("US$", "USD"), ("CA$", "CAD"), ("C$", "CAD"), ("S$", "SGD"), ("A$", "AUD")],
)
def test_a_named_dollar_wins_over_the_country(sign, currency):
    assert pay_in(f"Salary: {sign}90,000 - {sign}120,000", country="NZ").currency == currency


def test_a_currency_that_nobody_states_is_the_countrys_own():
    assert pay_in("Salary: Up to 80,000", country="NL") == Pay(None, 80_000, "EUR", "year")


def test_an_open_end_stays_open():
    assert pay_in("Up to $200k", country="US") == Pay(None, 200_000, "USD", "year")
    assert pay_in("Salary from $90,000", country="US") == Pay(90_000, None, "USD", "year")
    assert pay_in("| 130k+ base |", country="US") == Pay(130_000, None, "USD", "year")


def test_several_ranges_give_the_span_of_all():
    text = "Pay, zone 1: $187,000-$220,000; zone 2: $165,000-$194,000"
    assert pay_in(text, country="US") == Pay(165_000, 220_000, "USD", "year")


def test_a_range_says_more_than_a_single_amount():
    assert pay_in("$75-120k base & $150k OTE", country="US").max == 120_000


def test_the_countrys_own_currency_is_taken_of_two():
    text = "Salary: $90k - $120k or £70k - £90k"
    assert pay_in(text, country="GB") == Pay(70_000, 90_000, "GBP", "year")


@pytest.mark.parametrize(
    ("words", "country", "pay"),
    [
        ("$18 - $22/hr", "", (18, 22, "USD", "hour")),
        ("USD 100,000 - 120,000", "", (100_000, 120_000, "USD", "year")),
        ("3000-4500 per month EUR", "", (3_000, 4_500, "EUR", "month")),
        ("$211.4K – $290.6K • Offers Equity", "", (211_400, 290_600, "USD", "year")),
        ("45000", "GB", (45_000, 45_000, "GBP", "year")),
    ],
)
def test_a_salary_field_is_pay_without_further_words(words, country, pay):
    assert stated_pay(words, country) == Pay(*pay)


@pytest.mark.parametrize("words", ["", "Competitive", "DOE", "0", "-"])
def test_a_salary_field_without_an_amount_states_none(words):
    assert stated_pay(words) is None


@pytest.mark.parametrize(
    "words", ["Rate: $1,000/hour", "Salary: $100,000 per month", "Salary: $3,120,000 per year"]
)
def test_pay_beyond_what_anybody_is_paid_is_no_pay(words):
    assert pay_in(words, country="US") is None
    assert stated_pay(words, "US") is None


@pytest.mark.parametrize("period", sorted(MOST))
def test_pay_is_believed_up_to_a_bound_in_every_currency(period):
    for currency, dollars in DOLLARS.items():
        most = MOST[period] / dollars
        assert is_believable(Pay(None, 0.99 * most, currency, period))
        assert not is_believable(Pay(1, 1.01 * most, currency, period))
        assert not is_believable(Pay(1.01 * most, None, currency, period))
    assert is_believable(Pay(90_000_000, None, "COP", "year"))  # whose worth we do not know
    assert not is_believable(Pay(9e10, None, "COP", period))
    assert not is_believable(Pay(0, 50_000, "USD", "year"))


def test_a_posting_whose_field_states_unbelievable_pay_has_that_of_its_text_or_none():
    field = notation(Pay(1_500, 1_500, "USD", "hour"))
    assert facts(Posting("a:1", "a", salary=field, description="Tests.")).salary is None
    assert facts(Posting("a:1", "a", description=f"{field}\n")).salary is None
    told = facts(Posting("a:1", "a", salary=field, description="Pay: $90k - $120k a year"))
    assert told.salary == Pay(90_000, 120_000, "USD", "year")


def test_pay_a_year_counts_hours_days_and_months():
    assert per_year(Pay(50, 60, "USD", "hour")) == (104_000, 124_800)
    assert per_year(Pay(500, 500, "GBP", "day")) == (130_000, 130_000)
    assert per_year(Pay(None, 5_000, "EUR", "month")) == (None, 60_000)


AMOUNTS = st.integers(1, 10**12).map(lambda thousandths: thousandths / 1_000)


@given(
    low=st.none() | AMOUNTS,
    high=st.none() | AMOUNTS,
    currency=st.sampled_from(sorted(DOLLARS)),
    period=st.sampled_from(["year", "month", "day", "hour"]),
)
def test_every_notation_reads_as_the_pay_it_was_written_for(low, high, currency, period):
    if low is None and high is None:
        low = high = 1
    if low is not None and high is not None:
        low, high = min(low, high), max(low, high)
    pay = Pay(low, high, currency, period)
    assert pay_in(notation(pay)) == pay
    assert stated_pay(notation(pay)) == pay
    assert pay_in(f"Engineer\n{notation(pay)}\nWe raised $20M.", country="CA") == pay


def test_the_notation_is_plain_words():
    assert notation(Pay(150_000, 180_000, "USD", "year")) == "Pay: 150000-180000 USD per year"
