"""Mistakes that published tools have made with camera poses, and the kinds that must notice.

VLM-3R's first labels took -R^T t of a camera-to-world pose for the camera's center; OpenCV's and
COLMAP's extrinsics are world-to-camera; OpenGL and Blender cameras have y up and z back.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from box_rooms import thing
from worlds import drawn_room

from qa_gen.answers import Choice
from qa_gen.generate import LabelConfig, label_sequence
from qa_gen.record import QuestionKind, SpatialQA
from synth.poses import axis_angle, invert, look_at

_UP = np.array([0.0, 0.0, 1.0])
_AHEAD = np.array([0.0, 0.0, 1.0])  # the optical axis, in the camera


class Mutation(NamedTuple):
    """A change of all poses, and the kinds whose answers must change with it."""

    poses: Callable[[np.ndarray], np.ndarray]
    must_change: tuple[QuestionKind, ...]

    def of(self, geometry):
        """The geometry as a tool with this mistake would read it."""
        return replace(geometry, c2w=self.poses(geometry.c2w.copy()))


def _centers_at_minus_rt_t(c2w):
    c2w[:, :3, 3] = -np.einsum("tji,tj->ti", c2w[:, :3, :3], c2w[:, :3, 3])
    return c2w


def _y_up(c2w):
    return c2w @ np.diag([1.0, -1.0, -1.0, 1.0])


_TRAVEL = (
    QuestionKind.CAMERA_TRANSLATION_DIRECTION,
    QuestionKind.CAMERA_DISPLACEMENT,
    QuestionKind.CAMERA_PATH_LENGTH,
    QuestionKind.VIEW_CHANGE,
    QuestionKind.CAMERA_OBJECT_DISTANCE,
    QuestionKind.CAMERA_OBJECT_DISTANCE_CHANGE,
    QuestionKind.CLOSER_FRAME,
)
# The angle of a rotation is that of its inverse, and does not care for axes or positions.
MUTATIONS = {
    "the center of c2w is -R^T t": Mutation(_centers_at_minus_rt_t, _TRAVEL),
    "w2c is taken for c2w": Mutation(invert, (*_TRAVEL, QuestionKind.CAMERA_ROTATION_DIRECTION)),
    "cameras have y up and z back": Mutation(
        _y_up,
        (
            QuestionKind.CAMERA_TRANSLATION_DIRECTION,
            QuestionKind.CAMERA_ROTATION_DIRECTION,
            QuestionKind.VIEW_CHANGE,
        ),
    ),
}


def wandering_film():
    """A camera before three things: forward, aside, up, then a pan, a tilt and a roll."""
    eye, pan_deg, tilt_deg, roll_deg = np.array([1.6, 0.3, 1.2]), 10.0, -8.0, 0.0
    poses = []
    for step in (0, *"fffrruupptwo"):
        eye = eye + {"f": (0, 0.2, 0), "r": (0.25, 0, 0), "u": (0, 0, 0.2)}.get(step, (0, 0, 0))
        pan_deg += 12.0 * (step == "p")
        tilt_deg += 9.0 * (step in ("t", "w"))
        roll_deg += 25.0 * (step == "o")
        heading, rise = np.deg2rad(pan_deg), np.tan(np.deg2rad(tilt_deg))
        pose = look_at(eye, eye + np.array([np.sin(heading), np.cos(heading), rise]), _UP)
        pose[:3, :3] = pose[:3, :3] @ axis_angle(_AHEAD, np.deg2rad(roll_deg))
        poses.append(pose)
    things = [
        thing(1, "sofa", (2.0, 3.2, 0.5), (1.0, 0.6, 1.0), 20.0),
        thing(2, "lamp", (3.2, 2.9, 0.6), (0.3, 0.3, 1.2)),
        thing(3, "table", (1.0, 2.8, 0.4), (0.6, 0.6, 0.8), -15.0),
    ]
    return drawn_room(things, np.stack(poses))


def right_answers(geometry, kind):
    """What is asked of a film, with the right answers: a text or a number."""
    config = LabelConfig(kinds=(kind,), max_per_kind=2000, phrasing="canonical")
    records = label_sequence(geometry, config, 0)
    return {
        (qa.objects, qa.frames): qa.answer.text if isinstance(qa.answer, Choice) else qa.value
        for qa in records
        if isinstance(qa, SpatialQA)
    }


def n_changed(right, wrong):
    """How many questions are answered differently, or not asked, by the wrong geometry."""
    return sum(key not in wrong or _differ(right[key], wrong[key]) for key in right)


def _differ(right, wrong):
    return right != wrong if isinstance(right, str) else abs(right - wrong) > 0.05 * right
