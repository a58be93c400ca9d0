"""Which postings are one job: copies, cities, reposts, other sources; and which are not."""

from datetime import date, timedelta
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.edge.pair_card import DOCS, labelled_pairs, pair_card
from pipeline.postings.dedupe import Copy, duplicates, outline
from pipeline.records import Posting

DAY = date(2026, 3, 2)
TEXT = (
    "Harbour Works builds forecasting tools for ports. You will train and ship models that predict"
    " arrivals, berth times and cargo. You write Python every day, know PyTorch well, and have put"
    " models into production before. You will work with five engineers, two pilots and a crane"
    " operator who will tell you when the numbers are wrong. We offer four weeks of leave."
)
OTHER = (
    "Our museum of ships looks for somebody who keeps the ledgers, pays the crews and files the"
    " taxes of three countries on time. You hold a degree in accounting, speak Danish and English,"
    " and enjoy the smell of tar. The office is small, the harbour is near, and lunch is at noon"
    " sharp every day of the week except Sundays, when nobody works at all in this house."
)


def ad(number, text=TEXT, day=0, **how):
    values = {
        "source": "board",
        "title": "Machine Learning Engineer",
        "employer_id": "harbour_works",
        "location": "Rotterdam, Netherlands",
        "posted_on": DAY + timedelta(days=day),
        "date_kind": "real",
    }
    return Posting(f"x:{number}", description=text, **(values | how))


def found(*ads):
    return {(one.posting_id, one.duplicate_of): one.reason for one in duplicates(map(outline, ads))}


def test_a_copy_on_the_same_day_is_an_exact_copy_of_the_first_id():
    assert found(ad(2), ad(1)) == {("x:2", "x:1"): "exact_copy"}


def test_the_same_ad_for_another_place_is_a_city_copy():
    assert found(ad(1), ad(2, location="Antwerp, Belgium")) == {("x:2", "x:1"): "city_copy"}


def test_the_same_role_again_within_sixty_days_is_a_repost_and_later_it_is_not():
    assert found(ad(1), ad(2, day=60)) == {("x:2", "x:1"): "repost"}
    assert found(ad(1), ad(2, day=61)) == {}


def test_a_job_shown_every_month_for_a_year_is_one_job():
    year = [ad(number, day=30 * number) for number in range(12)]
    assert {of for _, of in found(*year)} == {"x:0"}
    assert len(found(*year)) == 11


def test_the_same_job_on_another_source_is_found_by_its_words():
    elsewhere = ad(2, TEXT.replace("four weeks", "4 weeks"), day=3, source="feed")
    assert found(ad(1), elsewhere) == {("x:2", "x:1"): "other_source"}


def test_a_text_that_was_mended_is_a_near_copy():
    assert found(ad(1), ad(2, TEXT.replace("every day", "daily"))) == {("x:2", "x:1"): "near_copy"}


def test_another_job_of_an_employer_that_loves_its_template_is_another_job():
    fitted = TEXT.replace("five engineers", "six engineers")
    assert found(ad(1), ad(2, fitted, title="Crane Operator")) == {}
    assert found(ad(1), ad(2, fitted, title="Senior Machine Learning Engineer")) == {}


def test_the_same_words_under_two_levels_are_two_jobs():
    senior = ad(1, title="Senior Machine Learning Engineer")
    assert found(senior, ad(2, title="Staff Machine Learning Engineer")) == {}


def test_days_of_collection_say_nothing_of_each_other():
    old = ad(1, date_kind="proxy", source="one")
    assert len(found(old, ad(2, day=400, date_kind="proxy", source="two"))) == 1
    assert found(old, ad(2, day=400, source="two")) == {}


def test_an_ad_of_a_hiring_thread_is_rewritten_every_month_and_stays_one_job():
    words = TEXT.split()
    rewritten = " ".join(words[:45]) + " We moved to a bigger office by the sea last summer."
    thread = {"source": "hn_hiring", "title": ""}
    assert len(found(ad(1, **thread), ad(2, rewritten, day=30, **thread))) == 1
    assert found(ad(1), ad(2, rewritten, day=30)) == {}


def test_another_text_under_the_same_title_is_another_job():
    assert found(ad(1), ad(2, OTHER)) == {}


