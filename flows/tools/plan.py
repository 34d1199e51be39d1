"""``vega3d plan``: what a recipe costs before it is spent."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Final

import tyro

from flows.recipes.recipe import Recipe
from flows.result import Result
from flows.tools.tool import Tool, ToolOptions
from synth.wan.gpus import GPUS
from synth.wan.plan import DEFAULT_UTILIZATION

if TYPE_CHECKING:
    from flows.planning import Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanOptions(ToolOptions):
    """Which recipe, on which card."""

    recipe: Annotated[Recipe, tyro.conf.arg(name="")]
    gpu: Annotated[str, tyro.conf.arg(help=f"The card: {', '.join(GPUS)}.")] = "h100"
    utilization: Annotated[
        float, tyro.conf.arg(help="Share of the card's peak rate that is reached.")
    ] = DEFAULT_UTILIZATION
    usd_per_hour: Annotated[
        float | None, tyro.conf.arg(help="Price of the card; None: an assumption.")
    ] = None

    def __post_init__(self) -> None:
        if self.gpu not in GPUS:
            raise ValueError(f"--gpu: unknown card {self.gpu!r}; known are {', '.join(GPUS)}.")


def run(options: PlanOptions) -> Result:
    """Plan a run.

    Raises:
        ValueError: The recipe names a model whose sizes cannot be read, or a number is impossible.
    """
    from flows.planning import plan  # reads the command line's own modules

    made = plan(
        options.recipe,
        GPUS[options.gpu],
        utilization=options.utilization,
        usd_per_hour=options.usd_per_hour,
    )
    return Result(text=_text(made), content=made.to_json())


def _text(made: "Plan") -> str:
    gpu = made.gpu
    lines = [
        f"{made.recipe} on one {gpu.name} ({gpu.peak_tflops:g} TFLOP/s dense bf16, "
        f"{gpu.memory_gb:g} GB) at {made.utilization:.0%} of its peak, "
        f"{made.usd_per_hour:g} USD an hour:",
        f"{'stage':<11}{'what':<38}{'n':>7}{'PFLOP':>12}{'GPU-h':>10}{'GB':>8}{'disk GB':>9}"
        f"{'USD':>9}",
    ]
    for stage in made.stages:
        lines.append(
            f"{stage.stage:<11}{stage.what:<38}{stage.n:>7}{stage.flops / 1e15:>12.4g}"
            f"{stage.gpu_hours:>10.3g}{stage.peak_gb:>8.3g}{stage.disk_gb:>9.3g}{stage.usd:>9.3g}"
        )
        lines += [f"{'':<11}  {stage.note}"] if stage.note else []
    lines += [
        f"{'all':<11}{'':<38}{'':>7}{made.flops / 1e15:>12.4g}{made.gpu_hours:>10.3g}"
        f"{made.peak_gb:>8.3g}{made.disk_gb:>9.3g}{made.usd:>9.3g}",
        "",
        "seconds a clip: "
        + ", ".join(f"{job.name} {job.seconds_per_clip:.3g}" for job in made.generation),
        "published speeds (reference points, not promises):",
    ]
    lines += [
        f"  {r.gpu:<8} {r.model}: {r.seconds:g} s ({r.what}), {r.implied_utilization:.0%} of the "
        f"peak rate; {r.source}"
        for r in made.references
    ]
    return "\n".join(lines)


TOOL: Final = Tool(
    summary="Say what a recipe costs: operations, GPU-hours, memory, disk, money.",
    options=PlanOptions,
    run=run,
    takes_recipe=True,
)
