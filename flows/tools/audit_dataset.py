"""``vega3d audit``: what a dataset gives away to someone who cannot see."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import tyro

from flows.result import Result
from flows.tools.tool import Tool, ToolOptions

if TYPE_CHECKING:
    from qa_gen.record import SpatialQA


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditOptions(ToolOptions):
    """Which dataset, and what is too much."""

    dataset: Annotated[
        Path,
        tyro.conf.Positional,
        tyro.conf.arg(
            metavar="DATASET",
            help="A packaged dataset, a folder of questions (*.jsonl) or one such file.",
        ),
    ]
    limit: Annotated[
        float,
        tyro.conf.arg(
            metavar="SHARE", help="The best blind baseline of a kind may be this above chance."
        ),
    ] = 0.03
    report: Annotated[
        Path | None, tyro.conf.arg(metavar="FILE", help="Write the report as Markdown, too.")
    ] = None


def run(options: AuditOptions) -> Result:
    """Audit every kind of question.

    Raises:
        ValueError: There are no questions at the path, or they cannot be read.
    """
    from qa_gen.audit.page import as_page, as_text
    from qa_gen.audit.report import audit
    from synth.storage import write_atomically

    if not options.limit > 0:
        raise ValueError(f"--limit must be > 0 (0.03 = three points), got {options.limit}")
    report = audit(read_dataset(options.dataset), limit=options.limit)
    if options.report is not None:
        options.report.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(options.report, as_page(report).encode())
    verdict = (
        "passed"
        if report.passed
        else f"not passed (limit {report.limit:g} above chance): {report.failure()}"
    )
    return Result(
        text=f"{as_text(report)}\n{verdict}",
        content={**report.to_json(), "failure": report.failure()},
        exit_code=0 if report.passed else 1,
    )


def read_dataset(path: Path) -> "list[SpatialQA]":
    """Read the questions of a packaged dataset, of a folder of ``*.jsonl``, or of one file.

    Raises:
        ValueError: There are none, or they cannot be read.
    """
    from qa_gen.record import SpatialQA
    from qa_gen.storage import read_records

    if not path.exists():
        raise ValueError(f"there is no {path}; name a dataset or a folder of questions (*.jsonl)")
    files = [path] if path.is_file() else sorted(path.glob("*.jsonl"))
    if not files:
        return _read_packaged(path)
    questions = [
        record for file in files for record in read_records(file) if isinstance(record, SpatialQA)
    ]
    if not questions:
        raise ValueError(f"{path} holds no questions, only notes on what was not asked")
    return questions


def _read_packaged(folder: Path) -> "list[SpatialQA]":
    from datasets_cards.read import read_questions

    try:
        questions = list(read_questions(folder))
    except FileNotFoundError as error:
        raise ValueError(
            f"{folder} holds neither questions (*.jsonl) nor a packaged dataset ({error})"
        ) from error
    if not questions:
        raise ValueError(f"the dataset {folder} holds no questions")
    return questions


TOOL: Final = Tool(
    summary="Measure what guessing without looking earns on each kind of question.",
    options=AuditOptions,
    run=run,
)
