"""Names that tell one object from all others in view."""

from dataclasses import replace

import numpy as np
import pytest
from box_scenes import box, random_scene, scene
from hypothesis import given
from hypothesis import strategies as st
from worlds import filmed_rooms

from qa_gen.boxes import gap_matrix, stack_boxes
from qa_gen.config import LabelConfig
from qa_gen.references import COLOR_OF_A_PART, LEAST_LEAD_M, NamedBy, refer
from qa_gen.survey import survey_sequence
from synth.furniture.table import FURNITURE


def named(things, how="described", scale="metric", sigma_m=0.0):
    return [None if r is None else r.text for r in refer(things, how, scale, sigma_m)]


def painted(instance_id, category, color, center=(0, 0, 0), size=(0.4, 0.4, 0.4)):
    return replace(box(instance_id, category, center, size), color=color)


def test_an_object_alone_in_its_category_is_called_by_it():
    things = [box(1, "chair", (0, 0, 0)), box(2, "sofa", (2, 0, 0)), box(3, "chair", (4, 0, 0))]
    assert named(things, "category") == [None, "sofa", None]
    assert [r.by for r in refer(things[:2], "category", "metric")] == [NamedBy.CATEGORY] * 2


def test_two_chairs_of_clearly_different_colours_are_told_by_them():
    things = [painted(1, "chair", "red"), painted(2, "chair", "blue"), painted(3, "sofa", "red")]
    assert named(things) == ["red chair", "blue chair", "sofa"]


@pytest.mark.parametrize(
    "colors",
    [
        ("red", "red"),  # the same
        ("white", "cream"),  # 0.14 apart in sRGB: nobody would bet on it
        ("red", ""),  # one unknown
        ("red", "wooden"),  # a word without a colour
    ],
)
def test_colours_that_are_alike_or_unknown_tell_nothing(colors):
    things = [painted(i, "chair", color) for i, color in enumerate(colors, start=1)]
    assert named(things, scale="relative") == [None, None]


def test_a_bed_is_not_called_by_the_colour_of_its_frame():
    things = [painted(1, "bed", "red"), painted(2, "bed", "white")]
    assert named(things) == [None, None]


def test_an_office_chair_is_a_chair_too():
    # "the red chair" could mean the red office chair; nobody calls the blue one that.
    things = [
        painted(1, "chair", "red"),
        painted(2, "chair", "blue"),
        painted(3, "office chair", "dark red"),
    ]
    assert named(things, scale="relative") == [None, "blue chair", "office chair"]


def test_the_chair_could_be_the_office_chair():
    things = [box(1, "chair", (0, 0, 0)), box(2, "office chair", (2, 0, 0))]
    assert named(things, scale="relative") == [None, "office chair"]
    assert named(things, "category") == [None, "office chair"]
    assert named([things[0], box(2, "armchair", (2, 0, 0))]) == ["chair", "armchair"]


@pytest.mark.parametrize(
    ("longer", "names"),
    [(0.53, ["smallest box", "largest box"]), (0.51, [None, None])],
)
def test_the_largest_has_to_be_larger_by_thirty_percent(longer, names):
    # 0.53 / 0.4 = 1.325 and 0.51 / 0.4 = 1.275
    things = [box(1, "box", (0, 0, 0)), box(2, "box", (3, 0, 0), (0.4, longer, 0.4))]
    assert named(things) == names


def test_measured_sizes_have_to_differ_by_three_sigma():
    # Volumes 0.064 and 0.128: ln 2 = 0.693. Each extent is off by sqrt(2) * 0.02 m, so the
    # volumes by 0.0707 * sqrt(3) = 12 % and 0.0707 * sqrt(2.25) = 11 %: sigma of the log 0.162,
    # three of it are 0.486. With faces off by 0.03 m it is 0.729.
    things = [box(1, "box", (0, 0, 0)), box(2, "box", (3, 0, 0), (0.4, 0.8, 0.4))]
    assert named(things, sigma_m=0.02) == ["smallest box", "largest box"]
    assert named(things, sigma_m=0.03) == [None, None]


@pytest.mark.parametrize(
    ("second_at", "name"), [(2.0 + 0.16, "chair nearest to the door"), (2.0 + 0.14, None)]
)
def test_the_nearest_has_to_be_nearer_by_fifteen_centimetres(second_at, name):
    # Gaps of 2 - 0.4 = 1.6 m and 0.16 (or 0.14) m more.
    things = [
        box(1, "door", (0, 0, 0)),
        box(2, "chair", (2.0, 0, 0)),
        box(3, "chair", (-second_at, 0, 0)),
    ]
    assert named(things) == ["door", name, None]
    assert named(things, scale="relative") == ["door", None, None]
    assert named(things, sigma_m=0.03) == ["door", None, None]  # 3 * 2 * 0.03 = 0.18 m


