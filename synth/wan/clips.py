"""Training clips: rendered rooms filmed with one of 13 moves, read from shards.

A folder holds ``clips-00000.npz`` (training) and ``heldout-00000.npz`` (other scenes), each with
``frames`` (uint8), ``depth`` (float16, metres) and ``move`` (index into ``list(Move)``), beside
a ``.json`` with one record per clip. ``python -m synth.wan.training_clips`` writes them.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import numpy as np
import torch
from jaxtyping import Float, Float16, Float32, Int64, UInt8
from torch import Tensor

from synth.moves import Move, mirror, reverse
from synth.wan.recipes import TINY_MOVES

WAN_MOVES: Final = TINY_MOVES

# Depth as grey: logarithmic, so near and far both keep contrast.
_NEAREST_M: Final = 0.3
_FARTHEST_M: Final = 10.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Clips:
    """Clips with what was filmed and how."""

    frames: UInt8[np.ndarray, "n t h w 3"]
    depth_m: Float16[np.ndarray, "n t h w"]  # z-depth
    moves: tuple[Move, ...]
    scene_ids: tuple[str, ...]
    scene_descriptions: tuple[str, ...]

    def __len__(self) -> int:
        """Return the number of clips."""
        return len(self.frames)


def read_clips(folder: Path, part: Literal["clips", "heldout"]) -> Clips:
    """Read all shards of one part.

    Raises:
        FileNotFoundError: The folder holds no such shard.
        ValueError: A shard and its ``.json`` disagree.
    """
    paths = sorted(folder.glob(f"{part}-*.npz"))
    if not paths:
        raise FileNotFoundError(
            f"reading training clips: {folder} holds no {part}-*.npz; make them with "
            f"python -m synth.wan.training_clips --out {folder}"
        )
    frames, depth, moves, records = [], [], [], []
    for path in paths:
        with np.load(path) as shard:
            frames.append(shard["frames"])
            depth.append(shard["depth"])
            moves.append(shard["move"])
        listed = json.loads(path.with_suffix(".json").read_text())
        if len(listed) != len(frames[-1]):
            raise ValueError(
                f"reading training clips: {path} holds {len(frames[-1])} clips but its .json "
                f"lists {len(listed)}; make the shard again."
            )
        records += listed
    every_move = list(Move)
    return Clips(
        frames=np.concatenate(frames),
        depth_m=np.concatenate(depth),
        moves=tuple(every_move[int(i)] for i in np.concatenate(moves)),
        scene_ids=tuple(str(r["scene_id"]) for r in records),
        scene_descriptions=tuple(str(r["scene_description"]) for r in records),
    )


def depth_to_grey(
    depth_m: Float16[np.ndarray, "*s"] | Float32[np.ndarray, "*s"],
) -> Float32[np.ndarray, "*s"]:
    """Map z-depth to grey in [-1, 1]: near is bright.

    ``1 - 2 log(d / 0.3) / log(10 / 0.3)``, clamped: 0.3 m is white, 10 m and unknown (0) are
    black. The VACE control is rendered with this mapping, and the VAE is trained on it.
    """
    known = np.where(depth_m > 0, depth_m, _FARTHEST_M).astype(np.float32)
    span = np.float32(np.log(_FARTHEST_M / _NEAREST_M))
    grey = 1.0 - 2.0 * np.log(known / np.float32(_NEAREST_M)) / span
    return np.clip(grey, -1.0, 1.0).astype(np.float32)


def frames_to_video(frames: UInt8[np.ndarray, "n t h w 3"]) -> Float[Tensor, "n 3 t h w"]:
    """Turn RGB bytes into the video tensor of a VAE, in [-1, 1]."""
    video = torch.from_numpy(np.ascontiguousarray(frames.transpose(0, 4, 1, 2, 3)))
    return video.float().div_(127.5).sub_(1.0)


def depth_to_video(
    depth_m: Float16[np.ndarray, "n t h w"] | Float32[np.ndarray, "n t h w"],
) -> Float[Tensor, "n 3 t h w"]:
    """Render depth clips as grey RGB videos in [-1, 1]."""
    grey = torch.from_numpy(np.ascontiguousarray(depth_to_grey(depth_m)))
    return grey[:, None].repeat(1, 3, 1, 1, 1)


def move_labels(moves: Sequence[Move]) -> Int64[np.ndarray, " n"]:
    """Return each move's index in ``WAN_MOVES``."""
    return np.array([WAN_MOVES.index(move) for move in moves], dtype=np.int64)


def variant_of(move: Move, *, mirrored: bool, reversed_: bool) -> Move:
    """Return which move a clip shows after mirroring and/or playing it backwards."""
    if mirrored:
        move = mirror(move)
    return reverse(move) if reversed_ else move
