"""The runners by name: what `--runner` and the flow's parameter of that name choose.

Layer:   flows (wiring). Dask is an extra: it is looked for only where it was asked for.
"""

from __future__ import annotations

from functools import partial
from importlib.util import find_spec
from typing import TYPE_CHECKING

from pipeline.errors import InputError

if TYPE_CHECKING:  # a command that is refused is refused at once
    from pipeline.edge.runners import Opened


def demand_runner(name: str, dask_address: str = "") -> None:
    """Raise InputError for a runner that cannot be had, before a run begins."""
    if name not in {"local", "dask"}:
        raise InputError(f"unknown runner {name!r}; known are local, dask")
    if dask_address and name != "dask":
        raise InputError("--dask-address is for --runner dask; name that as well")
    if name == "dask" and not find_spec("prefect_dask"):
        raise InputError(
            "--runner dask: expected Dask to be installed, saw none; run "
            "`pip install 'prefect-dask>=0.3.7'` here (the workers need `distributed`)"
        )


def opener(name: str, dask_address: str = "") -> Opened:
    """Return what opens the runner of this name."""
    demand_runner(name, dask_address)
    if name == "local":
        from pipeline.edge.runners import processes

        return processes
    from flows.dask_runner import dask_workers

    return partial(dask_workers, dask_address)
