"""One employer has one id, and well-known ones have a kind and an industry."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from warehouse_rows import lake, posting, tables

from pipeline.facts import facts
from pipeline.postings.employer_in_text import employer_in
from pipeline.postings.employer_table import REASONS, table
from pipeline.postings.employers import Known, aliases, employer_id, known, parent_of
from pipeline.records import Posting

KINDS = {"enterprise", "startup", "mid_size", "research_lab", "university", "government"}
KINDS |= {"nonprofit", "agency"}
INDUSTRIES = set(
    [
        "finance",
        "healthcare",
        "ecommerce",
        "retail",
        "telecom",
        "automotive",
        "education",
        "media",
        "gaming",
        "security",
        "energy",
        "manufacturing",
        "logistics",
        "government",
        "advertising",
        "real_estate",
        "travel",
        "agriculture",
        "robotics",
        "semiconductor",
        "cloud_software",
        "consulting",
        "other",
    ]
)
SAME = [
    (
        "google",
        ["Google LLC", "GOOGLE", "Google Inc.", "Google (YC S19)", "google", "Google, Germany"],
    ),
    ("jpmorgan_chase", ["JPMorgan Chase & Co.", "JPMorgan Chase Bank, N.A.", "J.P. Morgan"]),
    ("meta", ["Facebook, Inc.", "Meta", "Meta Platforms"]),
    ("amazon", ["Amazon Web Services (AWS)", "AWS", "Amazon.com Services LLC", "Amazon Canada"]),
    ("bytedance", ["ByteDance Ltd.", "字节跳动", "北京字节跳动科技有限公司"]),
    ("tencent", ["Tencent", "腾讯科技（深圳）有限公司"]),
    ("enel", ["Enel S.p.A.", "Enel SpA", "ENEL"]),
    ("societe_generale", ["Société Générale", "SOCIETE GENERALE S.A."]),
    ("at_and_t", ["AT&T", "AT & T Inc"]),
    ("mckinsey", ["McKinsey & Company", "McKinsey"]),
    ("disney", ["The Walt Disney Company", "Walt Disney"]),
    ("united_states_army", ["U.S. Army", "US Army"]),
    (
        "acme_robotics",
        ["Acme Robotics GmbH", "The Acme Robotics Co., Ltd.", "ACME Robotics (YC W21)"],
    ),
    (
        "acme_robotics",
        ["Acme Robotics GmbH & Co. KG", "Acme Robotics Pty Ltd", "Acme Robotics - India"],
    ),
    ("acme_robotics", ["Acme Robotics Sp. z o.o.", "Acme Robotics A/S", "Acme Robotics B.V."]),
    ("acme_robotics", ["Acme Robotics Oyj", "Acme Robotics, S.A. de C.V.", "PT Acme Robotics Tbk"]),
    ("acme_robotics", ["Acme Robotics S.à r.l.", "Acme Robotics Berhad", "ACME ROBOTICS K.K."]),
    ("acme_robotics", ["Acme Robotics, a Foo company", "Acme Robotics (acquired by Foo)"]),
    ("acme_robotics", ["Acme Robotics, formerly Foo Labs", "Acme Robotics fka Foo"]),
    (
        "acme_robotics",
        ["Acme Robotics is hiring", "Acme Robotics. We are ten", "Acme Robotics - 3.8"],
    ),
    ("acme_robotics", ["Acme Robotics - acmerobotics.com", "0871 Acme Robotics Poland S.A."]),
    ("acme_robotics", ["Foo LLC dba Acme Robotics", "Fooshift Hiring for Acme Robotics"]),
    (
        "acme_robotics",
        ["Acme Robotics India Pvt. Ltd.", "Acme Robotics UK", "Acme Robotics-London"],
    ),
    ("acme_robotics", ["Acme Robotics, Berlin", "Acme Robotics EMEA", "Acme Robotics US"]),
    ("acmeshelf", ["acmeshelf.io", "https://www.acmeshelf.com/careers", "AcmeShelf.com, Inc."]),
    ("meta", ["Instagram", "WhatsApp LLC", "Oculus VR"]),
    ("google", ["YouTube", "Google Fiber", "Google. We build"]),
    ("amazon", ["Amazon Advertising Canada Inc.", "AWS Managed Services"]),
    ("deloitte", ["Deloitte Consulting India Private Limited", "Deloitte South East Asia"]),
    ("t_systems", ["T-Systems International GmbH", "T-Systems"]),
    ("merck_darmstadt", ["Merck KGaA", "Merck KGaA, Darmstadt, Germany", "MilliporeSigma"]),
]
KEPT = [
    ("Air India", "air_india"),
    ("Bank of China", "bank_of_china"),
    ("Nordic Spa", "nordic_spa"),
    ("Alphabet", "alphabet"),
    ("Google DeepMind", "deepmind"),
    ("Google Research", "google_research"),
    ("LinkedIn", "linkedin"),
    ("GitHub, Inc.", "github"),
    ("TikTok", "tiktok"),
    ("Apple Leisure Group", "apple_leisure_group"),
    ("Meta Materials", "meta_materials"),
    ("Merck & Co.", "merck"),
    ("HCL Global Systems", "hcl_global_systems"),
    ("Sierra Holdings", "sierra_holdings"),
    ("京东方科技", "boe_technology"),
    ("Insight Global", "insight_global"),
    ("Bell Canada", "bell_canada"),
    ("Public Health England", "public_health_england"),
    ("University of Acme, Berkeley", "university_of_acme_berkeley"),
    ("Mercy Medical Center, Baltimore, MD", "mercy_medical_center_baltimore_md"),
    ("Guardian India", "guardian_india"),
    ("Crypto.com", "crypto_com"),
    ("X.ai", "x_ai"),
    ("360 Acme", "360_acme"),
    ("Shop-Ware", "shop_ware"),
    ("メルカリ", "メルカリ"),
    ("青山科技股份有限公司", "青山科技"),
]


@pytest.mark.parametrize(("own", "names"), SAME)
def test_every_spelling_of_an_employer_has_one_id(own, names):
    assert {employer_id(name) for name in names} <= {own}


@pytest.mark.parametrize(("name", "own"), KEPT)
def test_what_belongs_to_a_name_stays(name, own):
    assert employer_id(name) == own


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        "-",
        "Confidential",
        "Company Confidential",
        "unknown",
        "N/A",
        "n/a",
        "Hidden",
        "None",
        "Not specified",
        "Stealth Startup",
        "Stealth Mode",
        "某知名互联网公司",
        "保密",
        "A Leading Firm",
        "Our client",
        "Stealth Fintech Startup",
        "1 point by somebody 3 days ago",
    ],
)
def test_a_hidden_employer_has_no_id(name):
    assert employer_id(name) == ""
    assert known(name) is None


@pytest.mark.parametrize(
    ("name", "kind", "industry"),
    [
        ("Google LLC", "enterprise", "cloud_software"),
        ("Deutsche Bank AG", "enterprise", "finance"),
        ("华为技术有限公司", "enterprise", "telecom"),
        ("Mistral AI", "startup", "cloud_software"),
        ("DeepMind", "research_lab", "cloud_software"),
        ("Max Planck Institute for Informatics", "research_lab", ""),
        ("Fraunhofer IAIS", "research_lab", ""),
        ("Sandia National Laboratories", "research_lab", "government"),
        ("University of Somewhere", "university", "education"),
        ("Technische Universität Musterstadt", "university", "education"),
        ("清华大学", "university", "education"),
        ("ETH Zürich", "university", "education"),
        ("City of Austin", "government", "government"),
        ("Ministry of Defence", "government", "government"),
        ("Mozilla", "nonprofit", ""),
        ("Robert Half", "agency", ""),
        ("Acme Recruitment Ltd", "agency", ""),
        ("Acme HR Solutions Pvt. Ltd.", "agency", ""),
        ("Acme Personalvermittlung GmbH", "agency", ""),
        ("Client of Acme Staffing", "agency", ""),
    ],
)
def test_kind_and_industry_of_well_known_names_and_telling_words(name, kind, industry):
    assert known(name) == Known(kind, industry)


def test_of_an_unknown_firm_nothing_is_known():
    assert known("Acme Robotics GmbH") is None


@pytest.mark.parametrize("name", ["Acme Consultants", "Acme Resources", "Acme Research Group"])
def test_words_that_others_carry_too_make_no_agency(name):
    assert known(name) is None


def test_every_alias_has_one_owner_and_a_reason():
    rows = aliases()
    assert rows == tuple(sorted(set(rows)))
    assert {reason.partition(" ")[0] for _, _, reason in rows} == set(REASONS)
    assert ("Facebook", "meta", "renamed 2021") in rows
    assert ("YouTube", "google", "brand") in rows
    assert len({name for name, _, _ in rows}) == len(rows)


def test_a_brand_that_hires_through_its_owner_keeps_its_trade():
    assert known("YouTube") == Known("enterprise", "media")
    assert known("Google") == Known("enterprise", "cloud_software")


def test_a_subsidiary_kept_apart_names_its_parent():
    assert parent_of("deepmind") == "google"
    assert parent_of("acme") == ""


def test_the_table_uses_only_the_vocabulary_and_its_own_ids():
    names = table()
    assert len(names.known) >= 300
    assert {known.kind for known in names.known.values()} <= KINDS | {""}
    assert {known.industry for known in names.known.values()} <= INDUSTRIES | {""}
    assert [
        own for own, known in names.known.items() if not known.kind and not known.industry
    ] == []
    assert [own for own in names.aliases.values() if employer_id(own) != own] == []
    assert [name for name, own, _ in aliases() if employer_id(name) != own] == []
    assert names.whole <= {own.partition("_")[0] for own in (*names.known, *names.aliases)}
    assert set(names.parents) | set(names.parents.values()) <= set(names.known)
    assert set(names.startup_until) <= set(names.known)
    assert set(names.arms) <= set(names.aliases)
    assert set(names.arms.values()) <= INDUSTRIES
    assert {names.aliases.get(own, own) for own in names.families} <= set(names.known)
    assert [own for own in names.known if employer_id(own) != own] == []


@pytest.mark.parametrize(
    ("written", "own"),
    [
        ("Monzo-London W4", "monzo"),
        ("Careers at Depop-London", "depop"),
        ("Stitch Fix, San Francisco", "stitch_fix"),
        ("Facebook, Vision Team", "meta"),
        ("Search at Pinterest", "pinterest"),
        ("physicalintelligence", "physical_intelligence"),
        ("gecko-robotics", "gecko_robotics"),
        ("krea.ai", "krea"),
        ("Akamai Technologies", "akamai"),
        ("Ocado Group", "ocado"),
        ("Equinix (Singapore) Enterprises Pte Ltd", "equinix"),
    ],
)
def test_what_a_board_writes_around_a_well_known_name_goes(written, own):
    assert employer_id(written) == own


@pytest.mark.parametrize(
    "written",
    [
        "Apple Bank",
        "Square Systems",
        "Target-Marketing Group",
        "Box Technologies",
        "Notion Labs Paris",
    ],
)
def test_a_name_that_is_a_common_word_must_stand_alone(written):
    assert known(written) is None


@pytest.mark.parametrize("written", ["We", "Hiring", "Seeking work", "Various"])
def test_words_of_a_thread_are_no_employer(written):
    assert employer_id(written) == ""


def test_a_firm_of_a_well_known_house_is_what_the_house_is():
    assert known("Siemens Mobility Teststadt") == Known("enterprise", "manufacturing")
    assert employer_id("Siemens Mobility Teststadt") == "siemens_mobility_teststadt"
    assert known("Siemensstadt Bakery") is None


def test_a_large_firm_was_a_startup_in_its_early_ads():
    assert known("Instacart", 2014) == Known("startup", "ecommerce")
    assert known("Instacart", 2021) == Known("enterprise", "ecommerce")
    assert known("Instacart") == Known("enterprise", "ecommerce")
    assert known("Google", 2004) == Known("enterprise", "cloud_software")


def test_what_only_the_ad_can_tell_is_left_open():
    assert known("Robert Half") == Known("agency", "")
    assert known("ML6") == Known("", "consulting")


def test_a_part_of_a_house_may_be_in_a_trade_of_its_own():
    assert known("Amazon") == Known("enterprise", "ecommerce")
    assert known("AWS") == Known("enterprise", "cloud_software")
    assert known("Amazon Web Services (AWS)") == Known("enterprise", "cloud_software")


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("Count parcels. At Deutsche Bank, we count them twice.", "deutsche_bank"),
        ("JPMorgan Chase & Co. (NYSE: JPM) is a firm that counts.", "jpmorgan_chase"),
        ("ABOUT BIOGEN\nWe count cells.", "biogen"),
        ("You count cells.\nBiogen is an equal opportunity employer.", "biogen"),
        ("Join the Siemens Data Team. Siemens is old.", "siemens"),
        ("At Microsoft, we count. Microsoft is an equal opportunity employer.", "microsoft"),
        ("You know Microsoft Excel. At Microsoft they made it.", ""),
        ("Our customers: Deutsche Bank, Biogen and Siemens.", ""),
        ("At Acme Ducks, we count ducks. Acme Ducks is a firm.", ""),
        ("At least one duck. About you: Data is your home.", ""),
        ("", ""),
    ],
)
def test_an_ad_without_an_employers_field_may_name_a_well_known_one(text, own):
    assert employer_in(text) == own


def test_a_posting_without_an_employer_gets_kind_and_industry_of_the_one_it_names():
    text = "You count cells in a long list.\nBiogen is an equal opportunity employer."
    found = facts(Posting("t:1", "t", title="Cell Counter", description=text))
    assert (found.employer_kind, found.industry) == ("enterprise", "healthcare")


def test_an_ad_may_name_the_part_of_a_house_that_hires():
    text = "Join Amazon. Amazon is large. At AWS, we rent out ducks."
    assert known(employer_in(text)) == Known("enterprise", "cloud_software")


def test_a_text_of_capitals_is_read_in_one_pass():
    assert employer_in("At " + "A" * 200_000) == ""
    assert employer_in("A" * 31 + " " + "Aa & " * 40_000) == ""


def test_an_agency_is_flagged_by_its_ads_and_a_single_one_by_its_name(tmp_path):
    rows = [
        *(ad(number, "Quiet Partners", "agency") for number in range(3)),
        ad(3, "Acme Recruitment", "agency"),
        ad(4, "Blue Door", "agency"),
        *(ad(number, "Red Roof", "agency" if number == 5 else "unknown") for number in (5, 6, 7)),
        ad(8, "Green Gate", "unknown"),
    ]
    connection = tables(lake(tmp_path, rows))
    found = connection.execute("select name, is_agency from core.employers order by name")
    assert dict(found.fetchall()) == {
        "Acme Recruitment": True,
        "Blue Door": False,
        "Green Gate": False,
        "Quiet Partners": True,
        "Red Roof": False,
    }


def ad(number, employer, kind):
    own = employer_id(employer)
    return posting(f"hn:{number}", employer=employer, employer_id=own, employer_kind=kind)


@pytest.mark.parametrize("piece", ["A-", "x dba ", ", ", "hiring for ", "a b ", "- ", "("])
def test_a_text_that_strayed_into_the_name_is_read_in_no_time(piece):
    began = time.monotonic()
    employer_id(piece * 20_000)
    assert time.monotonic() - began < 1


PIECES = st.sampled_from(
    [
        "Acme",
        "Inc.",
        "& Co.",
        "GmbH",
        "The",
        "(YC S19)",
        ", India",
        "- US",
        "S.p.A.",
        "有限公司",
        "集团",
        "科技",
        "（深圳）",
        "Careers",
        "A/S",
        "Société",
        "company",
        ", a Foo company",
        "dba",
        "hiring for",
        "part of",
        "-London",
        ".com",
        "S.A. de C.V.",
        "0871",
        "Google",
        "stealth",
        "L'Art",
        "AG",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=6).map(" ".join) | st.text(max_size=20))
def test_the_id_of_an_id_is_itself(name):
    own = employer_id(name)
    assert employer_id(own) == own
