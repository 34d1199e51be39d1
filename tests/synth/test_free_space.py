from dataclasses import replace

import numpy as np
import pytest
import shapely
from hand_rooms import L_SHAPE, OUTLINES, RED, hand_room, part, placed
from hypothesis import given
from hypothesis import strategies as st

from synth.free_space import OBJECT_DISTANCE_M, WALL_DISTANCE_M, FreeSpace
from synth.rooms.room import Room

COORDINATES = st.floats(-1.0, 7.0).map(lambda x: round(x, 3) + 1e-4)  # off the corners


@given(st.sampled_from(sorted(OUTLINES)), st.lists(st.tuples(COORDINATES, COORDINATES), min_size=1))
def test_inside_and_wall_distance_agree_with_shapely(name, points):
    polygon = shapely.Polygon(OUTLINES[name])
    space = FreeSpace(hand_room(OUTLINES[name]))
    at = np.array(points)
    geometries = shapely.points(at)
    near_wall = shapely.distance(polygon.exterior, geometries)
    sure = near_wall > 1e-6
    inside = space.is_inside(at)
    np.testing.assert_array_equal(inside[sure], shapely.contains(polygon, geometries)[sure])
    np.testing.assert_allclose(space.wall_distances(at), near_wall, atol=1e-9)


@pytest.mark.parametrize(
    ("point", "free"),
    [
        ((2.5, 3.0, 1.5), True),
        ((2.5, WALL_DISTANCE_M - 0.01, 1.5), False),
        ((2.5, 3.0, 2.4), False),  # under the ceiling, which is at 2.6
        ((1.0, 1.0, 1.0 + OBJECT_DISTANCE_M - 0.01), False),
        ((1.0, 1.0, 1.0 + OBJECT_DISTANCE_M + 0.01), True),
        ((5.5, 1.0, 1.5), False),
    ],
)
def test_cameras_keep_their_distance_from_walls_ceiling_and_furniture(point, free):
    assert FreeSpace(room_with_a_cube()).is_free(np.array([point]))[0] == free


def test_a_path_through_a_thing_is_not_free_even_if_its_frames_are():
    c2w = np.repeat(np.eye(4)[None], 2, axis=0)
    c2w[:, :3, 3] = [[0.6, 3.2, 1.2], [4.0, 3.2, 1.2]]
    space = FreeSpace(room_with_a_cube())
    assert space.is_free_path(c2w)
    c2w[:, :3, 3] = [[2.0, 2.0, 0.5], [0.4, 0.4, 0.5]]
    ends = space.is_free(c2w[:, :3, 3])
    assert not space.is_free_path(c2w)
    assert ends[0]


def test_a_wall_of_an_l_shaped_room_blocks_the_view():
    space = FreeSpace(hand_room(L_SHAPE))
    leg, other = np.array([1.0, 4.0, 1.5]), np.array([4.5, 1.8, 1.0])
    assert not space.can_see(leg, other)
    assert space.can_see(leg, np.array([1.0, 0.5, 1.0]))


def room_with_a_cube() -> Room:
    cube = placed(1, "cube", (1.0, 1.0), (1, 1, 1), (part("box", (0, 0, 0), (1, 1, 1), RED),))
    return replace(hand_room(), objects=(cube,))
