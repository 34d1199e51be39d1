"""Rooms placed by hand: one of every shape, material and light that renderers draw."""

from dataclasses import replace
from typing import Final

import numpy as np
from jaxtyping import Float64

from synth.poses import Pose, axis_angle, look_at
from synth.rooms.room import (
    Bulb,
    CeilingLight,
    Material,
    ObjectMesh,
    Opening,
    Part,
    PartShape,
    Room,
    RoomObject,
    Support,
)

UP: Final = np.array([0.0, 0.0, 1.0])
RECTANGLE: Final = np.array([[0.0, 0.0], [5.0, 0.0], [5.0, 4.0], [0.0, 4.0]])
L_SHAPE: Final = np.array([[0.0, 0.0], [5.0, 0.0], [5.0, 2.2], [2.6, 2.2], [2.6, 4.4], [0.0, 4.4]])
SLANTED: Final = np.array([[0.3, 0.0], [4.7, -0.4], [5.2, 2.9], [3.1, 4.3], [0.0, 3.1]])
U_SHAPE: Final = np.array(
    [[0, 0], [6, 0], [6, 4], [4, 4], [4, 1.9], [2, 1.9], [2, 4], [0, 4]], dtype=np.float64
)
OUTLINES: Final = {"rectangle": RECTANGLE, "l": L_SHAPE, "slanted": SLANTED, "u": U_SHAPE}

WHITE: Final = Material(color="white", srgb=(0.93, 0.93, 0.91))
PAINT: Final = Material(color="beige", srgb=(0.82, 0.76, 0.62))
WOOD: Final = Material(
    color="wood", srgb=(0.58, 0.40, 0.24), pattern="planks", repeat_m=1.0, contrast=0.5, gloss=0.3
)
RED: Final = Material(color="red", srgb=(0.75, 0.16, 0.14))
GLASSY: Final = Material(color="blue", srgb=(0.16, 0.32, 0.66), gloss=1.0)
SHADE: Final = Material(color="cream", srgb=(0.93, 0.88, 0.77), glow=1.4)


def part(
    shape: PartShape,
    center: tuple[float, float, float],
    size: tuple[float, float, float],
    material: Material,
) -> Part:
    """Make one solid."""
    return Part(
        center=np.array(center, dtype=np.float64),
        size=np.array(size, dtype=np.float64),
        material=material,
        shape=shape,
    )


def placed(
    instance_id: int,
    category: str,
    at: tuple[float, float],
    size: tuple[float, float, float],
    parts: tuple[Part, ...],
    *,
    yaw: float = 0.0,
    mesh: ObjectMesh | None = None,
) -> RoomObject:
    """Stand an object on the floor."""
    return RoomObject(
        instance_id=instance_id,
        category=category,
        color="red",
        center=np.array([*at, size[2] / 2]),
        size=np.array(size, dtype=np.float64),
        rotation=axis_angle(UP, yaw),
        parts=parts,
        supports=(Support("on_floor", 0),),
        mesh=mesh,
    )


def octahedron(size: tuple[float, float, float]) -> ObjectMesh:
    """Make a closed catalogue mesh of eight faces in two colours."""
    x, y, z = (s / 2 for s in size)
    vertices = np.array([[x, 0, 0], [0, y, 0], [-x, 0, 0], [0, -y, 0], [0, 0, z], [0, 0, -z]])
    upper = [[k, (k + 1) % 4, 4] for k in range(4)]
    lower = [[(k + 1) % 4, k, 5] for k in range(4)]
    colors = np.repeat(np.array([[0.9, 0.5, 0.1], [0.1, 0.6, 0.3]], dtype=np.float32), 4, axis=0)
    return ObjectMesh(vertices=vertices, faces=np.array(upper + lower), face_srgb=colors)


def furniture() -> tuple[RoomObject, ...]:
    """One object of each shape, in the part of the room that all outlines share."""
    ball, box = (0.4, 0.4, 0.4), (0.5, 0.4, 0.6)
    lamp = (
        part("cylinder", (0.0, 0.0, -0.3), (0.06, 0.06, 0.9), WHITE),
        part("cone", (0.0, 0.0, 0.3), (0.4, 0.4, 0.3), SHADE),
    )
    return (
        placed(1, "box", (1.3, 0.9), box, (part("box", (0, 0, 0), box, RED),), yaw=0.4),
        placed(2, "ball", (2.2, 1.4), ball, (part("sphere", (0, 0, 0), ball, GLASSY),)),
        placed(3, "table", (3.6, 1.0), (0.9, 0.9, 0.5), (
            part("cylinder", (0, 0, 0.2), (0.9, 0.9, 0.1), replace(WOOD, pattern="wood_grain")),
            part("cylinder", (0, 0, -0.05), (0.1, 0.1, 0.4), RED),
        )),
        placed(4, "lamp", (0.6, 1.7), (0.4, 0.4, 1.5), lamp),
        placed(5, "toy", (2.9, 0.6), (0.3, 0.3, 0.5), (), mesh=octahedron((0.3, 0.3, 0.5))),
    )  # fmt: skip


def hand_room(
    outline: Float64[np.ndarray, "p 2"] = RECTANGLE, *, floor: Material = WOOD, scene_id: str = "h"
) -> Room:
    """Furnish an outline with every kind of thing."""
    return Room(
        scene_id=scene_id,
        kind="living room",
        outline=outline,
        height_m=2.6,
        walls=(PAINT,) * len(outline),
        floor=floor,
        ceiling=WHITE,
        openings=(
            Opening(kind="window", wall=0, along_m=2.4, width_m=1.4, height_m=1.2, sill_m=0.9,
                    material=WHITE),
            Opening(kind="door", wall=1, along_m=1.0, width_m=0.86, height_m=2.0, sill_m=0.0,
                    material=WHITE),
        ),
        daylight=(7.5, 8.2, 9.2),
        ceiling_lights=(CeilingLight(x_m=1.5, y_m=1.2, side_m=0.8, radiance=(13.0, 11.5, 9.5)),),
        bulbs=(Bulb(x_m=0.6, y_m=1.7, z_m=1.0, radius_m=0.05, radiance=(250.0, 200.0, 130.0)),),
        objects=furniture(),
        left_out=(),
    )  # fmt: skip


def empty_room(outline: Float64[np.ndarray, "p 2"]) -> Room:
    """Return bare walls, floor and ceiling."""
    return replace(hand_room(outline), openings=(), objects=(), bulbs=())


def a_view(eye: tuple[float, float, float] = (1.6, 1.9, 1.5)) -> Pose:
    """Look at the furniture from inside every outline."""
    return look_at(np.array(eye), np.array([2.4, 0.3, 0.6]), UP)
