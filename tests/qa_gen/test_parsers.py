"""Each harness parser reads replies as its harness does, however odd."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_gen.harness_parsers import PARSERS, official_token

GOLDEN = Path(__file__).resolve().parents[3] / "shared" / "data" / "golden_vega3d" / "metrics.json"
needs_golden = pytest.mark.skipif(not GOLDEN.is_file(), reason=f"no {GOLDEN.name} in shared data")
NAMES = ("vsi", "lmms-eval", "vlmevalkit")


def test_there_are_three_and_each_names_its_source():
    assert tuple(PARSERS) == NAMES
    assert [parser.name for parser in PARSERS.values()] == list(NAMES)
    assert all(parser.source and parser.meaning for parser in PARSERS.values())


@needs_golden
def test_the_official_token_is_the_official_one():
    for reply, expected in json.loads(GOLDEN.read_text())["vsi.fuzzy"].items():
        assert official_token(reply) == expected


# What the three harnesses' own code (commits in each parser's ``source``) said of these strings.
DISAGREEMENTS = {
    "about 3 meters": (None, 3, 3),
    "three": (None, 3, 3),
    "2 or 3": (2, 2, 3),
    "3-4": (None, 3, -4),
    "1,200": (None, 1, 200),
    "between 2 and 4 meters": (None, 2, 4),
    "Answer: 3.5 (in 2 rooms)": (None, 3.5, 2),
    # beyond the research table
    "3": (3, 3, 3),
    "3.5.": (3.5, 3.5, 3.5),
    "-2.5 m": (-2.5, -2.5, -2.5),
    ".5": (0.5, 5, 0.5),
    "1e3": (1000, 1, 1000),
    "twenty-one": (None, 21, -1),
    "two hundred and five": (None, 205, 5),
    "forty": (None, 40, None),
    "three thousand and two hundred": (None, 3200, 2),
    "one chair in room 2": (None, 1, 2),
    "room 2 has one chair": (None, 2, 1),
    "hundred": (None, 100, None),
    "<answer>4 chairs</answer> of 7": (None, 4, 4),
    "<think>7 or 8</think> 5 then": (None, 7, 5),
    "<think>7 or 8": (None, 7, 8),
    "<think>7</think> none": (None, 7, 7),
    "[2, 5]": (None, 2, 2),
    "[about 3]": (None, 3, None),
    "3\nmeters": (None, 3, 3),
    "": (None, None, None),
    "many": (None, None, None),
}


@pytest.mark.parametrize(("reply", "expected"), DISAGREEMENTS.items())
def test_numbers(reply, expected):
    assert tuple(PARSERS[name].number(reply) for name in NAMES) == expected


CHOICES = {
    "(A)": (None, None, "A"),
    "The answer is A": (None, None, "A"),
    "**C**": (None, None, "C"),
    "<answer>B</answer>": (None, None, "B"),
    # beyond the research table
    "B": ("B", "B", "B"),
    "b.": ("B", "B", None),
    "C. left": ("C", "C", "C"),
    " A": (None, None, "A"),
    "A)": (None, None, "A"),
    "a chair": ("A", "A", None),
    "A chair": ("A", "A", "A"),
    "left": (None, None, None),
    "<answer>back</answer>": (None, None, "B"),
    "<think>Is it A?</think>\nC": (None, None, "C"),
    "<think>A or B</think>\nC": (None, None, "B"),  # the letter before </think> counts first
    "so it must be (d)</answer>": (None, None, "D"),
    "Option A: left\nOption B: right\nI choose B": (None, None, "B"),
    "A or B": ("A", "A", None),
    "A is wrong.\nso d": ("A", "A", "A"),
    "Final answer: c": (None, None, "C"),
    "我选择 D。": (None, None, "D"),
    "G": ("G", "G", None),
    "Between A and C, C.\n(Option is unclear)": (None, None, None),
    "\u200bB": (None, None, "B"),
    "": (None, None, None),
}


@pytest.mark.parametrize(("reply", "expected"), CHOICES.items())
def test_letters(reply, expected):
    assert tuple(PARSERS[name].letter(reply) for name in NAMES) == expected


@given(st.text(alphabet="ABCDEFGabc \n.,:()[]*<>/answerthink0123456789-+e一", max_size=40))
def test_no_reply_is_too_odd_to_be_read(reply):
    for parser in PARSERS.values():
        letter, number = parser.letter(reply), parser.number(reply)
        assert letter is None or (len(letter) == 1 and letter == letter.upper())
        assert number is None or isinstance(number, float)


@given(st.integers(0, 999), st.integers(0, 9), st.sampled_from("ABCDEF"))
def test_all_read_the_bare_answers_that_we_train_on_alike(whole, tenth, letter):
    text = f"{whole}.{tenth}"
    assert {parser.number(text) for parser in PARSERS.values()} == {float(text)}
    assert {parser.letter(letter) for parser in PARSERS.values()} == {letter}
