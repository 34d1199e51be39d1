"""The prompt format: Qwen2's chat marks around the question as ``qa_gen`` renders it.

A conversation about one clip opens with the clip's visual tokens; every question about it
follows on its own. The opening is the same for all questions, so questions of one clip can share
it (``fusion_model.batches``).
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from transformers import PreTrainedTokenizerBase, PreTrainedTokenizerFast

from qa_gen.prompting import CHOICE_INSTRUCTION, answer_text, render
from qa_gen.record import Choice, SpatialQA

IMAGE: Final = "<image>"
TURN_START: Final = "<|im_start|>"
TURN_END: Final = "<|im_end|>"
PAD: Final = "<|endoftext|>"
SPECIAL_TOKENS: Final = (PAD, TURN_START, TURN_END, IMAGE)

_OPENING: Final = f"{TURN_START}user\n"
_REPLY: Final = f"{TURN_END}\n{TURN_START}assistant\n"


class EncodedQuestion(NamedTuple):
    """A question as tokens, without its conversation's opening.

    Attributes:
        sequence_id: The clip it asks about.
        question_ids: The question and the start of the reply.
        answer_ids: The answer and its end mark.
    """

    sequence_id: str
    question_ids: tuple[int, ...]
    answer_ids: tuple[int, ...]


def load_tokenizer(path: Path | str) -> PreTrainedTokenizerBase:
    """Load a tokenizer with the chat's marks.

    A Qwen2 from the Hub has all but ``<image>``, which is added. Its embedding is never read:
    visual tokens take its place.

    Raises:
        ValueError: Another mark is missing.
    """
    # Not AutoTokenizer: beside our own model it guesses a tokenizer class from the weights config.
    tokenizer: PreTrainedTokenizerBase = PreTrainedTokenizerFast.from_pretrained(str(path))
    missing = [mark for mark in SPECIAL_TOKENS if mark not in tokenizer.get_vocab()]
    if missing == [IMAGE]:
        tokenizer.add_special_tokens({"additional_special_tokens": missing})
    elif missing:
        raise ValueError(
            f"Loading the tokenizer of {path}: it has no token for {missing}; pass a Qwen2 chat "
            "model, or add them as special tokens before training."
        )
    return tokenizer


def question_text(qa: SpatialQA) -> str:
    """Return what stands between the opening and the answer."""
    return f"{render(qa)}{_REPLY}"


def reply_text(qa: SpatialQA) -> str:
    """Return the right answer with its end mark."""
    return f"{answer_text(qa.answer)}{TURN_END}"


def _without_letters(qa: SpatialQA) -> str:
    return f"{render(qa).removesuffix(CHOICE_INSTRUCTION).rstrip()}{_REPLY}"


def spoken_question(qa: SpatialQA) -> str:
    """Return the question without its options, up to where the reply begins."""
    return f"{qa.question}{_REPLY}"


def spoken_answer(qa: SpatialQA) -> str:
    """Return the right answer in words (an option's text, or the number) with its end mark."""
    said = qa.answer.text if isinstance(qa.answer, Choice) else answer_text(qa.answer)
    return f"{said}{TURN_END}"


def encode_opening(
    tokenizer: PreTrainedTokenizerBase, n_visual_tokens: int, facts: str = ""
) -> tuple[int, ...]:
    """Return the opening of a conversation.

    Args:
        tokenizer: Of the language model.
        n_visual_tokens: Places for visual tokens; 0 for a blind model.
        facts: Text in their stead, as the language model's own training has it.
    """
    seen = IMAGE * n_visual_tokens + facts
    text = _OPENING + (f"{seen}\n" if seen else "")
    return tuple(tokenizer(text, add_special_tokens=False).input_ids)


def encode_questions(
    tokenizer: PreTrainedTokenizerBase, qas: Sequence[SpatialQA], *, in_words: bool = False
) -> list[EncodedQuestion]:
    """Tokenize questions and answers.

    Args:
        tokenizer: Of the language model.
        qas: What is asked.
        in_words: A choice is answered by the option's text and not by its letter, and the
            instruction to answer by letter is left out.
    """
    if not qas:
        return []
    say = spoken_answer if in_words else reply_text
    asked = [_without_letters(qa) if in_words else question_text(qa) for qa in qas]
    questions = tokenizer(asked, add_special_tokens=False).input_ids
    answers = tokenizer([say(qa) for qa in qas], add_special_tokens=False).input_ids
    return [
        EncodedQuestion(qa.sequence_id, tuple(question), tuple(answer))
        for qa, question, answer in zip(qas, questions, answers, strict=True)
    ]


def shuffle_options(qa: SpatialQA, rng: np.random.Generator) -> SpatialQA:
    """Return the question with its options in another order; the right one stays right.

    Seen again, a question must not be answered by remembering its letter.
    """
    if not isinstance(qa.answer, Choice):
        return qa
    order = [int(i) for i in rng.permutation(len(qa.answer.options))]
    options = tuple(qa.answer.options[i] for i in order)
    return replace(
        qa, answer=replace(qa.answer, options=options, correct=order.index(qa.answer.correct))
    )
