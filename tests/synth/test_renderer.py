from dataclasses import replace

import numpy as np
import pytest
import shapely
from hand_rooms import (
    OUTLINES,
    RECTANGLE,
    RED,
    UP,
    WHITE,
    a_view,
    empty_room,
    hand_room,
    part,
    placed,
)

from synth.cameras import Intrinsics, pixel_rays
from synth.poses import look_at
from synth.render.baked_room import BakedRoom, detail_for
from synth.render.embree import EmbreeRenderer
from synth.rooms.config import TINY_ROOMS, RoomConfig
from synth.rooms.furnish import make_room
from synth.rooms.room import Material

SQUARE = Intrinsics.from_fov(width=64, height=64, fov_deg=80.0)
PLAIN = Material(color="wood", srgb=(0.58, 0.40, 0.24))


@pytest.fixture(scope="module")
def rendered_room():
    return EmbreeRenderer(BakedRoom(hand_room()))


def exact_depth(mesh, c2w, camera):
    """Nearest intersection of every pixel ray with every triangle (Moeller-Trumbore), float64."""
    rays = pixel_rays(camera).reshape(-1, 3) @ c2w[:3, :3].T
    a, b, c = (mesh.vertices[mesh.faces[:, k]] for k in range(3))
    nearest = np.full(len(rays), np.inf)
    for number, ray in enumerate(rays):
        p = np.cross(ray, c - a)
        determinant = (p * (b - a)).sum(axis=1)
        with np.errstate(divide="ignore", invalid="ignore"):
            from_a = c2w[:3, 3] - a
            u = (from_a * p).sum(axis=1) / determinant
            q = np.cross(from_a, b - a)
            v = (q @ ray) / determinant
            t = (q * (c - a)).sum(axis=1) / determinant
            hit = (u >= 0) & (v >= 0) & (u + v <= 1) & (t > 0)
        nearest[number] = t[hit].min()
    return nearest.reshape(camera.height, camera.width)


def test_depth_is_the_exact_intersection_with_the_triangles(rendered_room):
    camera = Intrinsics.from_fov(width=20, height=16, fov_deg=85.0)
    depth = rendered_room.truth(a_view(), camera).depth
    expected = exact_depth(rendered_room.baked.mesh, a_view(), camera)
    np.testing.assert_allclose(depth, expected, rtol=0, atol=1e-5)


def test_depth_of_an_empty_box_room_is_the_analytic_one():
    renderer = EmbreeRenderer(BakedRoom(replace(empty_room(RECTANGLE), height_m=2.5)))
    c2w = look_at(np.array([1.0, 1.0, 1.25]), np.array([5.0, 1.0, 1.25]), UP)  # along +x
    camera = Intrinsics.from_fov(width=33, height=33, fov_deg=20.0)
    depth = renderer.truth(c2w, camera).depth
    np.testing.assert_allclose(depth, 4.0, atol=1e-6)  # the far wall stands at x = 5


@pytest.mark.parametrize("outline", OUTLINES)
@pytest.mark.parametrize("furnished", [True, False])
def test_closed_rooms_have_no_holes(outline, furnished):
    corners = OUTLINES[outline]
    room = hand_room(corners) if furnished else empty_room(corners)
    renderer = EmbreeRenderer(BakedRoom(room))
    eye = np.array([1.2, 1.5, 1.3])
    for corner in corners:
        for height in (0.0, room.height_m):
            c2w = look_at(eye, np.array([*corner, height]), UP)
            assert (renderer.truth(c2w, SQUARE).depth > 0).all()


def test_furnished_rooms_of_every_shape_have_no_holes():
    for number in range(6):
        room = make_room(f"holes-{number}", 0, RoomConfig(rectangle_share=0.0))
        renderer = EmbreeRenderer(BakedRoom(room))
        inside = shapely.Polygon(room.outline).representative_point()
        eye = np.array([inside.x, inside.y, room.height_m - 0.1])
        for corner in room.outline:
            c2w = look_at(eye, np.array([*corner, 0.0]), UP)
            assert (renderer.truth(c2w, SQUARE).depth > 0).all()


