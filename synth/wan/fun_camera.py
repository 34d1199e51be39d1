"""Explicit camera paths for Wan: the adapter of VideoX-Fun's "Fun Control Camera" checkpoints.

The path becomes Plücker rays, four frames a latent step (the first frame four times), and a small
convolutional adapter turns them into one vector per patch, which is *added to the output of the
transformer's patch embedding*. So it works by a hook on ``WanTransformer3DModel`` (diffusers has
no class for it), in any pipeline that feeds the transformer.

Published checkpoints (Wan2.1-Fun-V1.1-*-Control-Camera) take 32 input channels: noise and the
latents of the first frame. ``WanImageToVideoPipeline`` gives 36; the four of its mask are left out.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from diffusers import WanTransformer3DModel
from diffusers.loaders.single_file_utils import convert_wan_transformer_to_diffusers
from jaxtyping import Float, Float64
from safetensors.torch import load_file
from torch import Tensor, nn

from synth.cameras import Intrinsics
from synth.plucker import plucker_rays, relative_to_first

_PACKED_FRAMES: Final = 4  # per latent step
_UNSHUFFLE: Final = 8
_PREFIX: Final = "control_adapter."
_MASK_CHANNELS: Final = slice(16, 20)  # of the image-to-video pipeline's 36


class CameraAdapter(nn.Module):
    """Plücker rays to patch vectors; parameters are named as in the checkpoints.

    Args:
        dim: Width of the transformer.
        n_blocks: Residual blocks.
    """

    def __init__(self, dim: int, n_blocks: int = 1) -> None:
        super().__init__()
        self.pixel_unshuffle = nn.PixelUnshuffle(_UNSHUFFLE)
        channels = 6 * _PACKED_FRAMES * _UNSHUFFLE**2
        self.conv = nn.Conv2d(channels, dim, kernel_size=2, stride=2)
        self.residual_blocks = nn.Sequential(*[_Residual(dim) for _ in range(n_blocks)])

    def forward(self, rays: Float[Tensor, "b 24 k h w"]) -> Float[Tensor, "b d k h16 w16"]:
        """Return one vector per patch of 16x16 pixels and latent step."""
        batch = rays.shape[0]
        flat = self.pixel_unshuffle(rays.transpose(1, 2).flatten(0, 1))
        patches = self.residual_blocks(self.conv(flat))
        return patches.unflatten(0, (batch, -1)).transpose(1, 2)


class _Residual(nn.Module):
    def __init__(self, dim: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(dim, dim, kernel_size=3, padding=1)
        self.conv2 = nn.Conv2d(dim, dim, kernel_size=3, padding=1)

    def forward(self, x: Float[Tensor, "n d h w"]) -> Float[Tensor, "n d h w"]:
        return x + self.conv2(torch.relu(self.conv1(x)))


def pack_rays(
    c2w: Float64[np.ndarray, "t 4 4"], intrinsics: Sequence[Intrinsics]
) -> Float[Tensor, "1 24 k h w"]:
    """Return the rays of a path as the adapter takes them, float32.

    Rays are relative to the first camera, moment first, through half-integer pixel centers, with
    unit directions. Channel ``4 c + j`` is coordinate ``c`` of the ``j``-th of a step's frames.

    Args:
        c2w: 4n + 1 poses. The checkpoints were trained on RealEstate10K, so path lengths should be
            of its scale: about one unit a clip.
        intrinsics: One per pose, of the size of the frames.

    Raises:
        ValueError: The number of poses is not 4n + 1.
    """
    if len(c2w) % _PACKED_FRAMES != 1:
        raise ValueError(
            f"packing the rays of a path: Wan's clips have 4n + 1 frames, got {len(c2w)}."
        )
    rays = plucker_rays(relative_to_first(c2w), intrinsics, order="moment_first")
    frames = np.concatenate([np.repeat(rays[:1], _PACKED_FRAMES - 1, axis=0), rays])
    steps = torch.from_numpy(frames.astype(np.float32)).unflatten(0, (-1, _PACKED_FRAMES))
    return steps.permute(4, 1, 0, 2, 3).flatten(0, 1)[None]


class FunCamera:
    """Steers a transformer along a camera path.

    Args:
        transformer: In- and output as in the checkpoint of the adapter.
        adapter: Of the same width.

    Raises:
        ValueError: The widths differ, or the patches are not 1x2x2.
    """

    def __init__(self, transformer: WanTransformer3DModel, adapter: CameraAdapter) -> None:
        embedding = transformer.patch_embedding
        if embedding.out_channels != adapter.conv.out_channels:
            raise ValueError(
                f"FunCamera: the adapter makes vectors of {adapter.conv.out_channels} numbers and "
                f"the transformer takes {embedding.out_channels}; they belong to two models."
            )
        if tuple(transformer.config.patch_size) != (1, 2, 2):
            raise ValueError(
                "FunCamera: the adapter makes one vector per 2x2 latents of a step, and the "
                f"transformer has patches of {tuple(transformer.config.patch_size)}."
            )
        self.transformer = transformer
        self.adapter = adapter.to(transformer.device, transformer.dtype).eval()

    @contextmanager
    def steering(
        self, c2w: Float64[np.ndarray, "t 4 4"], intrinsics: Sequence[Intrinsics]
    ) -> Iterator[None]:
        """Let all passes inside the block follow a path; afterwards the model is as before.

        Both branches of guidance get the path. A batch of clips shares it.

        Raises:
            ValueError: The path has not the length or frame size of the clip.
        """
        packed = pack_rays(c2w, intrinsics).to(self.transformer.device, self.transformer.dtype)
        with torch.no_grad():
            added = self.adapter(packed)
        embedding = self.transformer.patch_embedding

        def without_mask(module: nn.Conv3d, inputs: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
            latents, *others = inputs
            surplus = latents.shape[1] - module.in_channels
            if surplus == _MASK_CHANNELS.stop - _MASK_CHANNELS.start:
                kept = [latents[:, : _MASK_CHANNELS.start], latents[:, _MASK_CHANNELS.stop :]]
                latents = torch.cat(kept, dim=1)
            return (latents, *others)

        def add_camera(_module: nn.Module, _inputs: object, output: Tensor) -> Tensor:
            if output.shape[2:] != added.shape[2:]:
                raise ValueError(
                    f"FunCamera: the clip has {tuple(output.shape[2:])} steps and patches, the "
                    f"path {tuple(added.shape[2:])}; give one pose per frame and intrinsics of "
                    "the frames' size."
                )
            return output + added.to(output.device, output.dtype)

        handles = [
            embedding.register_forward_pre_hook(without_mask),
            embedding.register_forward_hook(add_camera),
        ]
        try:
            yield
        finally:
            for handle in handles:
                handle.remove()


def load_fun_camera(path: Path, **config: Any) -> FunCamera:  # noqa: ANN401  of the transformer
    """Load a Fun-Control-Camera checkpoint: transformer and adapter from one file.

    Args:
        path: ``diffusion_pytorch_model.safetensors`` of VideoX-Fun, with the native names of Wan.
        **config: Of ``WanTransformer3DModel``; published ones differ from Wan's in
            ``in_channels=32`` and ``image_dim=1280``.

    Raises:
        FileNotFoundError: There is no such file.
        ValueError: It holds no camera adapter, or weights that do not fit ``config``.
    """
    if not path.is_file():
        raise FileNotFoundError(f"loading a camera adapter: there is no file {path}.")
    native = load_file(path)
    adapter_state = {
        key.removeprefix(_PREFIX): native.pop(key)
        for key in list(native)
        if key.startswith(_PREFIX)
    }
    if not adapter_state:
        raise ValueError(
            f"loading a camera adapter: {path} has no {_PREFIX}* weights; take a checkpoint of "
            "the kind Control-Camera."
        )
    transformer = WanTransformer3DModel(**config)
    transformer_state = convert_wan_transformer_to_diffusers(native)
    adapter = CameraAdapter(
        transformer.patch_embedding.out_channels, n_blocks=_count_blocks(adapter_state)
    )
    _fill(transformer, transformer_state, path)
    _fill(adapter, adapter_state, path)
    return FunCamera(transformer, adapter)


def _count_blocks(state: Mapping[str, Tensor]) -> int:
    names = {key.split(".")[1] for key in state if key.startswith("residual_blocks.")}
    return len(names)


def _fill(model: nn.Module, state: Mapping[str, Tensor], path: Path) -> None:
    expected = {name: tuple(value.shape) for name, value in model.state_dict().items()}
    found = {name: tuple(value.shape) for name, value in state.items()}
    wrong = sorted(name for name in expected | found if expected.get(name) != found.get(name))
    if wrong:
        name = wrong[0]
        raise ValueError(
            f"loading {path}: {len(wrong)} weights do not fit a {type(model).__name__}; {name} "
            f"has shape {found.get(name)} and should have {expected.get(name)}."
        )
    model.load_state_dict(dict(state))
