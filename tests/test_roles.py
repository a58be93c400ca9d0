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
        ("Postdoctoral Researcher, Machine Learning", ("ml_researcher", "academic")),
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
    ],
)
def test_years_asked_for_give_the_rank_only_where_the_title_is_silent(text, ranks):
    assert seniority_of("Data Scientist", text) == ranks
    assert seniority_of("Junior Data Scientist", text) == ("entry",)
