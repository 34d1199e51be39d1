"""Answer VSI-Bench's official questions ourselves, from the metadata of its scenes alone.

Holds our formulas and conventions against official answers on real scenes. It tests those, not
the annotations, which both sides share.

- *Counting*: what ``object_counts`` says, else how many boxes there are.
- *Absolute distance*: least distance over all instances of both categories, by the authors' own
  sampling (``qa_gen.official_distance``) or, to see what that does, by the exact gap.
- *Relative distance*: the category whose nearest instance is nearest, by the same distance.
- *Size*: longest edge of the one box; *room size*: as given. *Direction*: middles of the three
  boxes, each the only one of its category (``qa_gen.directions``).
- *Appearance order* needs frames and *route planning* the routes people wrote: not answered.
"""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Final, Literal

import numpy as np

from qa_gen.answers import Answer, Choice, Quantity
from qa_gen.benchmarks.vsi_bench import NUMERIC, OfficialQuestion
from qa_gen.boxes import pair_gaps, stack_boxes
from qa_gen.directions import EASY, HARD, MEDIUM, Sectors, classify_turns, turn_deg
from qa_gen.official_distance import official_distance_m
from qa_gen.questions import QUESTIONS
from qa_gen.record import QuestionKind
from qa_gen.scenes.annotated import AnnotatedScene
from synth.scene import SceneObject

Distance = Literal["vsi_official", "exact"]
_Names = tuple[str, ...]


class Unanswered(StrEnum):
    """Why an official question is not answered."""

    NEEDS_FRAMES = "needs_frames"  # when something appears is not in the metadata
    NEEDS_ROUTE = "needs_route"  # the way that people thought of is not either
    SCENE_NOT_IN_METADATA = "scene_not_in_metadata"  # or refused as faulty
    OBJECT_NOT_IN_METADATA = "object_not_in_metadata"
    SEVERAL_OBJECTS = "several_objects"  # "the chair" could be any of them
    NO_ROOM_SIZE = "no_room_size"
    NO_SUCH_OPTION = "no_such_option"  # our answer is not offered
    WORDED_OTHERWISE = "worded_otherwise"  # not as VSI-Bench words this kind


_SECTORS: Final[Mapping[QuestionKind, Sectors]] = {
    QuestionKind.OBJECT_REL_DIRECTION_EASY: EASY,
    QuestionKind.OBJECT_REL_DIRECTION_MEDIUM: MEDIUM,
    QuestionKind.OBJECT_REL_DIRECTION_HARD: HARD,
}
_SLOTS: Final[Mapping[QuestionKind, _Names]] = {  # placeholders of the canonical wordings
    QuestionKind.OBJECT_COUNTING: ("c",),
    QuestionKind.OBJECT_ABS_DISTANCE: ("a", "b"),
    QuestionKind.OBJECT_SIZE_ESTIMATION: ("c",),
    QuestionKind.ROOM_SIZE_ESTIMATION: (),
    QuestionKind.OBJECT_REL_DISTANCE: ("primary",),
    **dict.fromkeys(_SECTORS, ("position", "facing", "query")),
}


def relabel(
    question: OfficialQuestion, scene: AnnotatedScene, distance: Distance = "vsi_official"
) -> Answer | Unanswered:
    """Answer an official question, or say why not.

    Args:
        question: Its official answer is not looked at, only its options.
        scene: The scene it is about.
        distance: How to measure between two boxes.
    """
    match question.kind:
        case QuestionKind.APPEARANCE_ORDER:
            return Unanswered.NEEDS_FRAMES
        case QuestionKind.ROUTE_PLANNING:
            return Unanswered.NEEDS_ROUTE
    said = QUESTIONS[question.kind].phrasing.read(question.question.strip())
    if said is None:
        return Unanswered.WORDED_OTHERWISE
    names = tuple(said[slot] for slot in _SLOTS[question.kind])
    found = _ANSWERS[question.kind](question, scene, names, distance)
    if isinstance(found, float):
        unit, decimals = NUMERIC[question.kind]
        return Quantity(round(found, decimals), unit, decimals)
    if isinstance(found, Unanswered):
        return found
    options = question.answer.options if isinstance(question.answer, Choice) else ()
    return Choice(options, options.index(found)) if found in options else Unanswered.NO_SUCH_OPTION


