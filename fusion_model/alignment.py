"""The first part of training: say what is seen, before any options are shown.

As in LLaVA's first stage, visual tokens are first taught to say their content: questions are asked
without options, and the answer is the right option's text. A letter says one of four things in
another order each time; the words say the thing itself, and are learned from far fewer clips.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from transformers import PreTrainedTokenizerBase

from fusion_model.chat import EncodedQuestion, spoken_answer, spoken_question
from qa_gen.record import QuestionKind, SpatialQA

# The camera moves alone need no object to be found first, so they open the way for the rest.
_CAMERA_SHARE: Final = 0.6


def draw_spoken(qas: Sequence[SpatialQA], n_rows: int, rng: np.random.Generator) -> list[int]:
    """Draw the questions of one step: indices into ``qas``, the camera's kind most often."""
    camera = [i for i, qa in enumerate(qas) if qa.kind is QuestionKind.CAMERA_MOTION]
    others = [i for i, qa in enumerate(qas) if qa.kind is not QuestionKind.CAMERA_MOTION]
    pools = [pool for pool in (camera, others) if pool]
    drawn = []
    for _ in range(n_rows):
        pool = pools[0] if rng.random() < _CAMERA_SHARE else pools[-1]
        drawn.append(pool[int(rng.integers(len(pool)))])
    return drawn


def encode_spoken(
    tokenizer: PreTrainedTokenizerBase, qas: Sequence[SpatialQA]
) -> list[EncodedQuestion]:
    """Tokenize questions without options, and their answers in words."""
    questions = tokenizer([spoken_question(qa) for qa in qas], add_special_tokens=False).input_ids
    answers = tokenizer([spoken_answer(qa) for qa in qas], add_special_tokens=False).input_ids
    return [
        EncodedQuestion(qa.sequence_id, tuple(question), tuple(answer))
        for qa, question, answer in zip(qas, questions, answers, strict=True)
    ]
