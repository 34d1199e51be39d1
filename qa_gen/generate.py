"""All questions about one sequence."""

from qa_gen.config import LabelConfig
from qa_gen.questions import QUESTIONS
from qa_gen.record import Skipped, SkipReason, SpatialQA
from qa_gen.survey import survey_sequence
from synth.scene import SceneGeometry
from synth.seeding import rng_for

__all__ = ["LabelConfig", "label_sequence"]


def label_sequence(
    geometry: SceneGeometry, config: LabelConfig, seed: int
) -> list[SpatialQA | Skipped]:
    """Return every question and every skip, the same on every machine and in every order of work.

    All candidates of a kind are enumerated, the unclear ones counted out by reason, and the rest
    sampled evenly over answers down to the cap: nothing is retried, so it always ends.

    Args:
        geometry: As measured; questions it cannot answer become ``Skipped``.
        config: Kinds and floors.
        seed: Of the run; combined with the sequence's id and the kind.
    """
    survey = survey_sequence(geometry, config)
    records: list[SpatialQA | Skipped] = []
    for kind in config.kinds:
        records += QUESTIONS[kind](survey, config, rng_for(seed, geometry.sequence_id, kind))
    return records


def skip_sequence(sequence_id: str, config: LabelConfig) -> list[SpatialQA | Skipped]:
    """Return one skip a kind for a clip that a gate refused: nothing is asked of it."""
    return [Skipped(kind, sequence_id, SkipReason.CLIP_REJECTED) for kind in config.kinds]
