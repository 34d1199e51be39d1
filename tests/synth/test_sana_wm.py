"""SANA-WM: the path in its convention, and clips of a tiny random pipeline that follow it."""

import numpy as np
import pytest
from diffusers import (
    AutoencoderKLLTX2Video,
    FlowMatchEulerDiscreteScheduler,
    SanaWMPipeline,
    SanaWMTransformer3DModel,
)
from diffusers.pipelines.sana_wm.cam_utils import action_string_to_c2w, prepare_camera
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace
from transformers import Gemma2Config, Gemma2ForCausalLM, PreTrainedTokenizerFast

from synth.cameras import Intrinsics
from synth.generators import GenerationRequest
from synth.plucker import plucker_rays, relative_to_first
from synth.pose_files import read_actions
from synth.trajectories import Trajectory
from synth.wan.recipe import ModelSource
from synth.wan.sana_wm import SanaWmGenerator, SanaWmRecipe, camera_input
from synth.wan.training import torch_seeded

WIDTH, HEIGHT = 96, 64
RECIPE = SanaWmRecipe(model=ModelSource(id="sana"), dtype="float32", steps=2)


@pytest.fixture(scope="module")
def generator():
    words = Tokenizer(WordLevel({"<pad>": 0, "<unk>": 1, "room": 2}, unk_token="<unk>"))
    words.pre_tokenizer = Whitespace()
    text = Gemma2Config(
        vocab_size=8,
        hidden_size=16,
        intermediate_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        num_key_value_heads=1,
        head_dim=8,
    )
    with torch_seeded(0, "tiny sana"):
        pipeline = SanaWMPipeline(
            tokenizer=PreTrainedTokenizerFast(
                tokenizer_object=words, pad_token="<pad>", unk_token="<unk>"
            ),
            text_encoder=Gemma2ForCausalLM(text).eval(),
            vae=AutoencoderKLLTX2Video(
                latent_channels=8,
                block_out_channels=(8, 16, 32, 64),
                decoder_block_out_channels=(8, 16, 32),
                layers_per_block=(1, 1, 1, 1, 1),
                decoder_layers_per_block=(1, 1, 1, 1),
                spatial_compression_ratio=32,
                temporal_compression_ratio=8,
            ).eval(),
            transformer=SanaWMTransformer3DModel(
                in_channels=8,
                num_layers=2,
                hidden_size=32,
                num_attention_heads=2,
                softmax_every_n=2,
                linear_head_dim=16,
                caption_channels=16,
                chunk_plucker_post_attn_blocks=2,
                mlp_ratio=2.0,
            ).eval(),
            scheduler=FlowMatchEulerDiscreteScheduler(),
        )
    return SanaWmGenerator(pipeline, RECIPE, name="sana-wm:tiny")


def request(c2w=None, *, width=WIDTH, height=HEIGHT, has_image=True, number=0):
    c2w = np.tile(np.eye(4), (9, 1, 1)) if c2w is None else c2w
    camera = Intrinsics.from_fov(width=width, height=height, fov_deg=80.0)
    return GenerationRequest(
        sequence_id=f"sana-{number}/path",
        scene_id=f"sana-{number}",
        scene_description="a room",
        trajectory=Trajectory(
            name="path",
            c2w=c2w,
            intrinsics=(camera,) * len(c2w),
            fps=16.0,
            scale="metric",
        ),
        seed=0,
        first_frame=np.full((height, width, 3), 90, dtype=np.uint8) if has_image else None,
    )


def forward(distance_m, n_frames=9):
    c2w = np.tile(
        np.array([[0.0, 0, 1, 3], [-1, 0, 0, 4], [0, -1, 0, 1.5], [0, 0, 0, 1]]), (n_frames, 1, 1)
    )  # looking along world x, z up
    c2w[:, 0, 3] += np.linspace(0.0, distance_m, n_frames)
    return c2w


def test_the_path_is_put_into_the_axes_of_the_first_camera():
    camera = camera_input(request(forward(1.0)))
    np.testing.assert_allclose(camera.c2w[0], np.eye(4), atol=1e-6)
    # One metre along world x is one metre along the optical axis, OpenCV's z.
    np.testing.assert_allclose(camera.c2w[-1][:3, 3], [0.0, 0.0, 1.0], atol=1e-6)
    focal = WIDTH / 2 / np.tan(np.deg2rad(40.0))
    np.testing.assert_allclose(camera.intrinsics[3], [focal, focal, 48.0, 32.0], rtol=1e-6)


def test_the_rays_the_model_sees_are_ours_with_integer_centers_and_direction_first():
    asked = request(forward(1.0))
    camera = camera_input(asked)
    packed = prepare_camera(
        camera.c2w, camera.intrinsics, target_size=(HEIGHT, WIDTH), vae_stride=(8, 32, 32)
    )["chunk_plucker"].numpy()
    assert packed.shape == (6 * 8, 2, HEIGHT // 32, WIDTH // 32)
    small = Intrinsics.from_fov(width=WIDTH // 32, height=HEIGHT // 32, fov_deg=80.0)
    rays = plucker_rays(
        relative_to_first(asked.trajectory.c2w),
        (small,) * 9,
        order="direction_first",
        pixel_centers="integer",
    )
    # The second latent step holds frames 1 to 8.
    expected = rays[1:9].transpose(0, 3, 1, 2).reshape(48, HEIGHT // 32, WIDTH // 32)
    np.testing.assert_allclose(packed[:, 1], expected, atol=1e-5)


def test_action_strings_mean_what_sana_wm_takes_them_for():
    actions = "w-3,jw-4,ki-1,dl-2,none-1,as-2"
    np.testing.assert_allclose(read_actions(actions).c2w, action_string_to_c2w(actions), atol=1e-6)


def test_clips_follow_the_request_in_length_size_and_path(generator):
    still, moving = generator.generate([request(), request(forward(2.0))])
    assert still.frames.shape == (9, HEIGHT, WIDTH, 3)
    assert still.provenance.made_by == "sana-wm:tiny"
    assert still.prompt == "a room"
    assert not np.array_equal(still.frames, moving.frames)
    (again,) = generator.generate([request()])
    assert np.array_equal(again.frames, still.frames)


def test_requests_sana_wm_would_change_silently_are_refused(generator):
    with pytest.raises(ValueError, match="has no first_frame"):
        generator.generate([request(has_image=False)])
    with pytest.raises(ValueError, match=r"8n \+ 1 frames, got 13; the nearest are 9 and 17"):
        generator.generate([request(forward(1.0, n_frames=13))])
    with pytest.raises(ValueError, match="sides divisible by 32, got 80x64"):
        generator.generate([request(width=80)])
    with pytest.raises(ValueError, match="steps and guidance must be at least 1, got 0"):
        SanaWmRecipe(model=ModelSource(id="sana"), steps=0)


def test_a_saved_pipeline_is_loaded(generator, tmp_path):
    generator.pipeline.save_pretrained(tmp_path)
    recipe = SanaWmRecipe(model=ModelSource(id=str(tmp_path)), dtype="float32", steps=2)
    loaded = SanaWmGenerator.from_pretrained(recipe)
    assert loaded.name == "sana-wm:local"
    (expected,), (found,) = generator.generate([request()]), loaded.generate([request()])
    assert np.array_equal(found.frames, expected.frames)
