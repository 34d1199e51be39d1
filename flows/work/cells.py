"""What each generated clip is asked to show, and how such clips have fared so far.

A *cell* is a move with a prompt template, a kind of room and a Wan recipe. Clips go evenly round
the cells, unless the recipe leaves a share of them to the yield: then rounds of shards follow one
another, and the clips of a round go where earlier rounds had more clips accepted.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from functools import reduce
from math import gcd
from pathlib import Path
from typing import Final

from flows.recipes.recipe import SHORT_PROMPT, Recipe
from flows.run_folder import RunFolder, write_json
from flows.stages import rounds_of, scenes_of
from flows.work.verdicts import read_verdicts, verdicts_path
from synth.moves import Move
from synth.rooms.config import RoomConfig
from synth.rooms.describe import TINY_KIND
from synth.scene_prompts.templates import templates_for
from synth.seeding import rng_for
from synth.yields import Cell, Outcome, Yields, add_outcomes, allocate, merge

_STRIDE: Final = 5  # neighbours differ in their move


def cells_of(recipe: Recipe, source: str) -> tuple[Cell, ...]:
    """Return all cells of a source, ``"wan-t2v"`` or ``"wan-vace"``."""
    wan = recipe.wan.t2v if source == "wan-t2v" else recipe.wan.vace
    return tuple(
        Cell(template=f"{move.value}/{template}", scene_kind=kind, recipe=wan.name)
        for kind in _room_kinds(recipe.synth.rooms)
        for template in recipe.wan.templates
        for move in recipe.wan.moves
        if template == SHORT_PROMPT or template in {t.id for t in templates_for(move)}
    )


def _room_kinds(rooms: RoomConfig) -> tuple[str, ...]:
    return rooms.kinds if rooms.scatter is None else (TINY_KIND,)


def rooms_of(cell: Cell, rooms: RoomConfig) -> RoomConfig:
    """Return the rooms of a cell's kind."""
    kinds = tuple(kind for kind in rooms.kinds if kind == cell.scene_kind)
    return rooms if rooms.scatter is not None else replace(rooms, kinds=kinds)


def move_of(cell: Cell) -> Move:
    """Return the move of a cell."""
    return Move(cell.template.partition("/")[0])


def template_of(cell: Cell) -> str:
    """Return the prompt template of a cell."""
    return cell.template.partition("/")[2]


def assign(run: RunFolder, recipe: Recipe, shard: str) -> tuple[Cell, ...]:
    """Return the cell of each scene of a shard, the same however the work is spread."""
    source = shard.rpartition("-")[0]
    cells, scenes = cells_of(recipe, source), scenes_of(recipe, shard)
    if recipe.wan.floor_share == 1:
        stride = next(s for s in range(_STRIDE, _STRIDE + len(cells)) if gcd(s, len(cells)) == 1)
        numbers = [int(scene.rpartition("-")[2]) for scene in scenes]
        return tuple(cells[number * stride % len(cells)] for number in numbers)
    one_round = next(r for r in rounds_of(recipe, source) if shard in r)
    sizes = [len(scenes_of(recipe, each)) for each in one_round]
    # The round is shared out as a whole: its shards know the same, and alone would all do the same.
    given = allocate(
        _known(run, recipe, shard),
        cells,
        sum(sizes),
        floor_share=recipe.wan.floor_share,
        seed=recipe.seed,
        shard=one_round[0],
    )
    drawn = [one.cell for one in given for _ in range(one.n_clips)]
    order = rng_for(recipe.seed, one_round[0], "cells").permutation(len(drawn))
    first = sum(sizes[: one_round.index(shard)])
    return tuple(drawn[int(i)] for i in order[first : first + len(scenes)])


def _known(run: RunFolder, recipe: Recipe, shard: str) -> Yields:
    """Return the yields of all earlier rounds; shards of one round do not wait for each other."""
    source = shard.rpartition("-")[0]
    folder = run.stage("synthesize")
    known = Yields()
    for one_round in rounds_of(recipe, source):
        if shard in one_round:
            break
        for earlier in one_round:
            known = merge(known, yields_of(folder, folder, earlier))
    return known


def cells_path(folder: Path, shard: str) -> Path:
    """Return where the cells of a shard's planned clips lie in the stage ``synthesize``."""
    return folder / f"{shard}.cells.json"


def write_cells(path: Path, planned: Sequence[tuple[str, Cell]], made: Iterable[str]) -> Path:
    """Write which clip was planned in which cell, and whether the generator finished it."""
    finished = set(made)
    return write_json(
        path,
        [
            {"sequence_id": name, "is_generated": name in finished, "cell": asdict(cell)}
            for name, cell in planned
        ],
    )


def yields_of(clips: Path, verdicts: Path, shard: str) -> Yields:
    """Count what became of a shard's planned clips.

    Args:
        clips: Folder of the stage ``synthesize``.
        verdicts: Folder that holds the shard's verdicts.
        shard: Of generated clips.
    """
    found = {v.sequence_id: v for v in read_verdicts(verdicts_path(verdicts, shard))}
    outcomes = []
    for one in json.loads(cells_path(clips, shard).read_bytes()):
        verdict = found.get(one["sequence_id"])
        outcomes.append(
            Outcome(
                cell=Cell(**one["cell"]),
                generated=one["is_generated"],
                measured=verdict is not None,
                rejected_for=verdict.reasons if verdict else (),
            )
        )
    return add_outcomes(Yields(), outcomes)


def yields_of_run(run: RunFolder, shards: Iterable[str]) -> Yields:
    """Count what became of all generated clips of a run."""
    clips, measured = run.stage("synthesize"), run.stage("measure")
    return reduce(merge, (yields_of(clips, measured, shard) for shard in shards), Yields())
