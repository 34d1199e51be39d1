"""Questions about a scene in free text, and the English they are made of."""

from dataclasses import replace

import pytest
from asking import ask_kind, refused
from box_scenes import box, scene

from qa_gen.answers import FreeText
from qa_gen.record import QuestionKind
from qa_gen.words import is_called, number_forms, plural, with_article

COLOR, WHERE = QuestionKind.SCENE_COLOR, QuestionKind.SCENE_WHERE
COUNT, ON = QuestionKind.SCENE_COUNT, QuestionKind.SCENE_WHAT_ON

TABLE = box(1, "table", (0, 0, 0.35), (1.2, 0.8, 0.7))
BOWL = box(2, "bowl", (0.3, 0, 0.8), (0.2, 0.2, 0.2))  # on the table
CHAIR = box(3, "chair", (2, 0, 0.45), (0.4, 0.4, 0.9))


def painted(thing, color):
    return replace(thing, color=color)


def test_the_color_of_a_sofa():
    (qa,) = ask_kind(COLOR, scene(painted(box(1, "sofa", (0, 0, 0)), "light grey")))
    assert qa.question == "What color is the sofa?"
    assert qa.answer == FreeText(("light grey", "light gray", "grey", "gray"))
    assert qa.margin == 5.0  # 100 pixels of at least 20
    (plain,) = ask_kind(COLOR, scene(painted(box(1, "sofa", (0, 0, 0)), "red")))
    assert plain.answer == FreeText(("red",))


def test_a_color_is_not_asked_where_it_is_unknown_said_or_hardly_seen():
    assert refused(COLOR, scene(box(1, "sofa", (0, 0, 0)))) == {"color_unknown": 1}
    mirror = painted(box(1, "mirror", (0, 0, 0)), "oak")  # that is its frame
    assert refused(COLOR, scene(mirror)) == {"color_unknown": 1}
    two = [painted(box(i, "chair", (2.0 * i, 0, 0)), c) for i, c in ((1, "red"), (2, "blue"))]
    assert refused(COLOR, scene(*two)) == {"category_not_unique": 2}  # "the red chair"
    small = painted(box(1, "sofa", (0, 0, 0), pixels=(59, 0, 0)), "red")
    assert refused(COLOR, scene(small)) == {"margin_too_small": 1}


def test_where_the_bowl_is():
    (qa,) = ask_kind(WHERE, scene(TABLE, BOWL, CHAIR, sigma_m=0.001))
    assert qa.question == "Where is the bowl placed?"
    assert qa.answer.accepted[:2] == ("on the table", "on top of the table")
    assert qa.objects == (2, 1)
    assert qa.margin == pytest.approx(0.7)  # the floor is next
    assert refused(WHERE, scene(TABLE, BOWL, CHAIR)) == {"objects_too_far": 2}  # on the floor


def test_how_many_chairs_there_are():
    chairs = [box(i, "chair", (2.0 * i, 0, 0)) for i in (1, 2, 3)]
    (qa,) = ask_kind(COUNT, scene(*chairs))
    assert qa.question == "How many chairs are there in the video?"
    assert qa.answer == FreeText(("three", "3"))
    assert (qa.value, qa.margin) == (3.0, 1.0)
    assert qa.objects == (1, 2, 3)
    faint = box(4, "chair", (8, 0, 0), pixels=(5, 0, 0))
    assert refused(COUNT, scene(*chairs, faint)) == {"not_visible_enough": 1}
    office = box(4, "office chair", (8, 0, 0))
    assert refused(COUNT, scene(*chairs, office)) == {"several_answers": 1}


def test_what_is_on_the_table():
    (qa,) = ask_kind(ON, scene(TABLE, BOWL, CHAIR))
    assert qa.question == "What is on top of the table?"
    assert qa.answer == FreeText(("bowl", "the bowl", "a bowl"))
    assert qa.objects == (1, 2)
    # The chair is 2 - 0.6 = 1.4 m beside the table's outline: 1.38 m more than counts as contact.
    assert qa.margin == pytest.approx(1.38)


@pytest.mark.parametrize(
    "other",
    [
        box(4, "vase", (-0.3, 0, 0.85), (0.1, 0.1, 0.3)),  # a second thing on the table
        box(4, "vase", (0.3, 0, 1.05), (0.1, 0.1, 0.3)),  # in the bowl on the table
        box(4, "vase", (-0.3, 0, 0.5), (0.1, 0.1, 0.3)),  # in the table's box
    ],
)
def test_more_than_one_thing_may_be_called_on_top(other):
    assert 1 not in {qa.objects[0] for qa in ask_kind(ON, scene(TABLE, BOWL, CHAIR, other))}
    assert refused(ON, scene(TABLE, BOWL, CHAIR, other))["several_answers"] > 0


def test_what_stands_under_the_table_is_not_on_it():
    basket = box(4, "basket", (-0.3, 0, 0.15), (0.3, 0.3, 0.3))
    assert {qa.objects for qa in ask_kind(ON, scene(TABLE, BOWL, CHAIR, basket))} == {(1, 2)}
    mug_in_bowl_shadow = box(4, "vase", (-0.3, 0, 0.89), (0.1, 0.1, 0.3))  # hovers 4 cm above
    assert refused(ON, scene(TABLE, BOWL, CHAIR, mug_in_bowl_shadow))["margin_too_small"] == 1


@pytest.mark.parametrize(
    ("one", "many"),
    [
        ("chair", "chairs"), ("box", "boxes"), ("bookshelf", "bookshelves"), ("toy", "toys"),
        ("wall shelf", "wall shelves"), ("battery", "batteries"), ("mouse", "mice"),
        ("row of books", "rows of books"), ("scissors", "scissors"), ("couch", "couches"),
        ("glass", "glasses"), ("knife", "knives"),
    ],
)  # fmt: skip
def test_plurals(one, many):
    assert plural(one) == many


def test_articles_numbers_and_nouns_within_nouns():
    assert [with_article(noun) for noun in ("armchair", "sofa")] == ["an armchair", "a sofa"]
    assert number_forms(0) == ("zero", "0", "none")
    assert number_forms(12) == ("twelve", "12")
    assert number_forms(34) == ("34",)
    assert is_called("chair", "chair")
    assert is_called("office chair", "chair")
    assert is_called("row of books", "book")
    assert not is_called("chair", "office chair")
    assert not is_called("armchair", "chair")
    assert not is_called("toilet paper", "toilet")
