"""Places to point at and what images share, held against rooms drawn in closed form."""

from dataclasses import replace

import numpy as np
import pytest
from box_rooms import ROOM_M, thing
from looking import EYE, ahead, seen_ahead
from worlds import drawn_room, filmed_rooms, mirrored

from qa_gen.projection import Views
from synth.cameras import Intrinsics
from synth.scene import Provenance, SceneGeometry


def distance_to_surface(point, geometry, instance):
    """How far a point is from the surface it should lie on: a box's or the room's."""
    if instance == 0:
        return np.abs(np.concatenate([point, ROOM_M - point])).min()
    box = next(o for o in geometry.objects if o.instance_id == instance)
    local = np.abs((point - box.center) @ box.rotation) - box.size / 2
    return np.abs(local).min() if (local < 1e-3).all() else np.inf


def test_places_lie_on_the_surfaces_they_name():
    geometry = drawn_room()
    places = Views(geometry).places
    world = Views(geometry).world(places)
    assert len(places.mark) > 3000
    assert set(places.instance) == {0, 1, 2, 3, 4}
    off = [
        distance_to_surface(world[i], geometry, places.instance[i]) for i in range(0, len(world), 7)
    ]
    assert np.quantile(off, 0.98) < 2e-6
    assert max(off) < 2e-3  # a pixel from a shallow crease


def test_depth_at_a_mark_is_that_of_the_plane_between_pixel_centers():
    # The floor is 1.3 m below a level camera: a mark at v pixels is at z = 1.3 f / (v - 48).
    geometry = seen_ahead()
    places = Views(geometry).places
    focal = 48 / np.tan(np.deg2rad(40))
    floor = places.take(places.mark[:, 1] > 900)
    v = floor.mark[:, 1] * 96 / 1000
    assert len(floor.mark) > 50
    np.testing.assert_allclose(floor.depth, 1.3 * focal / (v - 48), rtol=1e-6)


def test_around_a_sure_place_there_is_one_instance_and_no_step():
    geometry = filmed_rooms()[2]
    places = Views(geometry).places
    for i in range(0, len(places.mark), 13):
        k, (x, y) = places.keyframe[i], places.mark[i]
        row, column = int(y * 96 / 1000), int(x * 96 / 1000)
        around = (k, slice(row - 1, row + 2), slice(column - 1, column + 2))
        assert (geometry.instances[around] == places.instance[i]).all()
        depth = geometry.depth[around].astype(np.float64)
        assert depth.min() == places.low[i]
        assert depth.max() == places.high[i]
        inverse = 1 / depth
        bend = abs(inverse[1, 0] + inverse[1, 2] - 2 * inverse[1, 1]) / inverse[1, 1]
        assert bend <= 0.0101


def test_an_edge_a_hole_and_an_unreliable_pixel_are_not_sure():
    whole = seen_ahead()
    sure = Views(whole).maps.sure[0]
    assert sure[48, 40:56].all()  # the wall before the camera
    hole = whole.depth.copy()
    hole[0, 48, 48] = 0
    assert not Views(replace(whole, depth=hole)).maps.sure[0, 47:50, 47:50].any()
    unsure = whole.reliable.copy()
    unsure[0, 48, 48] = False
    assert not Views(replace(whole, reliable=unsure)).maps.sure[0, 47:50, 47:50].any()
    step = whole.depth.copy()
    step[0, :, 48:] *= 1.03  # 3 % farther, of the same instance
    assert not Views(replace(whole, depth=step)).maps.sure[0, 48, 47:49].any()
    other = whole.instances.copy()
    other[0, 48, 48] = 9
    maps = Views(replace(whole, instances=other)).maps
    assert not maps.sure[0, 47:50, 47:50].any()
    assert maps.clear[0, 48, 52] == 3  # columns 49..55 are alike
    assert maps.clear[0, 48, 60] == 4  # and no more is counted


def test_clearance_counts_pixels_to_the_nearest_other_instance():
    geometry = seen_ahead(("box", 0, 1.5, 0, 1.0))
    ids, clear = geometry.instances[0], Views(geometry).maps.clear[0]
    rows, columns = np.nonzero(ids != ids[48, 20])
    for row, column in ((48, 20), (48, 24), (48, 27), (48, 28)):
        assert ids[row, column] == 0
        nearest = np.maximum(abs(rows - row), abs(columns - column)).min() - 1
        assert clear[row, column] == min(nearest, 4)


def strip(width, depth):
    """A clip of one keyframe, eight pixels high."""
    maps = np.full((1, 8, width), depth, np.float32)
    return SceneGeometry(
        sequence_id="strip/0",
        scene_id="strip",
        intrinsics=(Intrinsics(fx=500.0, fy=500.0, cx=width / 2, cy=4.0, width=width, height=8),),
        c2w=np.eye(4)[None],
        keyframes=(0,),
        depth=maps,
        instances=np.zeros(maps.shape, np.uint16),
        reliable=np.ones(maps.shape, np.bool_),
        objects=(),
        room_polygon=None,
        motion=None,
        scale="metric",
        sigma_m=0.0,
        provenance=Provenance(made_by="oracle", seed=0, code="-"),
    )


