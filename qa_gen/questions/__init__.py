"""Every kind of question. To add one: a module with ``ask``, an enum value, a line here."""

from collections.abc import Mapping
from typing import Final, Protocol

import numpy as np

from qa_gen.config import LabelConfig
from qa_gen.questions import (
    camera_motion,
    object_abs_distance,
    object_rel_direction,
    object_rel_distance,
)
from qa_gen.record import QuestionKind, Skipped, SpatialQA
from qa_gen.survey import Survey


class Question(Protocol):
    """Turns a surveyed sequence into questions. Pure: all randomness comes from ``rng``."""

    def __call__(
        self, survey: Survey, config: LabelConfig, rng: np.random.Generator
    ) -> list[SpatialQA | Skipped]:
        """Return at most ``config.max_per_kind`` questions, and every reason for not asking."""
        ...


QUESTIONS: Final[Mapping[QuestionKind, Question]] = {
    QuestionKind.OBJECT_ABS_DISTANCE: object_abs_distance.ask,
    QuestionKind.OBJECT_REL_DIRECTION_EASY: object_rel_direction.ask_easy,
    QuestionKind.OBJECT_REL_DIRECTION_MEDIUM: object_rel_direction.ask_medium,
    QuestionKind.OBJECT_REL_DIRECTION_HARD: object_rel_direction.ask_hard,
    QuestionKind.OBJECT_REL_DISTANCE: object_rel_distance.ask,
    QuestionKind.CAMERA_MOTION: camera_motion.ask,
}
