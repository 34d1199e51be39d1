"""The columns of the camera path a clip was asked for, and back."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, cast

import numpy as np

from synth.cameras import Intrinsics
from synth.trajectories import Move, Scale, Trajectory


def path_columns(path: Trajectory) -> dict[str, Any]:
    """Return the columns of the path asked for."""
    times = path.timestamps_s
    return {
        "fps": path.fps,
        "requested_path": path.name,
        "requested_move": None if path.move is None else path.move.value,
        "requested_amount": path.amount,
        "requested_params": [{"name": name, "value": value} for name, value in path.params],
        "requested_c2w": path.c2w.tolist(),
        "requested_intrinsics": [asdict(camera) for camera in path.intrinsics or ()],
        "requested_scale": path.scale,
        "requested_timestamps_s": None if times is None else times.tolist(),
    }


def path_of(row: Mapping[str, Any]) -> Trajectory:
    """Return the path asked for in a ``sequences`` row.

    Raises:
        ValueError: The poses are not rigid or not finite, or cameras and poses do not fit.
    """
    times = row["requested_timestamps_s"]
    return Trajectory(
        name=row["requested_path"],
        c2w=floats(row["requested_c2w"], (-1, 4, 4)),
        intrinsics=cameras_of(row["requested_intrinsics"]),
        fps=row["fps"],
        scale=cast(Scale, row["requested_scale"]),
        move=None if row["requested_move"] is None else Move(row["requested_move"]),
        amount=row["requested_amount"],
        params=tuple((one["name"], one["value"]) for one in row["requested_params"]),
        timestamps_s=None if times is None else floats(times, (-1,)),
    )


def cameras_of(rows: Sequence[Mapping[str, Any]]) -> tuple[Intrinsics, ...]:
    """Return the cameras of a column of intrinsics.

    Raises:
        ValueError: There are none, or one is impossible.
    """
    if not rows:
        raise ValueError("a clip needs one camera (intrinsics) per frame, got none.")
    return tuple(Intrinsics(**row) for row in rows)


def floats(values: Any, shape: tuple[int, ...]) -> Any:  # noqa: ANN401 - nested lists of a row
    """Return nested lists of a row as an array of that shape."""
    return np.array(values, dtype=np.float64).reshape(shape)
