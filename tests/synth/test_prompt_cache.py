"""Cached embeddings equal what the pipeline computes, and are named by all that decides them."""

from dataclasses import replace

import pytest
import torch
from tiny_wan import save_random_pipeline, tiny_wan_recipe, wan_request

from synth.trajectories import Move
from synth.wan.engine import WanEngine
from synth.wan.loading import find_model, load_text_parts
from synth.wan.prompt_cache import ENCODE_BATCH, PromptCache, TextIdentity, encode_prompts

IDENTITY = TextIdentity(model="m", dtype="float32", max_sequence_length=32)
TEXTS = [f"the camera {verb} left in a room" for verb in ("pans", "trucks", "orbits", "dollies")]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pipeline")
    save_random_pipeline(folder, vace=False)
    return folder


@pytest.fixture(scope="module")
def text_parts(folder):
    recipe = tiny_wan_recipe(folder)
    return load_text_parts(recipe, find_model(recipe), "cpu")


def filled(folder, text_parts, texts=TEXTS):
    cache = PromptCache(folder, IDENTITY)
    cache.add(texts, lambda batch: encode_prompts(text_parts, batch, 32))
    return cache


@pytest.mark.parametrize("in_memory", [True, False])
def test_padded_again_an_embedding_has_the_bits_of_the_pipeline(text_parts, tmp_path, in_memory):
    texts = [*TEXTS, ""]
    cache = filled(None if in_memory else tmp_path, text_parts, texts)
    expected = text_parts.encode_prompt(
        texts, do_classifier_free_guidance=False, max_sequence_length=32
    )[0]
    assert torch.equal(cache.padded(texts), expected)


def test_bits_do_not_depend_on_who_shares_the_batch(text_parts):
    texts = [f"a room with {n} chairs" for n in range(ENCODE_BATCH + 3)]
    together = filled(None, text_parts, texts).padded(texts)
    alone = torch.cat([filled(None, text_parts, [text]).padded([text]) for text in texts])
    assert torch.equal(together, alone)


def test_files_hold_no_padding(text_parts, tmp_path):
    cache = filled(tmp_path, text_parts, ["", TEXTS[0]])
    sizes = [cache.path(cache.key(text)).stat().st_size for text in ("", TEXTS[0])]
    n_words = len(TEXTS[0].split())
    assert sizes[1] - sizes[0] == pytest.approx(n_words * 128 * 4, abs=64)  # the empty one is </s>


def test_each_prompt_is_encoded_once(text_parts, tmp_path):
    cache = filled(tmp_path, text_parts, TEXTS[:2])
    asked = [TEXTS[3], *TEXTS, TEXTS[3], f"  {TEXTS[2]} "]  # white space is cleaned away
    assert cache.missing(asked) == [TEXTS[3], TEXTS[2]]
    assert PromptCache(tmp_path, IDENTITY).missing(TEXTS[:2]) == []


def test_everything_that_decides_an_embedding_is_in_its_name():
    names = {
        PromptCache(None, identity).key("a room")
        for identity in (
            IDENTITY,
            replace(IDENTITY, model="n"),
            replace(IDENTITY, dtype="bfloat16"),
            replace(IDENTITY, max_sequence_length=512),
        )
    }
    assert len(names | {PromptCache(None, IDENTITY).key("a hall")}) == 5


def test_what_was_encoded_stays_when_a_later_batch_fails(text_parts, tmp_path):
    cache = PromptCache(tmp_path, IDENTITY)
    texts = [f"a room with {n} chairs" for n in range(ENCODE_BATCH)] + ["word " * 40]
    with pytest.raises(ValueError, match="has 41 tokens, and this model was trained with at most"):
        cache.add(texts, lambda batch: encode_prompts(text_parts, batch, 32))
    assert cache.missing(texts) == texts[-1:]


def test_a_prompt_that_was_never_encoded_is_named():
    with pytest.raises(KeyError, match="'a hall' was never encoded"):
        PromptCache(None, IDENTITY).padded(["a hall"])


def test_a_damaged_file_is_named(text_parts, tmp_path):
    cache = filled(tmp_path, text_parts, TEXTS[:1])
    path = cache.path(cache.key(TEXTS[0]))
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(ValueError, match=r"is damaged .*; delete it"):
        cache.padded(TEXTS[:1])


def test_equal_prompts_give_equal_files(text_parts, tmp_path):
    for name in ("one", "two"):
        filled(tmp_path / name, text_parts, TEXTS[:1])
    one, two = ((p, p.read_bytes()) for p in sorted(tmp_path.rglob("*.safetensors")))
    assert one[0].name == two[0].name
    assert one[1] == two[1]


def test_an_engine_with_a_full_cache_never_loads_the_text_encoder(folder, tmp_path):
    requests = [wan_request(0), wan_request(1, Move.TILT_UP)]
    recipe = tiny_wan_recipe(folder)
    first = WanEngine(recipe, prompt_cache=tmp_path).generate(requests)
    second_engine = WanEngine(recipe, prompt_cache=tmp_path)
    assert second_engine.prompts.missing(r.prompt for r in requests) == []
    second = second_engine.generate(requests)
    assert all((a.frames == b.frames).all() for a, b in zip(first, second, strict=True))
