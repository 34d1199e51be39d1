"""Ask one kind about one scene, without the table of all kinds."""

from collections import Counter

from qa_gen.config import LabelConfig
from qa_gen.generate import ask
from qa_gen.record import SpatialQA
from qa_gen.survey import survey_sequence
from synth.seeding import rng_for


def ask_all(question, geometry, **config):
    """All questions of a kind about a scene, and how many candidates each reason cost."""
    settings = LabelConfig(**{"max_per_kind": 10_000, "phrasing": "canonical"} | config)
    survey = survey_sequence(geometry, settings)
    records = ask(question, survey, settings, rng_for(0, geometry.sequence_id, question.kind))
    lost = Counter()
    for record in records:
        if not isinstance(record, SpatialQA):
            lost[record.reason] += record.count
    return [r for r in records if isinstance(r, SpatialQA)], lost


def answers(question, geometry, **config):
    """Right answers by the objects named, in their order."""
    return {qa.objects: qa.answer.text for qa in ask_all(question, geometry, **config)[0]}
