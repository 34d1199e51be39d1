"""What images show and hide."""

from dataclasses import replace

import numpy as np
from asking import ask_kind, refused
from box_rooms import camera, draw, four_things, thing
from box_scenes import box, scene
from worlds import drawn_room

from qa_gen.record import QuestionKind
from synth.poses import look_at

UP = np.array([0.0, 0.0, 1.0])


def filmed(*objects, **kwargs):
    """A scene of frames 0, 4 and 8 that has depth, so that pixels count."""
    geometry = scene(*objects, **kwargs)
    return replace(geometry, depth=np.ones((3, 1, 1), np.float32))


def test_visibility_by_hand():
    # 20 pixels are the limit: 50 are (50 - 20) / 20 = 1.5 above it, 0 are 1 below it.
    qas = ask_kind(QuestionKind.VISIBILITY, filmed(box(3, "sofa", (0, 0, 0), pixels=(50, 0, 100))))
    assert [(qa.frames, qa.answer.text, qa.margin) for qa in qas] == [
        ((0,), "yes", 1.5), ((4,), "no", 1.0), ((8,), "yes", 4.0),
    ]  # fmt: skip
    assert qas[0].question == "Is the sofa visible in this image?"
    assert qas[1].evidence_frames == (4,)
    assert qas[0].sigma == 0.0


def test_a_few_pixels_are_neither_visible_nor_invisible():
    geometry = filmed(box(3, "sofa", (0, 0, 0), pixels=(39, 0, 40)))
    assert [qa.frames for qa in ask_kind(QuestionKind.VISIBILITY, geometry)] == [(4,), (8,)]
    assert refused(QuestionKind.VISIBILITY, geometry) == {"not_visible_enough": 1}


def test_what_is_always_or_never_in_view_is_not_asked_about():
    geometry = filmed(box(3, "sofa", (0, 0, 0), pixels=(90, 90, 90)))
    assert refused(QuestionKind.VISIBILITY, geometry) == {"no_counter_example": 3}
    estimated = filmed(box(3, "sofa", (0, 0, 0), pixels=(90, 0, 90)), sigma_m=0.02)
    assert {qa.sigma for qa in ask_kind(QuestionKind.VISIBILITY, estimated)} == {None}


def hidden_cabinet():
    """A box before a cabinet in the first image; from the second the cabinet is in full view."""
    things = [
        thing(1, "cabinet", (2.5, 3.6, 0.6), (1.2, 0.4, 1.2)),
        thing(2, "box", (2.5, 2.6, 0.35), (0.6, 0.4, 0.7)),
        thing(3, "lamp", (0.7, 3.6, 0.7), (0.3, 0.3, 1.4)),
        thing(4, "chair", (4.2, 3.5, 0.45), (0.4, 0.4, 0.9)),
    ]
    eyes = [np.array([2.5, 0.4, 1.0]), np.array([4.6, 1.2, 1.9])]
    poses = np.stack([look_at(eye, np.array([2.5, 3.4, 0.5]), UP) for eye in eyes])
    return things, poses


def test_a_box_hides_part_of_the_cabinet():
    geometry = drawn_room(*hidden_cabinet(), side=128)
    (qa,) = [q for q in ask_kind(QuestionKind.OCCLUSION, geometry) if q.frames == (0,)]
    assert qa.objects == (1, 2)
    assert qa.answer.text == "the box"
    assert sorted(qa.answer.options) == ["the box", "the chair", "the lamp"]
    # The box hides x 2.5 +- 0.45 and z up to 0.58 of the cabinet's front, 0.9 x 0.58 of the
    # 1.2 x 1.2 square: 0.36; what the other image saw of it lies on its top and a side, too.
    assert 0.2 < qa.margin < 0.4
    assert qa.question == "In this image, which of these objects hides part of the cabinet?"


def test_occlusion_agrees_with_drawing_the_room_without_one_object():
    asked = 0
    for seed in range(3):
        rng = np.random.default_rng(seed)
        things = [
            replace(o, center=o.center + np.array([*rng.uniform(-0.4, 0.4, 2), 0.0]))
            for o in four_things()
        ]
        poses = drawn_room(things).c2w
        full = draw(things, poses, camera(96))
        for qa in ask_kind(QuestionKind.OCCLUSION, drawn_room(things)):
            behind, frame = qa.objects[0], qa.frames[0]
            before = (full.instances[frame] == behind).sum()
            for option in qa.answer.options:
                others = [o for o in things if f"the {o.category}" != option]
                without = draw(others, poses[[frame]], camera(96)).instances[0]
                gained = (without == behind).sum() - before
                assert (gained > 0) == (option == qa.answer.text)
            asked += 1
    assert asked > 5


def test_occlusion_needs_a_second_look_and_a_wrong_option():
    things, poses = hidden_cabinet()
    assert not ask_kind(QuestionKind.OCCLUSION, drawn_room(things, poses[[0, 0]], side=128))
    pair = drawn_room(things[:2], poses, side=128)
    assert refused(QuestionKind.OCCLUSION, pair)["too_few_objects"] > 0
    unposed = replace(pair, c2w=None)
    assert refused(QuestionKind.OCCLUSION, unposed) == {"no_poses": 1}
