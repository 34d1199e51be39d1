"""The report page: what it shows, and how the template is filled. Self-contained HTML."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from flows import charts
from flows.score_table import Row, verdict
from flows.timings import StageTime

_TEMPLATES: Final = Path(__file__).parent / "templates"


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """A clip as one row of frames.

    Attributes:
        label: What it is: ``"rendered"``, ``"Wan, from text"``.
        uri: All frames side by side.
        n_frames: How many.
    """

    label: str
    uri: str
    n_frames: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipCard:
    """A clip with what was asked of it and what was measured.

    Attributes:
        title: Its sequence id.
        prompt: The words the generator got.
        strips: The clip itself last; before it what it is compared with.
        requested: The move that was asked for.
        measured: The move that was measured, or ``""`` if none could be named.
        confidence: Of the measurer, 0..1.
        measured_by: Who measured.
    """

    title: str
    prompt: str
    strips: tuple[Strip, ...]
    requested: str
    measured: str
    confidence: float
    measured_by: str

    @property
    def obeyed(self) -> bool:
        """Whether the measured move is the requested one."""
        return self.requested == self.measured


@dataclass(frozen=True, slots=True, kw_only=True)
class Gallery:
    """Clips of one source.

    Attributes:
        title: Heading.
        note: One or two sentences on what to look for.
        obeyed: Clips whose measured move is the requested one.
        total: Clips of this source in the run, shown or not.
        cards: The ones shown.
    """

    title: str
    note: str
    obeyed: int
    total: int
    cards: tuple[ClipCard, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyLine:
    """What one model answered; ``score`` is ``None`` if it could not be read."""

    model: str
    text: str
    score: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionCard:
    """A held-out question with its frames and the models' replies.

    Attributes:
        evidence: For each frame, whether what is asked about can be seen there.
        options: Option texts; empty for a quantity.
        answer: The right option's text, or the quantity with its unit.
    """

    kind: str
    strip: Strip
    evidence: tuple[bool, ...]
    question: str
    options: tuple[str, ...]
    answer: str
    replies: tuple[ReplyLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class YieldRow:
    """What became of the clips of one source."""

    source: str
    planned: int
    made: int
    lost: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GateRow:
    """What the gates kept of the clips a generator was asked for with one move."""

    recipe: str
    move: str
    planned: int
    generated: int
    accepted: int
    reasons: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SkipRow:
    """Questions of one kind: asked and kept, and why others were not."""

    kind: str
    kept: int
    reasons: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportData:
    """Everything on the page.

    Attributes:
        about: Content of ``run.json``.
        rows: Rows of ``scores.json``.
        gate_counts: Tokens per bin of the semantic share, or empty without a gated model.
        gate_mean: Mean semantic share.
        curves: Loss over steps of each variant.
    """

    about: Mapping[str, Any]
    rows: tuple[Row, ...]
    galleries: tuple[Gallery, ...]
    questions: tuple[QuestionCard, ...]
    gate_counts: tuple[int, ...]
    gate_mean: float
    curves: Mapping[str, Sequence[tuple[float, float]]]
    yields: tuple[YieldRow, ...]
    gates: tuple[GateRow, ...]
    allocation: str
    skips: tuple[SkipRow, ...]
    times: Mapping[str, StageTime]


def render(data: ReportData) -> str:
    """Return the page as HTML without any reference to the outside."""
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["words"] = words
    models = list(dict.fromkeys(row["model"] for row in data.rows if row["model"] != "blind"))
    kinds = list(dict.fromkeys(row["kind"] for row in data.rows))
    ends = ("generative branch", "semantic branch")
    return environment.get_template("report.html.j2").render(
        data=data,
        css=(_TEMPLATES / "report.css").read_text(encoding="utf-8"),
        models=models,
        kinds=kinds,
        cell={(row["kind"], row["model"]): row for row in data.rows},
        verdict=verdict(data.rows),
        interval=charts.interval,
        curves=charts.curves(data.curves),
        gate=charts.histogram(data.gate_counts, ends) if data.gate_counts else "",
        slowest=max([time.seconds for time in data.times.values()], default=1.0) or 1.0,
        total_seconds=sum(time.seconds for time in data.times.values()),
        peak_mb=max([time.peak_mb for time in data.times.values()], default=0.0),
    )


def words(name: str) -> str:
    """Turn ``object_abs_distance`` into ``object abs distance``."""
    return name.replace("_", " ")
