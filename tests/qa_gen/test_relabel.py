"""Our definitions give VSI-Bench's official answers on its real scenes."""

from collections import Counter

import numpy as np
import pytest
from annotations import vsi_box, vsi_scene, write_json

from benchmarks.vsi_labels import (
    DEFAULT_DATA,
    META,
    QUESTIONS,
    agreement,
    main,
    official_geometries,
)
from qa_gen.agreement import measure_agreement
from qa_gen.answers import Choice, Quantity, Unit
from qa_gen.benchmarks.vsi_bench import KINDS, OfficialQuestion, read_questions
from qa_gen.generate import LabelConfig, label_sequence
from qa_gen.questions import vsi
from qa_gen.record import QuestionKind, SpatialQA
from qa_gen.relabel import Unanswered, relabel
from qa_gen.scenes import AnnotatedScene, read_scenes

needs_vsi = pytest.mark.skipif(
    not (DEFAULT_DATA / QUESTIONS).is_file(), reason="no VSI-Bench files in ../shared/data/vsi"
)
EXACT = (
    QuestionKind.OBJECT_ABS_DISTANCE,
    QuestionKind.OBJECT_SIZE_ESTIMATION,
    QuestionKind.ROOM_SIZE_ESTIMATION,
    QuestionKind.OBJECT_REL_DISTANCE,
    QuestionKind.OBJECT_REL_DIRECTION_EASY,
    QuestionKind.OBJECT_REL_DIRECTION_MEDIUM,
    QuestionKind.OBJECT_REL_DIRECTION_HARD,
)


@needs_vsi
def test_official_answers_are_reproduced():
    rows = {row.kind: row for row in agreement(DEFAULT_DATA, "vsi_official")}
    assert set(rows) == set(KINDS)
    assert sum(row.n + sum(row.skipped.values()) for row in rows.values()) == 2071
    for kind in EXACT:
        assert (rows[kind].agree, rows[kind].skipped) == (1.0, {})
    assert rows[QuestionKind.OBJECT_ABS_DISTANCE].mra == 1.0
    assert rows[QuestionKind.OBJECT_COUNTING].n == 223
    assert rows[QuestionKind.OBJECT_COUNTING].agree >= 0.995
    assert rows[QuestionKind.APPEARANCE_ORDER].skipped == {Unanswered.NEEDS_FRAMES: 390}
    assert rows[QuestionKind.ROUTE_PLANNING].skipped == {Unanswered.NEEDS_ROUTE: 64}


@needs_vsi
def test_exact_gaps_choose_the_same_objects_and_are_a_little_shorter():
    scenes = read_scenes(DEFAULT_DATA / META, "vsi").scenes
    questions = read_questions(DEFAULT_DATA / QUESTIONS).questions[::3]
    rows = {row.kind: row for row in measure_agreement(questions, scenes, "exact")}
    assert rows[QuestionKind.OBJECT_REL_DISTANCE].agree == 1.0
    assert rows[QuestionKind.OBJECT_ABS_DISTANCE].near == 1.0  # rounded to 0.1 m
    assert 0.97 <= rows[QuestionKind.OBJECT_ABS_DISTANCE].mra < 1.0


@needs_vsi
def test_what_we_ask_about_official_scenes_has_the_answer_we_would_give():
    answerable = {q.kind for q in vsi.QUESTIONS} & set(KINDS)
    config = LabelConfig(
        kinds=tuple(answerable), max_per_kind=4, phrasing="canonical", references="category"
    )
    scenes = read_scenes(DEFAULT_DATA / META, "vsi").scenes
    by_id = {scene.geometry.scene_id: scene for scene in scenes}
    asked = Counter()
    for geometry in official_geometries(DEFAULT_DATA)[::8]:
        for record in label_sequence(geometry, config, 0):
            if isinstance(record, SpatialQA) and isinstance(record.answer, Choice | Quantity):
                question = OfficialQuestion(
                    scene_id=record.scene_id,
                    kind=record.kind,
                    question=record.question,
                    answer=record.answer,
                )
                ours = relabel(question, by_id[record.scene_id], "exact")
                if ours is not Unanswered.NEEDS_ROUTE:
                    assert ours == record.answer
                    asked[record.kind] += 1
    assert set(asked) >= answerable - {QuestionKind.ROUTE_PLANNING, QuestionKind.APPEARANCE_ORDER}


