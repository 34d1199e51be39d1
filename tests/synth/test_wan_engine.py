"""The engine makes what diffusers' own pipelines make, for every task, and says what it did."""

import hashlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from diffusers import (
    WanImageToVideoPipeline,
    WanPipeline,
    WanVACEPipeline,
    WanVideoToVideoPipeline,
)
from PIL import Image
from plain_wan import assert_same_frames, plain
from safetensors.torch import save_file
from tiny_wan import (
    random_frames,
    save_random_camera_model,
    save_random_image_pipeline,
    save_random_pipeline,
    tiny_wan_recipe,
    wan_request,
)

from synth.trajectories import Move
from synth.wan.engine import WanEngine
from synth.wan.lora import Lora
from synth.wan.placement import Placement
from synth.wan.step_cache import StepCache

NOWHERE = Path("nowhere-at-all")
DEPTH = np.full((5, 16, 16), 2.0, dtype=np.float32)


@pytest.fixture(scope="module", autouse=True)
def _one_thread():  # waiting for a second one costs more than it does
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    root = tmp_path_factory.mktemp("checkpoints")
    save_random_pipeline(root / "t2v", vace=False)
    save_random_pipeline(root / "vace", vace=True)
    save_random_image_pipeline(root / "i2v")
    save_random_image_pipeline(root / "flf2v", with_last_frame=True)
    return root


@pytest.fixture(scope="module")
def t2v(folders):
    return WanEngine(tiny_wan_recipe(folders / "t2v"))


def test_text_to_video_has_the_pixels_of_the_plain_pipeline(t2v, folders):
    requests = [wan_request(0), wan_request(1, Move.STATIC), wan_request(2, Move.TILT_UP)]
    pipeline = WanPipeline.from_pretrained(folders / "t2v", dtype=torch.float32)
    expected = plain(pipeline, t2v.recipe, requests, num_frames=5)
    assert_same_frames(t2v.generate(requests), expected)


def test_image_to_video_has_the_pixels_of_the_plain_pipeline(folders):
    recipe, first = tiny_wan_recipe(folders / "i2v", "i2v"), random_frames(0, 16, 16)
    request = wan_request(first_frame=first)
    pipeline = WanImageToVideoPipeline.from_pretrained(folders / "i2v", dtype=torch.float32)
    expected = plain(pipeline, recipe, [request], image=Image.fromarray(first), num_frames=5)
    assert_same_frames(WanEngine(recipe).generate([request]), expected)


def test_first_and_last_frame_have_the_pixels_of_the_plain_pipeline(folders):
    recipe = tiny_wan_recipe(folders / "flf2v", "i2v")
    first, last = random_frames(0, 16, 16), random_frames(1, 16, 16)
    request = wan_request(first_frame=first, last_frame=last)
    pipeline = WanImageToVideoPipeline.from_pretrained(folders / "flf2v", dtype=torch.float32)
    images = {"image": Image.fromarray(first), "last_image": Image.fromarray(last)}
    expected = plain(pipeline, recipe, [request], num_frames=5, **images)
    assert_same_frames(WanEngine(recipe).generate([request]), expected)


def test_video_to_video_has_the_pixels_of_the_plain_pipeline_also_in_a_batch(folders):
    recipe = tiny_wan_recipe(folders / "t2v", "v2v", steps=3)
    clips = [random_frames(n, 5, 16, 16) for n in range(2)]
    requests = [wan_request(n, source_frames=clip) for n, clip in enumerate(clips)]
    pipeline = WanVideoToVideoPipeline.from_pretrained(folders / "t2v", dtype=torch.float32)
    video = [[Image.fromarray(frame) for frame in clip] for clip in clips]
    expected = plain(pipeline, recipe, requests, video=video, strength=0.8)
    assert_same_frames(WanEngine(recipe).generate(requests), expected)


