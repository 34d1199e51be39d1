"""Hypothesis strategies for the core types."""

from typing import NamedTuple

import numpy as np
from hypothesis import strategies as st

from synth.cameras import Intrinsics
from synth.poses import axis_angle, look_at
from synth.trajectories import (
    BASIC_MOVES,
    ORBIT_MIN_DEG,
    Move,
    Trajectory,
    family,
    make_trajectory,
)

UP = np.array([0.0, 0.0, 1.0])


class Filmed(NamedTuple):
    """A trajectory and the distance of the point it circles, if it circles one."""

    trajectory: Trajectory
    target_distance_m: float


@st.composite
def rotations(draw):
    """Any rotation matrix."""
    axis = np.array([draw(st.floats(-1, 1)) for _ in range(3)]) + np.array([1e-3, 0, 0])
    norm = np.linalg.norm(axis)
    axis = axis / norm if norm > 1e-6 else np.array([1.0, 0.0, 0.0])
    return axis_angle(axis, draw(st.floats(-np.pi, np.pi)))


@st.composite
def poses(draw):
    """Any rigid c2w within 10 m of the origin."""
    pose = np.eye(4)
    pose[:3, :3] = draw(rotations())
    pose[:3, 3] = [draw(st.floats(-10, 10)) for _ in range(3)]
    return pose


@st.composite
def start_poses(draw, max_pitch_deg=30.0):
    """An upright camera somewhere in a room: any heading, moderate pitch, no roll."""
    eye = np.array([draw(st.floats(-4, 4)), draw(st.floats(-4, 4)), draw(st.floats(0.4, 2.4))])
    heading = draw(st.floats(-np.pi, np.pi))
    pitch = np.deg2rad(draw(st.floats(-max_pitch_deg, max_pitch_deg)))
    forward = np.array(
        [np.cos(pitch) * np.cos(heading), np.cos(pitch) * np.sin(heading), np.sin(pitch)]
    )
    return look_at(eye, eye + forward, UP)


@st.composite
def intrinsics(draw, max_side=24):
    """A pinhole camera with square pixels and a small image."""
    return Intrinsics.from_fov(
        width=draw(st.integers(4, max_side)),
        height=draw(st.integers(4, max_side)),
        fov_deg=draw(st.floats(30, 110)),
    )


def amounts(move):
    """How far a move may go and still be clearly seen: metres or degrees by family."""
    match family(move):
        case "static":
            return st.just(0.0)
        case "dolly" | "truck" | "pedestal":
            return st.floats(0.3, 3.0)
        case "pan":
            return st.floats(8.0, 120.0)
        case "tilt":
            return st.floats(8.0, 40.0)
        case "roll":
            return st.floats(8.0, 60.0)
        case _:
            is_arc = move in (Move.ARC_LEFT, Move.ARC_RIGHT)
            return st.floats(10.0, ORBIT_MIN_DEG - 2) if is_arc else st.floats(ORBIT_MIN_DEG, 150.0)


@st.composite
def filmed(draw, moves=BASIC_MOVES):
    """A trajectory of one of ``moves`` from any upright start, of 5, 9 or 17 frames."""
    move = draw(st.sampled_from(moves))
    distance = draw(st.floats(1.0, 3.5))
    trajectory = make_trajectory(
        move,
        draw(start_poses()),
        amount=draw(amounts(move)),
        n_frames=draw(st.sampled_from([5, 9, 17])),
        target_distance_m=distance,
    )
    return Filmed(trajectory=trajectory, target_distance_m=distance)
