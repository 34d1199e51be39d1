"""From rendered depth to the control that VACE's transformer receives, aligned to the pixel."""

import numpy as np
import pytest
import torch
from tiny_wan import save_random_pipeline, tiny_wan_recipe, wan_request

from synth.cameras import pixel_rays, project, unproject
from synth.trajectories import Move
from synth.wan.clips import depth_to_grey
from synth.wan.conditions import control_video
from synth.wan.engine import WanEngine
from synth.wan.train_vace import inactive_latents, vace_control

SIZE_PX, N_FRAMES = 32, 9
ROOM_M = np.array([[-3.0, -2.0, 0.0], [25.0, 4.0, 2.5]])  # two corners; the truck goes 20 m


@pytest.fixture(scope="module", autouse=True)
def _one_thread():  # waiting for a second one costs more than it does
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    folder = tmp_path_factory.mktemp("vace")
    save_random_pipeline(folder, vace=True)
    return WanEngine(tiny_wan_recipe(folder, "vace"))


def render_depth(request):
    """Depth of an empty box room: the nearest wall along each pixel's ray, by hand."""
    depth = []
    for c2w, camera in zip(request.trajectory.c2w, request.intrinsics, strict=True):
        rays = pixel_rays(camera) @ c2w[:3, :3].T
        with np.errstate(divide="ignore"):
            walls = (ROOM_M - c2w[:3, 3])[:, None, None] / rays
        depth.append(walls.max(axis=0).min(axis=-1))  # of each axis the wall ahead, the nearest
    return np.stack(depth).astype(np.float32)


@pytest.fixture(scope="module")
def asked():
    bare = wan_request(0, Move.TRUCK_RIGHT, N_FRAMES, SIZE_PX)
    return wan_request(0, Move.TRUCK_RIGHT, N_FRAMES, SIZE_PX, control_depth=render_depth(bare))


class Seen:
    """Keeps what the VAE is given to encode and what the transformer is given as control."""

    def __init__(self, pipeline):
        self.videos, self.controls = [], []
        encode = pipeline.vae.encode

        def spy(video, *args, **kwargs):
            self.videos.append(video.clone())
            return encode(video, *args, **kwargs)

        pipeline.vae.__dict__["encode"] = spy
        self.hook = pipeline.transformer.register_forward_pre_hook(self.keep, with_kwargs=True)
        self.pipeline = pipeline

    def keep(self, module, args, kwargs):
        del module, args
        self.controls.append(kwargs["control_hidden_states"].clone())

    def __enter__(self):
        return self

    def __exit__(self, *error):
        del self.pipeline.vae.__dict__["encode"]
        self.hook.remove()


@pytest.fixture(scope="module")
def seen(engine, asked):
    with Seen(engine.pipeline) as seen:
        (sequence,) = engine.generate([asked])
    assert sequence.frames.shape == (N_FRAMES, SIZE_PX, SIZE_PX, 3)
    return seen


def test_the_room_is_drawn_as_the_camera_sees_it(asked):
    depth = asked.control_depth
    points = unproject(depth[0], asked.trajectory.c2w[0], asked.intrinsics[0])
    on_floor, on_ceiling = (np.isclose(points[..., 2], z, atol=1e-4) for z in (0.0, 2.5))
    assert on_floor[-1].any()
    assert not on_floor[0].any()
    assert on_ceiling[0].any()
    # Trucking right brings the right wall nearer: what was at its edge moves to the left.
    corner = np.array([[2.0, 4.0, 1.2]])
    first, last = (project(corner, asked.trajectory.c2w[i], asked.intrinsics[i]) for i in (0, -1))
    assert last.uv[0, 0] < first.uv[0, 0]


def test_the_vae_encodes_the_grey_of_the_rendered_depth_pixel_by_pixel(seen, asked):
    inactive, reactive = seen.videos
    expected = torch.from_numpy(depth_to_grey(asked.control_depth))
    assert expected.std() > 0.05
    assert reactive.shape == (1, 3, N_FRAMES, SIZE_PX, SIZE_PX)
    for channel in range(3):
        torch.testing.assert_close(reactive[0, channel], expected, atol=1e-6, rtol=0)
    assert not inactive.any()  # everything is to be painted


