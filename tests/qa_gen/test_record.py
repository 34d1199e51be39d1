"""Records that cannot be wrong; reasons that can all be reached."""

import re
from pathlib import Path

import pytest

import qa_gen
from qa_gen.record import Choice, SkipReason


def test_a_choice_needs_its_answer_among_different_options():
    with pytest.raises(ValueError, match="must index one of 2 options, got 2"):
        Choice(("left", "right"), 2)
    with pytest.raises(ValueError, match="must differ"):
        Choice(("left", "left"), 0)


def test_a_choice_knows_its_letter_and_text():
    answer = Choice(("left", "right", "back"), 2)
    assert (answer.letter, answer.text) == ("C", "back")


def test_every_skip_reason_is_given_by_some_code_and_reached_by_some_test():
    package = "".join(p.read_text() for p in Path(qa_gen.__file__).parent.rglob("*.py"))
    tests = "".join(p.read_text() for p in Path(__file__).parent.glob("test_*.py"))
    for reason in SkipReason:
        assert re.search(rf"SkipReason\.{reason.name}\b", package), reason
        assert re.search(rf"SkipReason\.{reason.name}\b|\"{reason}\"", tests), reason
