"""Clips that are right, and the same clips made wrong on purpose: what gates are tried on."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Literal, NamedTuple

import cv2
import numpy as np
from jaxtyping import Float64, UInt8

from synth.cameras import Intrinsics
from synth.clip_files import read_clip
from synth.pose_files import read_poses
from synth.poses import invert
from synth.seeding import rng_for

RE10K_CLIPS: Final = Path("../shared/data/re10k_clips")
WARP_PX: Final = (1, 2, 4, 8)
_WARP_SIGMA_PX: Final = 24.0
_GAIN_STD: Final = 0.08
_ZOOM: Final = 0.02  # a frame

Frames = UInt8[np.ndarray, "t h w 3"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PosedClip:
    """A clip with the poses claimed for it."""

    name: str
    frames: Frames
    c2w: Float64[np.ndarray, "t 4 4"]
    intrinsics: tuple[Intrinsics, ...]


class Control(NamedTuple):
    """One way to make a clip wrong (or not)."""

    name: str
    truth: Literal["clip and poses", "clip", "nothing"]  # what is still true of it
    make: Callable[[PosedClip, PosedClip, np.random.Generator], PosedClip]  # clip, another, rng


def warped(frames: Frames, std_px: float, rng: np.random.Generator) -> Frames:
    """Warp every frame by its own smooth field of standard deviation ``std_px``."""
    _, height, width, _ = frames.shape
    grid = np.stack(np.meshgrid(np.arange(width), np.arange(height))).astype(np.float32)
    out = np.empty_like(frames)
    for k, frame in enumerate(frames):
        noise = rng.standard_normal((2, height, width)).astype(np.float32)
        field = np.stack([cv2.GaussianBlur(n, (0, 0), _WARP_SIGMA_PX) for n in noise])
        at = grid + field * (std_px / field.std())
        out[k] = cv2.remap(frame, *at, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
    return out


def zoomed(frame: UInt8[np.ndarray, "h w 3"], n_frames: int) -> Frames:
    """Zoom into one picture: no depth in the motion."""
    height, width, _ = frame.shape
    zooms = [
        cv2.getRotationMatrix2D((width / 2 - 0.5, height / 2 - 0.5), 0.0, 1 + _ZOOM * k)
        for k in range(n_frames)
    ]
    return np.stack([cv2.warpAffine(frame, z, (width, height)) for z in zooms])


def _warp(std_px: float) -> Callable[[PosedClip, PosedClip, np.random.Generator], PosedClip]:
    def make(clip: PosedClip, other: PosedClip, rng: np.random.Generator) -> PosedClip:
        del other
        return replace(clip, frames=warped(clip.frames, std_px, rng))

    return make


def _mixed(clip: PosedClip, other: PosedClip, from_other: slice) -> PosedClip:
    frames = clip.frames.copy()
    frames[from_other] = other.frames[: len(frames)][from_other]
    return replace(clip, frames=frames)


def _shuffled(clip: PosedClip, other: PosedClip, rng: np.random.Generator) -> PosedClip:
    del other
    return replace(clip, frames=clip.frames[rng.permutation(len(clip.frames))])


def _flickering(clip: PosedClip, other: PosedClip, rng: np.random.Generator) -> PosedClip:
    del other
    gains = 1 + _GAIN_STD * rng.standard_normal((len(clip.frames), 1, 1, 3))
    return replace(clip, frames=np.clip(clip.frames * gains, 0, 255).astype(np.uint8))


def _zoom_dolly(clip: PosedClip, other: PosedClip, rng: np.random.Generator) -> PosedClip:
    """Zoom into the first frame, and claim a dolly: all matches lie on the epipolar lines."""
    del other, rng
    n_frames, height, width, _ = clip.frames.shape
    c2w = np.tile(np.eye(4), (n_frames, 1, 1))
    c2w[:, 2, 3] = np.arange(n_frames)
    middle = replace(clip.intrinsics[0], cx=width / 2, cy=height / 2)
    frames = zoomed(clip.frames[0], n_frames)
    return replace(clip, frames=frames, c2w=c2w, intrinsics=(middle,) * n_frames)


def _frozen(clip: PosedClip, other: PosedClip, rng: np.random.Generator) -> PosedClip:
    del other, rng
    return replace(clip, frames=np.repeat(clip.frames[:1], len(clip.frames), axis=0))


def _as_it_is(clip: PosedClip, other: PosedClip, rng: np.random.Generator) -> PosedClip:
    del other, rng
    return clip


def _interleaved(clip: PosedClip, other: PosedClip, rng: np.random.Generator) -> PosedClip:
    del rng
    return _mixed(clip, other, slice(1, None, 2))


def _cut(clip: PosedClip, other: PosedClip, rng: np.random.Generator) -> PosedClip:
    del rng
    return _mixed(clip, other, slice(len(clip.frames) // 2, None))


def _inverted(clip: PosedClip, other: PosedClip, rng: np.random.Generator) -> PosedClip:
    del other, rng
    return replace(clip, c2w=invert(clip.c2w))


def _other_poses(clip: PosedClip, other: PosedClip, rng: np.random.Generator) -> PosedClip:
    del rng
    n_frames = len(clip.frames)
    return replace(clip, c2w=other.c2w[:n_frames], intrinsics=other.intrinsics[:n_frames])


RIGHT: Final = Control("right", truth="clip and poses", make=_as_it_is)
CONTROLS: Final[tuple[Control, ...]] = (
    RIGHT,
    *(Control(f"elastic warp {std} px", truth="nothing", make=_warp(std)) for std in WARP_PX),
    Control("two scenes interleaved", truth="nothing", make=_interleaved),
    Control("hard cut", truth="nothing", make=_cut),
    Control("frozen", truth="nothing", make=_frozen),
    Control("zoomed still, dolly claimed", truth="nothing", make=_zoom_dolly),
    Control("colour flicker 8 %", truth="nothing", make=_flickering),
    Control("frames shuffled", truth="clip", make=_shuffled),
    Control("inverted poses", truth="clip", make=_inverted),
    Control("another clip's poses", truth="clip", make=_other_poses),
)


def real_clips(folder: Path = RE10K_CLIPS) -> list[PosedClip]:
    """Read the real clips; an empty list where they are not."""
    clips = []
    for video in sorted(folder.glob("*.mp4")):
        frames = read_clip(video)
        _, height, width, _ = frames.shape
        path = read_poses(video.with_suffix(".txt"), "re10k", width=width, height=height)
        if path.intrinsics is None:
            raise ValueError(f"{video}: its RealEstate10K file holds no intrinsics.")
        clips.append(
            PosedClip(name=video.stem, frames=frames, c2w=path.c2w, intrinsics=path.intrinsics)
        )
    return clips


def apply(control: Control, clips: list[PosedClip], number: int, seed: int) -> PosedClip:
    """Make one control from clip ``number``; the other clip is the next one."""
    clip, other = clips[number], clips[(number + 1) % len(clips)]
    return control.make(clip, other, rng_for(seed, clip.name, control.name))
