"""The Dask runner: jobs go to the workers of a cluster, a running one or one of this machine.

Layer:   flows (wiring). prefect-dask's task runner starts or finds the cluster and closes what it
         opened; the jobs are Dask's own tasks, none of Prefect's (docs/decisions/0013).
Quirk:   a scheduler gives up a job when four workers died of it, or beside it (2026.8); it asks
         `distributed.scheduler.allowed-failures`, which only who starts the scheduler can set.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Any

from distributed import Client
from prefect_dask import DaskTaskRunner

from pipeline.edge import workers
from pipeline.edge.runners import Job, Runner
from pipeline.errors import PipelineError

ANSWER = 15  # seconds for a scheduler to answer
ARRIVAL = 300  # seconds for a cluster's first worker: a machine may have to be rented


class DaskWorkers:
    """The workers of a Dask cluster, those that come while a run is under way included."""

    def __init__(self, client: Client, address: str):
        self._client = client
        self._address = address
        # not pure: a job that is tried again is another one
        self._executor = client.get_executor(pure=False)

    def submit(self, work: Callable[..., Any], job: Job) -> Future[Any]:
        """Give a job to the cluster."""
        return self._executor.submit(work, *job)

    def at_once(self, *, last_try: bool) -> int:
        """Return two a thread of every worker: one is read while the next one waits there.

        The last try is like the others: of a worker that died the scheduler knows which jobs it
        held, and tries them elsewhere by itself.
        """
        try:
            threads = self._client.nthreads()
        except (OSError, TimeoutError):
            raise gone(self._address) from None
        return max(2, 2 * sum(threads.values()))


@contextmanager
def dask_workers(address: str = "") -> Iterator[Runner]:
    """Run jobs on the cluster whose scheduler is at this address; without one, on a new one here.

    Raise PipelineError where no scheduler answers, or no worker comes.
    """
    own = {} if address else {
        "n_workers": workers.count(), "threads_per_worker": 1, "dashboard_address": None,
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
            client.wait_for_workers(1, timeout=ARRIVAL)
        except TimeoutError:
            raise PipelineError(
                f"Dask at {address}: expected workers, saw none in {ARRIVAL} s; start some with "
                f"`dask worker {address} --nthreads 1`"
            ) from None
        yield DaskWorkers(client, address)


def gone(address: str) -> PipelineError:
    """Return what to say of a scheduler that was there before."""
    return PipelineError(
        f"Dask at {address}: expected its scheduler to answer, saw none; what the workers "
        "finished is kept: start it again, then run again"
    )


def _words(error: BaseException) -> str:
    return " ".join(str(error).split()) or type(error).__name__
