"""Films of a few poses that are worked out by hand, and what is asked of them."""

from collections import Counter

import numpy as np
from box_rooms import thing
from worlds import drawn_room

from qa_gen.generate import LabelConfig, label_sequence
from qa_gen.record import Skipped, SpatialQA
from synth.poses import axis_angle, look_at

_UP = np.array([0.0, 0.0, 1.0])


def pose(x, y, z=1.2, *, pan_deg=0.0, tilt_deg=0.0, roll_deg=0.0):
    """A camera that looks along +y, so +x is to its right; pan right, tilt up, roll clockwise."""
    eye, heading = np.array([x, y, z]), np.deg2rad(pan_deg)
    rise = np.tan(np.deg2rad(tilt_deg))
    c2w = look_at(eye, eye + np.array([np.sin(heading), np.cos(heading), rise]), _UP)
    c2w[:3, :3] = c2w[:3, :3] @ axis_angle(np.array([0.0, 0.0, 1.0]), np.deg2rad(roll_deg))
    return c2w


def film(*poses, things=(), **changes):
    """A clip of these poses, all keyframes, through a room with ``things`` in it."""
    return drawn_room(list(things), np.stack(poses), side=48, **changes)


def table(instance_id=1, category="table"):
    """A box over x 1.5 to 2.5, y 2.1 to 2.5, z 0 to 0.6."""
    return thing(instance_id, category, (2.0, 2.3, 0.3), (1.0, 0.4, 0.6))


def ask(geometry, kind, **config):
    """All questions of a kind in canonical words, and how many are skipped for each reason."""
    settings = {"max_per_kind": 1000, "phrasing": "canonical", **config}
    records = label_sequence(geometry, LabelConfig(kinds=(kind,), **settings), 0)
    skipped = Counter()
    for record in records:
        if isinstance(record, Skipped):
            skipped[record.reason] += record.count
    return {qa.frames: qa for qa in records if isinstance(qa, SpatialQA)}, dict(skipped)
