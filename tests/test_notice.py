"""What is said of a night: a table of nights and messages, and what is remembered of them."""

from datetime import date, timedelta

import pytest

from pipeline.notice import KINDS, Night, Silence, Told, Wishes, notice, remember, wishes_of

TODAY = date(2026, 11, 21)
ALL = Wishes(("json://127.0.0.1",))


def night(**changes):
    return Night(**{"run_id": "r2", "on": TODAY, "published": "the run r1", **changes})


def failed(**changes):
    return night(
        **{"status": "failed", "stage": "build", "message": "expected a, saw b", **changes}
    )


def silent(days, source="remotive"):
    return (Silence(source, days, f"{source} is silent: no whole answer for {days} days"),)


CHANGED = ("pt-rising (PyTorch is rising): was inconclusive, is supported now",)

# a night, what it is about, words of its title, words of its body
SAID = [
    (failed(), ["failure"], "the run failed, nothing was published", "in the stage build"),
    (failed(), ["failure"], "failed", "expected a, saw b"),
    (failed(), ["failure"], "failed", "Published stays what was: the run r1."),
    (failed(published=""), ["failure"], "failed", "Nothing has been published yet."),
    (failed(stage=""), ["failure"], "failed", "failed: expected a"),
    (
        failed(stage="check", failed_checks=("sources_did_not_fall",)),
        ["nothing_published"],
        "nothing was published, a check stopped it",
        "--accept-drop",
    ),
    (night(lost="r1"), ["failure"], "the run before was lost", "The run r1 ended without a word"),
    (night(silent=silent(3)), ["silence"], "remotive is silent", "no whole answer for 3 days"),
    (
        night(silent=silent(9) + silent(4, "jobicy")),
        ["silence"],
        "remotive, jobicy are silent",
        "`jobmarket sources`",
    ),
    (night(changes=CHANGED), ["verdicts"], "1 verdict changed", CHANGED[0]),
    (night(changes=CHANGED * 2), ["verdicts"], "2 verdicts changed", "`jobmarket claims ID`"),
    (
        failed(silent=silent(5)),
        ["failure", "silence"],
        "the run failed, nothing was published; remotive is silent",
        "in the stage build",
    ),
]
QUIET = {
    "all went well": night(),
    "silent for a day less": night(silent=silent(2)),
    "somebody pressed Ctrl-C": night(status="interrupted", message="KeyboardInterrupt"),
    "checks passed, of which some found rows": night(failed_checks=("a_known_gap",)),
}


@pytest.mark.parametrize(("what", "kinds", "title", "body"), SAID)
def test_a_night_that_matters_is_told_with_what_to_do(what, kinds, title, body):
    said = notice(what, Told(), ALL)
    assert list(said.kinds) == kinds
    assert said.title.startswith("jobmarket: ")
    assert title in said.title
    assert body in said.body
    assert said.body.count("What to do: ") == len(kinds)


@pytest.mark.parametrize("why", QUIET)
def test_nothing_is_said_of_a_quiet_night(why):
    assert notice(QUIET[why], Told(), ALL) is None


def test_a_night_is_spoken_of_once():
    told = remember(failed(), Told(), ALL, sent=True)
    assert notice(failed(run_id="r3"), told, ALL) is None
    assert notice(failed(on=TODAY + timedelta(1)), told, ALL)


def test_a_verdict_that_changed_in_a_night_already_spoken_of_is_told_in_the_next():
    told = remember(failed(), Told(), ALL, sent=True)
    told = remember(night(changes=CHANGED), told, ALL, sent=False)
    said = notice(night(on=TODAY + timedelta(1)), told, ALL)
    assert CHANGED[0] in said.body
    told = remember(night(on=TODAY + timedelta(1)), told, ALL, sent=True)
    assert notice(night(on=TODAY + timedelta(2)), told, ALL) is None


def test_what_could_not_be_sent_is_said_again():
    told = remember(night(silent=silent(3), changes=CHANGED), Told(), ALL, sent=False)
    assert notice(night(silent=silent(3)), told, ALL).kinds == ("silence", "verdicts")


def test_a_silence_is_told_again_only_when_it_is_twice_as_long():
    told, days_told = Told(), []
    for days in range(20):
        tonight = night(on=TODAY + timedelta(days), silent=silent(days))
        said = notice(tonight, told, ALL)
        days_told += [days] if said else []
        told = remember(tonight, told, ALL, sent=bool(said))
    assert days_told == [3, 6, 12]


def test_a_source_that_came_back_is_told_anew_when_it_falls_silent_again():
    told = remember(night(silent=silent(3)), Told(), ALL, sent=True)
    told = remember(night(on=TODAY + timedelta(1)), told, ALL, sent=False)
    assert notice(night(on=TODAY + timedelta(9), silent=silent(3)), told, ALL)


@pytest.mark.parametrize("kind", KINDS)
def test_only_what_is_wished_is_said(kind):
    nights = [
        failed(silent=silent(5)),
        failed(failed_checks=("a",)),
        night(silent=silent(5), changes=CHANGED),
    ]
    said = [notice(one, Told(), Wishes(("json://127.0.0.1",), (kind,))) for one in nights]
    assert {word for one in said if one for word in one.kinds} == {kind}


def test_the_defaults_of_the_notify_table_are_everything_and_three_days():
    assert wishes_of({}) == Wishes((), KINDS, 3)
    assert wishes_of({"urls": ["json://a"], "on": ["failure"], "silent_days": 9}) == Wishes(
        ("json://a",), ("failure",), 9
    )


@pytest.mark.parametrize(
    ("table", "word"),
    [
        ({"url": "json://secret"}, "'url'"),
        ({"urls": "json://secret"}, "urls"),
        ({"urls": ["json://secret", 3]}, "urls"),
        ({"on": ["failures"]}, "failures"),
        ({"silent_days": 0}, "silent_days"),
        ({"silent_days": True}, "silent_days"),
    ],
)
def test_a_wrong_notify_table_is_refused_without_showing_an_address(table, word):
    with pytest.raises(ValueError, match=word) as refused:
        wishes_of(table)
    assert "secret" not in str(refused.value)


def test_no_address_shows_where_the_wishes_are_printed():
    assert "secret" not in repr(Wishes(("json://secret",)))
