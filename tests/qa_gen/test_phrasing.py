"""Wordings with typed placeholders."""

from dataclasses import replace

import pytest

from qa_gen.answers import Unit
from qa_gen.phrasing import Phrasing, category, image, point, template_id, thing, things

CANONICAL = "How far is the {a:thing} from the {b:thing} (in {unit:m})?"
OTHERS = tuple(f"Wording {i}: {{a:thing}}, {{b:thing}}, in {{unit:m}}?" for i in range(8))
SLOTS = {"a": thing("red chair"), "b": thing("door")}


def phrasing(**changes):
    fields = {"canonical": CANONICAL, "others": OTHERS, "unit": Unit.METERS}
    return Phrasing(**{**fields, **changes})


def test_all_wordings_say_the_same_things():
    worded = phrasing()
    assert worded.say(SLOTS) == "How far is the red chair from the door (in meters)?"
    assert worded.say(SLOTS, 3) == "Wording 2: red chair, door, in meters?"
    assert len(worded) == 9
    assert [template_id(i) for i in range(3)] == ["canonical", "p1", "p2"]


def test_a_canonical_question_is_read_back():
    worded = phrasing()
    assert worded.read(worded.say(SLOTS)) == {"a": "red chair", "b": "door"}
    assert worded.read("How far is the chair?") is None
    twice = phrasing(
        canonical="Is the {a:thing} left of the {b:thing}, seen from the {a:thing}?",
        others=tuple(f"{i} {{a:thing}} {{b:thing}}" for i in range(8)),
        unit=None,
    )
    assert twice.read("Is the x left of the y, seen from the x?") == {"a": "x", "b": "y"}
    assert twice.read("Is the x left of the y, seen from the z?") is None


@pytest.mark.parametrize(
    ("odd", "message"),
    [
        ("{a:thing} in {unit:m}", "placeholders"),
        ("{a:thing} {b:things} in {unit:m}", "placeholders"),
        ("{a:thing} {b:thing} in {unit:cm}", "placeholders"),
        ("{a:thing} {b:thing} in {unit:m}, not in centimeters", "writes out the unit"),
        ("{a:thing} {b:thing} {c:thing} in {unit:m}", "placeholders"),
    ],
)
def test_a_wording_that_says_something_else_is_refused(odd, message):
    with pytest.raises(ValueError, match=message):
        phrasing(others=(*OTHERS[:7], odd))


def test_the_unit_is_the_answers():
    with pytest.raises(ValueError, match="its answer is"):
        phrasing(unit=Unit.CENTIMETERS)
    with pytest.raises(ValueError, match="its answer is"):
        phrasing(unit=None)


def test_few_or_equal_wordings_are_refused():
    with pytest.raises(ValueError, match="needs 8 paraphrases"):
        phrasing(others=OTHERS[:7])
    with pytest.raises(ValueError, match="all different"):
        phrasing(others=(*OTHERS[:7], OTHERS[0]))


def test_a_slot_of_another_type_is_refused():
    with pytest.raises(ValueError, match="was given"):
        phrasing().say({"a": category("chair"), "b": thing("door")})
    with pytest.raises(ValueError, match="was given None"):
        phrasing().say({"a": thing("chair")})


def test_what_slots_say():
    assert things(["sofa", "bed"]).text == "sofa, bed"
    assert image(1).text == "second image"
    assert point("A", 310, 540).text == "point A at (x=310, y=540)"


def test_a_phrasing_is_a_value():
    assert replace(phrasing()) == phrasing()
