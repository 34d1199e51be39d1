"""``vega3d score`` keeps its contract."""

import json

import pytest
from asked import quantity_question, side_question

from flows.cli import main
from qa_gen.storage import write_records

ROWS = [
    {"question_type": "object_counting", "ground_truth": "4", "prediction": "4"},
    {"question_type": "object_counting", "ground_truth": "4", "prediction": "about 3"},
    {
        "question_type": "object_rel_direction_easy",
        "options": ["A. left", "B. right"],
        "ground_truth": "B",
        "prediction": "(B)",
    },
]


@pytest.fixture
def predictions(tmp_path):
    path = tmp_path / "predictions.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    return path


def said(capfd, *words):
    code = main(["score", *map(str, words)])
    captured = capfd.readouterr()
    return code, captured.out, captured.err


EXPECTED = {  # per parser: counting score and unparsed, direction score and unparsed
    "vsi": (0.5, 1, 0.0, 1),
    "lmms-eval": (0.8, 0, 0.0, 1),  # 3 for 4 earns 0.6
    "vlmevalkit": (0.8, 0, 1.0, 0),
    "lenient": (0.8, 0, 1.0, 0),
}


@pytest.mark.parametrize("parser", EXPECTED)
def test_scores_are_those_of_the_named_parser(predictions, parser, capfd):
    code, out, err = said(capfd, predictions, "--parser", parser, "--json")
    assert (code, err) == (0, "")
    counting, lost, direction, missed = EXPECTED[parser]
    assert json.loads(out) == {
        "object_counting": {
            "n": 2,
            "unparsed": lost,
            "metric": "MRA",
            "score": pytest.approx(counting),
        },
        "object_rel_direction_easy": {
            "n": 1,
            "unparsed": missed,
            "metric": "accuracy",
            "score": direction,
        },
        "overall_macro": pytest.approx((counting + direction) / 2),
        "overall_micro": pytest.approx((2 * counting + direction) / 3),
        "tasks": {"object_counting": pytest.approx(counting), "object_rel_direction": direction},
        "parser": parser,
    }


def test_the_papers_mra_is_stricter(predictions, capfd):
    words = (predictions, "--parser", "lmms-eval", "--mra", "paper", "--json")
    assert json.loads(said(capfd, *words)[1])["object_counting"]["score"] == pytest.approx(0.75)


def test_people_get_a_table(predictions, capfd):
    code, out, _ = said(capfd, predictions, "--parser", "lmms-eval")
    lines = out.splitlines()
    assert code == 0
    assert lines[0].endswith("predictions.jsonl, read as lmms-eval, MRA by the code:")
    assert lines[1].split() == ["question", "type", "n", "unparsed", "metric", "score"]
    assert lines[2].split() == ["object_counting", "2", "0", "MRA", "0.8000"]
    assert lines[3].split() == ["object_rel_direction_easy", "1", "1", "accuracy", "0.0000"]
    assert lines[4].strip() == "overall, macro over 2 tasks: 0.4000"
    assert lines[5].strip() == "overall, micro over 3 questions: 0.5333"


def test_replies_are_joined_with_our_questions(tmp_path, capfd):
    asked = [side_question(0, "left"), quantity_question(1, 2.0)]
    questions = write_records(asked, tmp_path / "questions.jsonl")
    replies = tmp_path / "replies.jsonl"
    rows = [
        {"qa_id": asked[1].qa_id, "reply": "2.1"},
        {"qa_id": asked[0].qa_id, "reply": "A"},
    ]
    replies.write_text("".join(json.dumps(row) + "\n" for row in rows))
    words = (replies, "--answers", questions, "--parser", "vsi", "--json")
    answer = json.loads(said(capfd, *words)[1])
    assert answer["object_rel_direction_easy"]["score"] == 1.0
    assert answer["object_abs_distance"]["score"] == 0.9 + 0.1  # 5 % off meets all ten tolerances


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "line 4: this is no JSON"),
        ('{"question_type": "object_counting", "ground_truth": 2}', "line 4: prediction is None;"),
        ('{"question_type": "counting", "ground_truth": 2, "prediction": ""}', "'counting'; write"),
    ],
)
def test_bad_input_is_named_and_exits_with_2(predictions, line, message, capfd):
    predictions.write_text(predictions.read_text() + line)
    code, out, err = said(capfd, predictions, "--parser", "vsi", "--json")
    assert code == 2
    assert "predictions.jsonl" in err
    assert message in err
    assert json.loads(out)["exit_code"] == 2


def test_a_parser_must_be_named(predictions, capfd):
    assert said(capfd, predictions)[0] == 2
    assert said(capfd, predictions, "--parser", "official")[0] == 2
