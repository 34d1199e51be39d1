"""Free text is matched as SQA3D and ScanQA match it, and without the published holes."""

import json
from pathlib import Path

import pytest

from qa_gen.scoring.words import (
    clean_answer,
    exact_match,
    exact_match_contained,
    exact_match_raw,
    exact_match_refined,
    unigram_f1,
)

GOLDEN = Path(__file__).resolve().parents[3] / "shared" / "data" / "golden_vega3d" / "metrics.json"
needs_golden = pytest.mark.skipif(not GOLDEN.is_file(), reason=f"no {GOLDEN.name} in shared data")


@needs_golden
def test_the_cleaner_is_the_official_one():
    for text, expected in json.loads(GOLDEN.read_text())["sqa3d.clean_answer"].items():
        assert clean_answer(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  The 3 Chairs. ", "three chairs"),
        ("a TV, an oven", "TV, oven"),
        ("12 o'  clock", "twelve o'clock"),
        ("twenty 21 20 23", "twenty 21 twenty twenty-three"),
        ("mat2 let me walk backwards", "mat left me walk backward"),
        ("a", "a"),  # an article with nothing after it stays
        ("brown \n", "brown\n"),
        ("?!", ""),
    ],
)
def test_cleaning(text, expected):
    assert clean_answer(text) == expected


def test_raw_match_forgives_nothing():
    assert exact_match_raw("brown", ["white", "brown"])
    assert not exact_match_raw("Brown", ["brown"])
    assert not exact_match_raw("brown ", ["brown"])


@pytest.mark.parametrize(
    ("reply", "accepted", "exact", "refined", "contained"),
    [
        ("The chair.", ["chair"], True, True, True),
        ("2", ["three", "two"], True, True, True),
        ("it is brown", ["brown"], False, True, True),
        ("brown", ["dark brown"], False, True, False),  # only part of the answer
        ("", ["brown"], False, True, False),  # the published hole
        ("a", ["table"], False, True, False),  # and another
        ("?", ["!"], False, True, False),  # both clean to nothing
        ("unchair", ["chair"], False, True, False),  # part of a word
        ("left of door", ["left door"], False, False, False),  # not side by side
        ("white", ["brown"], False, False, False),
    ],
)
def test_the_three_cleaned_matches(reply, accepted, exact, refined, contained):
    assert exact_match(reply, accepted) is exact
    assert exact_match_refined(reply, accepted) is refined
    assert exact_match_contained(reply, accepted) is contained


@pytest.mark.parametrize(
    ("reply", "accepted", "expected"),
    [
        ("the brown table", ["brown table"], 1.0),
        ("brown", ["brown table"], 2 / 3),  # precision 1, recall 1/2
        ("brown brown", ["brown table"], 0.5),  # a word counts once
        ("red chair", ["brown table", "a chair"], 2 / 3),  # the best of both
        ("", ["brown"], 0.0),
    ],
)
def test_unigram_f1(reply, accepted, expected):
    assert unigram_f1(reply, accepted) == pytest.approx(expected)


def test_unigram_f1_needs_an_answer():
    with pytest.raises(ValueError, match="accepted answer"):
        unigram_f1("brown", [])
