"""Cameras in the room of ``box_rooms`` whose views can be worked out by hand."""

import numpy as np
from box_rooms import UP, thing
from worlds import drawn_room

from qa_gen.config import LabelConfig
from qa_gen.generate import label_sequence
from qa_gen.record import Skipped, SpatialQA
from synth.poses import look_at

EYE = (2.5, 0.5, 1.3)  # 3.5 m before the wall y = 4, half way up the room


def ahead(*eyes):
    """Level cameras that look along +y from the given places; x is to their right."""
    return np.stack([look_at(np.array(e), np.add(e, (0.0, 1.0, 0.0)), UP) for e in eyes])


def seen_ahead(*boxes, n=2, side=96, **changes):
    """The room from ``EYE``, in ``n`` equal frames.

    Boxes are (category, x, y, z of the middle, size): x counts from the image's middle to the
    right, y is the distance of the front face from the camera, z counts upwards from it.
    """
    things = [
        thing(i + 1, name, (EYE[0] + x, EYE[1] + y + size / 2, EYE[2] + z), (size, size, size))
        for i, (name, x, y, z, size) in enumerate(boxes)
    ]
    return drawn_room(things, ahead(*[EYE] * n), side, **changes)


def asked(kind, geometry, seed=0, **config):
    """Questions of one kind in canonical words."""
    return [r for r in records(kind, geometry, seed, **config) if isinstance(r, SpatialQA)]


def lost(kind, geometry, seed=0, **config):
    """How many candidates of one kind were lost, by reason."""
    found = [r for r in records(kind, geometry, seed, **config) if isinstance(r, Skipped)]
    return {
        reason: sum(r.count for r in found if r.reason == reason)
        for reason in {r.reason for r in found}
    }


def records(kind, geometry, seed=0, **config):
    """Everything one kind gives."""
    config = {"max_per_kind": 50, "phrasing": "canonical", **config}
    return label_sequence(geometry, LabelConfig(kinds=(kind,), **config), seed)


def pixel(geometry, mark):
    """Keyframe, row and column in which a mark lies."""
    _, height, width = geometry.depth.shape
    return (
        geometry.keyframes.index(mark.frame),
        int(mark.y / 1000 * height),
        int(mark.x / 1000 * width),
    )


def sideways():
    """The wall 3.5 m ahead, seen from places 0.5 m apart: a step is 0.5 f / 3.5 pixels."""
    eyes = [(x, 0.5, 1.3) for x in (1.5, 2.0, 2.5, 3.0, 3.5)]
    return drawn_room([thing(1, "box", (0.2, 0.2, 0.1), (0.1, 0.1, 0.1))], ahead(*eyes))
