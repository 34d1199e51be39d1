"""What every kind of question declares, and that it can be asked."""

import os
import re
from pathlib import Path

import pytest

from qa_gen.answers import Box, Choice, FreeText, Order, Quantity, Unit
from qa_gen.catalogue import catalogue
from qa_gen.phrasing import LEAST_PARAPHRASES
from qa_gen.questions import QUESTIONS
from qa_gen.record import QuestionKind

kinds = pytest.mark.parametrize("kind", list(QuestionKind))
TYPES = {"choice": Choice, "quantity": Quantity, "text": FreeText, "order": Order, "box": Box}
METRICS = {
    "choice": {"accuracy"}, "quantity": {"MRA", "accuracy"}, "text": {"EM"},
    "order": {"accuracy"}, "box": {"IoU"},
}  # fmt: skip


def test_every_kind_has_a_file_and_a_line():
    assert set(QUESTIONS) == set(QuestionKind)
    assert len(QUESTIONS) >= 40
    for kind, question in QUESTIONS.items():
        assert question.find.__module__.rpartition(".")[2] == kind.value


def test_definitions_are_unique_ids():
    ids = [question.definition for question in QUESTIONS.values()]
    assert all(re.fullmatch(r"[a-z0-9_]+", name) for name in ids)
    by_meaning = {q.definition: set() for q in QUESTIONS.values()}
    for question in QUESTIONS.values():
        by_meaning[question.definition].add(question.meaning)
    assert all(len(meanings) == 1 for meanings in by_meaning.values())


@kinds
def test_a_kind_declares_what_a_reader_needs(kind):
    question = QUESTIONS[kind]
    assert question.kind is kind
    assert len(question.meaning) > 60
    assert "margin" in question.meaning
    assert len(question.source) > 20
    assert question.floor > 0
    assert question.metric in METRICS[question.answer_type]
    assert len(question.phrasing.others) >= LEAST_PARAPHRASES
    assert (question.phrasing.unit is None) == (question.answer_type != "quantity")
    assert question.phrasing.unit is None or isinstance(question.phrasing.unit, Unit)


def test_the_page_of_all_kinds_is_up_to_date():
    page = Path(__file__).parents[2] / "docs" / "questions.md"
    if os.environ.get("UPDATE_GOLDEN") == "1":
        page.write_text(catalogue(), encoding="utf-8")
    assert page.read_text(encoding="utf-8") == catalogue(), "run python -m qa_gen.catalogue"
