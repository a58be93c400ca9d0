"""The Dask runner: jobs go to the workers of a cluster, a running one or one of this machine.

Layer:   flows (wiring). prefect-dask's task runner starts or finds the cluster and closes what it
         opened; the jobs are Dask's own tasks, none of Prefect's (docs/decisions/0015).
Quirk:   a scheduler gives up a job when four workers died of it, or beside it (2026.8); it asks
         `distributed.scheduler.allowed-failures`, which only who starts the scheduler can set: here
         for a cluster of our own, in which the first death is one of a job's three tries.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Any

from distributed import Client, KilledWorker
from prefect_dask import DaskTaskRunner

from pipeline.edge import workers
from pipeline.edge.runners import PATIENCE, Job, Runner
from pipeline.errors import PipelineError

ANSWER = 15  # seconds for a scheduler to answer


class DaskWorkers:
    """The workers of a Dask cluster, those that come while a run is under way included."""

    deaths: tuple[type[BaseException], ...] = (KilledWorker,)

    def __init__(self, client: Client, address: str):
        self._client = client
        self._address = address
        self.waiting = no_worker(address or client.scheduler_info()["address"])
        # not pure: a job that is tried again is another one
        self._executor = client.get_executor(pure=False)

    def submit(self, work: Callable[..., Any], job: Job) -> Future[Any]:
        """Give a job to the cluster."""
        return self._executor.submit(work, *job)

    def at_once(self) -> int:
        """Return two a thread of every worker: one is read while the next one waits there."""
        try:
            threads = self._client.nthreads()
        except (OSError, TimeoutError):
            raise gone(self._address) from None
        return 2 * sum(threads.values())


@contextmanager
def dask_workers(address: str = "") -> Iterator[Runner]:
    """Run jobs on the cluster whose scheduler is at this address; without one, on a new one here.

    Raise PipelineError where no scheduler answers, or no worker comes.
    """
    own = {} if address else {
        "n_workers": workers.count(), "threads_per_worker": 1, "dashboard_address": None,
        # a free port: without a dashboard it serves its health all the same, on one that is taken
        "scheduler_kwargs": {"allowed_failures": 0, "dashboard_address": "127.0.0.1:0"},
    }  # fmt: skip
    with DaskTaskRunner(
        address=address or None, cluster_kwargs=own, client_kwargs={"timeout": ANSWER}
    ) as cluster:
        try:
            client = cluster.client
        except (OSError, TimeoutError, ValueError) as refused:
            raise PipelineError(
                f"--dask-address {address}: expected a Dask scheduler, saw "
                f"{_words(refused)}; start one with `dask scheduler`, or check the address"
            ) from None
        try:
            client.wait_for_workers(1, timeout=PATIENCE)
        except TimeoutError:
            raise PipelineError(f"{no_worker(address)}; none came within {PATIENCE:g} s") from None
        yield DaskWorkers(client, address)


def no_worker(address: str) -> str:
    """Return what to say where a scheduler has no worker."""
    return (
        f"Dask at {address}: expected workers, saw none; start some with "
        f"`dask worker {address} --nthreads 1`"
    )


def gone(address: str) -> PipelineError:
    """Return what to say of a scheduler that was there before."""
    return PipelineError(
        f"Dask at {address}: expected its scheduler to answer, saw none; what the workers "
        "finished is kept: start it again, then run again"
    )


def _words(error: BaseException) -> str:
    return " ".join(str(error).split()) or type(error).__name__