def test_masked_video_with_a_reference_has_the_pixels_of_the_plain_pipeline(folders):
    recipe = tiny_wan_recipe(folders / "vace", "vace", conditioning_scale=0.7)
    clip, holes = random_frames(0, 5, 16, 16), random_frames(1, 5, 16, 16)[..., 0] > 99
    reference = random_frames(2, 20, 30)
    request = wan_request(source_frames=clip, source_mask=holes, reference_images=(reference,))
    pipeline = WanVACEPipeline.from_pretrained(folders / "vace", dtype=torch.float32)
    painted = torch.from_numpy(clip.transpose(0, 3, 1, 2)).float()[None] / 255
    painted[torch.from_numpy(holes)[None, :, None].expand_as(painted)] = 0.5
    mask = torch.from_numpy(holes.astype(np.float32))[None, :, None].repeat(1, 1, 3, 1, 1)
    expected = plain(
        pipeline,
        recipe,
        [request],
        num_frames=5,
        video=painted,
        mask=mask,
        reference_images=[Image.fromarray(reference)],
        conditioning_scale=0.7,
    )
    assert_same_frames(WanEngine(recipe).generate([request]), expected)


def test_clips_come_in_order_whatever_their_lengths(t2v):
    requests = [wan_request(0), wan_request(1, Move.STATIC), wan_request(2, n_frames=9)]
    sequences = t2v.generate(requests)
    assert [s.sequence_id for s in sequences] == [r.sequence_id for r in requests]
    assert [len(s.frames) for s in sequences] == [5, 5, 9]
    assert sequences[0].prompt == (
        "the camera pans left in a room with white walls and a wood floor"
    )
    again = t2v.generate(requests)
    assert all(np.array_equal(a.frames, b.frames) for a, b in zip(sequences, again, strict=True))
    assert not np.array_equal(sequences[0].frames, sequences[1].frames)


def test_every_record_names_weights_recipe_and_batch(t2v):
    two, one = t2v.batches([wan_request(0), wan_request(1), wan_request(2, n_frames=9)])
    made_by = t2v.generate(two)[0].provenance.made_by
    kind, weights, recipe = made_by.split(":")
    assert kind == "wan-t2v"
    assert len(weights) == 12
    assert recipe == f"random@{t2v.recipe.digest}/2"
    assert t2v.generate(one)[0].provenance.made_by == f"{t2v.name}/1"


def test_neighbours_of_one_shape_share_a_batch_up_to_the_limit(t2v):
    lengths = [5] * 6 + [9] + [5]
    requests = [wan_request(n, n_frames=length) for n, length in enumerate(lengths)]
    assert [len(batch) for batch in t2v.batches(requests)] == [4, 2, 1, 1]


def test_the_text_encoder_is_not_part_of_the_generating_pipeline(t2v):
    t2v.generate([wan_request()])
    assert t2v.pipeline.text_encoder is None
    assert t2v.pipeline.tokenizer is None


def test_without_guidance_no_negative_prompt_is_encoded(folders):
    recipe = tiny_wan_recipe(folders / "t2v", guidance=1.0, opposes_move=False)
    engine, request = WanEngine(recipe), wan_request()
    engine.generate([request])
    assert engine.prompts.missing([request.prompt, ""]) == [""]


def test_the_recipe_shifts_the_schedule(folders):
    recipe = tiny_wan_recipe(folders / "t2v", flow_shift=8.0, steps=4)
    engine = WanEngine(recipe)
    engine.generate([wan_request()])
    assert engine.pipeline.scheduler.timesteps.tolist() == [999, 960, 889, 728]


def test_a_step_cache_of_the_recipe_runs(folders):
    always = StepCache(method="first_block", threshold=100.0)
    with_cache = WanEngine(tiny_wan_recipe(folders / "t2v", steps=6, cache=always))
    without = WanEngine(tiny_wan_recipe(folders / "t2v", steps=6))
    cached, whole = (e.generate([wan_request()])[0] for e in (with_cache, without))
    assert not np.array_equal(cached.frames, whole.frames)
    again = with_cache.generate([wan_request()])[0]
    np.testing.assert_array_equal(again.frames, cached.frames)


def test_a_camera_model_of_the_recipe_follows_the_requested_path(folders, tmp_path):
    camera = save_random_camera_model(tmp_path / "camera.safetensors")
    engine = WanEngine(tiny_wan_recipe(folders / "i2v", "i2v", camera=camera))
    first = random_frames(0, 16, 16)
    still, right, left = (
        replace(wan_request(0, move, first_frame=first), sequence_id="same noise")
        for move in (Move.STATIC, Move.TRUCK_RIGHT, Move.TRUCK_LEFT)
    )
    same_words = [replace(r, trajectory=replace(r.trajectory, move=None)) for r in (still, right)]
    clips = engine.generate([*same_words, left])
    assert not np.array_equal(clips[0].frames, clips[1].frames)  # only the path differs
    again = engine.generate(same_words[:1])[0]
    np.testing.assert_array_equal(again.frames, clips[0].frames)
    assert "in_channels" in engine.pipeline.transformer.config
    assert engine.pipeline.transformer.config.in_channels == 32


