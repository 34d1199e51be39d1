"""Questions about which of several images shows something."""

from dataclasses import replace

import numpy as np
import pytest
from box_rooms import thing
from looking import ahead, asked, lost, seen_ahead, sideways
from worlds import drawn_room, filmed_rooms

from qa_gen.record import QuestionKind, SkipReason
from synth.cameras import project

OVERLAP = QuestionKind.VIEW_OVERLAP
LOCATE = QuestionKind.FRAME_LOCATE


# --- view_overlap


def test_a_hand_computed_overlap():
    # Five cameras 0.5 m apart look at the wall, which they see 5.87 m x 5.87 m of (all 2.6 m of
    # its height): the farther the camera, the less of it. Beside the wall they see the side walls.
    geometry = sideways()
    found = asked(OVERLAP, geometry, max_per_kind=100, floors=((OVERLAP, 0.02),))
    assert found
    for qa in found:
        first, *others = qa.frames
        assert len(set(qa.frames)) == 5
        gaps = [abs(frame - first) for frame in others]
        assert gaps[qa.answer.correct] == min(gaps)
        assert qa.answer.options == ("second image", "third image", "fourth image", "fifth image")


def test_overlaps_of_rendered_rooms_are_those_of_every_pixel():
    for geometry in filmed_rooms()[:3]:
        for qa in asked(OVERLAP, geometry, max_per_kind=4):
            first, *others = qa.frames
            camera = geometry.intrinsics[0]
            rows, columns = np.mgrid[0:96:2, 0:96:2].reshape(2, -1)
            z = geometry.depth[first, rows, columns].astype(np.float64)
            local = np.stack(
                [
                    (columns + 0.5 - camera.cx) / camera.fx * z,
                    (rows + 0.5 - camera.cy) / camera.fy * z,
                    z,
                ],
                axis=1,
            )
            pose = geometry.c2w[first]
            points = local @ pose[:3, :3].T + pose[:3, 3]
            shares = []
            for frame in others:
                there = project(points, geometry.c2w[frame], camera)
                column, row = np.where(there.visible[:, None], there.uv, 0).astype(int).T
                shown = abs(geometry.depth[frame, row, column] / there.depth - 1) < 0.1
                shares.append((shown & there.visible).mean())
            ordered = np.sort(shares)
            assert np.argmax(shares) == qa.answer.correct
            assert ordered[-1] - ordered[-2] == pytest.approx(qa.margin, abs=0.05)


def test_overlaps_are_refused_where_they_are_unclear():
    geometry = sideways()
    assert lost(OVERLAP, geometry, floors=((OVERLAP, 0.9),)) == {SkipReason.MARGIN_TOO_SMALL: 5}
    assert lost(OVERLAP, seen_ahead(n=5)) == {SkipReason.MARGIN_TOO_SMALL: 5}
    assert lost(OVERLAP, seen_ahead(n=4)) == {SkipReason.TOO_FEW_IMAGES: 1}
    assert {qa.sigma for qa in asked(OVERLAP, geometry, floors=((OVERLAP, 0.01),))} == {0.0}


# --- frame_locate


def turned(*degrees):
    """Cameras in the middle of the room that look in several directions."""
    poses = ahead(*[(2.5, 2.0, 1.3)] * len(degrees))
    for pose, angle in zip(poses, np.deg2rad(degrees), strict=True):
        turn = [[np.cos(angle), -np.sin(angle), 0], [np.sin(angle), np.cos(angle), 0], [0, 0, 1]]
        pose[:3, :3] = np.array(turn) @ pose[:3, :3]
    return poses


def test_a_hand_computed_image_with_an_object():
    # The box stands ahead, the lamp to the left (90 degrees); views are 80 degrees wide.
    things = [
        thing(1, "box", (2.5, 3.5, 1.3), (0.5, 0.5, 0.5)),
        thing(2, "lamp", (0.5, 2.0, 1.3), (0.5, 0.5, 0.5)),
    ]
    geometry = drawn_room(things, turned(0, 90, 180, 270))
    found = {qa.categories[0]: qa for qa in asked(LOCATE, geometry)}
    assert found["box"].question == "In which of the four images is the box visible?"
    for name, frame in (("box", 0), ("lamp", 1)):
        qa = found[name]
        assert sorted(qa.frames) == [0, 1, 2, 3]
        assert qa.frames[qa.answer.correct] == frame
        assert (
            qa.answer.text == ("first", "second", "third", "fourth")[qa.answer.correct] + " image"
        )
        assert qa.evidence_frames == (frame,)
    # A face of 0.5 m at 1.25 m: 22.9 pixels wide, so 22 or 23 squared of 96 squared pixels.
    assert found["box"].margin == pytest.approx((0.5 / 1.25 * 57.2 / 96) ** 2, rel=0.09)


def test_an_object_shown_twice_or_overlooked_is_not_asked_about():
    things = [thing(1, "box", (2.5, 3.5, 1.3), (0.5, 0.5, 0.5))]
    twice = drawn_room(things, turned(0, 20, 180, 270))
    assert lost(LOCATE, twice) == {SkipReason.SEVERAL_ANSWERS: 1}
    once = drawn_room(things, turned(0, 90, 180, 270))
    assert len(asked(LOCATE, once)) == 1
    # Somebody drew no pixel of the box into an image that looks straight at it.
    overlooked = drawn_room(things, turned(0, 20, 180, 270, 200))
    box = overlooked.objects[0]
    pixels = box.visible_pixels.copy()
    pixels[1] = 0
    overlooked = replace(overlooked, objects=(replace(box, visible_pixels=pixels),))
    assert all(1 not in qa.frames for qa in asked(LOCATE, overlooked))
    assert lost(LOCATE, drawn_room(things, turned(0, 90, 180))) == {SkipReason.TOO_FEW_IMAGES: 1}
    assert lost(LOCATE, once, floors=((LOCATE, 0.2),)) == {SkipReason.MARGIN_TOO_SMALL: 1}
    empty = replace(once, objects=())
    assert lost(LOCATE, empty) == {SkipReason.TOO_FEW_OBJECTS: 1}


def test_rendered_objects_are_in_exactly_one_of_the_images():
    total = 0
    for geometry in filmed_rooms(6):
        for qa in asked(LOCATE, geometry):
            pixels = next(
                o for o in geometry.objects if o.instance_id == qa.objects[0]
            ).visible_pixels
            shown = [int(pixels[geometry.keyframes.index(frame)]) for frame in qa.frames]
            assert sum(n > 0 for n in shown) == 1
            assert np.argmax(shown) == qa.answer.correct
            assert max(shown) / 96**2 == qa.margin >= 0.005
            total += 1
    assert total > 20
