"""Heights, widths, comparisons of sizes, and distances along the floor and upwards."""

from dataclasses import replace

import numpy as np
import pytest
from box_scenes import box, random_scene, scene
from one_kind import answers, ask_all
from worlds import filmed_rooms

from qa_gen.answers import Quantity
from qa_gen.questions.sizes import QUESTIONS
from qa_gen.questions.sizes.height_comparison import QUESTION as TALLER
from qa_gen.questions.sizes.horizontal_distance import QUESTION as HORIZONTAL
from qa_gen.questions.sizes.largest_object import QUESTION as LARGEST
from qa_gen.questions.sizes.object_height import QUESTION as HEIGHT
from qa_gen.questions.sizes.object_width import QUESTION as WIDTH
from qa_gen.questions.sizes.vertical_distance import QUESTION as VERTICAL
from qa_gen.questions.sizes.volume_comparison import QUESTION as BULKIER
from qa_gen.record import SkipReason
from synth.poses import axis_angle


def leaning(thing, degrees):
    """The thing turned about the world's x."""
    tilt = axis_angle(np.array([1.0, 0.0, 0.0]), np.deg2rad(degrees))
    return replace(thing, rotation=tilt @ thing.rotation)


def values(question, geometry):
    return {qa.objects: qa.answer.value for qa in ask_all(question, geometry)[0]}


def test_a_height_goes_upwards_whatever_the_axis_is_called():
    # A lamp annotated lying on its back: its own second axis (1.83 m) is up.
    lamp = leaning(box(1, "lamp", (0, 0, 0.9), (0.3, 1.834, 0.5)), 90.0)
    (qa,), _ = ask_all(HEIGHT, scene(lamp, sigma_m=0.01))
    assert qa.answer == Quantity(183.0, "cm", 0)
    assert (qa.value, qa.margin) == (pytest.approx(183.4), pytest.approx(1.834))
    assert qa.sigma == pytest.approx(0.01 * 2**0.5)
    assert qa.question == (
        "What is the height of the lamp itself, from its lowest to its highest point, in "
        "centimeters?"
    )


def test_horizontal_sides_leave_the_upright_one_out():
    lamp = leaning(box(1, "lamp", (0, 0, 0.9), (0.3, 1.834, 0.5)), 90.0)
    qas, _ = ask_all(WIDTH, scene(lamp))
    which = [WIDTH.phrasing.read(qa.question)["which"] for qa in qas]
    assert dict(zip(which, (qa.answer.value for qa in qas), strict=True)) == {
        "longer": 50.0,
        "shorter": 30.0,
    }
    assert sorted(qa.value for qa in qas) == pytest.approx([30.0, 50.0])


@pytest.mark.parametrize("question", [HEIGHT, WIDTH])
def test_leaning_boxes_have_neither_height_nor_width(question):
    lamp = leaning(box(1, "lamp", (0, 0, 0.9), (0.5, 0.5, 1.8)), 30.0)
    qas, lost = ask_all(question, scene(lamp))
    assert (qas, set(lost)) == ([], {SkipReason.BOX_TILTED})


@pytest.mark.parametrize(("length", "kept"), [(0.101, True), (0.099, False)])
def test_lengths_begin_at_ten_centimetres(length, kept):
    geometry = scene(box(1, "book", (0, 0, 0), (length, length, length)))
    for question in (HEIGHT, WIDTH):
        assert bool(values(question, geometry)) == kept


def test_a_length_has_to_be_known_to_a_third():
    # 3 * 1.414 * 0.05 = 0.212 m
    for length, kept in ((0.22, True), (0.20, False)):
        geometry = scene(box(1, "book", (0, 0, 0), (length, length, length)), sigma_m=0.05)
        assert bool(values(HEIGHT, geometry)) == kept


def two(size_a, size_b, sigma_m=0.0):
    return scene(
        box(1, "box", (0, 0, 1), size_a), box(2, "bag", (3, 0, 0), size_b), sigma_m=sigma_m
    )


def test_the_taller_of_two_is_told_by_their_own_heights():
    # 0.6 and 0.5 m: a ratio of 1.2; the smaller one hangs higher. With faces known to 5 mm each
    # extent is off by 7.1 mm: 1.2 * hypot(0.00707 / 0.6, 0.00707 / 0.5) = 0.0221.
    qas, _ = ask_all(TALLER, two((1, 1, 0.5), (0.2, 0.2, 0.6), sigma_m=0.005))
    assert {qa.objects: qa.answer.text for qa in qas} == {(1, 2): "bag", (2, 1): "bag"}
    assert qas[0].value == pytest.approx(1.2)
    assert qas[0].margin == pytest.approx(0.2)
    assert qas[0].sigma == pytest.approx(0.0221, abs=1e-4)