def scene_of(tmp_path, boxes, **fields) -> AnnotatedScene:
    path = write_json(tmp_path / "meta.json", {"s": vsi_scene(boxes, **fields)})
    return read_scenes(path, "vsi").scenes[0]


def ask(scene, kind, text, answer):
    question = OfficialQuestion(scene_id="s", kind=kind, question=text, answer=answer)
    return relabel(question, scene)


ROOM = {
    "bed": [vsi_box((0, 0, 0), (1, 1, 1))],
    "door": [vsi_box((0, 4, 0), (1, 0.1, 2))],
    "lamp": [vsi_box((3, 1, 0), (0.5, 0.5, 1.234))],
    "chair": [vsi_box((-3, -2, 0)), vsi_box((2, 0, 0))],
}
NUMBER = Quantity(0, Unit.COUNT, 0)
DISTANCE = (
    "Measuring from the closest point of each object, what is the distance between the {} and the "
    "{} (in meters)?"
)
CLOSEST = (
    "Measuring from the closest point of each object, which of these objects ({}) is the closest "
    "to the {}?"
)
EASY = "If I am standing by the {} and facing the {}, is the {} to the left or the right of the {}?"


def test_each_type_is_answered_by_hand(tmp_path):
    scene = scene_of(tmp_path, ROOM, area=17.26)
    count = "How many chair(s) are in this room?"
    assert ask(scene, QuestionKind.OBJECT_COUNTING, count, NUMBER).value == 2
    # The nearer chair's face is 1 m from the bed's; both grids are exact in binary.
    between = DISTANCE.format("chair", "bed")
    assert ask(scene, QuestionKind.OBJECT_ABS_DISTANCE, between, NUMBER).value == 1.0
    size = (
        "What is the length of the longest dimension (length, width, or height) of the lamp, "
        "measured in centimeters?"
    )
    assert ask(scene, QuestionKind.OBJECT_SIZE_ESTIMATION, size, NUMBER).value == 123
    room = (
        "What is the size of this room (in square meters)? \nIf multiple rooms are shown, estimate "
        "the size of the combined space."
    )
    assert ask(scene, QuestionKind.ROOM_SIZE_ESTIMATION, room, NUMBER).value == 17.3
    options = ("door", "lamp", "chair")  # 3.45 m, 2.3 m and 1 m from the bed
    closest = CLOSEST.format(", ".join(options), "bed")
    answer = ask(scene, QuestionKind.OBJECT_REL_DISTANCE, closest, Choice(options, 0))
    assert answer.text == "chair"
    # At the bed facing the door (+y), the lamp at (3, 1) is to the right, ahead.
    turn = EASY.format("bed", "door", "lamp", "door")
    sides = Choice(("left", "right"), 0)
    assert ask(scene, QuestionKind.OBJECT_REL_DIRECTION_EASY, turn, sides).text == "right"


def test_counts_of_the_metadata_go_before_boxes(tmp_path):
    scene = scene_of(tmp_path, ROOM, counts={"chair": 5})
    text = "How many {}(s) are in this room?"
    assert ask(scene, QuestionKind.OBJECT_COUNTING, text.format("chair"), NUMBER).value == 5
    assert ask(scene, QuestionKind.OBJECT_COUNTING, text.format("bed"), NUMBER).value == 1