def test_a_camera_model_must_be_the_pinned_file(folders, tmp_path):
    camera = save_random_camera_model(tmp_path / "camera.safetensors")
    request = wan_request(first_frame=random_frames(0, 16, 16))
    for wrong, error, message in (
        (replace(camera, sha256="0" * 64), ValueError, "the recipe says 0000"),
        (replace(camera, path="nowhere.safetensors"), FileNotFoundError, "no camera model"),
    ):
        engine = WanEngine(tiny_wan_recipe(folders / "i2v", "i2v", camera=wrong))
        with pytest.raises(error, match=message):
            engine.generate([request])


def test_the_placement_and_loras_of_the_recipe_are_applied(folders, tmp_path):
    name = "transformer.blocks.0.attn1.to_q.lora_{}.weight"
    path = tmp_path / "lora.safetensors"
    save_file({name.format("A"): torch.ones(2, 24), name.format("B"): torch.ones(24, 2)}, path)
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    lora = Lora(source=str(path), sha256=sha256, weight=0.5, is_fused=True)
    with_lora = WanEngine(
        tiny_wan_recipe(folders / "t2v", loras=(lora,), placement=Placement(vae_slicing=True))
    )
    without = WanEngine(tiny_wan_recipe(folders / "t2v"))
    weights = [e.pipeline.transformer.blocks[0].attn1.to_q.weight for e in (with_lora, without)]
    torch.testing.assert_close(weights[0] - weights[1], torch.full((24, 24), 1.0))
    assert with_lora.pipeline.vae.use_slicing
    assert not without.pipeline.vae.use_slicing


@pytest.mark.parametrize(
    ("task", "inputs", "message"),
    [
        ("t2v", {"control_depth": DEPTH}, "t2v would ignore control_depth"),
        ("t2v", {"reference_images": (DEPTH[0].astype(np.uint8)[..., None].repeat(3, 2),)}, "ign"),
        ("i2v", {}, "has no first_frame"),
        ("v2v", {}, "has no source_frames"),
        ("vace", {}, "has no control_depth"),
        ("vace", {"first_frame": np.zeros((16, 16, 3), np.uint8)}, "would ignore first_frame"),
    ],
)
def test_a_task_refuses_requests_it_would_not_follow(folders, task, inputs, message):
    folder = folders / {"v2v": "t2v"}.get(task, task)
    engine = WanEngine(tiny_wan_recipe(folder, task))
    with pytest.raises(ValueError, match=message):
        engine.generate([wan_request(**inputs)])


def test_vace_refuses_two_controls_and_too_many_references(folders):
    engine = WanEngine(tiny_wan_recipe(folders / "vace", "vace"))
    both = {"control_depth": DEPTH, "source_frames": random_frames(0, 5, 16, 16)}
    with pytest.raises(ValueError, match="has both"):
        engine.generate([wan_request(**both)])
    references = tuple(random_frames(n, 16, 16) for n in range(3))
    with pytest.raises(ValueError, match="at most 2 reference images"):
        engine.generate([wan_request(control_depth=DEPTH, reference_images=references)])


def test_nothing_is_generated_when_one_request_is_wrong(folders):
    steps = []
    engine = WanEngine(tiny_wan_recipe(folders / "t2v"), on_step=steps.append)
    with pytest.raises(ValueError, match="would ignore control_depth"):
        engine.generate([wan_request(0), wan_request(1, control_depth=DEPTH)])
    assert steps == []


def test_sizes_a_model_would_round_are_refused(folders):
    engine = WanEngine(tiny_wan_recipe(folders / "t2v"))
    engine.pipeline.vae.register_to_config(scale_factor_spatial=16)  # as the VAE of TI2V-5B
    with pytest.raises(ValueError, match=r"sides divisible by 32 \(h\) and 32 \(w\), got 5 frames"):
        engine.generate([wan_request()])
