"""Pipelines saved by us load in diffusers, and generators turn requests into sequences."""

import numpy as np
import pytest
import torch
from tiny_wan import save_random_pipeline

from synth.cameras import Intrinsics
from synth.generators import GenerationRequest
from synth.poses import look_at
from synth.trajectories import Move, Trajectory, make_trajectory
from synth.wan.generator import Sampling, WanT2VGenerator, WanVaceGenerator, control_video
from synth.wan.train_vace import inactive_latents, vace_control

SAMPLING = Sampling(steps=2, guidance=3.0)


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    root = tmp_path_factory.mktemp("checkpoints")
    save_random_pipeline(root / "wan-t2v", vace=False)
    save_random_pipeline(root / "wan-vace", vace=True)
    return root


@pytest.fixture(scope="module")
def vace(folders):
    return WanVaceGenerator.from_pretrained(folders / "wan-vace", SAMPLING)


def request(number=0, move=Move.PAN_LEFT, n_frames=5, size_px=16, *, depth_m=None):
    start = look_at(np.array([0.0, 0, 1.5]), np.array([0.0, 2, 1.4]), np.array([0.0, 0, 1]))
    amount = 0.0 if move is Move.STATIC else 20.0
    path = make_trajectory(move, start, amount=amount, n_frames=n_frames, target_distance_m=2.0)
    shape = (n_frames, size_px, size_px)
    return GenerationRequest(
        sequence_id=f"wan-{number}/{move}",
        scene_id=f"wan-{number}",
        scene_description="a room with white walls and a wood floor",
        trajectory=path,
        intrinsics=Intrinsics.from_fov(width=size_px, height=size_px, fov_deg=80.0),
        fps=8.0,
        seed=0,
        control_depth=None if depth_m is None else np.full(shape, depth_m, dtype=np.float32),
    )


def test_text_generator_makes_one_sequence_per_request_in_order(folders):
    generator = WanT2VGenerator.from_pretrained(folders / "wan-t2v", SAMPLING)
    requests = [request(0), request(1, Move.STATIC), request(2, n_frames=9)]
    sequences = generator.generate(requests)
    assert [s.sequence_id for s in sequences] == [r.sequence_id for r in requests]
    assert [s.frames.shape for s in sequences] == [(5, 16, 16, 3), (5, 16, 16, 3), (9, 16, 16, 3)]
    assert sequences[0].prompt == (
        "the camera pans left in a room with white walls and a wood floor"
    )
    assert sequences[0].provenance.made_by == generator.name
    assert generator.name.startswith("wan-t2v:")
    again = generator.generate(requests)
    assert all(np.array_equal(a.frames, b.frames) for a, b in zip(sequences, again, strict=True))
    assert not np.array_equal(sequences[0].frames, sequences[1].frames)


def test_depth_generator_follows_its_control(vace):
    near, far = (vace.generate([request(depth_m=depth)])[0] for depth in (0.5, 8.0))
    assert near.frames.shape == (5, 16, 16, 3)
    assert not np.array_equal(near.frames, far.frames)


def test_the_control_is_what_the_pipeline_prepares(vace):
    pipeline = vace.pipeline
    asked = request(depth_m=2.0)
    video, mask, references = pipeline.preprocess_conditions(
        control_video(asked), None, None, 1, 16, 16, 5, torch.float32, torch.device("cpu")
    )
    prepared = torch.cat(
        [
            pipeline.prepare_video_latents(video, mask, references),
            pipeline.prepare_masks(mask, references),
        ],
        dim=1,
    )
    depth = pipeline.vae.encode(video).latent_dist.mode()  # mean 0 and std 1 in this VAE
    inactive = inactive_latents(pipeline.vae, latent_steps=2, size_px=16)
    torch.testing.assert_close(vace_control(depth, inactive), prepared, atol=1e-5, rtol=0)


def test_depth_generator_refuses_a_request_without_depth(vace):
    with pytest.raises(ValueError, match="no control_depth"):
        vace.generate([request()])


@pytest.mark.parametrize("loader", [WanT2VGenerator, WanVaceGenerator])
def test_a_missing_checkpoint_folder_is_named(loader, tmp_path):
    with pytest.raises(FileNotFoundError, match=r"holds no model_index\.json"):
        loader.from_pretrained(tmp_path / "nowhere")


def test_clip_lengths_wan_cannot_make_are_refused_with_their_neighbours():
    path = Trajectory(move=None, amount=1.0, c2w=np.tile(np.eye(4), (80, 1, 1)))
    with pytest.raises(ValueError, match="nearest are 77 and 81"):
        GenerationRequest(
            sequence_id="s/free",
            scene_id="s",
            scene_description="a room",
            trajectory=path,
            intrinsics=Intrinsics.from_fov(width=16, height=16, fov_deg=80.0),
            fps=8.0,
            seed=0,
        )


def test_frame_sides_wan_cannot_make_are_refused():
    with pytest.raises(ValueError, match="divisible by 16"):
        request(size_px=40)
