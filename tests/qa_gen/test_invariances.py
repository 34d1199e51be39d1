"""Every kind, in worlds that are turned, mirrored, resized, and listed in another order."""

import re
from functools import lru_cache

import numpy as np
import pytest
from box_scenes import yaw
from worlds import mirrored, moved, renumbered, scaled, shuffled, telling_rooms

from qa_gen.answers import Box, Choice, FreeText, Order, Quantity
from qa_gen.generate import LabelConfig, label_sequence
from qa_gen.questions import QUESTIONS
from qa_gen.record import QuestionKind, SpatialQA

kinds = pytest.mark.parametrize("kind", list(QuestionKind))
FACTOR = 1.25
# Five objects are chosen in so many ways that two samples share but few questions.
SPARSE = {QuestionKind.OBJECT_REL_DISTANCE, QuestionKind.OBJECT_REL_DISTANCE_FARTHEST}


@lru_cache(maxsize=256)
def asked(kind, change, which):
    """All questions of a kind about one room, by what they name."""
    config = LabelConfig(kinds=(kind,), max_per_kind=100, phrasing="canonical")
    geometry = telling_rooms()[which]
    if change is not None:
        geometry = CHANGES[change](geometry)
    records = label_sequence(geometry, config, 0)
    return {_key(r): r for r in records if isinstance(r, SpatialQA)}


CHANGES = {
    "moved": lambda g: moved(g, yaw(37.0), np.array([3.0, -2.0, 1.0])),
    "mirrored": mirrored,
    "scaled": lambda g: scaled(g, FACTOR),
    "shuffled": shuffled,
    "renumbered": renumbered,
}


def _key(qa):
    """What is asked, whatever the answer: objects, images, places, and the sorted options."""
    slots = QUESTIONS[qa.kind].phrasing.read(qa.question)
    assert slots is not None, qa.question
    spoken = tuple(sorted((k, v) for k, v in slots.items() if "point" not in v))
    marks = tuple((m.label, m.frame, m.x, m.y) for m in qa.marks)
    return qa.objects, qa.frames, marks, spoken


def right(qa):
    """The right answer, whatever the order of the options."""
    match qa.answer:
        case Choice():
            return qa.answer.text
        case Quantity():
            return qa.value
        case Order(items=items):
            return items
        case FreeText(accepted=accepted):
            return accepted
        case Box(values=values):
            return values


def same(kind, before, after, power=0):
    """Pairs of answers to the same questions, compared."""
    common = before.keys() & after.keys()
    for key in common:
        old, new = right(before[key]), right(after[key])
        if isinstance(before[key].answer, Quantity):
            old = pytest.approx(old * FACTOR**power, rel=1e-4, abs=1e-6)
        elif isinstance(before[key].answer, Box):
            old = pytest.approx(old, abs=1.01)  # as far as rounding goes
        assert new == old, (kind, key)
    return len(common)


@kinds
def test_answers_do_not_depend_on_the_world_frame(kind):
    shared = total = 0
    for which in range(4):
        before, after = asked(kind, None, which), asked(kind, "moved", which)
        shared += same(kind, before, after)
        total += len(before)
    assert total > 0, f"no room is asked about {kind}"
    assert shared >= 0.9 * total


@kinds
def test_records_do_not_depend_on_the_order_of_objects(kind):
    for which in range(4):
        assert asked(kind, None, which) == asked(kind, "shuffled", which)


@kinds
def test_a_larger_world_has_larger_lengths_and_the_same_relations(kind):
    power = QUESTIONS[kind].invariances.scale_power
    if power is None:
        pytest.skip("the question itself states a length")
    shared = total = 0
    for which in range(4):
        before, after = asked(kind, None, which), asked(kind, "scaled", which)
        shared += same(kind, before, after, power)
        total += len(before)
    assert shared > (0 if kind in SPARSE else 0.2 * total)


@kinds
def test_a_mirror_does_what_is_declared(kind):
    declared = QUESTIONS[kind].invariances.mirror
    shared = 0
    for which in range(4):
        after = {
            _unmirrored(key, declared): qa for key, qa in asked(kind, "mirrored", which).items()
        }
        for key, qa in asked(kind, None, which).items():
            seen = after.get(_in_order(key))
            if seen is None:
                continue
            shared += 1
            assert right(seen) == _reflected(qa, declared), (kind, key)
    assert shared > 0


def _in_order(key):
    objects, frames, marks, spoken = key
    return objects, frames, marks, spoken


def _unmirrored(key, declared):
    objects, frames, marks, spoken = key
    flipped = tuple((label, frame, 1000 - x, y) for label, frame, x, y in marks)
    back = {new: old for old, new in declared.items()}
    return objects, frames, flipped, tuple((k, _swap_words(v, back)) for k, v in spoken)


def _reflected(qa, declared):
    """The answer the mirrored world must have."""
    answer = right(qa)
    match qa.answer:
        case Choice():
            return _swap_words(answer, declared)
        case Quantity():
            return pytest.approx(answer, rel=1e-4, abs=1e-6)
        case Order():
            return tuple(_swap_words(item, declared) for item in answer)
        case FreeText():
            return tuple(_swap_words(text, declared) for text in answer)
        case Box(form="image", values=(x1, y1, x2, y2)):
            return pytest.approx((1000 - x2, y1, 1000 - x1, y2), abs=1.01)
        case Box(values=(x, y, z, *size, roll, pitch, yaw)):
            return pytest.approx((-x, y, z, *size, -roll, pitch, -yaw), abs=0.011)


def _swap_words(text, declared):
    if text in declared:
        return declared[text]
    longest_first = sorted(declared, key=len, reverse=True)
    if not longest_first:
        return text
    pattern = "|".join(rf"(?<![\w-]){re.escape(word)}(?![\w-])" for word in longest_first)
    return re.sub(pattern, lambda found: declared[found[0]], text)


@kinds
def test_exchanging_two_objects_does_what_is_declared(kind):
    invariances = QUESTIONS[kind].invariances
    if invariances.swap is None:
        pytest.skip("no two of its objects are exchangeable")
    i, j = invariances.swap
    shared = 0
    for which in range(4):
        before = {(qa.objects, qa.frames): qa for qa in asked(kind, None, which).values()}
        top = max(o.instance_id for o in telling_rooms()[which].objects) + 1
        again = asked(kind, "renumbered", which).values()
        both = before | {
            (tuple(top - k for k in qa.objects), qa.frames): qa
            for qa in again
            if (tuple(top - k for k in qa.objects), qa.frames) not in before
        }
        for (objects, frames), qa in both.items():
            other = list(objects)
            other[i], other[j] = other[j], other[i]
            exchanged = both.get((tuple(other), frames))
            if exchanged is None:
                continue
            shared += 1
            answer = right(qa)
            if isinstance(qa.answer, Quantity):
                assert right(exchanged) == pytest.approx(answer, rel=1e-9)
            else:
                assert right(exchanged) == _swap_words(answer, invariances.swapped)
    assert shared > 0