@pytest.mark.parametrize(
    ("shape", "share"),
    [("box", 1.0), ("cylinder", np.pi / 4), ("sphere", np.pi / 4), ("cone", 0.5)],
)
def test_shapes_fill_their_box_as_seen_from_far_away(shape, share):
    size = (0.8, 0.8, 0.8)
    thing = placed(7, "thing", (2.5, 2.0), size, (part(shape, (0, 0, 0), size, RED),))
    renderer = EmbreeRenderer(BakedRoom(replace(empty_room(RECTANGLE), objects=(thing,))))
    eye = np.array([2.5, 2.0, 2.59]) if shape == "cylinder" else np.array([0.01, 2.0, 0.4])
    c2w = look_at(eye, thing.center, np.array([0.0, 1.0, 0.0]) if shape == "cylinder" else UP)
    camera = Intrinsics.from_fov(width=128, height=128, fov_deg=30.0)
    truth = renderer.truth(c2w, camera)
    rows, columns = np.nonzero(truth.instances == 7)
    box = (np.ptp(rows) + 1) * (np.ptp(columns) + 1)
    assert len(rows) / box == pytest.approx(share, abs=0.05)
    points = truth.depth[rows, columns]
    assert points.min() > 0


def test_zooming_by_two_shows_the_middle_of_a_picture_twice_as_large(rendered_room):
    wide = Intrinsics(fx=60.0, fy=60.0, cx=32.0, cy=32.0, width=64, height=64)
    near = replace(wide, fx=120.0, fy=120.0)
    double = replace(near, cx=64.0, cy=64.0, width=128, height=128)  # the wide view, finer
    zoomed = rendered_room.truth(a_view(), near)
    middle = rendered_room.truth(a_view(), double)
    np.testing.assert_array_equal(zoomed.instances, middle.instances[32:96, 32:96])
    np.testing.assert_allclose(zoomed.depth, middle.depth[32:96, 32:96], atol=1e-6)


def test_smoothing_only_where_surfaces_meet_is_as_good_as_everywhere(rendered_room):
    thorough = EmbreeRenderer(rendered_room.baked, everywhere=True).render(a_view(), SQUARE)
    frame = rendered_room.render(a_view(), SQUARE)
    difference = np.abs(frame.rgb.astype(float) - thorough.rgb)
    assert difference.mean() < 1.0
    np.testing.assert_array_equal(frame.depth, thorough.depth)


def test_edges_are_smoothed():
    thing = placed(1, "box", (2.5, 1.0), (1, 1, 1), (part("box", (0, 0, 0), (1, 1, 1), RED),))
    room = replace(empty_room(RECTANGLE), objects=(thing,), floor=PLAIN)
    renderer = EmbreeRenderer(BakedRoom(room))
    red = renderer.render(a_view((1.6, 3.0, 1.5)), SQUARE).rgb[..., 0]
    ids = renderer.truth(a_view((1.6, 3.0, 1.5)), SQUARE).instances
    edge = (ids[:, 1:] != ids[:, :-1]).any()
    between = (red > 150) & (red < 200)
    assert edge
    assert between.any()


@pytest.mark.parametrize("pattern", ["planks", "tiles", "checks", "parquet", "marble"])
def test_patterns_vary_a_floor_and_keep_its_mean_color(pattern):
    camera = Intrinsics.from_fov(width=96, height=96, fov_deg=60.0)
    down = look_at(np.array([2.5, 2.0, 2.4]), np.array([2.6, 2.0, 0.0]), UP)
    shown = []
    for floor in (PLAIN, replace(PLAIN, pattern=pattern, repeat_m=0.6, contrast=0.6)):
        room = replace(empty_room(RECTANGLE), floor=floor)
        shown.append(EmbreeRenderer(BakedRoom(room)).render(down, camera).rgb.astype(float))
    plain, patterned = shown
    assert (patterned / plain).std() > 0.02
    np.testing.assert_allclose(patterned.mean(axis=(0, 1)), plain.mean(axis=(0, 1)), rtol=0.08)


def test_gloss_adds_the_mirror_image_of_a_light():
    camera = Intrinsics.from_fov(width=64, height=64, fov_deg=70.0)
    down = look_at(np.array([1.5, 1.5, 1.6]), np.array([1.6, 1.2, 0.0]), UP)
    matt, glossy = (
        EmbreeRenderer(
            BakedRoom(replace(empty_room(RECTANGLE), floor=replace(PLAIN, gloss=gloss)))
        ).render(down, camera).rgb.astype(int)
        for gloss in (0.0, 1.0)
    )  # fmt: skip
    added = (glossy - matt).max(axis=2)
    assert added.min() >= -1
    assert added.max() > 20  # the ceiling panel
    assert (added < 3).mean() > 0.3  # and nothing elsewhere


