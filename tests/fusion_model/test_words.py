"""Answers are learned in words first, and a reply is one of the question's options."""

import json
import shutil

import numpy as np
import pytest
from tiny_models import GRID, N_SEQUENCES, make_features, make_qa, save_language_model
from transformers import Qwen2ForCausalLM

from fusion_model.alignment import draw_spoken, encode_spoken
from fusion_model.chat import IMAGE, TURN_END, TURN_START, encode_questions, load_tokenizer
from fusion_model.evaluate import ask
from fusion_model.mllm import Vega3DConfig, Vega3DModel
from fusion_model.train import TrainConfig
from fusion_model.training_loop import LoopConfig
from qa_gen.record import Choice, QuestionKind
from synth.seeding import rng_for
from synth.wan.training import torch_seeded

QAS = [make_qa(i) for i in range(2 * N_SEQUENCES)]
CAMERA = [i for i, qa in enumerate(QAS) if qa.kind is QuestionKind.CAMERA_MOTION]


@pytest.fixture(scope="module")
def language_model(tmp_path_factory):
    return save_language_model(tmp_path_factory.mktemp("qwen2"))


def without_marks(folder, out, *marks):
    """A copy of a language model whose tokenizer lacks some of the chat's marks."""
    shutil.copytree(folder, out)
    path = out / "tokenizer.json"
    content = json.loads(path.read_text())
    content["added_tokens"] = [t for t in content["added_tokens"] if t["content"] not in marks]
    vocabulary = content["model"]["vocab"]
    last = max(vocabulary.values())
    for mark in marks:
        # Its number goes to another word, so that the vocabulary stays without a gap.
        number = vocabulary.pop(mark)
        word = next(w for w, n in vocabulary.items() if n == last)
        vocabulary[word] = number
        last -= 1
    path.write_text(json.dumps(content))
    config = json.loads((out / "tokenizer_config.json").read_text())
    for key in ("additional_special_tokens", "extra_special_tokens", "added_tokens_decoder"):
        config.pop(key, None)
    (out / "tokenizer_config.json").write_text(json.dumps(config))
    return out


def test_a_language_model_without_image_token_gets_one(language_model, tmp_path):
    plain = without_marks(language_model, tmp_path / "plain", IMAGE)
    tokenizer = load_tokenizer(plain)
    (number,) = tokenizer(IMAGE, add_special_tokens=False).input_ids
    assert tokenizer.decode([number]) == IMAGE
    model = Qwen2ForCausalLM.from_pretrained(plain)
    model.resize_token_embeddings(number)  # as if the token lay just past the embeddings
    model.save_pretrained(plain)
    config = Vega3DConfig(
        variant="gated", semantic_dim=5, generative_dim=6, grid=list(GRID), image_token_id=number
    )
    grown = Vega3DModel.on_language_model(plain, config)
    assert grown.language_model.get_input_embeddings().num_embeddings == number + 1
    replies = ask(grown, tokenizer, QAS[:4], make_features())
    assert len(replies) == 4


def test_a_language_model_without_chat_marks_is_refused(language_model, tmp_path):
    plain = without_marks(language_model, tmp_path / "plain", TURN_START)
    with pytest.raises(ValueError, match=r"no token for \['<\|im_start\|>'\]; pass a Qwen2 chat"):
        load_tokenizer(plain)


def test_the_camera_is_asked_about_in_six_of_ten_first_lessons():
    drawn = draw_spoken(QAS, 4000, rng_for(0, "draws"))
    share = np.isin(drawn, CAMERA).mean()
    assert 0.57 < share < 0.63
    assert set(drawn) == set(range(len(QAS)))


@pytest.mark.parametrize("only_camera", [True, False])
def test_a_set_of_one_sort_is_drawn_from_alone(only_camera):
    qas = [qa for i, qa in enumerate(QAS) if (i in CAMERA) is only_camera]
    assert set(draw_spoken(qas, 200, rng_for(0, "draws"))) == set(range(len(qas)))


def test_a_first_lesson_shows_no_options_and_says_the_right_one(language_model):
    tokenizer = load_tokenizer(language_model)
    choice, number = make_qa(2), make_qa(3)
    for qa, said in ((choice, "pan to the left"), (number, "2.6")):
        (encoded,) = encode_spoken(tokenizer, [qa])
        question = tokenizer.decode(encoded.question_ids)
        assert qa.question in question
        assert "pan to the" not in question
        assert tokenizer.decode(encoded.answer_ids) == f"{said}{TURN_END}"


def test_in_words_the_options_are_shown_and_the_letter_is_not_asked_for(language_model):
    tokenizer = load_tokenizer(language_model)
    qa = make_qa(2)
    (spoken,) = encode_questions(tokenizer, [qa], in_words=True)
    (lettered,) = encode_questions(tokenizer, [qa])
    question = tokenizer.decode(spoken.question_ids)
    assert all(option in question for option in qa.answer.options)
    assert "letter" in tokenizer.decode(lettered.question_ids)
    assert "letter" not in question
    assert tokenizer.decode(spoken.answer_ids) == f"pan to the left{TURN_END}"


def test_an_untrained_model_can_only_say_one_of_the_options(language_model):
    tokenizer = load_tokenizer(language_model)
    config = Vega3DConfig(
        variant="gated",
        semantic_dim=5,
        generative_dim=6,
        grid=list(GRID),
        image_token_id=tokenizer.convert_tokens_to_ids(IMAGE),
    )
    with torch_seeded(0, "model"):
        model = Vega3DModel.on_language_model(language_model, config)
    replies = ask(model, tokenizer, QAS, make_features())
    for reply in replies:
        if isinstance(reply.qa.answer, Choice):
            assert reply.text in reply.qa.answer.options
            assert reply.score in (0.0, 1.0)
    # Numbers are free, so an untrained model talks nonsense there.
    assert any(reply.score is None for reply in replies)


@pytest.mark.parametrize(("align_steps", "align_rows"), [(-1, 8), (11, 8), (5, 0)])
def test_first_lessons_outside_the_training_are_refused(align_steps, align_rows):
    with pytest.raises(ValueError, match="align_steps must lie within"):
        TrainConfig(align_steps=align_steps, align_rows=align_rows, loop=LoopConfig(steps=10))
