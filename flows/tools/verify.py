"""``vega3d verify``: is a clip one rigid scene, seen by the cameras it claims?"""

import json
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import tyro

from flows.result import Result
from flows.tools.tool import POSE_FORMAT_HELP, Tool, ToolOptions

if TYPE_CHECKING:
    from synth.cameras import Intrinsics
    from synth.trajectories import Trajectory

_FFMPEG_LOG: Final = "OPENCV_FFMPEG_LOGLEVEL"
_FFMPEG_QUIET: Final = "-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyOptions(ToolOptions):
    """Which clip, and what is known about its cameras.

    Intrinsics come from --fx (and --fy, --cx, --cy) or else from the pose file.
    """

    clip: Annotated[
        Path,
        tyro.conf.Positional,
        tyro.conf.arg(metavar="CLIP", help="A video, or a folder of images in natural order."),
    ]
    poses: Annotated[
        Path | None,
        tyro.conf.arg(
            metavar="FILE",
            help="Camera poses, one a frame; without, the tests that need none are run.",
        ),
    ] = None
    pose_format: Annotated[
        str, tyro.conf.arg(metavar="FORMAT", help=f"Needed with --poses: {POSE_FORMAT_HELP}")
    ] = ""
    camera: Annotated[
        str, tyro.conf.arg(metavar="NAME", help="Which camera of a ReCamMaster file.")
    ] = ""
    fx: Annotated[
        float | None, tyro.conf.arg(metavar="PX", help="Focal length, pixels of the clip.")
    ] = None
    fy: Annotated[
        float | None, tyro.conf.arg(metavar="PX", help="Vertical one, where it is not --fx.")
    ] = None
    cx: Annotated[
        float | None, tyro.conf.arg(metavar="PX", help="Principal point, else the middle.")
    ] = None
    cy: Annotated[
        float | None, tyro.conf.arg(metavar="PX", help="Principal point, else the middle.")
    ] = None


def run(options: VerifyOptions) -> Result:
    """Verify the clip.

    Raises:
        ValueError: The clip or the poses are not good, or do not fit together.
    """
    os.environ.setdefault(_FFMPEG_LOG, _FFMPEG_QUIET)  # we say ourselves what cannot be decoded
    from synth.clip_files import read_clip
    from synth.gates.verify import verify_clip

    _check_flags(options)
    frames = read_clip(options.clip)
    n_frames, height, width, _ = frames.shape
    given = _given_intrinsics(options, width, height)
    c2w, intrinsics = None, None if given is None else (given,) * n_frames
    if options.poses is not None:
        trajectory = _read_poses(options.poses, options, width, height)
        if len(trajectory.c2w) != n_frames:
            raise ValueError(
                f"{options.poses} holds {len(trajectory.c2w)} poses and {options.clip} {n_frames} "
                "frames; verify needs one pose per frame"
            )
        c2w = trajectory.c2w
        intrinsics = intrinsics or _of_the_file(trajectory, options, width, height)
    verification = verify_clip(frames, c2w, intrinsics)
    content = verification.to_json()
    return Result(text=_as_text(content), content=content)


def _check_flags(options: VerifyOptions) -> None:
    if options.poses is not None and not options.pose_format:
        raise ValueError(f"--poses needs --pose-format: {POSE_FORMAT_HELP}")
    if options.poses is None and (options.pose_format or options.camera):
        raise ValueError("--pose-format and --camera say how to read --poses, which is missing")
    if options.fx is None and (options.fy, options.cx, options.cy) != (None, None, None):
        raise ValueError("--fy, --cx and --cy go with --fx, which is missing")


def _given_intrinsics(options: VerifyOptions, width: int, height: int) -> "Intrinsics | None":
    from synth.cameras import Intrinsics

    if options.fx is None:
        return None
    return Intrinsics(
        fx=options.fx,
        fy=options.fx if options.fy is None else options.fy,
        cx=width / 2 if options.cx is None else options.cx,
        cy=height / 2 if options.cy is None else options.cy,
        width=width,
        height=height,
    )


def _read_poses(poses: Path, options: VerifyOptions, width: int, height: int) -> "Trajectory":
    from synth.pose_files import read_poses

    return read_poses(
        poses,
        options.pose_format,
        width=width,
        height=height,
        camera=options.camera or None,
        # --fx replaces the file's intrinsics, so what they lack does not matter then.
        ignore_distortion=options.fx is not None,
    )


def _of_the_file(
    trajectory: "Trajectory", options: VerifyOptions, width: int, height: int
) -> "tuple[Intrinsics, ...] | None":
    """Return the file's intrinsics at the size of the clip's frames, ``None`` if it has none.

    Poses without intrinsics cannot be tested, and so never accepted; the frames still are.
    """
    if trajectory.intrinsics is None:
        sys.stderr.write(
            f"vega3d: {options.poses} holds no intrinsics, so its poses are not tested; pass --fx "
            "(and --fy, --cx, --cy) in pixels of the clip\n"
        )
        return None
    first = trajectory.intrinsics[0]
    if first.width * height != first.height * width:
        raise ValueError(
            f"{options.poses} is about frames of {first.width}x{first.height} pixels and "
            f"{options.clip} has {width}x{height}, which is no plain resize; pass --fx (and --fy, "
            "--cx, --cy) in pixels of the clip"
        )
    return _resized(trajectory.intrinsics, width / first.width, width, height)


def _resized(
    cameras: "Sequence[Intrinsics]", factor: float, width: int, height: int
) -> "tuple[Intrinsics, ...]":
    return tuple(
        replace(
            k,
            fx=k.fx * factor,
            fy=k.fy * factor,
            cx=k.cx * factor,
            cy=k.cy * factor,
            width=width,
            height=height,
        )
        for k in cameras
    )


def _as_text(content: dict[str, Any]) -> str:
    verdict = "accepted" if content["accepted"] else "not accepted"
    lines = [f"{verdict}: {'; '.join(content['reasons']) or 'all tests passed'}"]
    for name, value in content.items():
        if name not in ("accepted", "reasons"):
            lines.append(f"  {name:<16} {json.dumps(value)}")
    return "\n".join(lines)


TOOL: Final = Tool(
    summary="Test whether a clip is one rigid scene, and seen by the cameras it claims.",
    options=VerifyOptions,
    run=run,
)
