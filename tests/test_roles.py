"""Titles become role families and ranks; without a title the ad's own lines do."""

import pytest

from pipeline.mentions.roles import families, roles_of
from pipeline.mentions.seniority import seniority_of


@pytest.mark.parametrize(
    ("title", "roles"),
    [
        ("Senior Data Scientist", ("data_scientist",)),
        ("Data Scientist, NLP", ("data_scientist",)),
        ("Software Engineer, Machine Learning", ("ai_software_engineer",)),
        ("AI/ML Software Engineer", ("ai_software_engineer",)),
        ("Machine Learning Engineer / AI Engineer", ("ml_engineer", "ai_software_engineer")),
        ("Deep Learning Engineer", ("ml_engineer",)),
        ("ML & Backend Engineers", ("ml_engineer", "software_engineer")),
        ("Research Scientist in Computer Vision", ("ml_researcher",)),
        ("Postdoctoral Researcher, Machine Learning", ("academic",)),
        ("MLOps Engineer", ("mlops_engineer",)),
        ("Computer Vision Software Engineer", ("cv_engineer",)),
        ("Conversational AI Engineer", ("nlp_engineer",)),
        ("Robotics Engineer - SLAM", ("robotics_engineer",)),
        ("Site Reliability Engineer", ("devops_engineer",)),
        ("Analytics Engineer", ("data_engineer",)),
        ("Product Analyst", ("data_analyst",)),
        ("UX Designer", ("product_design",)),
        ("Engineering Manager", ("software_engineer", "manager")),
        ("Manager, Data Science", ("data_scientist", "manager")),
        ("Head of Data", ("manager",)),
        ("Account Manager", ("other",)),
        ("Senior Nurse", ("other",)),
        ("Data Scientist/Sales Engineer", ("data_scientist", "other")),
        ("Werkstudent Softwareentwicklung (m/w/d)", ("software_engineer",)),
        ("Entwickler Backend (m/w/d)", ("software_engineer",)),
        ("自然语言处理算法专家", ("nlp_engineer",)),
        ("机器学习算法工程师", ("ml_engineer",)),
        ("数据分析师", ("data_analyst",)),
        ("产品经理", ("product_design",)),
        ("NLP/LLM/大模型算法工程师", ("nlp_engineer",)),
        ("머신러닝 엔지니어 (LLM)", ("ml_engineer",)),
        ("Machine Learning Engineer (LLM)", ("ml_engineer",)),
        ("AI/ML Engineer", ("ml_engineer", "ai_software_engineer")),
        ("Founding Engineer, ML Systems (Robotics)", ("ml_engineer",)),
        ("Data Science Engineer", ("data_scientist",)),
        ("Data Scientist/Engineer", ("data_scientist", "data_engineer")),
        ("Data Analyst / Scientist", ("data_scientist", "data_analyst")),
        ("Data Analyst and Developer", ("data_analyst", "software_engineer")),
        ("Data Analyst (m/w/d) Online-Marketing", ("data_analyst",)),
        ("Data Quality Analyst, Business Intelligence", ("data_analyst",)),
        ("Data Scientist - Technology - AI - Manager", ("data_scientist", "manager")),
        ("Analyst, Baseball Research & Development", ("data_analyst",)),
        ("Senior Software Engineer, Data Platform", ("software_engineer",)),
        ("Data Platform Engineer", ("data_engineer",)),
        ("Software Engineer, ML Infrastructure", ("mlops_engineer",)),
        ("Engineering Manager, Computer Vision", ("cv_engineer", "manager")),
        ("Director of Engineering", ("software_engineer", "manager")),
        ("Director of Information Security and Compliance", ("devops_engineer", "manager")),
        ("Head of Data Science", ("data_scientist", "manager")),
        ("Senior Commissioning Manager", ("other",)),
        ("Growth Analytics Manager", ("manager",)),
        ("Assistant to the Director", ("other",)),
        ("Professur für Data Science", ("academic",)),
        ("Field Application Scientist", ("other",)),
    ],
)
def test_a_title_names_its_role_families(title, roles):
    assert roles_of(title, "", has_title=True) == roles


