"""How a source's run is judged, and what it may open and close: pure rules, many cases."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.records import Posting
from pipeline.sources.harvest import Harvest, ScopeRun
from pipeline.sources.sightings import sighted
from pipeline.sources.verdict import Baseline, judge

DAY = date(2026, 11, 1)
EXPECTED = {"least": 1, "most": 1000}


def posting(number, **how):
    values = {
        "title": "Engineer",
        "employer": "Acme",
        "description": "PyTorch",
        "posted_on": DAY - timedelta(days=int(number)),
        "content_hash": f"hash {number}",
    }
    return Posting(f"board:{number}", "board", str(number), **(values | how))


def board(numbers, scope="acme", **how):
    run = ScopeRun(scope, n_asked=1)
    for number in numbers:
        one = posting(number, **how)
        run.postings[one.source_id] = one
        run.listed.add(one.source_id)
    run.count(run.postings.values())
    return run


def broken(scope="acme", numbers=()):
    run = board(numbers, scope)
    run.problems.append("answered 503")
    return run


def verdict(*scopes, before=None, **how):
    return judge(Harvest("board", list(scopes)), before or Baseline(), EXPECTED, **how)


def baseline(*scopes):
    return Baseline.of(Harvest("board", list(scopes)))


# --- verdicts ---------------------------------------------------------------------------------


def test_a_listing_read_to_its_end_is_complete():
    assert verdict(board(range(5))) == ("complete", (), ())


def test_a_listing_that_answered_as_last_time_is_unchanged():
    run = board(range(5))
    run.n_same = 1
    assert verdict(run).word == "unchanged"


def test_one_board_that_gives_nothing_makes_the_run_truncated_and_says_which():
    found = verdict(board(range(5)), broken("other"))
    assert (found.word, found.reasons) == ("truncated", ("other: answered 503",))


def test_a_source_of_which_nothing_could_be_read_has_failed():
    assert verdict(broken("a"), broken("b")).word == "failed"


def test_part_of_a_listing_is_truncated_not_failed():
    assert verdict(broken("a", range(3))).word == "truncated"


def test_a_source_without_a_single_posting_is_suspicious_even_at_first():
    assert verdict(board([])).reasons == ("lists 0 postings, at least 1 are expected",)


def test_more_postings_than_the_source_can_have_are_suspicious():
    found = judge(Harvest("board", [board(range(30))]), Baseline(), {"least": 1, "most": 20})
    assert found.reasons == ("lists 30 postings, at most 20 are expected",)


def test_half_of_the_postings_gone_overnight_is_suspicious():
    before = baseline(board(range(40)))
    found = verdict(board(range(19)), before=before)
    assert found.reasons == ("lists 19 postings where the last good run listed 40",)
    assert verdict(board(range(21)), before=before).word == "complete"


def test_a_small_board_may_empty_without_suspicion():
    assert verdict(board(range(2)), before=baseline(board(range(8)))).word == "complete"


def test_a_board_taken_out_of_the_config_is_no_fall():
    before = baseline(board(range(40)), board(range(100, 300), "gone"))
    assert verdict(board(range(40)), before=before).word == "complete"


def test_a_field_that_lost_half_of_its_fill_is_suspicious_and_named():
    before = baseline(board(range(20)))
    found = verdict(board(range(20), description=""), before=before)
    assert found.word == "suspicious"
    assert found.collapsed == ("description",)
    assert found.reasons == ("description is filled in 0% of postings, in the last good run 100%",)


def test_a_fall_that_somebody_confirmed_is_believed():
    before = baseline(board(range(40)))
    assert verdict(board(range(3)), before=before, accept=True).word == "complete"


def test_a_good_run_moves_the_baseline_only_of_what_it_asked():
    before = baseline(board(range(40)), board(range(100, 110), "other"))
    after = before.updated(Harvest("board", [board(range(30))]))
    assert after.n_by_scope == {"acme": 30, "other": 10}


# --- sightings --------------------------------------------------------------------------------


def see(known, *scopes, day=0, lists="all", may_close=True, hold=False):
    return sighted(
        known,
        scopes,
        lists=lists,
        may_close=may_close,
        hold_changes=hold,
        today=DAY + timedelta(days=day),
    )


def test_two_whole_listings_without_a_posting_close_it_on_the_day_of_the_first():
    first = see({}, board([1, 2]))
    second = see(first.sightings, board([1]), day=1)
    assert (second.closed, second.sightings["2"].closed_on) == ([], None)
    third = see(second.sightings, board([1]), day=2)
    assert third.closed == ["2"]
    assert third.sightings["2"].closed_on == DAY + timedelta(days=1)
    assert third.sightings["2"].last_seen_on == DAY


def test_a_closed_posting_that_is_listed_again_is_open_again():
    runs = see({}, board([1, 2])).sightings
    for day in (1, 2):
        runs = see(runs, board([1]), day=day).sightings
    again = see(runs, board([1, 2]), day=3)
    assert again.reopened == ["2"]
    assert again.sightings["2"].closed_on is None
    assert again.sightings["2"].first_seen_on == DAY


def test_every_reopening_is_counted_and_the_last_one_says_when_it_was_closed_before():
    runs, days = {}, []
    for day, listed in enumerate(([1, 2], [1], [1], [1, 2], [1, 2], [1], [1], [1], [1, 2], [1])):
        runs = see(runs, board(listed), day=day).sightings
        one = runs["2"]
        days.append((one.n_reopened, one.closed_before_on, one.reopened_on))
    first = (1, DAY + timedelta(days=1), DAY + timedelta(days=3))
    last = (2, DAY + timedelta(days=5), DAY + timedelta(days=8))
    assert days == [*[(0, None, None)] * 3, *[first] * 5, *[last] * 2]
    assert runs["1"].n_reopened == 0


def test_a_posting_missed_once_and_listed_again_starts_anew():
    runs = see({}, board([1, 2])).sightings
    for day, listed in enumerate(([1], [1, 2], [1]), start=1):
        found = see(runs, board(listed), day=day)
        runs = found.sightings
    assert found.closed == []


@pytest.mark.parametrize("lists", ["all", "newest"])
def test_a_listing_that_broke_off_closes_nothing_and_another_one_still_may(lists):
    runs = see({}, board([1]), board([8, 9], "other")).sightings
    for day in (1, 2):
        found = see(runs, broken("acme"), board([9], "other"), day=day, lists=lists)
        runs = found.sightings
    assert found.closed == ["8"]


def test_a_run_that_is_not_believed_closes_nothing():
    runs = see({}, board(range(5))).sightings
    for day in (1, 2, 3):
        found = see(runs, board([1]), day=day, may_close=False)
        runs = found.sightings
    assert not any(one.closed_on for one in runs.values())


def test_a_posting_that_left_the_window_of_the_newest_is_not_closed():
    runs = see({}, board([1, 2, 9]), lists="newest").sightings
    for day in (1, 2):
        found = see(runs, board([1, 3]), day=day, lists="newest")
        runs = found.sightings
    # 2 is newer than 3, which is still listed: it was taken down; 9 is older than all listed
    assert found.closed == ["2"]


def test_a_listing_that_says_it_is_not_whole_closes_nothing():
    runs = see({}, board([1, 2])).sightings
    part = board([1])
    part.short = "a part of the page cannot be read"
    for day in (1, 2):
        found = see(runs, part, day=day)
        runs = found.sightings
    assert found.closed == []


def test_absence_from_a_sample_says_nothing():
    runs = see({}, board([1, 2]), lists="sample").sightings
    for day in (1, 2):
        found = see(runs, board([1]), day=day, lists="sample")
        runs = found.sightings
    assert found.closed == []


def test_a_changed_text_is_taken_and_a_text_that_is_not_believed_is_not():
    runs = see({}, board([1])).sightings
    changed = board([1], content_hash="new words")
    assert [one.posting_id for one in see(runs, changed).changed] == ["board:1"]
    held = see(runs, changed, hold=True)
    assert (held.changed, held.sightings) == ([], runs)
    paid = board([1], salary="Pay: 100-200 EUR per hour")
    assert len(see(runs, paid).changed) == 1


def test_a_posting_on_two_boards_is_one_and_does_not_change_from_run_to_run():
    twice = [board([1], "a", content_hash="as a"), board([1], "b", content_hash="as b")]
    first = see({}, *twice)
    assert len(first.new) == 1
    for order in (twice, twice[::-1]):
        again = see(first.sightings, *order)
        assert (again.new, again.changed) == ([], [])
    moved = see(first.sightings, board([], "a"), board([1], "b", content_hash="as a"))
    assert (moved.closed, moved.sightings["1"].scope) == ([], "b")


def test_what_was_set_aside_today_is_still_listed():
    runs = see({}, board([1, 2])).sightings
    today = board([1])
    today.listed.add("2")
    for day in (1, 2):
        found = see(runs, today, day=day)
        runs = found.sightings
    assert found.closed == []


listings = st.lists(
    st.tuples(st.frozensets(st.integers(0, 6)), st.booleans()), min_size=1, max_size=8
)


@given(listings)
def test_only_two_whole_listings_in_a_row_without_it_close_a_posting(nights):
    """Against a plain reading of the rule, whatever the nights were."""
    runs, missed, first = {}, {}, {}
    for day, (numbers, whole) in enumerate(nights):
        scope = board(numbers) if whole else broken("acme", numbers)
        runs = see(runs, scope, day=day).sightings
        for number in map(str, numbers):
            first.setdefault(number, day)
            missed[number] = []
        for number in first:
            if whole and int(number) not in numbers:
                missed[number].append(day)
    assert runs.keys() == first.keys()
    for number, one in runs.items():
        gone = missed[number]
        assert one.first_seen_on == DAY + timedelta(days=first[number])
        assert one.closed_on == (DAY + timedelta(days=gone[0]) if len(gone) >= 2 else None)


def test_a_sighting_says_when_it_closed_only_once_it_is_sure():
    one = see({}, board([1])).sightings["1"]
    assert replace(one, n_missed=1, missed_on=DAY).closed_on is None
    assert replace(one, n_missed=2, missed_on=DAY).closed_on == DAY
