"""``vega3d compare``: how far one camera path is from another."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal

import tyro

from flows.result import Result
from flows.tools.tool import POSE_FORMAT_HELP, Tool, ToolOptions

if TYPE_CHECKING:
    from synth.trajectories import Trajectory

_NOMINAL_WIDTH: Final = 1280  # intrinsics are not compared, so any size serves
_NOMINAL_HEIGHT: Final = 720


@dataclass(frozen=True, slots=True, kw_only=True)
class CompareOptions(ToolOptions):
    """Which two files, and how to align them."""

    estimate: Annotated[
        Path, tyro.conf.Positional, tyro.conf.arg(metavar="ESTIMATE", help="The path to judge.")
    ]
    reference: Annotated[
        Path,
        tyro.conf.Positional,
        tyro.conf.arg(metavar="REFERENCE", help="The path to hold it to."),
    ]
    pose_format: Annotated[str, tyro.conf.arg(metavar="FORMAT", help=POSE_FORMAT_HELP)]
    align: Annotated[
        Literal["se3", "sim3"],
        tyro.conf.arg(help="se3 moves and turns the estimate as a whole; sim3 scales it as well."),
    ]
    reference_format: Annotated[
        str,
        tyro.conf.arg(metavar="FORMAT", help="Format of the reference, where it is another one."),
    ] = ""
    max_diff_s: Annotated[
        float,
        tyro.conf.arg(
            metavar="S", help="Poses further apart in time are not held against each other."
        ),
    ] = 0.01
    camera: Annotated[
        str, tyro.conf.arg(metavar="NAME", help="Which camera of ReCamMaster files.")
    ] = ""


def run(options: CompareOptions) -> Result:
    """Pair the poses, by time if both files have it, else by order; align; measure.

    Raises:
        ValueError: A file is not good, or the paths cannot be compared.
    """
    from synth.path_errors import associate, compare_paths

    if not options.max_diff_s >= 0:
        raise ValueError(f"--max-diff-s must be >= 0, got {options.max_diff_s}")
    estimate = _read(options.estimate, options.pose_format, options)
    reference = _read(options.reference, options.reference_format or options.pose_format, options)
    one, other = estimate.c2w, reference.c2w
    by_time = estimate.timestamps_s is not None and reference.timestamps_s is not None
    if estimate.timestamps_s is not None and reference.timestamps_s is not None:
        matches = associate(
            estimate.timestamps_s, reference.timestamps_s, max_diff_s=options.max_diff_s
        )
        one, other = one[matches.estimate], other[matches.reference]
    errors = compare_paths(one, other, align=options.align)
    how = "time" if by_time else "order"
    lines = [
        f"{errors.matched} poses matched by {how}, aligned by {options.align} (scale "
        f"{errors.scale:.6g}); lengths in the unit of the reference",
        f"  ATE rmse               {errors.ate_rmse:.6g}",
        f"  RPE translation rmse   {errors.rpe_trans_rmse:.6g} a frame",
        f"  RPE rotation rmse      {errors.rpe_rot_deg_rmse:.6g} deg a frame",
        f"  RotErr                 {errors.rot_err_deg:.6g} deg, mean over frames",
        f"  TransErr               {errors.trans_err:.6g} of the path's reach, mean over frames",
        f"  CamMC                  {errors.cam_mc:.6g}, mean over frames",
    ]
    return Result(
        text="\n".join(lines),
        content={
            "ate_rmse": errors.ate_rmse,
            "rpe_trans_rmse": errors.rpe_trans_rmse,
            "rpe_rot_deg_rmse": errors.rpe_rot_deg_rmse,
            "rot_err_deg": errors.rot_err_deg,
            "trans_err": errors.trans_err,
            "matched": errors.matched,
        },
    )


def _read(path: Path, pose_format: str, options: CompareOptions) -> "Trajectory":
    from synth.pose_files import read_poses

    return read_poses(
        path,
        pose_format,
        width=_NOMINAL_WIDTH,
        height=_NOMINAL_HEIGHT,
        camera=options.camera or None,
        ignore_distortion=True,
    )


TOOL: Final = Tool(
    summary="Measure ATE, RPE, RotErr and TransErr of one camera path against another.",
    options=CompareOptions,
    run=run,
)