@pytest.mark.parametrize(
    ("height", "reason"),
    [
        (0.40, SkipReason.MARGIN_TOO_SMALL),  # the same
        (0.455, SkipReason.MARGIN_TOO_SMALL),  # 1.1375
        (0.465, None),  # 1.1625
        (0.63, None),  # 1.575
        (0.65, SkipReason.SIZES_TOO_UNLIKE),  # 1.625
    ],
)
def test_heights_are_compared_within_ratios_that_leave_a_doubt(height, reason):
    qas, lost = ask_all(TALLER, two((0.4, 0.4, 0.4), (0.4, 0.4, height)))
    assert len(qas) == (2 if reason is None else 0)
    assert lost == ({} if reason is None else {reason: 2})


def test_the_bulkier_of_two_is_told_by_the_volumes_of_their_boxes():
    # 0.5 * 0.5 * 0.5 = 0.125 and 0.8 * 0.5 * 0.2 = 0.08: a ratio of 1.5625
    qas, _ = ask_all(BULKIER, two((0.5, 0.5, 0.5), (0.8, 0.5, 0.2), sigma_m=0.002))
    assert {qa.objects: qa.answer.text for qa in qas} == {(1, 2): "box", (2, 1): "box"}
    assert qas[0].margin == pytest.approx(0.5625)
    # Extents are off by 2.83 mm: relative 0.98 % for the cube and 1.56 % for the flat one.
    assert qas[0].sigma == pytest.approx(1.5625 * np.hypot(0.0098, 0.0156), abs=2e-4)


@pytest.mark.parametrize(
    ("length", "reason"),
    [
        (0.51, SkipReason.MARGIN_TOO_SMALL),  # 1.275
        (0.53, None),  # 1.325
        (0.79, None),  # 1.975
        (0.81, SkipReason.SIZES_TOO_UNLIKE),  # 2.025
    ],
)
def test_volumes_are_compared_within_ratios_that_leave_a_doubt(length, reason):
    qas, lost = ask_all(BULKIER, two((0.4, 0.4, 0.4), (0.4, 0.4, length)))
    assert len(qas) == (2 if reason is None else 0)
    assert lost == ({} if reason is None else {reason: 2})


def four(*lengths):
    """Boxes of 0.4 m x 0.4 m, so long that volumes are as given times 0.16 m2."""
    names = ("bag", "box", "can", "pot")
    return scene(
        *(
            box(i + 1, name, (2.0 * i, 0, 0), (0.4, 0.4, length))
            for i, (name, length) in enumerate(zip(names, lengths, strict=True))
        )
    )


def test_the_largest_of_four_worked_out_by_hand():
    (qa,), _ = ask_all(LARGEST, four(0.3, 0.6, 0.4, 0.2))
    assert (qa.objects, qa.answer.text) == ((1, 2, 3, 4), "box")
    assert qa.margin == pytest.approx(0.5)  # 0.6 / 0.4
    assert ", ".join(qa.answer.options) in qa.question


@pytest.mark.parametrize(
    ("lengths", "reason"),
    [
        ((0.3, 0.51, 0.4, 0.2), SkipReason.MARGIN_TOO_SMALL),  # 1.275 to the next
        ((0.3, 0.53, 0.4, 0.2), None),
        ((0.3, 0.99, 0.4, 0.2), None),  # 2.475
        ((0.3, 1.01, 0.4, 0.2), SkipReason.SIZES_TOO_UNLIKE),  # 2.525
        ((0.3, 0.7, 0.4, 0.071), None),  # 9.86 to the smallest
        ((0.3, 0.7, 0.4, 0.069), SkipReason.SIZES_TOO_UNLIKE),  # 10.1
    ],
)
def test_the_largest_leads_by_a_little_and_not_by_a_lot(lengths, reason):
    qas, lost = ask_all(LARGEST, four(*lengths))
    assert len(qas) == (reason is None)
    assert lost == ({} if reason is None else {reason: 1})


def test_no_size_is_asked_of_a_thing_called_by_its_size():
    # "Which is bulkier, the smallest box or the largest box?"
    geometry = scene(
        box(1, "box", (0, 0, 0), (0.4, 0.4, 0.4)), box(2, "box", (3, 0, 0), (0.4, 0.4, 0.6))
    )
    for question in (TALLER, BULKIER):
        assert ask_all(question, geometry) == ([], {SkipReason.NAME_TELLS: 2})


