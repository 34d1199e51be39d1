"""Yields count every clip once, and the allocator spends where clips survive."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.yields import (
    Cell,
    CellYield,
    Outcome,
    Rejections,
    Yields,
    add_outcomes,
    allocate,
    merge,
)

CELLS = tuple(
    Cell(template=t, scene_kind=k, recipe="tiny")
    for t in ("dolly_in", "pan_left", "truck_left")
    for k in ("bedroom", "kitchen")
)


@st.composite
def outcomes(draw):
    generated = draw(st.booleans())
    measured = generated and draw(st.booleans())
    reasons = draw(st.lists(st.sampled_from(["cut", "frozen", "tsed"]), max_size=3))
    return Outcome(
        cell=draw(st.sampled_from(CELLS)),
        generated=generated,
        measured=measured,
        rejected_for=tuple(reasons) if measured else (),
    )


clips = st.lists(outcomes(), max_size=30)


def with_counts(*counts):
    """Yields of the first cells: (measured, accepted) each, everything planned was measured."""
    cells = [
        CellYield(cell=cell, planned=m, generated=m, measured=m, accepted=a)
        for cell, (m, a) in zip(CELLS, counts, strict=False)
    ]
    return Yields(cells=tuple(cells))


def test_each_clip_is_counted_at_every_stage_it_reached():
    cell = CELLS[0]
    yields = add_outcomes(
        Yields(),
        [
            Outcome(cell=cell),
            Outcome(cell=cell, generated=True),
            Outcome(cell=cell, generated=True, measured=True),
            Outcome(cell=cell, generated=True, measured=True, rejected_for=("cut", "frozen")),
            Outcome(cell=cell, generated=True, measured=True, rejected_for=("cut",)),
        ],
    )
    (found,) = yields.cells
    assert (found.planned, found.generated, found.measured, found.accepted) == (5, 4, 3, 1)
    assert found.rejections == (
        Rejections(reason="cut", n_clips=2),
        Rejections(reason="frozen", n_clips=1),
    )
    assert found.accepted_share == pytest.approx(1 / 3)


@given(clips, clips)
def test_two_workers_count_what_one_would(first, second):
    apart = merge(add_outcomes(Yields(), first), add_outcomes(Yields(), second))
    together = add_outcomes(Yields(), [*second, *first])
    assert apart == together
    assert sum(c.planned for c in together.cells) == len(first) + len(second)


@given(clips)
def test_json_brings_the_same_counts_back(found):
    yields = add_outcomes(Yields(), found)
    assert Yields.from_json(yields.to_json()) == yields


@pytest.mark.parametrize("text", ["[]", '{"cells": [{}]}', "no json", '{"cells": [{"cell": 3}]}'])
def test_a_file_of_another_form_is_a_value_error(text):
    with pytest.raises(ValueError, match=r"yields|Expecting"):
        Yields.from_json(text)


@given(
    clips,
    st.integers(0, 60),
    st.floats(0, 1),
    st.permutations(CELLS),
    st.integers(0, 3),
)
def test_a_shard_is_given_out_whole_above_the_floor_in_any_order_of_cells(
    found, n_clips, floor_share, cells, seed
):
    yields = add_outcomes(Yields(), found)
    shares = allocate(yields, cells, n_clips, floor_share=floor_share, seed=seed, shard="s")
    assert sum(a.n_clips for a in shares) == n_clips
    assert [a.cell for a in shares] == sorted(CELLS)
    assert min(a.n_clips for a in shares) >= round(floor_share * n_clips) // len(CELLS)
    assert shares == allocate(yields, CELLS, n_clips, floor_share=floor_share, seed=seed, shard="s")


def test_clips_go_where_they_survive():
    yields = with_counts((50, 45), (50, 5), (50, 5), (50, 5), (50, 5), (50, 5))
    shares = allocate(yields, CELLS, 120, floor_share=0.2, seed=0, shard="7")
    assert [a.n_clips for a in shares] == [100, 4, 4, 4, 4, 4]


def test_a_cell_that_was_never_tried_is_tried():
    """Its draw is uniform, so it beats a cell known to yield one in two about half the time."""
    yields = with_counts((400, 200))
    shares = allocate(yields, CELLS[:2], 400, floor_share=0.0, seed=0, shard="0")
    assert 150 < shares[1].n_clips < 250


def test_a_cell_whose_clips_are_never_made_is_not_taken_for_an_untried_one():
    lost = [Outcome(cell=CELLS[0])] * 200
    yields = add_outcomes(with_counts((0, 0), (200, 20)), lost)
    shares = allocate(yields, CELLS[:2], 100, floor_share=0.0, seed=0, shard="0")
    assert [a.n_clips for a in shares] == [0, 100]


def test_shards_smaller_than_the_table_reach_every_cell_in_turn():
    yields = Yields()
    for shard in range(len(CELLS)):
        chosen = allocate(yields, CELLS, 2, floor_share=0.5, seed=0, shard=str(shard))
        planned = [Outcome(cell=a.cell) for a in chosen for _ in range(a.n_clips)]
        yields = add_outcomes(yields, planned)
    assert len(yields.cells) == len(CELLS)


def test_another_shard_draws_anew():
    yields = with_counts((4, 2), (4, 2))
    one, other = (
        allocate(yields, CELLS, 40, floor_share=0.0, seed=0, shard=name) for name in ("a", "b")
    )
    assert one != other


@pytest.mark.parametrize(
    ("counts", "message"),
    [
        ({"planned": 1, "generated": 2}, "must fall from planned to accepted"),
        ({"planned": -1}, "must fall from planned to accepted"),
        ({"rejections": (Rejections(reason="cut", n_clips=1),)}, "0 clips were rejected"),
        (
            {
                "planned": 2,
                "generated": 2,
                "measured": 2,
                "rejections": (
                    Rejections(reason="b", n_clips=1),
                    Rejections(reason="a", n_clips=1),
                ),
            },
            "sorted and unique",
        ),
    ],
)
def test_counts_that_contradict_each_other_are_refused(counts, message):
    with pytest.raises(ValueError, match=message):
        CellYield(cell=CELLS[0], **counts)


def test_outcomes_that_skip_a_stage_are_refused():
    with pytest.raises(ValueError, match="measure what was generated"):
        Outcome(cell=CELLS[0], measured=True)
    with pytest.raises(ValueError, match="reject what was measured"):
        Outcome(cell=CELLS[0], generated=True, rejected_for=("cut",))


@pytest.mark.parametrize(
    ("cells", "n_clips", "floor_share"),
    [((), 1, 0.5), (CELLS[:1] * 2, 1, 0.5), (CELLS, -1, 0.5), (CELLS, 1, 1.5)],
)
def test_an_allocation_that_makes_no_sense_is_refused(cells, n_clips, floor_share):
    with pytest.raises(ValueError, match="allocating needs"):
        allocate(Yields(), cells, n_clips, floor_share=floor_share, seed=0, shard="0")
