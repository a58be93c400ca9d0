"""An ad tells its employer's kind, its industry, its domains and where the work is done."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.mentions.profile import (
    Profile,
    declare,
    declared,
    domains_of,
    employer_kind_of,
    industry_of,
    profile_of,
    workplace_of,
)
from pipeline.mentions.roles import families
from pipeline.mentions.seniority import ranks
from pipeline.mentions.words import read_terms

TERMS = read_terms("profile.toml")


def some_of(ids):
    return st.sets(st.sampled_from(list(ids))).map(lambda s: tuple(i for i in ids if i in s))


PROFILES = st.builds(
    Profile,
    roles=some_of(families()),
    seniority=some_of(ranks()),
    employer_kind=st.sampled_from([*TERMS["kind"], "unknown"]),
    industry=st.sampled_from([*TERMS["industry"]]),
    domains=some_of([*TERMS["domain"]]),
    workplace=st.sampled_from(["onsite", "hybrid", "remote", "unknown"]),
)


@given(PROFILES)
def test_a_declared_profile_is_read_back_as_it_was(profile):
    assert profile_of("", "", "", declare(profile) + "\n\nanything") == profile


@given(PROFILES)
def test_what_is_declared_wins_over_title_register_and_text(profile):
    text = declare(profile) + "\n\nWe are a fintech startup, fully remote. 5+ years of experience."
    read = profile_of(
        "Senior Nurse", "Bank", "Remote", text, known_kind="agency", known_industry="energy"
    )
    assert read == profile


def test_declared_values_may_be_in_human_words():
    text = (
        "Role: Machine Learning Engineer; data scientist\nSeniority: Senior\n"
        "Employer kind: not stated\nDomain: Computer vision\n\nText"
    )
    assert declared(text) == {
        "roles": ("ml_engineer", "data_scientist"),
        "seniority": ("senior",),
        "employer_kind": (),
        "domains": ("computer_vision",),
    }


def test_a_line_with_unknown_values_is_ordinary_text():
    text = "Role: Keeper of the ducks\nIndustry: ducks\n\nWe are a fintech company."
    assert declared(text) == {}
    assert industry_of("", text) == "finance"


@pytest.mark.parametrize(
    "text", ["", "The role: manager", " Role: manager", "Industry: energy\nRole: manager"]
)
def test_only_a_block_that_begins_with_role_declares(text):
    assert declared(text) == {}


@pytest.mark.parametrize(
    ("employer", "text", "kind"),
    [
        ("Examplo", "We are an early-stage company backed by good people.", "startup"),
        ("Examplo", "We're a team of 12 people who count parcels.", "startup"),
        ("Examplo", "We have 12,000 employees in forty countries.", "enterprise"),
        ("Examplo", "We have 600 employees.", "mid_size"),
        ("Examplo (NYSE: EXP)", "Examplo is publicly traded.", "enterprise"),
        ("Examplo", "Our client is looking for an engineer.", "agency"),
        ("Examplo Recruitment", "Great chance.", "agency"),
        ("University of Somewhere", "Join the lab.", "university"),
        ("Examplo", "We are a registered charity that feeds ducks.", "nonprofit"),
        ("Examplo", "We count parcels.", "unknown"),
        ("Examplo", "As a startup, we once counted parcels. Startup mentality wanted.", "unknown"),
        ("某大型互联网公司", "熟悉数据分析。", "agency"),
        ("Examplo", "Examplo is a wholly-owned subsidiary of Another Examplo.", "enterprise"),
        ("Examplo", "We do not pay any recruitment agency for parcels.", "unknown"),
    ],
)
def test_an_ad_tells_the_kind_of_its_employer(employer, text, kind):
    assert employer_kind_of(employer, text) == kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("You work with colleagues across the globe.", "enterprise"),
        ("You get equity.", "unknown"),
        ("You get equity, and you meet our founders.", "startup"),
    ],
)
def test_on_a_board_one_weak_cue_makes_no_startup(text, kind):
    assert profile_of("Engineer", "Examplo", "Oslo", text).employer_kind == kind


def test_a_firm_that_has_grown_since_was_a_startup_when_it_said_so():
    text = "Examplo counts parcels. We have raised $5M."
    assert employer_kind_of("Examplo", text, known_kind="enterprise") == "startup"
    assert employer_kind_of("Examplo", text, known_kind="university") == "university"


def test_the_number_of_people_an_ad_states_wins_over_a_known_startup():
    text = "Examplo counts parcels with {} employees."
    assert employer_kind_of("Examplo", text.format(400), known_kind="startup") == "mid_size"
    assert employer_kind_of("Examplo", text.format(4000), known_kind="startup") == "enterprise"
    assert employer_kind_of("Examplo", text.format(40), known_kind="startup") == "startup"
    assert employer_kind_of("Examplo", text.format(40), known_kind="enterprise") == "enterprise"


def test_where_to_apply_makes_no_startup():
    text = "Examplo | Engineer | Oslo\nWe count parcels. jobs.ashbyhq.com/examplo jobs.lever.co"
    assert profile_of("", "Examplo", "", text).employer_kind == "unknown"


def test_a_register_of_employers_wins_over_the_words_of_the_ad():
    text = "We are an early-stage fintech."
    assert employer_kind_of("Examplo", text, known_kind="enterprise") == "enterprise"
    assert industry_of("Examplo", text, known_industry="energy") == "energy"


@pytest.mark.parametrize(
    ("employer", "text", "industry"),
    [
        ("", "Examplo | Engineer\nWe are a fintech that moves money.", "finance"),
        ("", "We help hospitals care for their patients.", "healthcare"),
        ("", "We sell a SaaS to plumbers.", "cloud_software"),
        ("", "An AdTech firm: programmatic advertising for all.", "advertising"),
        ("", "We build self-driving cars.", "automotive"),
        ("Examplo Insurance Company", "Join us.", "finance"),
        ("", "We are curious people.", "other"),
        ("", "We count ducks. " + "Ducks. " * 120 + "Private healthcare and a pension.", "other"),
        ("", "We feed ducks. We offer medical, dental and vision insurance.", "other"),
        ("", "We brew for hospitals. " + "Ducks. " * 120 + "Fintech, saas.", "healthcare"),
        ("", "Data mining, quality assurance, team player, driving results.", "other"),
    ],
)
def test_an_ad_tells_its_industry(employer, text, industry):
    assert industry_of(employer, text) == industry


@pytest.mark.parametrize(
    ("title", "text", "domains"),
    [
        ("Engineer", "You fine-tune large language models.", ("llm_genai",)),
        ("Data Scientist, Computer Vision", "Join us. " * 500, ("computer_vision",)),
        ("Engineer", "熟悉自然语言处理和推荐系统", ("nlp", "recommender")),
        ("Ingenieur", "Du entwickelst Bildverarbeitung für Kameras.", ("computer_vision",)),
        ("Engineer", "Speech recognition on-device.", ("speech", "mobile_edge")),
        ("Engineer", "Fraud detection with low latency.", ("fraud", "real_time")),
        ("Engineer", "A chat about ducks.", ()),
    ],
)
def test_an_ad_tells_what_the_work_is_about(title, text, domains):
    assert domains_of(title, text) == domains


@pytest.mark.parametrize(
    ("text", "domains"),
    [
        ("You build docker images.", ()),
        ("You tune large language models.", ("llm_genai",)),
        ("You make recommendations to the board.", ()),
        ("Robots are in our DNA.", ()),
        ("Report recruitment fraud to us.", ()),
    ],
)
def test_a_word_within_another_saying_speaks_for_no_domain(text, domains):
    assert domains_of("Engineer", text) == domains


def test_a_role_lends_weight_to_its_own_domain():
    text = "Examplo | {} | Oslo\n" + "We count parcels. " * 120 + "Publications are welcome."
    assert domains_of("", text.format("Research Scientist")) == ("research",)
    assert domains_of("", text.format("Engineer")) == ()


def test_the_name_of_a_tool_says_less_than_that_of_a_field():
    text = "We count parcels. " * 100 + "You know {}. " + "We count parcels. " * 20
    assert domains_of("Engineer", text.format("natural language processing, NLP")) == ("nlp",)
    assert domains_of("Engineer", text.format("spaCy, NLTK")) == ()


def test_one_passing_word_in_a_long_ad_is_no_domain():
    assert domains_of("Engineer", "Computer vision. " + "We count parcels. " * 300) == ()


@pytest.mark.parametrize(
    ("location", "text", "workplace"),
    [
        ("Remote", "", "remote"),
        ("Berlin (Hybrid)", "", "hybrid"),
        ("", "Examplo | Engineer | Oslo | ONSITE or REMOTE\nText", "remote"),
        ("", "Examplo | Engineer | Oslo | ONSITE\nWe ship to remote places.", "onsite"),
        ("", "Examplo | Engineer | Oslo | No remote\nText", "onsite"),
        ("Oslo", "We hold remote interviews and do remote sensing for remote teams.", "unknown"),
        ("Oslo", "Sorry, no remote work.", "onsite"),
        ("Oslo", "This is a hybrid role: two days of work from home.", "hybrid"),
        ("Oslo", "You may work from home.", "hybrid"),
        ("Oslo", "Our benefits: lunch, a gym card, working from home.", "hybrid"),
        ("Oslo", "You work remotely, and we pay for a home office setup.", "remote"),
        ("Oslo", "A hybrid or remote arrangement is possible.", "remote"),
        ("Oslo", "Working arrangement: Hybrid\nWe are remote-first otherwise.", "hybrid"),
        ("Oslo", "Location Type\n\nRemote\n\nWe meet in our hybrid space.", "remote"),
        ("Oslo", "We count parcels. #LI-Hybrid", "hybrid"),
        ("Oslo", "We are not currently considering fully remote candidates.", "onsite"),
        ("Oslo", "You work with a globally distributed team and on-site gyms.", "unknown"),
        ("Worldwide", "The desk is in Oslo (Hybrid).", "hybrid"),
        ("Worldwide", "We count parcels.", "remote"),
        ("", "Examplo | Engineer | Oslo | ONSITE / PARTIAL REMOTE\nText", "hybrid"),
        ("", "Examplo | Onsite/Hybrid | Oslo | Distributed Systems\nText", "hybrid"),
        ("Oslo", "Można pracować zdalnie.", "remote"),
        ("Oslo", "We run a hybrid cloud and offer an on-site gym.", "unknown"),
        ("Oslo", "We count parcels.", "unknown"),
    ],
)
def test_an_ad_tells_where_the_work_is_done(location, text, workplace):
    assert workplace_of(location, text) == workplace


def test_a_title_may_say_where_the_work_is_done():
    said = profile_of("Data Analyst (Hybrid/Remote)", "", "Oslo", "We count parcels.")
    assert said.workplace == "remote"


def test_remote_sensing_in_a_title_is_no_workplace():
    said = profile_of("Data Analyst, Remote Sensing", "", "Oslo", "We count parcels.")
    assert said.workplace == "unknown"
