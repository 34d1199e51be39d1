"""Worker processes: where the heavy work of a run happens, one thread each.

One thread a process makes the results of numerical libraries independent of the number of
workers. Workers are spawned, live as long as the command, and end when it ends, killed or not.
"""

import importlib
import multiprocessing
import multiprocessing.connection
import os
import resource
import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final, Literal

Device = Literal["cpu", "cuda"]

_ONE_THREAD: Final = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")
_QUIET: Final = {
    "HF_HUB_OFFLINE": "1",  # every model comes from a folder
    "TOKENIZERS_PARALLELISM": "false",
    "TRANSFORMERS_VERBOSITY": "error",
    "DIFFUSERS_VERBOSITY": "error",
    "TQDM_DISABLE": "1",  # one line a shard is enough
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One shard to make.

    Attributes:
        run: The run folder; everything else is read from there.
        stage: Key in ``flows.stages.STAGES``.
        shard: One of the stage's shards.
        device: Where models run, already decided.
    """

    run: Path
    stage: str
    shard: str
    device: Device


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What a worker says about a finished shard.

    Attributes:
        files: Its files and folders.
        seconds: Wall time.
        cpu_seconds: Processor time.
        peak_mb: Largest resident memory the worker has had so far.
    """

    files: tuple[Path, ...]
    seconds: float
    cpu_seconds: float
    peak_mb: float


def perform(job: Job) -> Made:
    """Make a shard in this process, with ``flows.work.<stage>.make``."""
    begin, cpu_begin = time.monotonic(), time.process_time()
    make: Callable[[Job], list[Path]] = importlib.import_module(f"flows.work.{job.stage}").make
    files = tuple(make(job))
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Made(
        files=files,
        seconds=time.monotonic() - begin,
        cpu_seconds=time.process_time() - cpu_begin,
        peak_mb=peak_mb,
    )


@lru_cache(maxsize=1)
def shared_pool(workers: int) -> ProcessPoolExecutor:
    """Return the command's pool of ``workers`` processes, started on first use."""
    for name in _ONE_THREAD:
        os.environ[name] = "1"  # inherited: must be set before a worker imports numpy
    for name, value in _QUIET.items():
        os.environ.setdefault(name, value)
    context = multiprocessing.get_context("spawn")  # torch and forked threads do not mix
    return ProcessPoolExecutor(workers, mp_context=context, initializer=_follow_parent)


def close_pool(workers: int, *, wait: bool) -> None:
    """End the command's pool, so that the next use starts a new one.

    Args:
        workers: As given to ``shared_pool``.
        wait: Until running jobs are done; those that wait are dropped in any case.
    """
    shared_pool(workers).shutdown(wait=wait, cancel_futures=True)
    shared_pool.cache_clear()


def ask_for_cuda(workers: int) -> Future[bool]:
    """Let a worker ask torch for a GPU: this process stays small, and others start meanwhile."""
    return shared_pool(workers).submit(_sees_cuda)


def _sees_cuda() -> bool:
    import torch  # only workers pay for it

    return torch.cuda.is_available()


def _follow_parent() -> None:
    """Leave Ctrl-C to the parent, and end when it is gone, even by kill -9."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_exit_with, args=(parent.sentinel,), daemon=True).start()


def _exit_with(sentinel: int) -> None:
    multiprocessing.connection.wait([sentinel])
    os._exit(1)
