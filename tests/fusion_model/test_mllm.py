import logging
from contextlib import contextmanager
from dataclasses import replace

import numpy as np
import pytest
import torch
from tiny_models import (
    GRID,
    N_SEQUENCES,
    make_features,
    make_qa,
    save_language_model,
)

from fusion_model.batches import pack, pad_left, plan_rows
from fusion_model.chat import (
    IMAGE,
    PAD,
    encode_opening,
    encode_questions,
    load_tokenizer,
    question_text,
    shuffle_options,
)
from fusion_model.checkpoint import load_model, save_model
from fusion_model.evaluate import Reply, ask, gate_shares, scene_interval, score_replies
from fusion_model.mllm import Vega3DConfig, Vega3DModel
from fusion_model.train import TrainConfig, train
from fusion_model.training_loop import LoopConfig
from qa_gen.record import Choice, QuestionKind
from qa_gen.scoring import score
from synth.seeding import rng_for
from synth.wan.training import load_state, torch_seeded

QAS = [make_qa(i) for i in range(N_SEQUENCES)]


@pytest.fixture(scope="module")
def language_model(tmp_path_factory):
    return save_language_model(tmp_path_factory.mktemp("qwen2"))


def make_model(language_model, variant="gated"):
    tokenizer = load_tokenizer(language_model)
    config = Vega3DConfig(
        variant=variant,
        semantic_dim=5,
        generative_dim=6,
        grid=list(GRID),
        image_token_id=tokenizer.convert_tokens_to_ids(IMAGE),
    )
    with torch_seeded(0, "model"):
        return Vega3DModel.on_language_model(language_model, config).eval(), tokenizer


def loss_of(model, tokenizer, rows, sequences):
    features = make_features()
    n_visual = 0 if model.config.variant == "blind" else GRID.n_tokens
    batch = pack(
        [encode_opening(tokenizer, n_visual)] * len(rows),
        [encode_questions(tokenizer, row) for row in rows],
        pad_id=tokenizer.convert_tokens_to_ids(PAD),
    )
    with torch.no_grad():
        return model(
            batch.input_ids_BL,
            semantic=torch.from_numpy(features.semantic[sequences]),
            generative=torch.from_numpy(features.generative[sequences]),
            labels=batch.labels_BL,
            attention_mask=batch.attention_mask_B1LL,
            position_ids=batch.position_ids_BL,
        )


def test_questions_packed_in_one_row_are_answered_as_if_alone(language_model):
    model, tokenizer = make_model(language_model)
    same_clip = [make_qa(0), make_qa(1, sequence=0), make_qa(2, sequence=0)]
    packed = loss_of(model, tokenizer, [same_clip, [make_qa(3)]], [0, 3]).logits_AV
    alone = torch.cat(
        [
            loss_of(model, tokenizer, [[qa]], [row]).logits_AV
            for qa, row in zip([*same_clip, make_qa(3)], [0, 0, 0, 3], strict=True)
        ]
    )
    torch.testing.assert_close(packed, alone, atol=1e-4, rtol=1e-4)


def test_only_answers_are_learned(language_model):
    tokenizer = load_tokenizer(language_model)
    questions = encode_questions(tokenizer, QAS[:2])
    batch = pack([encode_opening(tokenizer, 3)], [questions], pad_id=0)
    learned = batch.labels_BL[batch.labels_BL != -100]
    expected = questions[0].answer_ids + questions[1].answer_ids
    assert tuple(learned.tolist()) == expected
    assert tokenizer.decode(questions[0].answer_ids) == "A<|im_end|>"


def test_an_epoch_shows_every_clip_once_with_as_many_kinds_as_fit():
    qas = [make_qa(i, sequence=0) for i in (1, 3, 5, 7, 2)]  # four distances, one camera question
    qas += [make_qa(1, sequence=s) for s in range(1, 6)]
    for seed in range(5):
        rows = plan_rows(qas, questions_per_row=2, rng=rng_for(seed))
        assert sorted({qas[row[0]].sequence_id for row in rows}) == [
            f"room-{s}/path-0" for s in range(6)
        ]
        first = next(row for row in rows if qas[row[0]].sequence_id == "room-0/path-0")
        assert len({qas[i].kind for i in first}) == 2


def test_shuffled_options_keep_the_right_answer():
    qa = make_qa(0)
    options = ("a", "b", "c", "d")
    qa = replace(qa, answer=Choice(options, 2))
    orders = {shuffle_options(qa, rng_for(i)).answer.options for i in range(20)}
    assert len(orders) > 5
    assert all(shuffle_options(qa, rng_for(i)).answer.text == "c" for i in range(20))
    assert shuffle_options(make_qa(1), rng_for(0)) == make_qa(1)


def test_any_text_survives_the_tokenizer(language_model):
    tokenizer = load_tokenizer(language_model)
    for text in (question_text(QAS[0]), "12.5 trash bins, naïve\n\tz?"):
        ids = tokenizer(text, add_special_tokens=False).input_ids
        assert tokenizer.decode(ids) == text
    digits = tokenizer("12.5", add_special_tokens=False).input_ids
    assert [tokenizer.decode([i]) for i in digits] == ["1", "2", ".", "5"]


