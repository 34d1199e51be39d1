import math

import numpy as np
import pytest
import torch
from diffusers import WanPipeline
from tiny_models import make_vision_tower, save_wan_pipeline

from fusion_model.features import extract_features, join_features, read_features, write_features
from fusion_model.generative import GenerativePrior, PriorConfig
from fusion_model.prior import PriorGrid, TextContext, hidden_after_block
from fusion_model.semantic import SemanticEncoder, average_steps
from synth.cameras import Intrinsics
from synth.poses import look_at
from synth.scene import MultiViewSequence, Provenance
from synth.seeding import rng_for
from synth.trajectories import Move, make_trajectory


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory):
    return save_wan_pipeline(tmp_path_factory.mktemp("wan"))


def clips(n=3):
    return rng_for(0, "clips").integers(0, 256, (n, 9, 32, 32, 3), dtype=np.uint8)


def prior_of(pipeline, **settings):
    return GenerativePrior.from_pretrained(pipeline, PriorConfig(block=1, **settings), device="cpu")


def test_stopping_early_equals_a_hook_on_the_full_forward(pipeline):
    pipe = WanPipeline.from_pretrained(pipeline)
    transformer = pipe.transformer.eval()
    text = torch.randn(2, 16, generator=torch.Generator().manual_seed(0))
    noisy = torch.randn(2, 4, 3, 4, 4, generator=torch.Generator().manual_seed(1))
    seen = []
    handle = transformer.blocks[1].register_forward_hook(lambda _m, _i, out: seen.append(out))
    padded = torch.nn.functional.pad(text, (0, 0, 0, 510))[None].expand(2, -1, -1)
    with torch.no_grad():
        transformer(noisy, torch.tensor([299, 299]), padded)
        handle.remove()
        got = hidden_after_block(
            transformer, noisy, text=TextContext(text, 512), timestep=299, block=1
        )
    # Also shows that one pad position with the weight of 510 is all 510.
    torch.testing.assert_close(got, seen[0], atol=1e-5, rtol=1e-5)


def test_padding_counts_and_leaves_the_transformer_as_it_was(pipeline):
    transformer = WanPipeline.from_pretrained(pipeline).transformer.eval()
    text, noisy = torch.ones(1, 16), torch.ones(1, 4, 1, 4, 4)
    before = dict(transformer.attn_processors)
    with torch.no_grad():
        padded, bare = (
            hidden_after_block(
                transformer, noisy, text=TextContext(text, length), timestep=299, block=2
            )
            for length in (512, 1)
        )
    assert not torch.allclose(padded, bare, atol=1e-4)
    assert transformer.attn_processors == before


def test_features_do_not_depend_on_the_order_or_company_of_clips(pipeline):
    prior, frames, ids = prior_of(pipeline), clips(), ["a", "b", "c"]
    forward = prior.encode(frames, ids)
    backward = prior.encode(frames[::-1].copy(), ids[::-1])
    alone = prior.encode(frames[1:2], ["b"])
    np.testing.assert_allclose(backward[::-1], forward, atol=1e-5)
    np.testing.assert_allclose(alone[0], forward[1], atol=1e-5)


def test_the_noise_belongs_to_the_sequence_and_the_seed(pipeline):
    frames = clips(1)
    first = prior_of(pipeline).encode(frames, ["a"])
    assert np.array_equal(first, prior_of(pipeline).encode(frames, ["a"]))
    assert not np.allclose(first, prior_of(pipeline).encode(frames, ["b"]), atol=1e-3)
    assert not np.allclose(first, prior_of(pipeline, seed=1).encode(frames, ["a"]), atol=1e-3)


def test_random_weights_are_another_transformer_under_the_same_vae(pipeline):
    frames = clips(1)
    trained = prior_of(pipeline).encode(frames, ["a"])
    control = prior_of(pipeline, weights="random").encode(frames, ["a"])
    assert control.shape == trained.shape
    assert not np.allclose(control, trained, atol=1e-2)
    assert np.array_equal(control, prior_of(pipeline, weights="random").encode(frames, ["a"]))


