"""Only exact labels are scored."""

from dataclasses import replace

import pytest
from tiny_models import make_qa

from flows.work.evaluate import exactly_labelled


def test_estimates_of_the_judge_are_not_scored():
    rendered = [make_qa(1), replace(make_qa(2), geometry_source="poses")]
    generated = replace(make_qa(4), geometry_source="camera-judge:0123456789ab")
    assert exactly_labelled([rendered[0], generated, rendered[1]]) == rendered


def test_nothing_to_score_is_said_before_anything_is_asked():
    generated = replace(make_qa(4), geometry_source="camera-judge:0123456789ab")
    for held_out in ([], [generated]):
        with pytest.raises(ValueError, match=f"none of the {len(held_out)} questions of the test"):
            exactly_labelled(held_out)