def test_a_blind_model_sees_nothing(language_model):
    model, tokenizer = make_model(language_model, "blind")
    here, there = (loss_of(model, tokenizer, [QAS[:1]], [row]).logits_AV for row in (0, 5))
    assert torch.equal(here, there)
    sighted, _ = make_model(language_model)
    here, there = (loss_of(sighted, tokenizer, [QAS[:1]], [row]).logits_AV for row in (0, 5))
    assert not torch.allclose(here, there)


def test_prompts_with_a_wrong_number_of_image_places_are_refused(language_model):
    model, tokenizer = make_model(language_model)
    ids = torch.tensor([encode_opening(tokenizer, 3)])
    with pytest.raises(ValueError, match=r"needs 12 <image> tokens, got \[3\]"):
        model.embed(ids, torch.zeros(1, 12, 5), torch.zeros(1, 12, 6))


@pytest.mark.parametrize("variant", ["semantic", "generative", "gated", "blind"])
def test_a_saved_model_answers_as_before(language_model, tmp_path, variant):
    model, tokenizer = make_model(language_model, variant)
    if model.generative is not None:
        model.generative.measure(make_features().generative)
    save_model(model, tokenizer, tmp_path / "model")
    loaded, _ = load_model(tmp_path / "model")
    assert loaded.config.variant == variant
    ours, theirs = model.state_dict(), loaded.state_dict()
    assert ours.keys() == theirs.keys()
    assert all(torch.equal(ours[name], theirs[name]) for name in ours)
    before = loss_of(model, tokenizer, [QAS[:2]], [0])
    assert torch.equal(before.logits_AV, loss_of(loaded, tokenizer, [QAS[:2]], [0]).logits_AV)


def test_a_model_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match="nowhere has no config"):
        load_model(tmp_path / "nowhere")


def config(steps=120, **settings):
    loop = LoopConfig(steps=steps, learning_rate=4e-3, warm_up=5, checkpoint_every=7)
    return TrainConfig(rows_per_batch=4, questions_per_row=4, loop=loop, **settings)


def test_a_toy_set_is_learned_from_the_generative_branch(language_model, tmp_path):
    distances = [make_qa(1, sequence=i) for i in range(N_SEQUENCES)]
    features = make_features()
    trained = train(
        distances,
        features,
        language_model=language_model,
        config=config(steps=80),
        out=tmp_path,
        device="cpu",
    )
    model, tokenizer = load_model(trained.folder)
    replies = ask(model, tokenizer, distances, features)
    (row,) = score_replies("gated", replies, distances)
    assert row.score >= 0.9 > 0.6 > row.chance
    shares = gate_shares(model, features, [qa.sequence_id for qa in distances[:3]])
    assert shares.shape == (3, GRID.n_tokens)
    assert ((shares > 0) & (shares < 1)).all()


class KilledError(Exception):
    """Stands for the signal that ends a process."""


class KillsTheRun(logging.Handler):
    """Ends the run when it reports a step."""

    def emit(self, record):
        if "step 40 " in record.getMessage():
            raise KilledError


@contextmanager
def killed_at_step_40():
    logger, handler = logging.getLogger("fusion_model.training_loop"), KillsTheRun()
    logger.setLevel(logging.INFO)
    logger.addHandler(handler)
    try:
        with pytest.raises(KilledError):
            yield
    finally:
        logger.removeHandler(handler)
        logger.setLevel(logging.NOTSET)


def weights(folder):
    return (folder / "model.safetensors").read_bytes()


def test_a_training_that_was_stopped_ends_with_the_same_bytes(language_model, tmp_path):
    features = make_features()
    common = {"language_model": language_model, "device": "cpu"}
    settings = config(steps=45)
    straight = train(QAS, features, config=settings, out=tmp_path / "a", **common)
    partly = tmp_path / "b"
    with killed_at_step_40():
        train(QAS, features, config=settings, out=partly, **common)
    assert load_state(partly)["step"] == 35
    resumed = train(QAS, features, config=settings, out=partly, **common)
    assert weights(resumed.folder) == weights(straight.folder)
    with pytest.raises(ValueError, match="other settings or data"):
        train(QAS, features, config=config(steps=45, seed=1), out=partly, **common)


def test_replies_that_cannot_be_scored_are_counted_apart():
    replies = [
        Reply(QAS[0], "A", score("A", QAS[0].answer)),
        Reply(QAS[2], "no idea", score("no idea", QAS[2].answer)),
        Reply(QAS[1], "2.6", score("2.6", QAS[1].answer)),
    ]
    camera, distance = sorted(
        score_replies("x", replies, QAS), key=lambda row: row.kind, reverse=False
    )
    assert camera.kind == QuestionKind.CAMERA_MOTION.value
    assert (camera.n, camera.unscorable, camera.score) == (2, 1, 0.5)
    assert (distance.n, distance.unscorable, distance.score) == (1, 0, 1.0)
    assert distance.metric == "MRA"


def test_intervals_resample_scenes_and_not_questions():
    earned = np.array([1.0] * 50 + [0.0] * 50)
    two_scenes = np.array(["a"] * 50 + ["b"] * 50)
    assert scene_interval(earned, two_scenes, rng=rng_for(0)) == (0.0, 1.0)
    low, high = scene_interval(earned, np.arange(100), rng=rng_for(0))
    assert 0.35 < low < 0.5 < high < 0.65


def test_prompts_are_padded_on_the_left():
    padded = pad_left([[5], [6, 7]], 0)
    assert padded["input_ids"].tolist() == [[0, 5], [6, 7]]
    assert padded["attention_mask"].tolist() == [[0, 1], [1, 1]]
