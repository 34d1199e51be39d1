"""The figures of the card."""

import json

import pytest
from example_records import example_accounting, package_examples

from datasets_cards.accounting import Accounting, Count, read_accounting
from datasets_cards.counting import compute_statistics
from datasets_cards.figures import Spread
from datasets_cards.manifest import STATISTICS_NAME


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dataset")
    package_examples(folder)
    return folder


@pytest.fixture(scope="module")
def statistics(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dataset")
    manifest = package_examples(folder)
    return compute_statistics(folder, manifest.shards, example_accounting())


def test_clips_scenes_and_questions_are_counted(statistics):
    # 6 rooms with 2 clips of 3 questions each, 3 generated clips of which 1 has a question
    assert sum(s.scenes for s in statistics.splits) == 9
    assert sum(s.sequences for s in statistics.splits) == 15
    assert sum(s.frames for s in statistics.splits) == 75
    assert sum(s.questions for s in statistics.splits) == 37
    assert statistics.depth_maps == 24
    assert statistics.image_sizes == (Count(name="16x16", n=15),)


def test_the_yield_of_each_generator_is_counted(statistics):
    renderer, wan = statistics.generators
    assert (renderer.planned, renderer.generated, renderer.measured, renderer.asked) == (
        *(14, 12),
        *(12, 12),
    )
    assert renderer.lost == (Count(name="no_free_path", n=2),)
    assert (wan.planned, wan.generated, wan.measured, wan.asked) == (3, 3, 2, 1)


def test_obedience_counts_measured_against_requested_moves(statistics):
    renderer, wan = statistics.generators
    assert (renderer.obeyed, renderer.judged) == (12, 12)
    assert (wan.obeyed, wan.judged) == (1, 2)
    by_move = {m.move: m for m in statistics.moves}
    assert by_move["dolly_in"].judged == {"wan-t2v": 1}
    assert by_move["dolly_in"].obeyed == {}


def test_gates_are_counted_where_they_were_run(statistics):
    renderer, wan = statistics.generators
    assert renderer.gates == ()
    (gate,) = wan.gates
    assert (gate.name, gate.n, gate.passed, gate.thresholds) == ("judge_confidence", 2, 2, (0.5,))


def test_answers_and_reasons_are_counted_by_kind(statistics):
    kinds = {kind.kind: kind for kind in statistics.kinds}
    distance = kinds["object_abs_distance"]
    assert sum(distance.questions.values()) == distance.with_sigma == distance.exact == 12
    assert distance.skipped == (Count(name="objects_too_close", n=7),)
    assert distance.units == ("m",)
    motion = kinds["camera_motion"]
    assert {count.name: count.n for count in motion.letters} == {"A": 7, "B": 6}
    assert motion.with_sigma == 0
    assert motion.quantities is None
    assert motion.example.endswith("-> A")


def test_categories_count_objects_and_the_questions_that_name_them(statistics):
    by_name = {c.category: (c.objects, c.questions) for c in statistics.categories}
    assert by_name == {"sofa": (12, 24), "table": (12, 24), "lamp": (12, 12)}


def test_the_published_statistics_are_these(folder, statistics):
    assert (folder / STATISTICS_NAME).read_text() == statistics.to_json()
    assert read_accounting(folder / STATISTICS_NAME) == example_accounting()
    assert json.loads(statistics.to_json())["format_version"] == "2.1"


def test_without_a_plan_the_planned_clips_are_unknown(folder):
    manifest_shards = package_examples(folder).shards
    statistics = compute_statistics(folder, manifest_shards, Accounting())
    assert [g.planned for g in statistics.generators] == [None, None]


def test_spreads_are_quartiles_of_the_finite_values():
    spread = Spread.of([1.0, 2.0, 3.0, 4.0, 5.0, float("inf"), float("nan")])
    assert spread == Spread(n=5, low=1.0, quarter=2.0, median=3.0, three_quarters=4.0, high=5.0)
    assert Spread.of([float("nan")]) is None


def test_damaged_statistics_are_refused(tmp_path):
    (tmp_path / STATISTICS_NAME).write_text("{}")
    with pytest.raises(ValueError, match="damaged"):
        read_accounting(tmp_path / STATISTICS_NAME)
