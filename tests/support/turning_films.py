"""A drawn room in which a camera turns, so that things come into view one after the other."""

import numpy as np
from box_rooms import thing
from worlds import drawn_room

from synth.poses import look_at

UP = np.array([0.0, 0.0, 1.0])
AROUND_DEG = {"bed": 90, "chair": 25, "desk": -30, "lamp": -85}


def turning_film():
    """Bed, chair, desk and lamp around a camera in the middle of the room.

    It turns right, from +y by way of +x to -y.
    """
    eye = np.array([2.5, 2.0, 1.2])
    headings = np.radians(np.linspace(90, -90, 19))
    ahead = np.stack([np.cos(headings), np.sin(headings), np.full(19, -0.25)], axis=1)
    poses = np.stack([look_at(eye, eye + way, UP) for way in ahead])
    things = [
        thing(
            i,
            name,
            (2.5 + 1.5 * np.cos(np.radians(a)), 2.0 + 1.5 * np.sin(np.radians(a)), 0.5),
            (0.4, 0.4, 1.0),
        )
        for i, (name, a) in enumerate(AROUND_DEG.items(), start=1)
    ]
    return drawn_room(things, poses, side=48)
