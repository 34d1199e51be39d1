"""Scores of many replies, by question type."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from qa_gen.benchmarks.sqa3d import GROUPS, SituatedQuestion
from qa_gen.question import Metric
from qa_gen.scoring.overall import VSI_ANSWERS, macro_mean, micro_mean, task_scores
from qa_gen.scoring.predictions import Prediction
from qa_gen.scoring.relative_accuracy import MraVariant
from qa_gen.scoring.replies import Reading, metric_of, score
from qa_gen.scoring.words import exact_match, exact_match_contained, exact_match_refined


class TypeScore(NamedTuple):
    """How one type of question was answered.

    Attributes:
        question_type: Its published name.
        metric: What ``score`` is a mean of.
        n: Questions.
        unparsed: Replies among them in which no answer was found; they earn nothing.
        score: Mean over all ``n``, in [0, 1].
    """

    question_type: str
    metric: Metric
    n: int
    unparsed: int
    score: float


class ScoreTable(NamedTuple):
    """How a file of questions was answered.

    Attributes:
        types: VSI-Bench's types in its order, then the others by name.
        tasks: What the macro mean is taken over, see ``task_scores``.
        macro: Unweighted mean of the tasks; VSI-Bench's overall score if it has all eight.
        micro: Mean over questions.
    """

    types: tuple[TypeScore, ...]
    tasks: Mapping[str, float]
    macro: float
    micro: float


def score_table(
    predictions: Sequence[Prediction], *, reading: Reading, variant: MraVariant = "code"
) -> ScoreTable:
    """Score predictions, read as one harness reads them.

    Raises:
        ValueError: There are none, or some questions of a type are scored by another metric than
            the others (a type with options on some lines only).
    """
    grouped: dict[str, list[Prediction]] = {}
    for prediction in predictions:
        grouped.setdefault(prediction.question_type, []).append(prediction)
    order = [*VSI_ANSWERS, *sorted(grouped.keys() - VSI_ANSWERS.keys())]
    types = [
        _type_score(name, grouped[name], reading, variant) for name in order if name in grouped
    ]
    scores = {row.question_type: row.score for row in types}
    return ScoreTable(
        types=tuple(types),
        tasks=task_scores(scores),
        macro=macro_mean(scores),
        micro=micro_mean(scores, {row.question_type: row.n for row in types}),
    )


def _type_score(
    name: str, predictions: Sequence[Prediction], reading: Reading, variant: MraVariant
) -> TypeScore:
    metrics = {metric_of(prediction.answer) for prediction in predictions}
    if len(metrics) != 1:
        raise ValueError(
            f"scoring {name}: its questions are scored by {' and by '.join(sorted(metrics))}; "
            "give all of them options, or none"
        )
    earned = [score(p.reply, p.answer, variant=variant, reading=reading) for p in predictions]
    return TypeScore(
        question_type=name,
        metric=metrics.pop(),
        n=len(earned),
        unparsed=sum(one is None for one in earned),
        score=sum(one or 0.0 for one in earned) / len(earned),
    )


class SituatedScore(NamedTuple):
    """How SQA3D's questions of one group were answered; shares of ``n``."""

    group: str
    n: int
    exact: float  # EM@1, what papers print
    refined: float  # "EM refined" of LEO; an empty reply counts as right
    contained: float  # the answer's words stand in the reply


def sqa3d_table(
    questions: Sequence[SituatedQuestion], replies: Mapping[int, str]
) -> list[SituatedScore]:
    """Score SQA3D by the first word of the question: What, Is, How, Can, Which, Others, all.

    Args:
        questions: Of one split.
        replies: By ``question_id``; a question without one counts as answered with nothing.

    Raises:
        ValueError: There are no questions, or a reply is to none of them.
    """
    unknown = replies.keys() - {question.question_id for question in questions}
    if unknown or not questions:
        raise ValueError(
            f"scoring SQA3D: {len(unknown)} of {len(replies)} replies are to questions that are "
            f"not among the {len(questions)}; take the questions of the same split."
        )
    groups = [(name, [q for q in questions if q.group == name]) for name in GROUPS]
    return [
        _situated_score(name, group, replies)
        for name, group in (*groups, ("all", questions))
        if group
    ]


def _situated_score(
    name: str, questions: Sequence[SituatedQuestion], replies: Mapping[int, str]
) -> SituatedScore:
    said = [(replies.get(q.question_id, ""), q.answers) for q in questions]
    n = len(said)
    return SituatedScore(
        group=name,
        n=n,
        exact=sum(exact_match(reply, answers) for reply, answers in said) / n,
        refined=sum(exact_match_refined(reply, answers) for reply, answers in said) / n,
        contained=sum(exact_match_contained(reply, answers) for reply, answers in said) / n,
    )
