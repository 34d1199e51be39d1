"""``vega3d label --meta FILE``: our questions about scenes that somebody annotated."""

import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import tyro

from flows.result import Result
from flows.tools.tool import SCENE_FORMAT_HELP, Tool, ToolOptions

if TYPE_CHECKING:
    from qa_gen.many_scenes import Map
    from qa_gen.record import QuestionKind


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelScenesOptions(ToolOptions):
    """Which scenes, how many questions, and where to put them."""

    meta: Annotated[Path, tyro.conf.arg(metavar="FILE", help="The scenes as annotated.")]
    per_kind: Annotated[int, tyro.conf.arg(help="Questions of each kind, over all scenes.")]
    out: Annotated[Path, tyro.conf.arg(metavar="DIR", help="Gets questions.jsonl and report.json.")]
    seed: Annotated[int, tyro.conf.arg(help="Same seed, same questions.")] = 0
    format: Annotated[str, tyro.conf.arg(metavar="FORMAT", help=SCENE_FORMAT_HELP)] = "vsi"
    kinds: Annotated[
        tuple[str, ...],
        tyro.conf.arg(metavar="KIND ...", help="Kinds of questions, by name; none: all."),
    ] = ()
    debias: Annotated[
        bool,
        tyro.conf.arg(help="Drop what a model that only reads the question would get right."),
    ] = True
    workers: Annotated[int, tyro.conf.arg(help="Worker processes; 0: one per free CPU core.")] = 1

    def __post_init__(self) -> None:
        if self.per_kind < 1:
            raise ValueError(f"--per-kind must be >= 1, got {self.per_kind}")
        if self.workers < 0:
            raise ValueError(f"--workers must be >= 0, got {self.workers}")


def run(options: LabelScenesOptions) -> Result:
    """Ask, and write DIR/questions.jsonl and DIR/report.json.

    Raises:
        ValueError: Nothing in the file can be used, or the format or a kind is unknown.
    """
    from qa_gen.audit.debias import DebiasConfig
    from qa_gen.config import LabelConfig
    from qa_gen.many_scenes import ask_pool, choose, count_by_kind, count_by_reason
    from qa_gen.scenes import read_scenes
    from qa_gen.storage import write_records
    from synth.storage import write_atomically

    read = read_scenes(options.meta, options.format)
    for fault in read.faults:
        sys.stderr.write(f"vega3d: left out: {fault}\n")
    if not read.scenes:
        raise ValueError(f"{options.meta} holds no scene that can be used")
    geometries = [scene.sure_geometry() for scene in read.scenes]
    config = LabelConfig(kinds=_kinds(options.kinds))
    begin = time.perf_counter()
    with _shared_out(options.workers) as each:
        pool = ask_pool(geometries, config, options.seed, per_kind=options.per_kind, each=each)
    seconds = time.perf_counter() - begin
    made = sum(len(one.questions) for scene in pool.values() for one in scene.values())
    evenly = DebiasConfig() if options.debias else None
    labeled = choose(pool, options.seed, per_kind=options.per_kind, evenly=evenly)
    write_records(labeled.questions, options.out / "questions.jsonl")
    counted = {
        "n": len(labeled.questions),
        "kinds": count_by_kind(labeled.questions),
        "skipped": count_by_reason(labeled.skipped),
        "bad_scenes": [fault._asdict() for fault in read.faults],
    }
    report = json.dumps(counted, indent=2) + "\n"  # the same bytes every time: no clock in it
    write_atomically(options.out / "report.json", report.encode())
    content = {"n": counted["n"], "per_second": made / seconds, **counted}
    return Result(text=_as_text(content, options.out), content=content)


def _kinds(names: Sequence[str]) -> "tuple[QuestionKind, ...]":
    from qa_gen.questions import QUESTIONS

    unknown = sorted(set(names) - {str(kind) for kind in QUESTIONS})
    if unknown:
        raise ValueError(f"--kinds: unknown {', '.join(unknown)}; known are {', '.join(QUESTIONS)}")
    return tuple(kind for kind in QUESTIONS if not names or str(kind) in names)


@contextmanager
def _shared_out(workers: int) -> "Iterator[Map]":
    """Yield what goes through the scenes: ``map``, or a pool of processes that keeps the order."""
    count = workers or len(os.sched_getaffinity(0))
    if count == 1:
        yield map
        return
    from flows.workers import close_pool, shared_pool

    pool = shared_pool(count)
    try:
        yield _in_pool(pool.map)
    finally:
        close_pool(count, wait=False)


def _in_pool(pool_map: Callable[..., Any]) -> "Map":
    return lambda ask, askings: pool_map(ask, askings, chunksize=4)


def _as_text(content: dict[str, Any], out: Path) -> str:
    lines = [
        f"{content['n']} questions: {out} (made {content['per_second']:.0f} a second, then chosen)"
    ]
    lines += [f"  {kind:<34}{n:>7}" for kind, n in content["kinds"].items()]
    lines += ["not asked:"]
    lines += [f"  {reason:<34}{n:>9}" for reason, n in content["skipped"].items()]
    lines += [f"scenes left out: {len(content['bad_scenes'])}"] if content["bad_scenes"] else []
    return "\n".join(lines)


TOOL: Final = Tool(
    summary="Ask questions about annotated scenes (VSI-Bench, ScanNet, ARKitScenes, ...).",
    options=LabelScenesOptions,
    run=run,
)
