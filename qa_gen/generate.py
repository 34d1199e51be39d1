"""All questions about one sequence: the one place where candidates become questions."""

import hashlib
import json
from dataclasses import fields, replace
from math import isnan
from operator import attrgetter
from typing import Final

import numpy as np

from qa_gen.answers import Box, Choice, Order, Quantity
from qa_gen.config import LabelConfig
from qa_gen.given_frames import only_frames
from qa_gen.phrasing import template_id
from qa_gen.prompting import answer_text, parse
from qa_gen.question import Candidates, Check, Need, Question
from qa_gen.questions import QUESTIONS
from qa_gen.record import Answer, Skipped, SkipReason, SpatialQA
from qa_gen.sieve import sample_evenly, sieve
from qa_gen.survey import Survey, survey_sequence
from synth.scene import SceneGeometry
from synth.seeding import rng_for

__all__ = ["LabelConfig", "label_sequence"]

_LACKING: Final = {
    Need.METRIC: SkipReason.SCALE_NOT_METRIC,
    Need.POSES: SkipReason.NO_POSES,
    Need.DEPTH: SkipReason.NO_DEPTH,
    Need.FLOOR_AREA: SkipReason.NO_FLOOR_AREA,
    Need.FLOOR_OUTLINE: SkipReason.NO_FLOOR_OUTLINE,
    Need.FILMED: SkipReason.NOT_FILMED,
}
_FIELDS: Final = tuple(field.name for field in fields(SpatialQA))
_values_of: Final = attrgetter(*_FIELDS)
_encode: Final = json.JSONEncoder(allow_nan=False).encode
_ID_DIGITS: Final = 16  # hexadecimal: 64 bits


def label_sequence(
    geometry: SceneGeometry,
    config: LabelConfig,
    seed: int,
    *,
    frames: tuple[int, ...] | None = None,
) -> list[SpatialQA | Skipped]:
    """Return every question and every skip, the same on every machine and in every order of work.

    All candidates of a kind are enumerated, the unclear ones counted out by reason, and the rest
    sampled evenly over answers down to the cap: nothing is retried, so it always ends.

    Args:
        geometry: As measured; questions it cannot answer become ``Skipped``.
        config: Kinds and floors.
        seed: Of the run; combined with the sequence's id and the kind.
        frames: Keyframes that a model will be given; labels are made for these alone, as if
            nothing else had been filmed (ReVSI). ``None``: the whole clip.

    Raises:
        ValueError: A frame is not a keyframe of the geometry.
    """
    given = geometry if frames is None else only_frames(geometry, frames)
    survey = survey_sequence(given, config)
    records: list[SpatialQA | Skipped] = []
    for kind in config.kinds:
        rng = rng_for(seed, geometry.sequence_id, kind)
        records += ask(QUESTIONS[kind], survey, config, rng)
    if frames is None:
        return records
    return [_for_frames(r, frames) if isinstance(r, SpatialQA) else r for r in records]


def skip_sequence(sequence_id: str, config: LabelConfig) -> list[SpatialQA | Skipped]:
    """Return one skip a kind for a clip that a gate refused: nothing is asked of it."""
    return [Skipped(kind, sequence_id, SkipReason.CLIP_REJECTED) for kind in config.kinds]


def ask(
    question: Question, survey: Survey, config: LabelConfig, rng: np.random.Generator
) -> list[SpatialQA | Skipped]:
    """Return at most ``config.cap(kind)`` questions of one kind, and why others were not asked.

    Raises:
        ValueError: A draft does not fit its wordings, or its answer cannot be read back: a fault
            of the kind's module.
    """
    lacking = [need for need in Need if need in question.needs and not _has(survey, need)]
    if lacking:
        return [Skipped(question.kind, survey.sequence_id, _LACKING[lacking[0]])]
    found = question.find(survey, config, rng)
    if not len(found.margin):
        nothing = Skipped(question.kind, survey.sequence_id, SkipReason.TOO_FEW_OBJECTS)
        return list(found.skips) or [nothing]
    own_unit = found.margin_unit in (None, question.margin_unit)
    floor = config.floor(question.kind, question.floor) if own_unit else 0.0
    checks = [
        *found.checks,
        Check(SkipReason.MARGIN_TOO_SMALL, found.margin >= floor),
        Check(SkipReason.UNCERTAIN, ~(found.margin < config.sigma_factor * found.sigma)),
    ]
    sieved = sieve(question.kind, survey.sequence_id, checks)
    cap = config.cap(question.kind)
    sieved = sample_evenly(sieved, found.strata[sieved.kept], cap, rng)
    n_wordings = 1 if config.phrasing == "canonical" else len(question.phrasing)
    wordings = rng.integers(n_wordings, size=len(sieved.kept)).tolist()
    asked = [
        _word(question, survey, found, i, which, rng)
        for i, which in zip(sieved.kept.tolist(), wordings, strict=True)
    ]
    return [*asked, *found.skips, *sieved.skips]