def test_the_transformer_receives_the_encoded_control_at_every_pass(seen, engine, asked):
    vae = engine.pipeline.vae
    grey = torch.from_numpy(depth_to_grey(asked.control_depth))[None, None].repeat(1, 3, 1, 1, 1)
    with torch.no_grad():
        encoded = vae.encode(grey).latent_dist.mode()  # mean 0 and std 1 in this VAE
    control = seen.controls[0]
    assert control.shape == (1, 2 * 16 + 64, 3, SIZE_PX // 8, SIZE_PX // 8)
    torch.testing.assert_close(control[:, 16:32], encoded, atol=1e-4, rtol=0)
    assert (control[:, 32:] == 1).all()
    assert len(seen.controls) == 2 * engine.recipe.steps  # both branches of guidance
    assert all(torch.equal(control, other) for other in seen.controls)


def test_training_prepares_the_control_that_sampling_receives(seen, engine, asked):
    vae = engine.pipeline.vae
    video = 2.0 * control_video(asked).transpose(1, 2) - 1.0
    with torch.no_grad():
        depth = vae.encode(video).latent_dist.mode()
    inactive = inactive_latents(vae, latent_steps=3, size_px=SIZE_PX)
    torch.testing.assert_close(vace_control(depth, inactive), seen.controls[0], atol=1e-4, rtol=0)


def test_a_nearer_corner_changes_the_control_in_that_corner_and_from_that_time_on(
    engine, asked, seen
):
    nearer = asked.control_depth.copy()
    nearer[5:, :8, -8:] = 0.3  # frames 5 to 8 are latent step 2; top right
    changed = wan_request(0, Move.TRUCK_RIGHT, N_FRAMES, SIZE_PX, control_depth=nearer)
    with Seen(engine.pipeline) as now:
        engine.generate([changed])
    difference = (now.controls[0] - seen.controls[0])[0].abs().amax(dim=0)
    assert not difference[:2].any()  # the VAE is causal
    top_left, top_right, bottom_left, bottom_right = (
        part.mean() for half in difference[2].chunk(2) for part in half.chunk(2, dim=1)
    )
    assert top_right > 2 * max(top_left, bottom_left, bottom_right)


def test_depth_decides_the_picture(engine, asked):
    far = wan_request(
        0, Move.TRUCK_RIGHT, N_FRAMES, SIZE_PX, control_depth=np.full_like(asked.control_depth, 9)
    )
    near_clip, far_clip = engine.generate([asked, far])
    assert not np.array_equal(near_clip.frames, far_clip.frames)


def test_a_masked_clip_reaches_vace_grey_under_the_mask_and_unchanged_elsewhere(engine):
    frames = np.full((N_FRAMES, SIZE_PX, SIZE_PX, 3), [255, 0, 51], dtype=np.uint8)
    holes = np.zeros((N_FRAMES, SIZE_PX, SIZE_PX), dtype=bool)
    holes[:, :8, -16:] = True  # top right
    request = wan_request(
        0, Move.TRUCK_RIGHT, N_FRAMES, SIZE_PX, source_frames=frames, source_mask=holes
    )
    with Seen(engine.pipeline) as seen:
        engine.generate([request])
    inactive, reactive = (video[0, :, 0] for video in seen.videos)
    assert not reactive.any()  # grey is zero, and nothing else is under the mask
    torch.testing.assert_close(inactive[:, -1, 0], torch.tensor([1.0, -1.0, -0.6]))
    assert not inactive[:, 0, -1].any()
    mask = seen.controls[0][0, 32:].unflatten(0, (8, 8))  # sub-pixels as channels
    assert (mask[:, :, :, 0, 2:] == 1).all()
    assert mask.sum() == 3 * holes[0].sum()