SIDES = Choice(("left", "right"), 0)
NOT_ANSWERED = {
    "frames": (QuestionKind.APPEARANCE_ORDER, "What ...?", SIDES, Unanswered.NEEDS_FRAMES),
    "route": (QuestionKind.ROUTE_PLANNING, "You are ...", SIDES, Unanswered.NEEDS_ROUTE),
    "no such thing to count": (
        QuestionKind.OBJECT_COUNTING,
        "How many piano(s) are in this room?",
        NUMBER,
        Unanswered.OBJECT_NOT_IN_METADATA,
    ),
    "no such thing to measure": (
        QuestionKind.OBJECT_ABS_DISTANCE,
        DISTANCE.format("bed", "piano"),
        NUMBER,
        Unanswered.OBJECT_NOT_IN_METADATA,
    ),
    "no such option": (
        QuestionKind.OBJECT_REL_DISTANCE,
        CLOSEST.format("piano, lamp", "bed"),
        Choice(("piano", "lamp"), 0),
        Unanswered.OBJECT_NOT_IN_METADATA,
    ),
    "two chairs": (
        QuestionKind.OBJECT_REL_DIRECTION_EASY,
        EASY.format("chair", "door", "lamp", "door"),
        SIDES,
        Unanswered.SEVERAL_OBJECTS,
    ),
    "our answer is not offered": (
        QuestionKind.OBJECT_REL_DIRECTION_EASY,
        EASY.format("bed", "door", "lamp", "door"),
        Choice(("left", "behind"), 0),
        Unanswered.NO_SUCH_OPTION,
    ),
    "other words": (
        QuestionKind.OBJECT_COUNTING,
        "Count the chairs.",
        NUMBER,
        Unanswered.WORDED_OTHERWISE,
    ),
    "no area": (
        QuestionKind.ROOM_SIZE_ESTIMATION,
        "What is the size of this room (in square meters)? \nIf multiple rooms are shown, estimate "
        "the size of the combined space.",
        NUMBER,
        Unanswered.NO_ROOM_SIZE,
    ),
}


@pytest.mark.parametrize("case", NOT_ANSWERED)
def test_what_cannot_be_answered_is_said(case, tmp_path):
    kind, text, answer, why = NOT_ANSWERED[case]
    scene = scene_of(tmp_path, ROOM, area=None)
    assert ask(scene, kind, text, answer) is why


def test_rows_read_as_columns_would_disagree(tmp_path):
    # The convention that is easiest to get wrong: see that these tests would notice.
    axes = [0.6, 0.8, 0, -0.8, 0.6, 0, 0, 0, 1]
    boxes = {
        "bed": [vsi_box((0, 0, 0), (4, 0.1, 1), axes)],
        "lamp": [vsi_box((1.2, 1.6, 0), (0.2, 0.2, 0.2))],
    }
    text = DISTANCE.format("bed", "lamp")
    right = scene_of(tmp_path, boxes)
    assert ask(right, QuestionKind.OBJECT_ABS_DISTANCE, text, NUMBER).value <= 0.1
    boxes["bed"][0]["normalizedAxes"] = np.array(axes).reshape(3, 3).T.ravel().tolist()
    wrong = scene_of(tmp_path, boxes)
    assert ask(wrong, QuestionKind.OBJECT_ABS_DISTANCE, text, NUMBER).value > 1.0


@needs_vsi
@pytest.mark.by_hand
def test_the_benchmark_prints_its_tables(capsys):
    assert main([]) == 0
    out = capsys.readouterr().out
    assert "grows as n^" in out


def test_the_benchmark_says_where_it_looked_in_vain(tmp_path, capsys):
    assert main(["--data", str(tmp_path)]) == 2
    assert str(tmp_path) in capsys.readouterr().err


def test_the_benchmark_prints_a_row_per_type(tmp_path, capsys):
    write_json(tmp_path / "scannet_meta_info_val.json", {"s": vsi_scene(ROOM)})
    row = {
        "scene_name": "s",
        "question_type": "object_abs_distance",
        "question": DISTANCE.format("bed", "chair"),
        "answer": "1.0",
    }
    write_json(tmp_path / QUESTIONS, [row])
    assert main(["--data", str(tmp_path), "--brief"]) == 0
    lines = capsys.readouterr().out.splitlines()
    rows = [line.split() for line in lines if line.split()[0] == "object_abs_distance"]
    assert rows[0] == ["object_abs_distance", "1", "0", "1.0000", "1.0000", "1.0000"]
    assert lines[-1].split()[0] == "all"