def test_nearness_leans_on_what_is_unmistakable_itself():
    # There is a table and a coffee table: "the table" may mean either, so neither is leant on,
    # except the coffee table, which is the only one of that name.
    things = [
        box(1, "table", (1, 0, 0)),
        box(2, "coffee table", (1, 1, 0)),
        box(3, "chair", (0, 0, 0)),
        box(4, "chair", (5, 5, 0)),
    ]
    chairs = refer(things, "described", "metric")[2:]
    assert [r.anchor for r in chairs if r] == [2]
    assert named(things)[2:] == ["chair nearest to the coffee table", None]


def test_a_description_that_reads_like_a_category_is_dropped():
    # A "red chair" that is green: a category can be any words.
    things = [
        painted(1, "chair", "red"),
        painted(2, "chair", "blue"),
        painted(3, "red chair", "green"),
    ]
    assert named(things, scale="relative") == [None, "blue chair", "red chair"]


@given(seed=st.integers(0, 10_000))
def test_every_name_is_true_of_one_object_only(seed):
    rng = np.random.default_rng(seed)
    things = [
        replace(
            thing,
            category=("chair", "office chair", "box", "sofa")[int(rng.integers(4))],
            color=("red", "blue", "white", "cream", "")[int(rng.integers(5))],
        )
        for thing in random_scene(seed, 8).objects
    ]
    gaps = gap_matrix(stack_boxes(things))
    for i, reference in enumerate(refer(things, "described", "metric")):
        if reference is None:
            continue
        called = [
            j
            for j, other in enumerate(things)
            if other.category.split()[-1] == things[i].category
            or other.category == things[i].category
        ]
        match reference.by:
            case NamedBy.CATEGORY:
                alike = [j for j in called if things[j].category == things[i].category]
                assert alike == [i]
            case NamedBy.COLOR:
                assert [j for j in called if things[j].color == things[i].color] == [i]
            case NamedBy.SIZE:
                volumes = [float(np.prod(things[j].size)) for j in called]
                last = max(volumes) if "largest" in reference.text else min(volumes)
                assert volumes[called.index(i)] == last
            case NamedBy.NEARNESS:
                anchor = next(j for j, t in enumerate(things) if t.instance_id == reference.anchor)
                others = min(gaps[j, anchor] for j in called if j != i)
                assert gaps[i, anchor] + LEAST_LEAD_M <= others
                assert reference.text.endswith(f" nearest to the {things[anchor].category}")


def test_names_in_furnished_rooms_are_all_different_and_many():
    n_named = n_more = 0
    for geometry in filmed_rooms():
        plain = survey_sequence(geometry, LabelConfig(references="category"))
        described = survey_sequence(geometry, LabelConfig())
        assert len(set(described.names)) == len(described.names)
        assert set(plain.names) <= set(described.names)
        n_named += len(plain.names)
        n_more += len(described.names) - len(plain.names)
    assert n_more > 0.1 * n_named


def test_a_question_knows_which_names_lean_on_its_other_objects_and_which_tell_sizes():
    geometry = scene(
        box(1, "door", (0, 0, 0), pixels=(50, 0, 50)),
        box(2, "chair", (1, 0, 0), pixels=(50, 50, 0)),
        box(3, "chair", (4, 0, 0), pixels=(50, 50, 50)),
        box(4, "chair", (6, 0, 0), (0.4, 0.8, 0.4), pixels=(50, 50, 50)),
    )
    survey = survey_sequence(geometry, LabelConfig())
    assert survey.names == ("door", "chair nearest to the door", "largest chair")
    assert survey.told_by_size.tolist() == [False, False, True]
    first, second = np.array([0, 1, 2]), np.array([1, 0, 0])
    assert survey.names_apart(first, second).tolist() == [False, False, True]
    # In the second image there is no door, in the third no such chair.
    assert survey.named_in[:3].tolist() == [
        [True, False, True],
        [True, False, False],
        [True, True, True],
    ]


def test_a_name_that_leans_on_something_hardly_seen_is_not_used():
    geometry = scene(
        box(1, "door", (0, 0, 0), pixels=(5, 0, 0)),
        box(2, "chair", (1, 0, 0)),
        box(3, "chair", (4, 0, 0)),
    )
    survey = survey_sequence(geometry, LabelConfig(min_visible_pixels=20))
    assert survey.names == ()
    assert survey.n_clear == 2  # the door and the chair nearest to it


def test_categories_whose_colour_is_that_of_a_part_are_in_the_furniture_table():
    assert set(FURNITURE) >= COLOR_OF_A_PART
