"""Different sentences have clearly different embeddings, also after saving and loading."""

import pytest
import torch
from transformers import AutoTokenizer, UMT5EncoderModel

from synth.prompts import PARAPHRASES, move_sentence
from synth.wan.clips import WAN_MOVES
from synth.wan.models import TEXT_POSITIONS
from synth.wan.text_codes import (
    embed,
    make_text_encoder,
    make_tokenizer,
    sentence_cosines,
    token_cosines,
)


@pytest.fixture(scope="module")
def text():
    return make_text_encoder(), make_tokenizer()


def test_the_moves_can_be_told_apart(text):
    sentences = [move_sentence(move) for move in WAN_MOVES]
    others = ~torch.eye(len(sentences), dtype=torch.bool)
    assert sentence_cosines(*text, sentences)[others].max() < 0.9
    assert token_cosines(*text, sentences)[others].max() < 0.5


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("white walls and a grey floor", "grey walls and a white floor"),
        ("the camera pans left", "the camera trucks left"),
        ("a red sofa, a blue table", "a blue sofa, a red table"),
    ],
)
def test_a_word_differs_by_the_word_before_it(text, one, other):
    cosines = token_cosines(*text, [one, other])
    assert cosines[0, 1] < 0.8
    assert cosines[1, 0] < 0.8


def test_no_prompt_has_unknown_words_or_too_many(text):
    tokenizer = text[1]
    longest = "a room with yellow walls and a beige floor, an orange trash bin, " * 1 + (
        "a purple trash bin, a yellow trash bin"
    )
    for phrases in PARAPHRASES.values():
        for phrase in phrases:
            ids = tokenizer(f"{phrase} in {longest}").input_ids
            assert tokenizer.unk_token_id not in ids
            assert len(ids) <= TEXT_POSITIONS


def test_an_empty_prompt_is_one_token_and_padding_is_zero(text):
    states = embed(*text, ["", "a pan left"])
    assert states.shape[1] == TEXT_POSITIONS
    assert (states.abs().sum(-1) > 0).sum(1).tolist() == [1, 4]


def test_saving_and_loading_keeps_every_embedding(text, tmp_path):
    encoder, tokenizer = text
    encoder.save_pretrained(tmp_path / "text_encoder")
    tokenizer.save_pretrained(tmp_path / "tokenizer")
    loaded = (
        UMT5EncoderModel.from_pretrained(tmp_path / "text_encoder"),
        AutoTokenizer.from_pretrained(tmp_path / "tokenizer"),
    )
    prompts = ["the camera pans left in a room with white walls", ""]
    torch.testing.assert_close(embed(*loaded, prompts), embed(*text, prompts), atol=0, rtol=0)
    assert loaded[1].model_max_length == TEXT_POSITIONS