def test_frames_of_a_clip_share_latent_steps_and_lone_frames_do_not(pipeline):
    prior = prior_of(pipeline)
    assert prior.grid(9, 32, 32) == PriorGrid(3, 2, 2)
    assert prior.encode(clips(1), ["a"]).shape == (1, 12, prior.dim)
    per_frame = prior_of(pipeline, grouping="per_frame")
    assert per_frame.grid(9, 32, 32) == PriorGrid(9, 2, 2)
    assert per_frame.encode(clips(1), ["a"]).shape == (1, 36, prior.dim)


def test_frame_counts_between_latent_steps_are_refused_with_their_neighbours(pipeline):
    with pytest.raises(ValueError, match="nearest are 5 and 9"):
        prior_of(pipeline).grid(8, 32, 32)
    with pytest.raises(ValueError, match="16x16 pixels"):
        prior_of(pipeline).grid(9, 40, 32)


def test_missing_checkpoints_and_blocks_are_named(pipeline, tmp_path):
    with pytest.raises(FileNotFoundError, match="model_index"):
        GenerativePrior.from_pretrained(tmp_path, PriorConfig())
    with pytest.raises(ValueError, match="blocks 0 to 2"):
        GenerativePrior.from_pretrained(pipeline, PriorConfig(block=3))


def test_semantic_tokens_average_the_frames_of_a_latent_step():
    frames = torch.arange(9.0).view(1, 9, 1, 1)
    assert average_steps(frames, 3).flatten().tolist() == [0.0, 2.5, 6.5]
    with pytest.raises(ValueError, match="9 frames do not make 4 steps"):
        average_steps(frames, 4)


def test_semantic_tokens_stand_where_the_picture_shows_their_content():
    encoder = SemanticEncoder(make_vision_tower(), device="cpu")
    frames = np.full((1, 9, 32, 32, 3), 128, np.uint8)
    base = encoder.encode(frames, PriorGrid(3, 2, 2))
    frames[:, :, :16, 16:] = 255  # upper right quarter
    change = np.abs(encoder.encode(frames, PriorGrid(3, 2, 2)) - base).mean(axis=(0, 2))
    assert base.shape == (1, 12, 16)
    assert change[:4].argmax() == 1  # row 0, column 1


def make_sequence(name):
    path = make_trajectory(
        Move.STATIC,
        look_at(np.ones(3), np.zeros(3), np.array([0.0, 0.0, 1.0])),
        amount=0.0,
        n_frames=9,
        target_distance_m=2.0,
        intrinsics=Intrinsics.from_fov(width=32, height=32, fov_deg=80.0),
        fps=8.0,
    )
    return MultiViewSequence(
        sequence_id=name,
        scene_id="room",
        prompt="",
        frames=clips(1)[0].copy(),
        requested=path,
        provenance=Provenance(made_by="test", seed=0, code="0"),
    )


def test_features_come_back_from_disk_bit_for_bit(pipeline, tmp_path):
    shards = [
        extract_features(
            [make_sequence(name)],
            semantic=SemanticEncoder(make_vision_tower(), device="cpu"),
            generative=prior_of(pipeline),
        )
        for name in ("room/a", "room/b")
    ]
    joined = join_features(shards)
    first = write_features(tmp_path / "one.safetensors", joined).read_bytes()
    second = write_features(tmp_path / "two.safetensors", joined).read_bytes()
    back = read_features(tmp_path / "one.safetensors")
    assert first == second
    assert back.sequence_ids == ("room/a", "room/b")
    assert back.grid == joined.grid
    assert np.array_equal(back.generative, joined.generative)
    assert np.array_equal(back.semantic, joined.semantic)
    with pytest.raises(ValueError, match="room/c"):
        back.rows(["room/c"])


def test_the_pad_weight_is_the_logarithm_of_how_many_there_are():
    keys, query = torch.tensor([[0.3], [0.0]]), torch.tensor([[2.0]])
    all_pads = torch.cat([keys[:1], keys[1:].expand(511, -1)])
    full = torch.softmax(query @ all_pads.T, -1)[0, 1:].sum()
    bias = torch.tensor([[0.0, math.log(511)]])
    one = torch.softmax(query @ keys.T + bias, -1)[0, 1]
    torch.testing.assert_close(one, full)
