"""Groups of candidates in which the wording would tell the answer are refused."""

import numpy as np

from qa_gen.even_answers import even_answers
from qa_gen.record import SkipReason


def met(group, answer, clear, least):
    columns = (np.array(group), np.array(answer), np.array(clear, dtype=np.bool_))
    check = even_answers(*columns, least)
    assert check.reason is SkipReason.NO_COUNTER_EXAMPLE
    return check.met.tolist()


def test_a_group_needs_a_clear_candidate_for_each_answer():
    # Group 0 has answers 0 and 1; group 1 only ever 0; in group 2 answer 1 is not clear.
    group, answer = [0, 0, 0, 1, 1, 2, 2], [0, 0, 1, 0, 0, 0, 1]
    clear = [1, 1, 1, 1, 1, 1, 0]
    assert met(group, answer, clear, 2) == [True, True, True, False, False, False, True]


def test_what_is_refused_for_another_reason_is_not_counted_here():
    assert met([0, 0], [0, 0], [0, 1], 2) == [True, False]


def test_a_group_too_small_for_all_answers_needs_as_many_as_it_has_candidates():
    assert met([0, 1, 1], [0, 0, 2], [1, 1, 1], 4) == [True, True, True]
    assert met([0, 0, 0], [0, 2, 2], [1, 1, 1], 4) == [False, False, False]


def test_no_candidates_are_no_problem():
    assert met(np.zeros(0, np.int64), np.zeros(0, np.int64), [], 3) == []
