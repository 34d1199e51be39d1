"""One number for a benchmark: VSI-Bench's macro mean, and the micro mean beside it."""

from collections.abc import Mapping
from typing import Final

from qa_gen.question import AnswerType

_DIRECTION: Final = "object_rel_direction"
_LEVELS: Final = tuple(f"{_DIRECTION}_{level}" for level in ("easy", "medium", "hard"))
VSI_TASKS: Final[Mapping[str, tuple[str, ...]]] = {
    "object_counting": ("object_counting",),
    "object_abs_distance": ("object_abs_distance",),
    "object_size_estimation": ("object_size_estimation",),
    "room_size_estimation": ("room_size_estimation",),
    "object_rel_distance": ("object_rel_distance",),
    _DIRECTION: _LEVELS,
    "route_planning": ("route_planning",),
    "obj_appearance_order": ("obj_appearance_order",),
}
"""VSI-Bench's eight tasks and the question types each is made of."""

VSI_ANSWERS: Final[Mapping[str, AnswerType]] = {
    **dict.fromkeys((name for names in VSI_TASKS.values() for name in names), "choice"),
    "object_counting": "quantity",
    "object_abs_distance": "quantity",
    "object_size_estimation": "quantity",
    "room_size_estimation": "quantity",
}
"""What an answer to each of VSI-Bench's ten question types is."""


def task_scores(scores: Mapping[str, float]) -> dict[str, float]:
    """Return the score of every task: the levels of a relative direction are averaged into one.

    A level without questions is left out of that average (VSI-Bench's own code stops there). A
    question type that is not VSI-Bench's is a task of its own.
    """
    tasks = dict.fromkeys(_LEVELS, _DIRECTION)
    grouped: dict[str, list[float]] = {}
    for question_type, score in scores.items():
        grouped.setdefault(tasks.get(question_type, question_type), []).append(score)
    return {task: sum(group) / len(group) for task, group in grouped.items()}


def macro_mean(scores: Mapping[str, float]) -> float:
    """Return the unweighted mean over tasks: VSI-Bench's "overall", if all eight are there.

    Args:
        scores: By question type.

    Raises:
        ValueError: There are no scores.

    Source: ``vsibench_aggregate_results`` of vision-x-nyu/thinking-in-space.
    """
    if not scores:
        raise ValueError("an overall score needs at least one question type, got none.")
    tasks = task_scores(scores)
    return sum(tasks.values()) / len(tasks)


def micro_mean(scores: Mapping[str, float], counts: Mapping[str, int]) -> float:
    """Return the mean over questions, as Brown et al. (TsT) report it.

    Args:
        scores: By question type.
        counts: Questions of each type.

    Raises:
        ValueError: There are no questions.
    """
    total = sum(counts[name] for name in scores)
    if not total:
        raise ValueError("an overall score needs at least one question, got none.")
    return sum(score * counts[name] for name, score in scores.items()) / total