def test_vertical_distance_is_that_of_the_tops():
    # Tops at 1.15 and 0.40 m: 0.75 m, however far apart they stand.
    geometry = scene(
        box(1, "shelf", (0, 0, 1.1), (1, 0.3, 0.1)), box(2, "box", (3, 1, 0.2)), sigma_m=0.01
    )
    (qa,), _ = ask_all(VERTICAL, geometry)
    assert qa.answer == Quantity(0.75, "m", 2)
    assert qa.value == qa.margin == pytest.approx(0.75)
    assert qa.sigma == pytest.approx(0.01 * 2**0.5)


@pytest.mark.parametrize(("rise", "kept"), [(0.11, True), (0.09, False)])
def test_tops_have_to_differ_by_ten_centimetres(rise, kept):
    geometry = scene(box(1, "bag", (0, 0, 0.2)), box(2, "box", (3, 1, 0.2 + rise)))
    assert bool(values(VERTICAL, geometry)) == kept


def test_tops_of_leaning_boxes_are_unknown():
    lamp = leaning(box(1, "lamp", (0, 0, 0.9), (0.5, 0.5, 1.8)), 30.0)
    qas, lost = ask_all(VERTICAL, scene(lamp, box(2, "box", (3, 1, 0.2))))
    assert (qas, lost) == ([], {SkipReason.BOX_TILTED: 1})


def test_horizontal_distance_leaves_heights_out():
    # From x = 0.2 to 0.5 and from y = 0.2 to 0.6: 0.3 and 0.4 m, so 0.5 m, 2 m of height apart.
    geometry = scene(box(1, "bag", (0, 0, 0.2)), box(2, "lamp", (0.7, 0.8, 2.4)), sigma_m=0.01)
    (qa,), _ = ask_all(HORIZONTAL, geometry)
    assert qa.answer == Quantity(0.5, "m", 1)
    assert qa.value == qa.margin == pytest.approx(0.5)
    assert qa.sigma == pytest.approx(0.01 * 2**0.5)


@pytest.mark.parametrize(
    ("at", "reason"),
    [
        (0.61, None),
        (0.59, SkipReason.MARGIN_TOO_SMALL),
        (0.39, SkipReason.OBJECTS_TOO_CLOSE),  # one over the other
    ],
)
def test_horizontal_distances_begin_at_twenty_centimetres(at, reason):
    geometry = scene(box(1, "bag", (0, 0, 0.2)), box(2, "lamp", (at, 0, 2.4)))
    qas, lost = ask_all(HORIZONTAL, geometry)
    assert len(qas) == (reason is None)
    assert lost == ({} if reason is None else {reason: 1})


@pytest.mark.parametrize("question", [TALLER, BULKIER, LARGEST])
def test_neither_order_nor_letter_tells_which_is_larger(question):
    first = letters = n = 0
    for seed in range(30):
        for qa in ask_all(question, random_scene(seed), max_per_kind=8)[0]:
            n += 1
            letters += qa.answer.correct == 0
            # objects stand in the order of the question only where two are compared
            first += qa.question.index(qa.answer.text) == min(
                qa.question.index(option) for option in qa.answer.options
            )
    share = 1 / (4 if question is LARGEST else 2)
    assert n > 40
    assert abs(letters / n - share) < 3 * (share * (1 - share) / n) ** 0.5
    assert abs(first / n - share) < 3 * (share * (1 - share) / n) ** 0.5


def test_sizes_in_furnished_rooms_are_those_of_their_furniture():
    n = 0
    for geometry in filmed_rooms():
        by_id = {o.instance_id: o for o in geometry.objects}
        for (a,), height in values(HEIGHT, geometry).items():
            assert height == pytest.approx(100 * by_id[a].size[2], abs=0.51)
            n += 1
        for (a, b), rise in values(VERTICAL, geometry).items():
            tops = [by_id[k].center[2] + by_id[k].size[2] / 2 for k in (a, b)]
            assert rise == pytest.approx(abs(tops[0] - tops[1]), abs=0.0051)
    assert n > 10


def test_relative_geometry_has_no_metres_but_ratios():
    geometry = replace(random_scene(3), scale="relative")
    for question in QUESTIONS:
        qas, lost = ask_all(question, geometry)
        if question in (TALLER, BULKIER, LARGEST):
            assert answers(question, geometry) == answers(question, random_scene(3))
        else:
            assert (qas, lost) == ([], {SkipReason.SCALE_NOT_METRIC: 1})