def test_a_colleague_in_the_description_is_no_role():
    text = "You will work with data scientists and product managers."
    assert roles_of("Backend Engineer", text, has_title=True) == ("software_engineer",)


def test_a_software_title_is_also_ml_engineer_where_the_text_says_so():
    text = "As a machine learning engineer you train and ship models."
    roles = roles_of("Software Engineer, Machine Learning", text, has_title=True)
    assert roles == ("ml_engineer", "ai_software_engineer")


def test_a_header_line_stands_in_for_the_title():
    text = "Examplo | Senior Data Engineer | Oslo | ONSITE\n\nWe count parcels."
    assert roles_of("", text, has_title=False) == ("data_engineer",)


def test_the_employers_name_in_a_header_is_no_role():
    text = "Examplo Robotics AI | Account Executive | Oslo | ONSITE\n\nWe count parcels."
    assert roles_of("", text, has_title=False) == ("other",)


def test_bullets_and_sentences_offer_roles_and_requirements_do_not():
    text = (
        "Examplo | Oslo | REMOTE\n\nWe count parcels. You will work with our data analysts.\n\n"
        "We're looking for backend engineers and product designers.\n\n"
        "* Android Engineer (Oslo): https://example.org/1\n"
        "* Experience with data engineering is a plus\n"
    )
    assert roles_of("", text, has_title=False) == ("software_engineer", "product_design")


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        # a list behind a label
        (
            "Examplo | Oslo\n\n* Data science: Data Analyst - ML Researcher - Biologist",
            ("ml_researcher", "data_scientist", "data_analyst", "other"),
        ),
        (
            "Examplo | Oslo\n\nKey words: Data Scientist, Machine Learning Engineer",
            ("ml_engineer", "data_scientist"),
        ),
        # names behind a role are addresses or fields
        (
            "Examplo | Oslo\n\n- Backend Developer: https://example.org/data-scientist",
            ("software_engineer",),
        ),
        ("Examplo | Full Stack Lead (content and marketing) | Oslo", ("software_engineer",)),
        # sides without a head, and bare words beside better ones
        (
            "Examplo | DevOps, Front-end, and Back-end | Oslo",
            ("software_engineer", "devops_engineer"),
        ),
        ("Examplo | Research Scientist | Oslo\n\nScientist (physics)", ("ml_researcher",)),
        ("Examplo | Engineers, AEs, CSMs | Oslo", ("software_engineer", "other")),
        ("Examplo | Oslo | Backend, frontend, legal, marketing", ("software_engineer", "other")),
        # the employer's own words
        ("Examplo (https://example.org), makers of AI Engineer | Nurse | Oslo", ("other",)),
        ("Examplo | Nurse | Oslo\n\nAs a team of data scientists, we seek patience.", ("other",)),
        ("Examplo | Nurse | Oslo\n\n– Ada Byron, co-founder & CTO", ("other",)),
        ("Examplo | Nurse | Oslo\n\nAda Byron (CTO)", ("other",)),
        ("Examplo | Nurse | Oslo\n\n- Ex-VP of Engineering at Othero", ("other",)),
        ("Examplo | Nurse | Oslo\n\nPlease write to our hiring manager.", ("other",)),
        # a second header, and one long line
        (
            "Examplo\n\nSoftware Engineering Manager | Full Time | Oslo",
            ("software_engineer", "manager"),
        ),
        (
            "Examplo - Oslo - we pay well. " + "We count parcels. " * 9 + "Rust developers.",
            ("software_engineer",),
        ),
    ],
)
def test_an_untitled_ad_names_its_roles(text, roles):
    assert roles_of("", text, has_title=False) == roles


def test_a_question_to_the_reader_is_no_applicants_letter():
    text = "Examplo | Data Engineer | Oslo\n\nAre you looking for a job with impact?"
    assert roles_of("", text, has_title=False) == ("data_engineer",)


