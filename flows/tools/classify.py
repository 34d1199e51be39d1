"""``vega3d classify``: which camera motion a pose file holds."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final, Literal

import tyro

from flows.result import Result
from flows.tools.tool import POSE_FORMAT_HELP, Tool, ToolOptions

# A zoom shows in the ratio of focal lengths, so for normalised intrinsics any size serves.
_NOMINAL_WIDTH: Final = 1280
_NOMINAL_HEIGHT: Final = 720


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassifyOptions(ToolOptions):
    """Which file, and how to read it."""

    file: Annotated[Path, tyro.conf.Positional, tyro.conf.arg(metavar="FILE", help="The poses.")]
    pose_format: Annotated[str, tyro.conf.arg(metavar="FORMAT", help=POSE_FORMAT_HELP)]
    camera: Annotated[
        str, tyro.conf.arg(metavar="NAME", help="Which camera of a ReCamMaster file.")
    ] = ""
    scale: Annotated[
        Literal["auto", "metric", "relative"],
        tyro.conf.arg(
            help="metric: lengths are metres and +z is up; relative: neither is known. auto asks "
            "the format: all are relative but recammaster."
        ),
    ] = "auto"


def run(options: ClassifyOptions) -> Result:
    """Name the motion.

    Raises:
        ValueError: The file is not good, or too short to hold a motion.
    """
    from synth.measure.motion import summarize_motion
    from synth.pose_files import read_poses

    trajectory = read_poses(
        options.file,
        options.pose_format,
        width=_NOMINAL_WIDTH,
        height=_NOMINAL_HEIGHT,
        camera=options.camera or None,
        scale=None if options.scale == "auto" else options.scale,
        ignore_distortion=True,
    )
    summary = summarize_motion(trajectory.c2w, trajectory.intrinsics, trajectory.scale)
    dominant = None if summary.dominant is None else summary.dominant.value
    lines = [f"{options.file}: {dominant or 'no single motion'}"]
    lines += [f"  {part.name:<14} {part.amount:10.4g} {part.unit}" for part in summary.primitives]
    return Result(
        text="\n".join(lines),
        content={
            "dominant": dominant,
            "primitives": [
                {"name": str(part.name), "amount": part.amount, "unit": part.unit}
                for part in summary.primitives
            ],
        },
    )


TOOL: Final = Tool(
    summary="Name the camera motion in a pose file, with the amount of each primitive.",
    options=ClassifyOptions,
    run=run,
)