def test_a_bulb_shines_through_its_glowing_shade():
    lit = replace(hand_room(), openings=(), ceiling_lights=())
    baked = BakedRoom(lit)
    assert baked.is_lit("as_furnished")
    assert not baked.is_lit("daylight")
    shade = [p for p in lit.objects[3].parts if p.material.glow > 0]
    assert shade
    opaque = tuple(replace(p, material=replace(p.material, glow=0.0)) for p in lit.objects[3].parts)
    covered = replace(
        lit, objects=(*lit.objects[:3], replace(lit.objects[3], parts=opaque), lit.objects[4])
    )
    assert BakedRoom(covered).brightness("as_furnished") < 0.8 * baked.brightness("as_furnished")


def test_corners_of_an_empty_white_room_are_not_black():
    room = replace(empty_room(RECTANGLE), walls=(WHITE,) * 4, floor=WHITE)
    renderer = EmbreeRenderer(BakedRoom(room))
    for corner in RECTANGLE:
        c2w = look_at(np.array([2.5, 2.0, 1.3]), np.array([*corner, 0.2]), UP)
        rgb = renderer.render(c2w, SQUARE).rgb.astype(float)
        assert rgb.min() > 0.35 * np.median(rgb)


def test_solids_on_the_floor_do_not_darken_the_floor_around_them():
    size = (1.0, 1.0, 0.02)  # a slab so low that it casts no shadow
    slab = placed(1, "slab", (2.5, 2.0), size, (part("box", (0, 0, 0), size, PLAIN),))
    bare = replace(empty_room(RECTANGLE), floor=PLAIN)
    down = look_at(np.array([2.5, 2.0, 2.4]), np.array([2.6, 2.0, 0.0]), UP)
    before = EmbreeRenderer(BakedRoom(bare)).render(down, SQUARE)
    after = EmbreeRenderer(BakedRoom(replace(bare, objects=(slab,)))).render(down, SQUARE)
    floor = after.instances == 0
    difference = np.abs(after.rgb.astype(float) - before.rgb)[floor]
    assert difference.mean() < 5


def test_less_light_opens_the_camera_up_but_not_wholly(rendered_room):
    baked = rendered_room.baked
    usual, daylight = baked.exposure("as_furnished"), baked.exposure("daylight")
    assert baked.brightness("daylight") < baked.brightness("as_furnished")
    assert daylight >= usual
    seen = [
        baked.brightness(light) * baked.exposure(light) for light in ("as_furnished", "daylight")
    ]
    assert seen[1] <= seen[0]


def test_large_frames_get_a_finer_grid_of_light():
    assert detail_for(256, 256) == "coarse"
    assert detail_for(832, 480) == "fine"
    coarse, fine = (
        len(BakedRoom(empty_room(RECTANGLE), detail=detail).mesh.faces)
        for detail in ("coarse", "fine")
    )
    assert fine > 10 * coarse


# Mean color and contrast of the pictures the tiny checkpoints were trained on, by the renderer
# of that time (the view below).
SEEN_IN_TRAINING = {
    0: ((138.4, 94.1, 90.2), 40.6),
    2: ((94.5, 118.0, 121.3), 51.5),
    6: ((107.3, 85.5, 91.0), 42.0),
    7: ((146.5, 140.0, 137.3), 41.9),
    8: ((110.8, 125.3, 125.7), 45.0),
    11: ((127.7, 128.2, 118.3), 42.4),
}


@pytest.mark.parametrize("number", SEEN_IN_TRAINING)
def test_tiny_rooms_look_as_the_tiny_checkpoints_know_them(number):
    room = make_room(f"wan-clips-{number:06d}", 0, TINY_ROOMS)
    x, y, _ = room.extent_m[1]
    c2w = look_at(np.array([0.6, 0.6, 1.5]), np.array([x - 1.0, y - 1.2, 0.8]), UP)
    rgb = EmbreeRenderer(BakedRoom(room)).render(c2w, SQUARE).rgb
    color, contrast = SEEN_IN_TRAINING[number]
    np.testing.assert_allclose(rgb.mean(axis=(0, 1)), color, atol=3.0)
    assert rgb.std() == pytest.approx(contrast, abs=2.0)
