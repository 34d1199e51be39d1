"""The Fun-Control-Camera adapter: geometry of its input, and what it does to a transformer."""

import numpy as np
import pytest
import torch
from diffusers import WanTransformer3DModel
from random_wan import FRAMES, SIZE_PX, TEXT_DIM, native_name, random_pipeline, sample
from safetensors.torch import save_file

from synth.cameras import Intrinsics
from synth.wan.fun_camera import CameraAdapter, FunCamera, load_fun_camera, pack_rays
from synth.wan.training import torch_generator, torch_seeded

DIM = 24
CAMERA = Intrinsics(width=SIZE_PX, height=SIZE_PX, fx=20.0, fy=20.0, cx=16.0, cy=16.0)
CONFIG = {
    "num_attention_heads": 2,
    "attention_head_dim": 12,
    "in_channels": 32,
    "out_channels": 16,
    "text_dim": TEXT_DIM,
    "freq_dim": 16,
    "ffn_dim": 32,
    "num_layers": 2,
    "rope_max_seq_len": 32,
}


def path_to(x_m=0.0, n_frames=FRAMES):
    c2w = np.tile(np.eye(4), (n_frames, 1, 1))
    c2w[:, 0, 3] = np.linspace(0.0, x_m, n_frames)
    return c2w


def cameras(n_frames=FRAMES):
    return (CAMERA,) * n_frames


def random_adapter(dim=DIM):
    with torch_seeded(0, "adapter"):
        return CameraAdapter(dim)


def test_rays_are_packed_four_frames_a_step_moment_first():
    packed = pack_rays(path_to(x_m=4.0), cameras())
    assert packed.shape == (1, 24, 2, SIZE_PX, SIZE_PX)
    rays = packed[0].unflatten(0, (6, 4))  # (coordinate, frame of the step, step, y, x)
    # The first step is frame 0 four times: no moments, and direction z of the central pixels.
    assert torch.equal(rays[:3, :, 0], torch.zeros(3, 4, SIZE_PX, SIZE_PX))
    x = y = (16.5 - 16.0) / 20.0  # half-integer center of pixel (16, 16)
    length = (x * x + y * y + 1) ** 0.5
    direction = torch.tensor([x / length, y / length, 1 / length])
    torch.testing.assert_close(rays[3:, 2, 0, 16, 16], direction)
    # The second holds frames 1 to 4, at x = 1, 2, 3, 4 m: (x, 0, 0) x d = (0, -x d_z, x d_y).
    for frame in range(4):
        moment = torch.tensor([0.0, -(frame + 1) / length, (frame + 1) * y / length])
        torch.testing.assert_close(rays[:3, frame, 1, 16, 16], moment)
        torch.testing.assert_close(rays[3:, frame, 1, 16, 16], direction)


def test_rays_do_not_depend_on_where_the_path_starts():
    turned = np.array([[0.0, -1, 0, 5], [1, 0, 0, 6], [0, 0, 1, 7], [0, 0, 0, 1]])
    moved = pack_rays(turned @ path_to(2.0), cameras())
    torch.testing.assert_close(moved, pack_rays(path_to(2.0), cameras()))


def test_the_adapter_makes_one_vector_per_patch():
    out = random_adapter()(torch.zeros(1, 24, 3, 32, 48))
    assert out.shape == (1, DIM, 3, 2, 3)


def test_a_path_changes_the_clip_and_the_model_is_as_before_afterwards():
    pipeline = random_pipeline()
    before = sample(pipeline, steps=2)
    camera = FunCamera(pipeline.transformer, random_adapter())
    with camera.steering(path_to(), cameras()):
        still = sample(pipeline, steps=2)
    with camera.steering(path_to(1.0), cameras()):
        moving = sample(pipeline, steps=2)
    assert not torch.equal(still, before)
    assert not torch.equal(still, moving)
    assert torch.equal(sample(pipeline, steps=2), before)


def test_the_camera_is_added_to_the_patch_embedding():
    transformer = WanTransformer3DModel(**CONFIG)
    adapter = random_adapter()
    latents = torch.randn(1, 32, 2, 4, 4, generator=torch_generator(0, "latents"))
    with torch.no_grad():
        plain = transformer.patch_embedding(latents)
        with FunCamera(transformer, adapter).steering(path_to(1.0), cameras()):
            steered = transformer.patch_embedding(latents)
        added = adapter(pack_rays(path_to(1.0), cameras()))
        torch.testing.assert_close(steered, plain + added)
        # The 36 channels of the image-to-video pipeline lose their mask, channels 16 to 19.
        masked = torch.cat([latents[:, :16], torch.ones(1, 4, 2, 4, 4), latents[:, 16:]], dim=1)
        with FunCamera(transformer, adapter).steering(path_to(1.0), cameras()):
            assert torch.equal(transformer.patch_embedding(masked), steered)


def test_a_native_checkpoint_is_renamed_and_loaded(tmp_path):
    transformer, adapter = WanTransformer3DModel(**CONFIG), random_adapter()
    native = {native_name(k): v.clone() for k, v in transformer.state_dict().items()}
    assert "blocks.1.self_attn.o.weight" in native
    assert "head.modulation" in native
    native |= {f"control_adapter.{k}": v for k, v in adapter.state_dict().items()}
    path = tmp_path / "diffusion_pytorch_model.safetensors"
    save_file(native, path)
    loaded = load_fun_camera(path, **CONFIG)
    for name, value in transformer.state_dict().items():
        assert torch.equal(loaded.transformer.state_dict()[name], value)
    for name, value in adapter.state_dict().items():
        assert torch.equal(loaded.adapter.state_dict()[name], value)
    with pytest.raises(ValueError, match=r"do not fit a WanTransformer3DModel; .*should have"):
        load_fun_camera(path, **(CONFIG | {"num_layers": 1}))
    save_file({k: v for k, v in native.items() if "adapter" not in k}, path)
    with pytest.raises(ValueError, match=r"no control_adapter\.\* weights"):
        load_fun_camera(path, **CONFIG)


def test_paths_and_parts_that_do_not_fit_are_refused(tmp_path):
    pipeline = random_pipeline()
    camera = FunCamera(pipeline.transformer, random_adapter())
    with (
        pytest.raises(
            ValueError, match=r"the clip has \(2, 2, 2\) steps and patches, the path \(3"
        ),
        camera.steering(path_to(n_frames=9), cameras(9)),
    ):
        sample(pipeline, steps=1)
    with pytest.raises(ValueError, match=r"4n \+ 1 frames, got 8"):
        pack_rays(path_to(n_frames=8), cameras(8))
    with pytest.raises(ValueError, match="vectors of 12 numbers"):
        FunCamera(pipeline.transformer, random_adapter(12))
    with pytest.raises(FileNotFoundError, match="there is no file"):
        load_fun_camera(tmp_path / "no.safetensors")
