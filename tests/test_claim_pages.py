"""A claim's page and the list of claims: words for everyone, other readings, flips, the record."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace

import pandas as pd
import pytest
import site_sample as sample

from dashboards.claim_doubts import sureness, would_change
from dashboards.claim_summaries import ClaimRows, summary
from dashboards.claim_words import Decision, meaning
from dashboards.figures import strip
from dashboards.measures import Measure, measures_of, readings_of
from dashboards.pages import build_site
from dashboards.points import Point
from dashboards.timelines import MOST_STRIPS, flip_of, timeline
from dashboards.words import as_percent, named

PAGE = "claims/tf-most-demanded.html"
FLIP = {
    "claim_id": "tf-most-demanded",
    "part": "all",
    "source_family": "hn_hiring",
    "crossed_on": "2021-08-09",
    "ci_low": "2020-12-23",
    "ci_high": "2023-07-20",
    "crossing_pct": 96.2,
    "above_before": True,
}
READING = {
    "reading": "matched_panel",
    "verdict": "supported",
    "estimate": 77.7,
    "ci_low": 70.0,
    "ci_high": 85.0,
    "finding": None,
}


def decision(rule=sample.LEAD_RULE, **given):
    """Return what the words of a claim are made from."""
    row = sample.verdict(**given)
    measure = next(iter(measures_of(rule).values()))
    claim = sample.claim(evidence="postings", clusters="employer", registered_on="2026-11-21")
    return Decision(claim, row, row, measure, rule)


def two_sources(**given):
    """Return a claim on which two sources speak, each for itself."""
    entered = {"pooled": "two sources: shown, not pooled"}
    estimates = [
        sample.estimate("hn_hiring", estimate=-9.0, **entered),
        sample.estimate("linkedin", estimate=-6.8, **entered),
        sample.estimate("zhilian", estimate=50.0, pooled="fewer than 30 postings"),
    ]
    row = sample.verdict(estimate=None, ci_low=-20.5, ci_high=5.3, n_families=2, **given)
    return ClaimRows(sample.claim(), sample.LEAD_RULE, "", [row], estimates)


def page(**frames):
    """Return the page of the first claim."""
    return build_site(sample.site_data(**frames))[PAGE]


def test_two_sources_that_are_not_pooled_show_their_own_numbers_in_the_list():
    found = summary(two_sources())
    assert found["estimate"] == "PyTorch by 9.0 and 6.8 points"
    assert found["interval"] == "two sources, −5.3 to 20.5"
    assert found["order"] == -7.9
    assert ("9.0 points", "Hacker News, PyTorch ahead") in found["facts"]


@pytest.mark.parametrize(
    ("values", "said", "ends"),
    [
        ((-9.0,), "PyTorch by 9.0 points", (-5.0, 20.0)),
        ((9.0,), "TensorFlow by 9.0 points", (-20.0, 5.0)),
        ((-9.0, 6.0), "−9.0 and 6.0 points", (-20.0, 5.0)),
        ((0.0,), "0.0 points", (-20.0, 5.0)),
    ],
)
def test_a_lead_is_told_by_the_name_of_who_leads_and_its_interval_from_there(values, said, ends):
    measure = measures_of(sample.LEAD_RULE)["all"]
    assert measure.told(*values) == said
    assert measure.ends(-20.0, 5.0, *values) == ends


def test_the_lead_of_a_trend_is_one_it_moves_towards():
    part = {"estimator": "trend", "measure": "Change of TensorFlow's lead over PyTorch, points"}
    measure = measures_of({"parts": [part | {"direction": "below"}]})["all"]
    assert measure.told(-21.5) == "towards PyTorch by 21.5 points a year"
    assert measure.said(-21.5) == "21.5 points a year towards PyTorch"
    assert measure.fact("Estimate", -21.5) == ("21.5 points a year", "Estimate, towards PyTorch")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"verdict": "contradicted", "finding": "the reverse"}, "the other way round"),
        (
            {"verdict": "contradicted", "finding": "no material lead", "ci_high": 1.1},
            "TensorFlow ahead by 1.1 points, does not reach the line, TensorFlow ahead by 3.0",
        ),
        ({"verdict": "supported", "ci_low": 5.0, "ci_high": 9.0}, "ahead by 5.0 points, is past"),
        (
            {"verdict": "inconclusive", "ci_low": -8.0, "ci_high": 9.0},
            "from PyTorch ahead by 8.0 points to TensorFlow ahead by 9.0 points",
        ),
        ({"verdict": "inconclusive", "ci_low": 4.0, "ci_high": 9.0}, "would do so by chance"),
        ({"verdict": "insufficient_data"}, "It takes 30 postings of 15 employers in one source"),
    ],
)
def test_a_verdict_is_said_in_words_that_need_no_statistics(given, said):
    assert said in meaning(decision(**given))


def test_a_supported_claim_from_below_is_read_from_its_own_side():
    rule = {"parts": [{"estimator": "share", "direction": "below", "threshold_pct": 20}]}
    told = meaning(decision(rule, verdict="supported", ci_low=1.0, ci_high=8.8))
    assert "Even the cautious end of the likely range, 8.8 %" in told


def test_how_sure_names_one_source_two_sources_and_sources_that_differ():
    open_row = {"verdict": "inconclusive"}
    assert "Only one source" in sureness(decision(n_families=1, **open_row))[0]
    assert "both must say it" in sureness(decision(n_families=2, **open_row))[0]
    apart = sureness(decision(n_families=4, i_squared_pct=96.0, **open_row))[0]
    assert "differ far more than chance explains" in apart
    assert "no more than chance" in sureness(decision(n_families=4, i_squared_pct=0.0))[0]


def test_what_would_change_our_mind_leaves_out_the_verdict_that_stands():
    told = would_change(decision(), {"n_needed": 3})
    assert [one.split(":")[0] for one in told[:2]] == ["Supported", "Inconclusive"]
    assert "TensorFlow ahead by more than 3.0 points" in told[0]
    assert "3 runs in a row" in told[-1]


def test_more_data_is_asked_for_by_the_square_of_what_is_missing():
    open_row = {"verdict": "inconclusive", "estimate": 5.0, "minimum_detectable": 6.0}
    told = " ".join(would_change(decision(n_families=1, **open_row), {}))
    assert "about 9 times as many employers" in told
    near = {**open_row, "estimate": 3.1}
    assert "far more employers than can be had" in " ".join(
        would_change(decision(n_families=1, **near), {})
    )


def test_a_reading_that_decides_nothing_is_shown_apart_and_in_no_primary_table():
    data = sample.site_data()
    verdicts = pd.concat([data.verdicts, pd.DataFrame([sample.verdict(**READING)])])
    text = page(verdicts=verdicts)
    apart = re.search(r'aria-labelledby="readings".*?</section>', text, re.DOTALL)[0]
    assert "77.7" in apart and "decide nothing" in apart
    assert "77.7" not in text.replace(apart, "")
    assert summary(
        ClaimRows(sample.claim(), sample.LEAD_RULE, "", data.verdicts.to_dict("records"))
    )


def test_a_reading_never_becomes_the_headline():
    only = ClaimRows(sample.claim(), {}, "", [sample.verdict(**READING)])
    assert only.headline() == {}


def test_every_trend_has_the_reading_of_the_same_employers_a_year_on():
    found = readings_of(sample.PARTS_RULE)
    assert list(found) == [("rising", "matched_panel")]
    assert found["rising", "matched_panel"].unit == "points"


def test_a_pay_gap_is_in_log_points_and_said_in_percent():
    rule = {"parts": [{"estimator": "adjusted", "direction": "above"}]}
    found = ClaimRows(sample.claim(), rule, "", [sample.verdict(estimate=10.0)])
    assert summary(found)["estimate"] == "10.0 log points"
    assert ("10.5 % more", "which is, in money") in summary(found)["facts"]
    assert as_percent(-10.0) == "9.5 % less"


def test_a_flip_is_marked_on_its_strip_with_its_interval_and_said_in_words():
    flip = flip_of(FLIP)
    measure = measures_of(sample.LEAD_RULE)["all"]
    points = [Point("hn_hiring", 1.0, 0.5, 1.5, when=str(year)) for year in range(2018, 2025)]
    layout = json.loads(timeline("x", points, measure, [flip]).json)["layout"]
    (shade,) = [one for one in layout["shapes"] if one.get("type") == "rect"]
    # a year's mark stands at its middle: 23 December 2020 is almost half a year after that
    assert (shade["x0"], shade["x1"]) == (pytest.approx(2020.48), pytest.approx(2023.05))
    assert any(one["x0"] == one["x1"] == 2021.1 for one in layout["shapes"])
    text = page(flips=pd.DataFrame([FLIP]))
    assert "the lead went from TensorFlow to PyTorch in August 2021" in text
    assert "23 December 2020 to 20 July 2023" in text


def test_a_family_whose_lead_turned_is_drawn_however_short_its_history():
    measure = measures_of(sample.LEAD_RULE)["all"]
    long = [
        Point(f"f{n}", 1.0, 0.5, 1.5, when=str(y)) for n in range(9) for y in (2018, 2019, 2020)
    ]
    short = [Point("hn_hiring", 1.0, 0.5, 1.5, when="2021")]
    assert len({p.where for p in long}) > MOST_STRIPS
    drawn = json.loads(timeline("x", long + short, measure, [flip_of(FLIP)]).json)
    assert "<b>Hacker News</b>" in [one["text"] for one in drawn["layout"]["annotations"]]


def test_a_strip_draws_an_interval_without_an_estimate_and_hollows_another_verdict():
    head = Point("As registered", 2.0, 1.0, 3.0, verdict="supported")
    other = Point("Unpooled", None, -1.0, 3.0, verdict="inconclusive")
    figure = strip("x", [head, other], Measure(lines=((0.0, ""),)), "Two.", head)
    data = json.loads(figure.json)["data"]
    (marks,) = [trace for trace in data if trace["mode"] == "markers"]
    assert len(marks["x"]) == 1
    assert sum(len(trace["x"]) for trace in data if trace["mode"] == "lines") == 6
    hollow = strip("x", [head, Point("b", 1.0, 0.0, 2.0, verdict="x")], Measure(), "Two.", head)
    (marks,) = [t for t in json.loads(hollow.json)["data"] if t["mode"] == "markers"]
    assert marks["marker"]["color"][0] != marks["marker"]["color"][1]


def test_who_could_not_speak_is_named_with_the_reason():
    text = page()
    silent = re.search(r'aria-labelledby="silent".*?</section>', text, re.DOTALL)[0]
    assert "No employer names" in silent and "Zhilian" in silent
    assert "LinkedIn" not in silent


def test_articles_that_say_the_contrary_stand_side_by_side_on_both_pages():
    claims = [sample.claim(rivals="pt-first"), sample.claim("pt-first", statement="PyTorch leads.")]
    built = build_site(sample.site_data(claims=pd.DataFrame(claims)))
    for path in (PAGE, "claims/pt-first.html"):
        beside = re.search(r'aria-labelledby="rivals".*?</section>', built[path], re.DOTALL)[0]
        assert "PyTorch leads." in beside and "TensorFlow is the framework" in beside


def test_the_record_shows_every_run_and_every_version_of_the_rule():
    about = {"claim_id": "tf-most-demanded"}
    history = [
        about | {"run_id": f"run-{n}", "as_of": "2026-10-28", "verdict": v, "estimate": -1.0 * n}
        for n, v in ((2, "contradicted"), (1, "supported"))
    ]
    versions = [
        about | {"rule_hash": mark * 64, "rule": f"text {mark}", "is_current": mark == "b"}
        for mark in "ba"
    ]
    standing = about | {
        "verdict": "supported",
        "since": "2026-09-01",
        "tonight": "contradicted",
        "n_agreeing": 1,
        "n_needed": 3,
        "reason": "new data",
    }
    frames = {"history": history, "versions": versions, "standing": [standing]}
    text = page(**{name: pd.DataFrame(rows) for name, rows in frames.items()})
    assert "run-2" in text and "run-1" in text
    assert "Supported stands since 1 September 2026." in text
    assert "1 of the 3 runs that must agree" in text
    assert "text a" in text and "text b" not in text  # the one in force stands in full below


def test_a_claims_own_csv_holds_its_rows_of_every_table_and_no_other_claims():
    built = build_site(sample.site_data())
    lines = list(csv.DictReader(io.StringIO(built["data/claims/tf-most-demanded.csv"])))
    assert {line["of"] for line in lines} == {"verdicts", "estimates", "sensitivity"}
    assert {line["claim_id"] for line in lines} == {"tf-most-demanded"}


def test_the_list_can_be_filtered_by_article_and_topic_and_sorted():
    claims = [
        sample.claim(articles="B A", topic="market"),
        sample.claim("keras-secondary", articles="C", topic="roles", said_by="Article C (a guide)"),
    ]
    text = build_site(sample.site_data(claims=pd.DataFrame(claims)))["index.html"]
    assert '<option value="B">B, Some Publisher (1)</option>' in text
    assert '<option value="C">C (1)</option>' in text
    assert 'data-articles="B A"' in text and 'data-estimate="-12.34"' in text
    assert re.findall(r'<option value="(\w*)">', text.split('name="sort"')[1])[:4] == [
        "",
        "verdict",
        "estimate",
        "n",
    ]


def test_sources_in_a_sentence_go_by_their_names():
    said = "from -74.0 points (hn) to 9.3 (hn_hiring); shown"
    assert named(said, {"hn", "hn_hiring"}).count("Hacker News") == 2
    assert named("shown", {"hn"}) == "shown"


def test_a_trend_of_a_lead_says_what_would_change_the_verdict():
    part = {"estimator": "trend", "direction": "below", "measure": "TensorFlow's lead over PyTorch"}
    measure = measures_of({"parts": [part]})["all"]
    told = would_change(replace(decision(), measure=measure), {"n_needed": 3})
    assert "had more than 3.0 points a year towards PyTorch" in told[0]
