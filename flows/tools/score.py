"""``vega3d score``: what a file of replies earns, read as a harness reads it."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

import tyro

from flows.result import Result
from flows.tools.tool import Tool, ToolOptions

if TYPE_CHECKING:
    from qa_gen.scoring.tables import ScoreTable


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreOptions(ToolOptions):
    """Which replies, to which questions, read how."""

    predictions: Annotated[
        Path,
        tyro.conf.Positional,
        tyro.conf.arg(
            metavar="PREDICTIONS",
            help="JSON lines: question_type, ground_truth, options and prediction (or "
            "pred_response, reply, response); lmms-eval's sample logs as they are.",
        ),
    ]
    parser: Annotated[
        Literal["vsi", "lmms-eval", "vlmevalkit", "lenient"],
        tyro.conf.arg(
            help="Whose rules find the answer in a reply: VSI-Bench's own code, lmms-eval 0.7.2 "
            "or later, VLMEvalKit, or ours."
        ),
    ]
    answers: Annotated[
        Path | None,
        tyro.conf.arg(
            metavar="QUESTIONS",
            help="Our questions (JSON lines of the label stage); PREDICTIONS then holds only "
            "qa_id and reply.",
        ),
    ] = None
    mra: Annotated[
        Literal["code", "paper"],
        tyro.conf.arg(
            help="An error of exactly a tolerance meets it by VSI-Bench's code, not by its paper."
        ),
    ] = "code"


def run(options: ScoreOptions) -> Result:
    """Score the replies.

    Raises:
        ValueError: A file is not good; the message names file, line, field and cure.
    """
    from qa_gen.scoring.predictions import join_predictions, read_predictions
    from qa_gen.scoring.tables import score_table

    predictions = (
        read_predictions(options.predictions)
        if options.answers is None
        else join_predictions(options.predictions, options.answers)
    )
    table = score_table(predictions, reading=options.parser, variant=options.mra)
    head = f"{options.predictions}, read as {options.parser}, MRA by the {options.mra}:"
    return Result(text="\n".join([head, *_lines(table)]), content=_content(table, options.parser))


def _lines(table: "ScoreTable") -> list[str]:
    width = max(len(row.question_type) for row in table.types)
    return [
        f"  {'question type':<{width}}     n  unparsed  metric    score",
        *(
            f"  {row.question_type:<{width}} {row.n:5}     {row.unparsed:5}  {row.metric:<8}  "
            f"{row.score:.4f}"
            for row in table.types
        ),
        f"  overall, macro over {len(table.tasks)} tasks: {table.macro:.4f}",
        f"  overall, micro over {sum(row.n for row in table.types)} questions: {table.micro:.4f}",
    ]


def _content(table: "ScoreTable", parser: str) -> dict[str, Any]:
    return {
        **{
            row.question_type: {
                "n": row.n,
                "unparsed": row.unparsed,
                "metric": row.metric,
                "score": row.score,
            }
            for row in table.types
        },
        "overall_macro": table.macro,
        "overall_micro": table.micro,
        "tasks": dict(table.tasks),
        "parser": parser,
    }


TOOL: Final = Tool(
    summary="Score a file of replies as VSI-Bench, lmms-eval or VLMEvalKit would.",
    options=ScoreOptions,
    run=run,
)
