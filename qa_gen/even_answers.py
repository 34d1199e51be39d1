"""Candidates among which the wording does not tell the answer.

If objects by the wall are only ever asked about in questions whose answer is "front-left", a
model that never looks learns it. Candidates are put into groups by what the wording tells (where
one stands, which options there are), and a group is asked about only where the sequence holds a
clear question for each answer; sampled evenly over groups and answers, none is likelier.
"""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Bool, Float64, Int64

from qa_gen.config import LabelConfig
from qa_gen.question import Check
from qa_gen.record import QuestionKind, SkipReason


def clear_ones(
    margin: Float64[np.ndarray, " c"],
    sigma: Float64[np.ndarray, " c"],
    checks: Sequence[Check],
    config: LabelConfig,
    least_margin: tuple[QuestionKind, float],
) -> Bool[np.ndarray, " c"]:
    """Return which candidates would be asked: they meet all checks, the floor and k sigma.

    Args:
        margin: Of each candidate.
        sigma: Of each candidate.
        checks: All others.
        config: Has the floors.
        least_margin: The kind, and the floor it declares.
    """
    clear = (margin >= config.floor(*least_margin)) & ~(margin < config.sigma_factor * sigma)
    for check in checks:
        clear = clear & check.met
    return clear


def even_answers(
    group: Int64[np.ndarray, " c"],
    answer: Int64[np.ndarray, " c"],
    clear: Bool[np.ndarray, " c"],
    least_answers: int,
) -> Check:
    """Refuse the clear candidates of groups in which too few answers have a clear candidate.

    Args:
        group: What each candidate's wording tells, as a number from 0.
        answer: Number of its answer, from 0.
        clear: Whether it would be asked otherwise.
        least_answers: Different answers that a group needs. A group of fewer candidates (in a
            sequence of few objects) needs one for each.
    """
    if not len(group):
        return Check(SkipReason.NO_COUNTER_EXAMPLE, np.ones(0, dtype=np.bool_))
    sizes = np.bincount(group)
    present = np.zeros((len(sizes), int(answer.max()) + 1), dtype=np.bool_)
    present[group[clear], answer[clear]] = True
    even = present.sum(axis=1) >= np.minimum(sizes, least_answers)
    return Check(SkipReason.NO_COUNTER_EXAMPLE, ~clear | even[group])