def _has(survey: Survey, need: Need) -> bool:
    geometry = survey.geometry
    match need:
        case Need.METRIC:
            return geometry.scale == "metric"
        case Need.POSES:
            return geometry.c2w is not None
        case Need.DEPTH:
            return bool(geometry.depth.any())
        case Need.FLOOR_AREA:
            return survey.floor_area_m2 is not None
        case Need.FLOOR_OUTLINE:
            return geometry.room_polygon is not None
        case Need.FILMED:
            return bool(geometry.keyframes)


def _word(
    question: Question,
    survey: Survey,
    found: Candidates,
    i: int,
    which: int,
    rng: np.random.Generator,
) -> SpatialQA:
    draft = found.draft(i, rng)
    geometry = survey.geometry
    named = [survey.things[j] for j in draft.objects]
    _check_readable(question, draft.answer)
    value, sigma = float(found.value[i]), float(found.sigma[i])
    evidence = draft.evidence
    if evidence is None:
        evidence = survey.evidence(draft.objects) if named else geometry.keyframes
    return with_id(
        SpatialQA(
            qa_id="",
            sequence_id=geometry.sequence_id,
            scene_id=geometry.scene_id,
            kind=question.kind,
            question=question.phrasing.say(draft.slots, which),
            template=template_id(which),
            answer=draft.answer,
            definition=question.definition,
            value=None if isnan(value) else value,
            margin=float(found.margin[i]),
            margin_unit=found.margin_unit or question.margin_unit,
            sigma=None if isnan(sigma) else sigma,
            frames=draft.frames,
            evidence_frames=evidence,
            objects=tuple(thing.instance_id for thing in named),
            categories=tuple(thing.category for thing in named),
            marks=draft.marks,
            geometry_source=found.measured_by or geometry.provenance.made_by,
        )
    )


def with_id(qa: SpatialQA) -> SpatialQA:
    """Return the question under the id that its content gives: equal content, equal id."""
    content = [
        *(qa.sequence_id, qa.scene_id, qa.kind, qa.question, qa.template, _plain(qa.answer)),
        *(qa.definition, qa.value, qa.margin, qa.margin_unit, qa.sigma, qa.frames),
        *(qa.evidence_frames, qa.objects, qa.categories),
        [(mark.label, mark.frame, mark.x, mark.y) for mark in qa.marks],
        qa.geometry_source,
    ]
    digest = hashlib.sha256(_encode(content).encode()).hexdigest()
    values = dict(zip(_FIELDS, _values_of(qa), strict=True))  # dataclasses.replace takes thrice
    values["qa_id"] = f"{qa.sequence_id}/{qa.kind}/{digest[:_ID_DIGITS]}"
    return SpatialQA(**values)


def _plain(answer: Answer) -> list[object]:
    match answer:
        case Choice():
            return ["choice", answer.options, answer.correct]
        case Quantity():
            return ["quantity", answer.value, answer.unit, answer.decimals]
        case Order():
            return ["order", answer.items]
        case Box():
            return ["box", answer.form, answer.values, answer.frame]
        case _:
            return ["text", answer.accepted]


def _check_readable(question: Question, answer: Answer) -> None:
    """Refuse an answer whose text does not parse back to it."""
    text = answer_text(answer)
    read = parse(text, answer)
    match answer:
        case Choice():
            same = read == answer.correct
        case Quantity():
            same = read == answer.value
        case Order():
            same = read == answer.items
        case Box():
            same = read == answer.values
        case _:
            same = read == answer.accepted[0]
    if not same:
        raise ValueError(
            f"asking {question.kind}: the answer {answer} is written {text!r}, which reads as "
            f"{read!r}; mend the kind's options, rounding or words."
        )


def _for_frames(qa: SpatialQA, frames: tuple[int, ...]) -> SpatialQA:
    return with_id(replace(qa, frames=qa.frames or frames))
