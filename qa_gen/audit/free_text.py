"""Questions with free answers, as choices among the answers that occur most often."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Final, NamedTuple

import numpy as np
from jaxtyping import Bool

from qa_gen.prompting import answer_text
from qa_gen.record import Choice, FreeText, SpatialQA

MOST_ANSWERS: Final = 20
FEW_ANSWERS: Final = 4  # such kinds ("yes", "no") are as good as choices and have a chance level
_OTHER: Final = "(another answer)"


class AsChoices(NamedTuple):
    """Free answers to choose from.

    Attributes:
        qas: With the usual answers as options.
        open: By id, whether none of the usual answers is accepted, so that no guess is right.
        are_few: Whether there are so few answers that all of them are offered.
    """

    qas: list[SpatialQA]
    open: dict[str, bool]
    are_few: bool

    def closed(self, qa_ids: Sequence[str]) -> Bool[np.ndarray, " n"]:
        """Return for questions in any order whether one of the usual answers is right."""
        return np.array([not self.open[qa_id] for qa_id in qa_ids], dtype=np.bool_)


def as_choices(qas: Sequence[SpatialQA]) -> AsChoices:
    """Offer the most frequent answers of one kind for each of its questions."""
    frequent = Counter(answer_text(qa.answer).lower() for qa in qas).most_common()
    ranked = sorted(frequent, key=lambda item: (-item[1], item[0]))[:MOST_ANSWERS]
    are_few = 1 < len(frequent) <= FEW_ANSWERS
    options = tuple(text for text, _ in ranked) + (() if are_few else (_OTHER,))
    chosen, unusual = [], {}
    for qa in qas:
        accepted = (
            [text.lower() for text in qa.answer.accepted]
            if isinstance(qa.answer, FreeText)
            else [answer_text(qa.answer).lower()]
        )
        right = next((options.index(text) for text in accepted if text in options), None)
        unusual[qa.qa_id] = right is None
        correct = len(options) - 1 if right is None else right
        chosen.append(replace(qa, answer=Choice(options, correct)))
    return AsChoices(chosen, unusual, are_few)
