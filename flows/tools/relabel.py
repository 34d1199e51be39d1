"""``vega3d relabel``: our own answers to VSI-Bench's questions, beside the official ones."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal

import tyro

from flows.result import Result
from flows.tools.tool import SCENE_FORMAT_HELP, Tool, ToolOptions

if TYPE_CHECKING:
    from qa_gen.agreement import Agreement


@dataclass(frozen=True, slots=True, kw_only=True)
class RelabelOptions(ToolOptions):
    """Which questions, and the scenes they are about."""

    meta: Annotated[Path, tyro.conf.arg(metavar="FILE", help="The scenes as annotated.")]
    questions: Annotated[
        Path,
        tyro.conf.arg(metavar="FILE", help="Official questions: JSON, JSON lines or Parquet."),
    ]
    format: Annotated[str, tyro.conf.arg(metavar="FORMAT", help=SCENE_FORMAT_HELP)] = "vsi"
    distance: Annotated[
        Literal["vsi_official", "exact"],
        tyro.conf.arg(
            help="vsi_official: between points sampled in the boxes, as the benchmark's authors "
            "did; exact: the gap between the boxes."
        ),
    ] = "vsi_official"


def run(options: RelabelOptions) -> Result:
    """Answer the questions.

    Raises:
        ValueError: A file cannot be read or holds nothing usable, or the format is unknown.
    """
    from qa_gen.agreement import measure_agreement
    from qa_gen.benchmarks.vsi_bench import read_questions
    from qa_gen.scenes import read_scenes

    scenes = read_scenes(options.meta, options.format)
    questions = read_questions(options.questions)
    for fault in (*scenes.faults, *questions.faults):
        sys.stderr.write(f"vega3d: left out: {fault}\n")
    for path, usable in ((options.meta, scenes.scenes), (options.questions, questions.questions)):
        if not usable:
            raise ValueError(f"{path} holds nothing that can be used")
    rows = measure_agreement(questions.questions, scenes.scenes, options.distance)
    return Result(text=_table(rows), content={str(row.kind): row.to_json() for row in rows})


def _table(rows: "Sequence[Agreement]") -> str:
    lines = [f"{'question type':<29}{'n':>6}{'agree':>9}{'<= 0.1':>9}{'MRA':>9}  not answered"]
    for row in rows:
        shares = "".join(
            f"{'-':>9}" if share is None else f"{share:>9.4f}"
            for share in (row.agree, row.near, row.mra)
        )
        skipped = ", ".join(f"{reason} {n}" for reason, n in sorted(row.skipped.items()))
        lines.append(f"{row.kind:<29}{row.n:>6}{shares}  {skipped}".rstrip())
    return "\n".join(lines)


TOOL: Final = Tool(
    summary="Answer VSI-Bench's official questions from scene geometry, and compare.",
    options=RelabelOptions,
    run=run,
)
