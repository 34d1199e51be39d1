"""So many questions a kind over many scenes, evenly over scenes and answers.

Scenes hold very different numbers of questions: one has forty chairs, another two. All are asked
for the same number first; those that have more then fill up what the others lack. From about
three times as many as wanted, those are taken that even out answers and scenes. Nothing depends on
who did the work or when, so any number of workers gives the same questions.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

import numpy as np
from jaxtyping import Int64

from qa_gen.answers import Choice, FreeText, Quantity, Unit
from qa_gen.audit.debias import DebiasConfig, debias
from qa_gen.config import LabelConfig
from qa_gen.generate import label_sequence
from qa_gen.record import QuestionKind, Skipped, SkipReason, SpatialQA
from synth.scene import SceneGeometry
from synth.seeding import rng_for

_POOL: Final = 3  # times as many are asked as are kept
_SPARE: Final = 16  # questions a scene and kind: words cost less than looking again
_ALIKE: Final = 1.25  # numbers within this ratio count as one answer


class Asking(NamedTuple):
    """What to ask of one scene."""

    geometry: SceneGeometry
    config: LabelConfig
    caps: Mapping[QuestionKind, int]
    seed: int


class Asked(NamedTuple):
    """Questions of one kind about one scene.

    Attributes:
        questions: In the kind's own order.
        skips: What was not asked, and why; not what was only over the cap.
        over_cap: Good questions beyond the cap.
    """

    questions: tuple[SpatialQA, ...]
    skips: tuple[Skipped, ...]
    over_cap: int


class Labeled(NamedTuple):
    """All questions, by scene and kind, and what was not asked."""

    questions: list[SpatialQA]
    skipped: list[Skipped]


Pool = dict[str, dict[QuestionKind, Asked]]  # by sequence id
Ask = Callable[[Asking], dict[QuestionKind, Asked]]
Map = Callable[[Ask, Iterable[Asking]], Iterable[dict[QuestionKind, Asked]]]


def label_scenes(
    geometries: Sequence[SceneGeometry],
    config: LabelConfig,
    seed: int,
    *,
    per_kind: int,
    evenly: DebiasConfig | None = None,
    each: Map = map,
) -> Labeled:
    """Ask ``per_kind`` questions of every kind over all scenes together, where there are as many.

    Args:
        geometries: The scenes, with different sequence ids.
        config: Kinds, floors, wordings; its caps are replaced.
        seed: Of the run.
        per_kind: How many of each kind.
        evenly: As ``choose``.
        each: As the built-in ``map``; a pool's, to share the work.

    Raises:
        ValueError: ``per_kind`` is below 1.
    """
    pool = ask_pool(geometries, config, seed, per_kind=per_kind, each=each)
    return choose(pool, seed, per_kind=per_kind, evenly=evenly)


def ask_pool(
    geometries: Sequence[SceneGeometry],
    config: LabelConfig,
    seed: int,
    *,
    per_kind: int,
    each: Map = map,
) -> Pool:
    """Ask about three times as many questions of every kind as are wanted, see ``label_scenes``."""
    if per_kind < 1:
        raise ValueError(f"label_scenes: per_kind must be >= 1, got {per_kind}.")
    wanted = _POOL * per_kind
    cap = math.ceil(wanted / max(len(geometries), 1)) + _SPARE
    first = [Asking(g, config, dict.fromkeys(config.kinds, cap), seed) for g in geometries]
    asked = list(each(ask_scene, first))
    more = _fill(asked, config.kinds, cap, wanted)
    again = [Asking(g, config, more[i], seed) for i, g in enumerate(geometries) if more[i]]
    rows = [i for i in range(len(geometries)) if more[i]]
    for i, renewed in zip(rows, each(ask_scene, again), strict=True):
        asked[i] |= renewed
    return {g.sequence_id: scene for g, scene in zip(geometries, asked, strict=True)}


def choose(pool: Pool, seed: int, *, per_kind: int, evenly: DebiasConfig | None = None) -> Labeled:
    """Choose ``per_kind`` questions of every kind out of a pool.

    Args:
        pool: What ``ask_pool`` asked.
        seed: Of the run.
        per_kind: How many of each kind.
        evenly: Drop what can be guessed without looking before choosing; ``None`` does not, and
            takes answers in turn instead.
    """
    dropped: list[Skipped] = []
    if evenly is not None:
        few = _take(pool, _POOL * per_kind, seed, by_answer=False)  # pruning takes its time
        pool, dropped = _without_guessable(few, evenly)
    pool = _take(pool, per_kind, seed, by_answer=evenly is None)
    questions: list[SpatialQA] = []
    skipped = dropped
    for sequence_id, scene in pool.items():
        for kind, one in scene.items():
            questions += one.questions
            skipped += one.skips
            if one.over_cap:
                skipped.append(Skipped(kind, sequence_id, SkipReason.OVER_CAP, one.over_cap))
    return Labeled(questions, skipped)


def _take(pool: Pool, per_kind: int, seed: int, *, by_answer: bool) -> Pool:
    """Keep at most ``per_kind`` questions of each kind; the others are over the cap."""
    kinds = list(dict.fromkeys(kind for scene in pool.values() for kind in scene))
    kept = {
        kind: _choose(
            [scene[kind] for scene in pool.values()],
            per_kind,
            rng_for(seed, "choose", kind),
            by_answer=by_answer,
        )
        for kind in kinds
    }
    return {
        sequence_id: {kind: _only(one, kept[kind][i]) for kind, one in scene.items()}
        for i, (sequence_id, scene) in enumerate(pool.items())
    }


def _only(asked: Asked, chosen: Sequence[int]) -> Asked:
    questions = tuple(asked.questions[j] for j in chosen)
    rest = len(asked.questions) - len(questions)
    return asked._replace(questions=questions, over_cap=asked.over_cap + rest)


def _without_guessable(pool: Pool, evenly: DebiasConfig) -> tuple[Pool, list[Skipped]]:
    """Take out what a model that only reads would get right too surely."""
    every = [qa for scene in pool.values() for one in scene.values() for qa in one.questions]
    left = debias(every, evenly)
    ids = {qa.qa_id for qa in left.kept}
    thinned = {
        sequence_id: {
            kind: one._replace(questions=tuple(qa for qa in one.questions if qa.qa_id in ids))
            for kind, one in scene.items()
        }
        for sequence_id, scene in pool.items()
    }
    return thinned, list(left.dropped)


def ask_scene(asking: Asking) -> dict[QuestionKind, Asked]:
    """Ask one scene, each kind up to its own cap."""
    kinds = tuple(asking.caps)
    config = replace(asking.config, kinds=kinds, caps=tuple(asking.caps.items()))
    records: defaultdict[QuestionKind, list[SpatialQA | Skipped]] = defaultdict(list)
    for record in label_sequence(asking.geometry, config, asking.seed):
        records[record.kind].append(record)
    return {kind: _sort(records[kind]) for kind in kinds}


def _sort(records: Iterable[SpatialQA | Skipped]) -> Asked:
    questions, skips, over_cap = [], list[Skipped](), 0
    for record in records:
        if isinstance(record, SpatialQA):
            questions.append(record)
        elif record.reason is SkipReason.OVER_CAP:
            over_cap += record.count
        else:
            skips.append(record)
    return Asked(tuple(questions), tuple(skips), over_cap)


def _fill(
    asked: Sequence[Mapping[QuestionKind, Asked]],
    kinds: Iterable[QuestionKind],
    cap: int,
    pool: int,
) -> list[dict[QuestionKind, int]]:
    """Return the higher caps with which scenes make up for those that have too few questions."""
    more: list[dict[QuestionKind, int]] = [{} for _ in asked]
    for kind in kinds:
        room = np.array([len(s[kind].questions) + s[kind].over_cap for s in asked], dtype=np.int64)
        level = _level(room, pool)
        for i in np.flatnonzero((room > cap) & (level > cap)):
            more[i][kind] = level
    return more


def _level(room: Int64[np.ndarray, " n"], wanted: int) -> int:
    """Return the least cap under which all scenes together give ``wanted``, or all they have."""
    low, high = 1, int(max(room.max(initial=1), 1))
    while low < high:
        middle = (low + high) // 2
        low, high = (
            (low, middle) if np.minimum(room, middle).sum() >= wanted else (middle + 1, high)
        )
    return low


def _choose(
    scenes: Sequence[Asked], per_kind: int, rng: np.random.Generator, *, by_answer: bool
) -> list[list[int]]:
    """Return which questions of each scene to keep: one of each answer in turn, scenes apart.

    Of one answer, first one of each scene is taken, then a second, and so on. Where answers have
    been evened out already (``by_answer=False``), only scenes are taken in turn: taking "bed" as
    often as "sofa" again would make whichever is offered less the better guess.
    """
    place = [(i, j) for i, asked in enumerate(scenes) for j in range(len(asked.questions))]
    answers: dict[str, int] = {}
    stratum = np.array(
        [
            answers.setdefault(_stratum(scenes[i].questions[j]) if by_answer else "", len(answers))
            for i, j in place
        ],
        dtype=np.int64,
    )
    scene = np.array([i for i, _ in place], dtype=np.int64)
    shuffled = rng.permutation(len(place))
    turn_in_scene = _turns(shuffled, stratum * len(scenes) + scene)
    by_turn = shuffled[np.argsort(turn_in_scene[shuffled], kind="stable")]
    turn = _turns(by_turn, stratum)
    taken = by_turn[np.argsort(turn[by_turn], kind="stable")][:per_kind]
    kept: list[list[int]] = [[] for _ in scenes]
    for c in np.sort(taken):
        i, j = place[c]
        kept[i].append(j)
    return kept


def _turns(
    order: Int64[np.ndarray, " n"], group: Int64[np.ndarray, " n"]
) -> Int64[np.ndarray, " n"]:
    """Return how many of its group come before each, in the given order."""
    grouped = order[np.argsort(group[order], kind="stable")]
    _, starts, sizes = np.unique(group[grouped], return_index=True, return_counts=True)
    turn = np.empty(len(order), dtype=np.int64)
    turn[grouped] = np.arange(len(order)) - np.repeat(starts, sizes)
    return turn


def _stratum(qa: SpatialQA) -> str:
    match qa.answer:
        case Choice():
            return qa.answer.text
        case Quantity(value=value, unit=Unit.COUNT):
            return str(value)
        case Quantity(value=value):
            return str(math.floor(math.log(max(abs(value), 1e-3), _ALIKE)))
        case FreeText(accepted=accepted):
            return accepted[0]
        case _:  # orders and boxes hardly ever repeat
            return ""


def count_by_kind(questions: Iterable[SpatialQA]) -> dict[str, int]:
    """Count questions of each kind, for reports."""
    return {str(kind): n for kind, n in sorted(Counter(qa.kind for qa in questions).items())}


def count_by_reason(skipped: Iterable[Skipped]) -> dict[str, int]:
    """Add up what was not asked, by reason, for reports."""
    reasons: Counter[str] = Counter()
    for skip in skipped:
        reasons[str(skip.reason)] += skip.count
    return dict(sorted(reasons.items()))