@pytest.mark.parametrize("width", [200, 832, 1000, 1920, 3001])
def test_a_place_is_where_its_written_mark_is_however_wide_the_image(width):
    geometry = strip(width, 2.0)
    geometry = replace(
        geometry, depth=geometry.depth * (1 + np.arange(width) / 1e5,)[0].astype(np.float32)
    )
    places = Views(geometry).places
    column = np.minimum(places.mark[:, 0] * width // 1000, width - 1)
    assert len(places.mark) > 30
    np.testing.assert_allclose(places.depth, geometry.depth[0, 4, column], rtol=2e-5)
    np.testing.assert_allclose(
        places.ray[:, 0] * 500 + width / 2, places.mark[:, 0] * width / 1000, atol=1e-9
    )


def test_the_mirrored_film_has_the_mirrored_places_in_the_same_order():
    for geometry in filmed_rooms():
        before, after = Views(geometry).places, Views(mirrored(geometry)).places
        np.testing.assert_array_equal(after.mark[:, 0], 1000 - before.mark[:, 0])
        np.testing.assert_array_equal(after.mark[:, 1], before.mark[:, 1])
        np.testing.assert_allclose(after.depth, before.depth, rtol=1e-6)


def test_half_of_a_wall_is_shared_after_a_step_of_half_its_width():
    # At 80 degrees and 3.5 m the image is 5.87 m wide; the wall is 5 m, so is what a camera sees
    # of it from its middle. A camera that turns round sees nothing of it.
    room = seen_ahead()
    behind = ahead(EYE) @ np.diag([-1.0, 1.0, -1.0, 1.0])
    views = Views(
        drawn_room(
            [thing(1, "box", (0.2, 0.2, 0.1), (0.1, 0.1, 0.1))],
            np.concatenate([ahead(EYE, EYE), behind]),
        )
    )
    np.testing.assert_allclose(np.diag(views.covisible), 1.0)
    assert views.covisible[0, 1] == 1.0
    assert views.covisible[0, 2] == 0.0
    assert Views(room).covisible[0, 1] == 1.0


def test_shares_follow_the_width_of_what_two_cameras_see():
    # A camera turned by 40 degrees to the right has its left border straight ahead of the first
    # one: it sees the right half of the middle rows, and above and below the horizon all of the
    # columns that fall into its image. Counted by hand with rays, not with the code's matrices.
    turn = np.deg2rad(40)
    pose = ahead(EYE, EYE)
    spin = np.array([[np.cos(turn), 0, np.sin(turn)], [0, 1, 0], [-np.sin(turn), 0, np.cos(turn)]])
    pose[1, :3, :3] = pose[1, :3, :3] @ spin
    views = Views(drawn_room([thing(1, "box", (0.2, 0.2, 0.1), (0.1, 0.1, 0.1))], pose))
    half = np.tan(turn)
    x, y = np.meshgrid(*[np.linspace(-half, half, 97)] * 2)
    ahead_of_other = x * np.sin(turn) + np.cos(turn)
    across = (x * np.cos(turn) - np.sin(turn)) / ahead_of_other
    inside = (abs(across) <= half) & (abs(y / ahead_of_other) <= half)
    assert views.covisible[0, 1] == pytest.approx(inside.mean(), abs=0.03)


def test_what_a_box_hides_is_not_shared():
    # From the second camera, 1.2 m to the right, the box hides part of the wall that the first
    # one sees, and the first sees the box's front, as the second does.
    empty = drawn_room(
        [thing(1, "box", (0.2, 0.2, 0.1), (0.1, 0.1, 0.1))], ahead(EYE, (3.7, 0.5, 1.3))
    )
    hiding = drawn_room(
        [thing(1, "box", (2.5, 2.0, 1.3), (1.0, 0.2, 1.0))], ahead(EYE, (3.7, 0.5, 1.3))
    )
    assert Views(hiding).covisible[0, 1] < Views(empty).covisible[0, 1] - 0.03
    # The box spans x 2..3 and y 1.9..2.1. A ray from (3.7, 0.5) to (3.0, 4.0) passes it at
    # x = 3.42..3.38, one to (2.0, 4.0) at x = 3.02..2.92 and so enters it through its side.
    points = np.array([[3.0, 4.0, 1.3], [2.0, 4.0, 1.3], [2.8, 1.9, 1.3]])
    assert Views(hiding).may_show(points, 1).tolist() == [True, False, True]


def test_unknown_depth_hides_nothing():
    geometry = seen_ahead(("box", 0, 1.5, 0, 1.0))
    behind = np.array([[2.5, 3.9, 1.3]])
    assert not Views(geometry).may_show(behind, 0).any()
    unknown = replace(geometry, depth=np.zeros_like(geometry.depth))
    assert Views(unknown).may_show(behind, 0).all()


def test_poses_are_asked_for_by_name():
    with pytest.raises(ValueError, match="poses asked of geometry without them"):
        _ = Views(replace(seen_ahead(), c2w=None)).c2w
