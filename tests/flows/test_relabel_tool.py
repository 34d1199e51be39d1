"""relabel and label --meta keep their contracts."""

import json

import pytest
from annotations import bed_and_lamp, vsi_box, vsi_scene, write_json
from tool_files import vega3d

from benchmarks.vsi_labels import DEFAULT_DATA, META, QUESTIONS
from flows.tools.label_scenes import LabelScenesOptions, run
from qa_gen.storage import read_records

DISTANCE = (
    "Measuring from the closest point of each object, what is the distance between the bed and "
    "the lamp (in meters)?"
)
NAMES = ("bed", "lamp", "sofa", "door", "table", "plant", "tv", "desk")


def question(scene="s", text=DISTANCE, kind="object_abs_distance", answer="2.1"):
    return {"scene_name": scene, "question_type": kind, "question": text, "answer": answer}


@pytest.fixture
def files(tmp_path):
    bad = vsi_scene({"bed": [vsi_box(size=(1, -1, 1))]})
    write_json(tmp_path / "meta.json", {"s": bed_and_lamp(), "bad": bad})
    write_json(tmp_path / "all_bad.json", {"bad": bad})
    rows = [question(), question("bad"), question("nowhere"), question(kind="what", answer="1")]
    write_json(tmp_path / "questions.json", rows)
    rooms = {
        f"room{i}": vsi_scene(
            {
                name: [vsi_box((2.0 * (j % 3), 2.0 * (j // 3) + 0.1 * i * j, 0), (0.5, 0.6, 0.7))]
                for j, name in enumerate(NAMES)
            }
        )
        for i in range(4)
    }
    write_json(tmp_path / "rooms.json", rooms)
    return tmp_path


RELABEL = "relabel --meta meta.json --questions questions.json"


def test_relabel_says_how_far_our_answers_agree(files, capfd):
    code, out, err = vega3d(files, f"{RELABEL} --json", capfd)
    assert code == 0
    assert json.loads(out) == {
        "object_abs_distance": {
            "n": 1,
            "skipped": {"scene_not_in_metadata": 2},
            "agree": 0.0,
            "within_0.1": 1.0,
            "mra": 1.0,  # 2.0 for 2.1 is 4.8 % off
        }
    }
    assert "meta.json: bad object_bbox['bed'][0]: axesLengths is [1.0, -1.0, 1.0]" in err
    assert "question 4: question_type is 'what'" in err


def test_relabel_prints_a_table(files, capfd):
    code, out, _ = vega3d(files, RELABEL, capfd)
    assert code == 0
    row = " ".join(out.splitlines()[1].split())
    assert row == "object_abs_distance 1 0.0000 1.0000 1.0000 scene_not_in_metadata 2"


@pytest.mark.skipif(not (DEFAULT_DATA / QUESTIONS).is_file(), reason="no VSI-Bench files")
@pytest.mark.by_hand
def test_relabel_reproduces_the_official_answers(files, capfd):
    line = f"relabel --meta {DEFAULT_DATA / META} --questions {DEFAULT_DATA / QUESTIONS} --json"
    code, out, err = vega3d(files, line, capfd)
    assert (code, err) == (0, "")
    rows = json.loads(out)
    assert rows["object_abs_distance"]["agree"] == rows["object_rel_distance"]["agree"] == 1.0


BAD = {
    "no questions": ("relabel --meta meta.json", "missing --questions"),
    "a file that is not there": (
        "relabel --meta no.json --questions questions.json",
        "no.json: there is no such file",
    ),
    "no metadata": (
        "relabel --meta questions.json --questions questions.json",
        "is not VSI-Bench metadata",
    ),
    "no usable scene": (
        "relabel --meta all_bad.json --questions questions.json",
        "all_bad.json holds nothing that can be used",
    ),
    "an unknown format": (f"{RELABEL} --format coco", "known are vsi, embodiedscan"),
    "no such distance": (f"{RELABEL} --distance manhattan", "--distance"),
}


@pytest.mark.parametrize("case", BAD)
def test_relabel_refuses(case, files, capfd):
    line, message = BAD[case]
    code, _, err = vega3d(files, line, capfd)
    assert code == 2
    assert message in err


def label(files, *, meta="rooms.json", seed=0, workers=1, out="out", kinds=(), debias=False):
    asked = LabelScenesOptions(
        meta=files / meta,
        per_kind=6,
        out=files / out,
        seed=seed,
        workers=workers,
        kinds=kinds,
        debias=debias,
    )
    return run(asked)


def test_label_writes_questions_and_a_report(files):
    content = label(files).content
    records = read_records(files / "out" / "questions.jsonl")
    assert content["n"] == len(records) == sum(content["kinds"].values())
    assert content["kinds"]["object_abs_distance"] == 6
    assert max(content["kinds"].values()) == 6
    assert content["per_second"] > 0
    assert content["skipped"]["over_cap"] > 0
    report = json.loads((files / "out" / "report.json").read_text())
    assert report == {key: content[key] for key in ("n", "kinds", "skipped", "bad_scenes")}
    assert {qa.scene_id for qa in records} == {f"room{i}" for i in range(4)}


def test_label_gives_the_same_bytes_again_and_with_any_number_of_workers(files):
    for out, workers, seed in (("a", 1, 0), ("b", 2, 0), ("c", 1, 1)):
        label(files, out=out, workers=workers, seed=seed)
    label(files, out="b")  # over what is there
    first, again, other = (
        [(files / out / name).read_bytes() for name in ("questions.jsonl", "report.json")]
        for out in "abc"
    )
    assert first == again
    assert first[0] != other[0]


def test_label_lists_bad_scenes_and_asks_about_the_others(files, capfd):
    content = label(files, meta="meta.json").content
    (bad,) = content["bad_scenes"]
    assert (bad["record"], bad["field"]) == ("bad object_bbox['bed'][0]", "axesLengths")
    assert content["kinds"]["object_abs_distance"] == 1
    assert "left out" in capfd.readouterr().err


def test_label_asks_only_the_kinds_that_are_named(files):
    content = label(files, kinds=("object_height", "object_abs_distance")).content
    assert content["kinds"] == {"object_abs_distance": 6, "object_height": 6}
    with pytest.raises(ValueError, match="--kinds: unknown colour; known are object_counting"):
        label(files, kinds=("colour",))


def test_label_with_meta_is_the_tool_and_not_the_stage(files, capfd):
    (files / "out").mkdir()  # a known name, so it is not taken from the working folder
    line = "label --meta rooms.json --per-kind 2 --seed 3 --out out --kinds object_height --json"
    code, out, _ = vega3d(files, line, capfd)
    assert code == 0
    assert json.loads(out)["kinds"] == {"object_height": 2}


def test_label_refuses_a_file_without_good_scenes(files):
    write_json(files / "bad.json", {"a": vsi_scene({})})
    with pytest.raises(ValueError, match="no scene that can be used"):
        label(files, meta="bad.json")
    with pytest.raises(ValueError, match="--per-kind must be >= 1"):
        LabelScenesOptions(meta=files, per_kind=0, out=files)
    with pytest.raises(ValueError, match="--workers must be >= 0"):
        LabelScenesOptions(meta=files, per_kind=1, out=files, workers=-1)
