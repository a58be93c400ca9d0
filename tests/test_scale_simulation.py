"""The simulated cluster does what can be reckoned by hand, at its edges and within its bounds."""

import math
from pathlib import Path

import pytest

from pipeline.edge import scale_simulation
from pipeline.edge.scale_simulation import (
    MEASURED_SIZES,
    Cluster,
    by_size,
    by_workers,
    parts_of,
    simulate,
)

PARTS = parts_of(300_000, costs=(0.4, 1.0, 2.5), seed=3)


def test_one_worker_takes_the_sum_of_all_parts():
    found = simulate(PARTS, Cluster(1))
    assert found.makespan == pytest.approx(sum(PARTS))
    assert found.efficiency == pytest.approx(1)


def test_equal_parts_that_divide_evenly_leave_nobody_idle():
    found = simulate([2.0] * 40, Cluster(8))
    assert (found.makespan, found.efficiency) == (10.0, 1.0)


def test_one_part_is_no_faster_on_many_workers():
    assert simulate([7.0], Cluster(64)).makespan == 7.0
    assert simulate([7.0], Cluster(64)).efficiency == pytest.approx(1 / 64)


@pytest.mark.parametrize("workers", [2, 7, 32, 256])
def test_the_longest_first_is_within_a_part_of_the_best_there_can_be(workers):
    found = simulate(PARTS, Cluster(workers)).makespan
    assert found >= sum(PARTS) / workers - 1e-9
    assert found >= max(PARTS)
    assert found <= sum(PARTS) / workers + max(PARTS)


def test_without_losses_nothing_is_done_again():
    found = simulate(PARTS, Cluster(16, starts_in=9, slow_share=0.5, slow_by=3, handed_in=0.01))
    assert (found.redone, found.n_lost) == (0, 0)


def test_a_loss_costs_at_most_the_part_it_struck():
    found = simulate(PARTS, Cluster(16, lost_every=60, replaced_in=5), seed=1)
    assert found.n_lost > 0
    assert 0 < found.redone <= found.n_lost * max(PARTS)
    assert found.makespan > simulate(PARTS, Cluster(16), seed=1).makespan


def test_losses_grow_with_the_work_and_not_with_the_workers():
    lost = [
        sum(simulate(PARTS, Cluster(n, lost_every=100), seed).n_lost for seed in range(30)) / 30
        for n in (1, 8)
    ]
    expected = sum(PARTS) / 100
    assert lost == pytest.approx([expected, expected], rel=0.35)


def test_if_all_are_twice_as_slow_it_takes_twice_as_long():
    slow = simulate(PARTS, Cluster(8, slow_share=1.0, slow_by=2.0)).makespan
    assert slow == pytest.approx(2 * simulate(PARTS, Cluster(8)).makespan)


def test_a_scheduler_that_is_slower_than_the_workers_sets_the_pace():
    found = simulate([1.0] * 1_000, Cluster(256, handed_in=0.5))
    assert found.makespan == pytest.approx(1_000 * 0.5 + 1.0)


def test_a_start_is_paid_once_by_each_worker():
    assert simulate([2.0] * 4, Cluster(2, starts_in=30)).makespan == 34


def test_the_same_seed_gives_the_same_and_another_seed_another():
    rough = Cluster(8, lost_every=50, replaced_in=3, slow_share=0.2, slow_by=2)
    assert simulate(PARTS, rough, 5) == simulate(PARTS, rough, 5)
    assert simulate(PARTS, rough, 5) != simulate(PARTS, rough, 6)


def test_the_parts_hold_all_postings_at_the_measured_sizes():
    parts = parts_of(1_000_000, costs=(1.0,))
    assert sum(parts) == pytest.approx(1_000)
    assert max(parts) == max(MEASURED_SIZES) / 1_000
    assert min(parts) < 1.0  # skewed: the last part of every file is a small one
    assert len(parts_of(1_000_000, times=10)) < len(parts) / 5


def test_nothing_to_read_takes_no_time():
    assert simulate([], Cluster(8)).makespan == 0


def test_the_tables_have_a_row_for_each_number_of_workers_and_each_size():
    table = by_workers(PARTS, (8, 16)).splitlines()
    assert [line.split(" | ")[0] for line in table[2:]] == ["| 8", "| 16"]
    assert len({line.count("|") for line in [*table, table[0]]}) == 1
    assert len(by_size(3_000_000, 8, (1, 10)).splitlines()) == 4
    assert not math.isnan(simulate(PARTS, Cluster(8)).efficiency)


def test_the_page_shows_the_tables_that_the_simulation_prints(capsys):
    scale_simulation.main()
    page = (Path(__file__).resolve().parents[1] / "docs/scale.md").read_text(encoding="utf-8")
    assert capsys.readouterr().out.strip() in page