@pytest.mark.parametrize("name", ["", "other_works"])
def test_under_another_name_or_none_only_the_same_words_are_a_copy(name):
    assert found(ad(1, employer_id=name), ad(2)) == {("x:2", "x:1"): "exact_copy"}
    mended = TEXT.replace("every day", "daily")
    assert found(ad(1, employer_id=name), ad(2, mended)) == {}


def test_a_phrase_that_any_ad_may_hold_is_no_copy_under_another_name():
    short = "Please apply on our page."
    assert found(ad(1, short), ad(2, short, employer_id="other_works")) == {}
    assert len(found(ad(1, short), ad(2, short))) == 1


@pytest.mark.parametrize(
    "title",
    [
        "Machine Learning Engineer (m/w/d)",
        "Machine Learning Engineer - Rotterdam",
        "MACHINE LEARNING ENGINEER (Remote)",
        "Machine Learning Engineer, REF 20418",
        "Engineer, Machine Learning",
    ],
)
def test_a_title_with_genders_places_or_numbers_is_the_same_title(title):
    assert len(found(ad(1), ad(2, title=title, day=9))) == 1


@pytest.mark.parametrize("title", ["Senior Machine Learning Engineer", "Machine Learning Intern"])
def test_another_level_is_another_title(title):
    assert outline(ad(1)).title != outline(ad(2, title=title)).title


def test_without_a_text_the_same_title_and_skills_are_one_job():
    one, two = (ad(n, "", skills=("python", "sql")) for n in (1, 2))
    assert len(found(one, two)) == 1
    elsewhere = ad(3, "", skills=("python", "sql"), location="Oslo, Norway")
    assert found(one, elsewhere) == {("x:3", "x:1"): "city_copy"}
    other = {"skills": ("cobol",), "location": "Oslo, Norway"}
    assert found(one, ad(4, "", **other)) == {}


def test_a_digest_has_no_text_to_compare():
    assert found(ad(1), ad(2, observes="digest")) == {}


def test_chinese_texts_are_compared_sign_by_sign():
    words = "我们正在寻找一位机器学习工程师负责港口预测模型的开发" * 2 + "熟悉深度学习"
    assert len(found(ad(1, words), ad(2, words + "欢迎加入", day=5))) == 1


def test_the_order_of_arrival_changes_nothing():
    ads = [ad(1), ad(2, day=20), ad(3, location="Antwerp, Belgium"), ad(4, OTHER)]
    ways = {tuple(duplicates(map(outline, order))) for order in permutations(ads)}
    assert len(ways) == 1


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 400), st.booleans(), st.integers(0, 2)), max_size=12))
def test_every_duplicate_points_to_a_posting_that_is_none(drawn):
    ads = [
        ad(number, OTHER if other else TEXT, day=day, location=("Oslo", "Rome", "")[place])
        for number, (day, other, place) in enumerate(drawn)
    ]
    copies = duplicates(map(outline, ads))
    ids = {one.posting_id for one in copies}
    assert len(ids) == len(copies)
    assert not ids & {one.duplicate_of for one in copies}


def test_the_card_counts_pairs_that_were_joined_and_pairs_that_were_not():
    pairs = [
        {"a": "x:1", "b": "x:2", "label": "same_job", "stratum": "one"},
        {"a": "x:1", "b": "x:3", "label": "different", "stratum": "two"},
    ]
    page = pair_card({"made up": pairs}, [Copy("x:2", "x:1", "repost")])
    assert "| made up | 2 | 1 | 1.000 (1.000-1.000) | 1.000" in page.replace("(0.000", "(1.000")
    assert "| one | 1 | 1 | 0 | 0 |" in page
    assert "| two | 0 | 0 | 1 | 0 |" in page


def test_three_hundred_pairs_are_labelled_half_of_them_only_for_scoring():
    sets = labelled_pairs()
    assert sum(map(len, sets.values())) >= 300
    sizes = sorted(map(len, sets.values()))
    assert sizes[0] >= 0.45 * sum(sizes)
    every = [frozenset((one["a"], one["b"])) for pairs in sets.values() for one in pairs]
    assert len(set(every)) == len(every)
    assert (DOCS / "duplicates_card.md").exists()
