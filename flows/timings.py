"""Where time and memory went: ``timings.json``, kept over resumes."""

import json
import os
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Final

from flows.run_folder import write_json

_SAMPLE_EVERY_S: Final = 0.5
_PROC: Final = Path("/proc")
_WRITING: Final = threading.Lock()  # shards of one stage finish in several threads


@dataclass(frozen=True, slots=True, kw_only=True)
class StageTime:
    """What a stage has cost so far.

    Attributes:
        seconds: Wall time, summed over resumes.
        cpu_seconds: Processor time of its shards.
        made: Shards made.
        peak_mb: Largest memory of the command with its workers and the engine's server;
            0 where the system does not say.
    """

    seconds: float = 0.0
    cpu_seconds: float = 0.0
    made: int = 0
    peak_mb: float = 0.0


class Timings:
    """The clock of a run, one entry a stage."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "timings.json"

    def read(self) -> dict[str, StageTime]:
        """Return what is known, stages in the order they first ran."""
        if not self._path.exists():
            return {}
        content = json.loads(self._path.read_bytes())
        return {entry.pop("stage"): StageTime(**entry) for entry in content}

    def add(self, stage: str, spent: StageTime) -> None:
        """Add to a stage's costs."""
        with _WRITING:
            times = self.read()
            old = times.get(stage, StageTime())
            times[stage] = replace(
                old,
                seconds=round(old.seconds + spent.seconds, 2),
                cpu_seconds=round(old.cpu_seconds + spent.cpu_seconds, 2),
                made=old.made + spent.made,
                peak_mb=round(max(old.peak_mb, spent.peak_mb), 1),
            )
            write_json(self._path, [{"stage": name, **asdict(t)} for name, t in times.items()])

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Add the wall time and peak memory of the block to a stage, also when it raises."""
        begin, memory = time.monotonic(), MemoryWatch()
        try:
            with memory:
                yield
        finally:
            spent = time.monotonic() - begin
            self.add(name, StageTime(seconds=spent, peak_mb=memory.peak_mb))


class MemoryWatch(AbstractContextManager["MemoryWatch"]):
    """Sample the resident memory of this process and all its descendants.

    Attributes:
        peak_mb: Largest sum seen, MB; 0 without ``/proc``.
    """

    def __init__(self) -> None:
        self.peak_mb = 0.0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._sample, daemon=True)

    def __enter__(self) -> "MemoryWatch":
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop.set()
        self._thread.join()

    def _sample(self) -> None:
        while True:
            self.peak_mb = max(self.peak_mb, _tree_mb(os.getpid()))
            if self._stop.wait(_SAMPLE_EVERY_S):
                return


def _tree_mb(root: int) -> float:
    """Return the resident memory of a process and its descendants; a page shared counts twice."""
    if not _PROC.exists():
        return 0.0
    parent_and_mb = {
        int(folder.name): found
        for folder in _PROC.iterdir()
        if folder.name.isdigit() and (found := _parent_and_mb(folder)) is not None
    }
    total, wanted = 0.0, {root}
    while wanted:
        total += sum(parent_and_mb[pid][1] for pid in wanted if pid in parent_and_mb)
        wanted = {pid for pid, (parent, _) in parent_and_mb.items() if parent in wanted}
    return total


def _parent_and_mb(folder: Path) -> tuple[int, float] | None:
    try:
        stat = (folder / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:  # it has just ended
        return None
    return int(stat[1]), int(stat[21]) * os.sysconf("SC_PAGE_SIZE") / 2**20