def test_a_software_title_for_machine_learning_that_trains_is_also_ml_engineer():
    text = "You train, deploy and monitor machine learning models for parcels."
    roles = roles_of("Software Engineer, Machine Learning", text, has_title=True)
    assert roles == ("ml_engineer", "ai_software_engineer")


def test_years_as_something_are_not_an_offer():
    text = "Examplo | Nurse | Oslo\n\nNo need to have worked as a data scientist before."
    assert roles_of("", text, has_title=False) == ("other",)


def test_an_applicants_letter_offers_nothing():
    text = "SEEKING WORK | Oslo | Remote\n\nI am a backend engineer with Python and Rust."
    assert roles_of("", text, has_title=False) == ()
    assert seniority_of("", text) == ()


def test_families_keep_the_vocabularys_order():
    assert families()[0] == "ml_researcher"
    assert families()[-3:] == ("manager", "product_design", "other")


@pytest.mark.parametrize(
    ("title", "ranks"),
    [
        ("Senior Data Scientist", ("senior",)),
        ("Sr. Software Engineer", ("senior",)),
        ("Staff Engineer", ("lead",)),
        ("Member of Technical Staff", ()),
        ("Junior/Senior Developer", ("entry", "senior")),
        ("Data Scientist II", ("mid",)),
        ("Senior Machine Learning Engineer I", ("senior",)),
        ("Machine Learning Intern", ("intern",)),
        ("Werkstudent Data Science (m/w/d)", ("intern",)),
        ("Praktikum Softwareentwicklung", ("intern",)),
        ("Stagiaire data scientist", ("intern",)),
        ("Director of Engineering", ("executive",)),
        ("Engineering Manager", ()),
        ("Senior Director of Sales", ("executive",)),
        ("Principal Recruiting Director", ("executive",)),
        ("CTO / Lead Engineer", ("lead", "executive")),
        ("Mid-Senior Developer", ("mid", "senior")),
        ("Staff Nurse", ()),
        ("Assistant to the Director", ()),
        ("Experienced Developer", ()),
        ("Lead Generation Specialist", ()),
        ("高级算法工程师", ("senior",)),
        ("算法实习生", ("intern",)),
    ],
)
def test_a_title_names_its_rank(title, ranks):
    assert seniority_of(title, "") == ranks


@pytest.mark.parametrize(
    ("text", "ranks"),
    [
        ("You have 5+ years of experience in software.", ("senior",)),
        ("At least two years of professional experience.", ("mid",)),
        ("3-5 years of work experience", ("mid",)),
        ("0-1 years of experience", ("entry",)),
        ("Mindestens 3 Jahre Berufserfahrung", ("mid",)),
        ("5年以上工作经验", ("senior",)),
        ("We combine over 15 years of experience in the industry.", ()),
        ("Our equity vests over 4 years.", ()),
        ("Founded 12 years ago, we count parcels.", ()),
        ("Degree in a related field3+ years of experience in parcels", ("mid",)),
        ("At least 4 years in a similar role", ("mid",)),
        ("Mehr als 2 Jahre Beratungserfahrung", ("mid",)),
        ("Bachelor's degree or 2+ years of related work experience.", ()),
        ("We hire both junior and senior people.", ("entry", "senior")),
        ("We are searching for an entry to mid-level analyst.", ("entry", "mid")),
        ("We are seeking a mid-level Data Scientist with 8 years of work.", ("mid",)),
        ("Wir suchen Junior- und Senior Data Scientists.", ("entry", "senior")),
        ("Fresh graduates are welcome.", ("entry",)),
        ("Fresh graduates with 2 years of experience.", ("mid",)),
    ],
)
def test_years_asked_for_give_the_rank_only_where_the_title_is_silent(text, ranks):
    assert seniority_of("Data Scientist", text) == ranks
    assert seniority_of("Junior Data Scientist", text) == ("entry",)
