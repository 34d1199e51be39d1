"""Our definitions give VSI-Bench's official answers on its real scenes."""

import json
import re

import numpy as np
import pytest

from benchmarks.vsi_labels import DEFAULT_DATA, main, measure_agreement
from qa_gen.generate import LabelConfig, label_sequence
from qa_gen.questions.object_abs_distance import wording as abs_distance_wording
from qa_gen.questions.object_rel_direction import LEVELS
from qa_gen.questions.object_rel_distance import wording as rel_distance_wording
from qa_gen.record import Choice, QuestionKind, SpatialQA
from qa_gen.vsi import VsiQuestion, as_geometry, read_questions, read_scenes, relabel

needs_vsi = pytest.mark.skipif(
    not (DEFAULT_DATA / "vsi_bench_scannet.json").is_file(),
    reason="no VSI-Bench files in ../shared/data/vsi",
)


@needs_vsi
def test_official_answers_are_reproduced():
    rows = {row.kind: row for row in measure_agreement(DEFAULT_DATA)}
    assert set(rows) == set(QuestionKind) - {QuestionKind.CAMERA_MOTION}
    distance = rows.pop(QuestionKind.OBJECT_ABS_DISTANCE)
    assert distance.score >= 0.97
    assert (distance.n, distance.unanswered) == (347, 0)
    for row in rows.values():
        assert row.score == 1.0
    # 19 directions name a printer of which the metadata list two
    assert sum(row.unanswered for row in rows.values()) == 19


@needs_vsi
def test_official_questions_are_in_our_words():
    """Put the names of each official question into our wording."""
    for official in read_questions(DEFAULT_DATA / "vsi_bench_scannet.json"):
        if official.kind is QuestionKind.OBJECT_ABS_DISTANCE:
            names = re.search(r"between the (.+?) and the (.+?) \(in", official.question).groups()
            ours = abs_distance_wording(*names)
        elif official.kind is QuestionKind.OBJECT_REL_DISTANCE:
            primary = re.search(r"closest to the (.+?)\?", official.question)[1]
            ours = rel_distance_wording(primary, official.answer.options)
        else:
            pattern = r"by the (.+?) and facing the (.+?), is the (.+?) to "
            ours = LEVELS[official.kind].wording(*re.search(pattern, official.question).groups())
        assert ours == official.question


@needs_vsi
def test_what_we_generate_on_official_scenes_agrees_with_what_we_relabel():
    for scene_id, objects in list(read_scenes(DEFAULT_DATA / "scannet_meta_info_val.json").items()):
        geometry = as_geometry(scene_id, objects)
        for record in label_sequence(geometry, LabelConfig(max_per_kind=5), 0):
            if isinstance(record, SpatialQA):
                question = VsiQuestion(
                    scene_id=scene_id,
                    kind=record.kind,
                    question=record.question,
                    answer=record.answer,
                )
                assert relabel(question, objects) == record.answer


def test_the_command_prints_a_row_per_kind(tmp_path, capsys):
    # One bed and one lamp of 1 m cubes, 3 m apart, with one official question about them.
    cube = {"axesLengths": [1, 1, 1], "normalizedAxes": [1, 0, 0, 0, 1, 0, 0, 0, 1]}
    boxes = {"bed": [{"centroid": [0, 0, 0], **cube}], "lamp": [{"centroid": [3, 0, 0], **cube}]}
    question = {
        "scene_name": "s",
        "question_type": "object_abs_distance",
        "question": abs_distance_wording("bed", "lamp"),
        "answer": "2.0",
        **dict.fromkeys("ABCD"),
    }
    (tmp_path / "scannet_meta_info_val.json").write_text(json.dumps({"s": {"object_bbox": boxes}}))
    (tmp_path / "vsi_bench_scannet.json").write_text(json.dumps([question]))
    assert main(["--data", str(tmp_path)]) == 0
    _, row, speed = capsys.readouterr().out.splitlines()
    assert row.split() == ["object_abs_distance", "MRA", "1", "0", "1.0000", "100.0%"]
    assert speed.startswith("generated 1 questions")


def test_the_command_says_where_it_looked_in_vain(tmp_path, capsys):
    assert main(["--data", str(tmp_path)]) == 2
    assert str(tmp_path) in capsys.readouterr().err


def test_rows_of_normalized_axes_are_the_axes(tmp_path):
    # A box 2 m long along an axis that points to (0.6, 0.8, 0), 0.4 m wide.
    path = tmp_path / "meta.json"
    path.write_text(
        '{"s": {"object_bbox": {"bed": [{"centroid": [1, 2, 3], "axesLengths": [2, 0.4, 1], '
        '"normalizedAxes": [0.6, 0.8, 0, -0.8, 0.6, 0, 0, 0, 1]}]}}}'
    )
    (bed,) = read_scenes(path)["s"]
    np.testing.assert_allclose(bed.rotation @ [1, 0, 0], [0.6, 0.8, 0])
    np.testing.assert_allclose(bed.size, [2, 0.4, 1])


def test_a_question_about_a_missing_object_is_not_answered():
    question = VsiQuestion(
        scene_id="s",
        kind=QuestionKind.OBJECT_REL_DISTANCE,
        question=rel_distance_wording("bed", ("a", "b", "c", "d")),
        answer=Choice(("a", "b", "c", "d"), 0),
    )
    assert relabel(question, ()) is None


def test_a_question_in_other_words_is_refused():
    question = VsiQuestion(
        scene_id="s",
        kind=QuestionKind.OBJECT_REL_DISTANCE,
        question="Which is nearest?",
        answer=Choice(("a", "b"), 0),
    )
    with pytest.raises(ValueError, match="not a VSI-Bench object_rel_distance question"):
        relabel(question, ())