_Found = float | str | Unanswered


def _instances(scene: AnnotatedScene, category: str) -> list[SceneObject]:
    return [thing for thing in scene.geometry.objects if thing.category == category]


def _only_one(scene: AnnotatedScene, category: str) -> SceneObject | Unanswered:
    match _instances(scene, category):
        case []:
            return Unanswered.OBJECT_NOT_IN_METADATA
        case [thing]:
            return thing
        case _:
            return Unanswered.SEVERAL_OBJECTS


def _count(_: OfficialQuestion, scene: AnnotatedScene, names: _Names, __: Distance) -> _Found:
    boxes = len(_instances(scene, names[0]))
    count = scene.counts.get(names[0], boxes)
    return float(count) if count else Unanswered.OBJECT_NOT_IN_METADATA


def _pairs(scene: AnnotatedScene, a: str, b: str) -> list[tuple[SceneObject, SceneObject]]:
    return [(x, y) for x in _instances(scene, a) for y in _instances(scene, b) if x is not y]


def _least(
    pairs: Sequence[tuple[SceneObject, SceneObject]], distance: Distance
) -> tuple[float, int]:
    """Return the least distance of any pair, and which pair has it."""
    gaps = pair_gaps(stack_boxes([x for x, _ in pairs]), stack_boxes([y for _, y in pairs]))
    order = np.argsort(gaps, kind="stable").tolist()
    if distance == "exact":
        return float(gaps[order[0]]), order[0]
    least, nearest = np.inf, order[0]
    for i in order:
        if gaps[i] >= least:  # sampled distances are never below the gap
            break
        sampled = official_distance_m(pairs[i][0], pairs[i][1], float(gaps[i]))
        if sampled < least:
            least, nearest = sampled, i
    return least, nearest


def _distance(
    _: OfficialQuestion, scene: AnnotatedScene, names: _Names, distance: Distance
) -> _Found:
    pairs = _pairs(scene, names[0], names[1])
    return _least(pairs, distance)[0] if pairs else Unanswered.OBJECT_NOT_IN_METADATA


def _size(_: OfficialQuestion, scene: AnnotatedScene, names: _Names, __: Distance) -> _Found:
    thing = _only_one(scene, names[0])
    return thing if isinstance(thing, Unanswered) else 100.0 * float(thing.size.max())


def _room(_: OfficialQuestion, scene: AnnotatedScene, __: _Names, ___: Distance) -> _Found:
    area = scene.geometry.floor_area_m2
    return Unanswered.NO_ROOM_SIZE if area is None else area


def _nearest(
    question: OfficialQuestion, scene: AnnotatedScene, names: _Names, distance: Distance
) -> _Found:
    options = question.answer.options if isinstance(question.answer, Choice) else ()
    pairs, option_of = [], list[str]()
    for option in options:
        found = _pairs(scene, names[0], option)
        if not found:
            return Unanswered.OBJECT_NOT_IN_METADATA
        pairs += found
        option_of += [option] * len(found)
    return option_of[_least(pairs, distance)[1]]


def _direction(
    question: OfficialQuestion, scene: AnnotatedScene, names: _Names, _: Distance
) -> _Found:
    middles = []
    for name in names:
        thing = _only_one(scene, name)
        if isinstance(thing, Unanswered):
            return thing
        middles.append(thing.center[None, :2])
    sectors = _SECTORS[question.kind]
    return sectors.names[int(classify_turns(turn_deg(*middles), sectors).sector[0])]


_Answerer = Callable[[OfficialQuestion, AnnotatedScene, _Names, Distance], _Found]
_ANSWERS: Final[Mapping[QuestionKind, _Answerer]] = {
    QuestionKind.OBJECT_COUNTING: _count,
    QuestionKind.OBJECT_ABS_DISTANCE: _distance,
    QuestionKind.OBJECT_SIZE_ESTIMATION: _size,
    QuestionKind.ROOM_SIZE_ESTIMATION: _room,
    QuestionKind.OBJECT_REL_DISTANCE: _nearest,
    **dict.fromkeys(_SECTORS, _direction),
}
