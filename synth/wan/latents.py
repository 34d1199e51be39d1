"""Encode all training clips once: ``python -m synth.wan.latents --data DIR --vae DIR --out DIR``.

Each clip is encoded in several variants (as filmed, mirrored, played backwards, both) with the
move it then shows, and so is its depth rendered as grey video, the control of the
depth-conditioned model. The per-channel mean and standard deviation of the colour latents become
the VAE's ``latents_mean`` and ``latents_std``; stored latents are normalised with them.
"""

import io
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import torch
import tyro
from diffusers import AutoencoderKLWan
from jaxtyping import Float, Float16
from torch import Tensor

from synth.storage import write_atomically
from synth.trajectories import Move
from synth.wan.clips import Clips, depth_to_video, frames_to_video, read_clips, variant_of
from synth.wan.training import Precision, autocast, channels_last, contiguous
from synth.wan.vae_single_pass import encode_moments, single_pass

_CHUNK: Final = 8  # clips encoded together
# (mirrored, backwards) in the order they are stored; backwards comes first because it turns every
# move but the static one into its opposite.
VARIANTS: Final = ((False, False), (False, True), (True, False), (True, True))


@dataclass(frozen=True, slots=True, kw_only=True)
class LatentEncoding:
    """Options.

    Attributes:
        data: Folder of training clips.
        vae: A trained VAE; its ``latents_mean`` and ``latents_std`` are measured and written.
        out: Folder for the latents.
        max_clips: Use only so many training clips.
        variants: 1 to 4 variants of each training clip; held-out clips have one.
        threads: CPU threads.
        device: ``cpu`` or ``cuda``.
        precision: Of the encoder; ``bf16`` is three times faster and off by under 1 % of the
            latents' standard deviation.
    """

    data: Path
    vae: Path
    out: Path
    max_clips: int | None = None
    variants: int = 2
    threads: int = 2
    device: str = "cpu"
    precision: Precision = "bf16"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LatentClips:
    """Encoded clips: normalised posterior means.

    Attributes:
        color: Latents of the RGB clips, one row per variant.
        depth: Latents of the depth clips rendered as grey video.
        moves: The move each variant shows.
        scenes: Description of each clip's scene.
    """

    color: Float16[Tensor, "n v z t y x"]
    depth: Float16[Tensor, "n v z t y x"]
    moves: tuple[tuple[Move, ...], ...]
    scenes: tuple[str, ...]

    def __len__(self) -> int:
        """Return the number of clips, each with all its variants."""
        return len(self.scenes)


def encode_all(options: LatentEncoding) -> None:
    """Encode held-out and training clips and write the statistics into the VAE's config."""
    torch.set_num_threads(options.threads)
    vae = AutoencoderKLWan.from_pretrained(options.vae).to(options.device).eval()
    channels_last(vae)
    raw: dict[str, dict[str, Float[Tensor, "n v z t y x"]]] = {}
    parts: dict[Literal["clips", "heldout"], int] = {"heldout": 1, "clips": options.variants}
    clips: dict[str, Clips] = {}
    for part, n_variants in parts.items():
        clips[part] = read_clips(options.data, part)
        n_clips = len(clips[part])
        if part == "clips" and options.max_clips is not None:
            n_clips = min(n_clips, options.max_clips)
        with autocast(options.device, options.precision):
            raw[part] = _encode(vae, clips[part], n_clips, n_variants)
    train = raw["clips"]["color"]
    mean, std = train.mean((0, 1, 3, 4, 5)), train.std((0, 1, 3, 4, 5))
    contiguous(vae)
    vae.register_to_config(latents_mean=mean.tolist(), latents_std=std.tolist())
    vae.save_pretrained(options.vae)
    shape = (1, 1, -1, 1, 1, 1)
    for part, n_variants in parts.items():
        n_clips = len(raw[part]["color"])
        rows = {k: ((v - mean.view(shape)) / std.view(shape)).half() for k, v in raw[part].items()}
        moves = [
            [variant_of(m, mirrored=a, reversed_=b).value for a, b in VARIANTS[:n_variants]]
            for m in clips[part].moves[:n_clips]
        ]
        scenes = list(clips[part].scene_descriptions[:n_clips])
        buffer = io.BytesIO()
        torch.save({**rows, "labels": json.dumps({"moves": moves, "scenes": scenes})}, buffer)
        write_atomically(options.out / f"{part}.pt", buffer.getvalue())


def read_latents(folder: Path, part: Literal["clips", "heldout"]) -> LatentClips:
    """Read what ``encode_all`` wrote.

    Raises:
        FileNotFoundError: There are no latents in the folder.
    """
    path = folder / f"{part}.pt"
    if not path.exists():
        raise FileNotFoundError(
            f"reading latents: {path} does not exist; make it with python -m synth.wan.latents"
        )
    stored = torch.load(path, weights_only=True)
    labels = json.loads(stored["labels"])
    return LatentClips(
        color=stored["color"],
        depth=stored["depth"],
        moves=tuple(tuple(Move(m) for m in row) for row in labels["moves"]),
        scenes=tuple(labels["scenes"]),
    )


@torch.no_grad()
def _encode(
    vae: AutoencoderKLWan, clips: Clips, n_clips: int, n_variants: int
) -> dict[str, Float[Tensor, "n v z t y x"]]:
    found: dict[str, list[Float[Tensor, "b v z t y x"]]] = {"color": [], "depth": []}
    with single_pass(vae):
        for start in range(0, n_clips, _CHUNK):
            part = slice(start, min(start + _CHUNK, n_clips))
            videos = {
                "color": frames_to_video(clips.frames[part]),
                "depth": depth_to_video(clips.depth_m[part]),
            }
            for kind, video in videos.items():
                latents = []
                for mirrored, backwards in VARIANTS[:n_variants]:
                    shown = flipped(video, mirrored=mirrored, backwards=backwards).to(vae.device)
                    shown = shown.contiguous(memory_format=torch.channels_last_3d)
                    latents.append(encode_moments(vae, shown)[0].float().cpu())
                found[kind].append(torch.stack(latents, dim=1))
            if start // _CHUNK % 100 == 0:
                sys.stderr.write(f"encoded {part.stop} of {n_clips} clips\n")
    return {kind: torch.cat(rows) for kind, rows in found.items()}


def flipped(
    video: Float[Tensor, "b 3 t h w"], *, mirrored: bool, backwards: bool
) -> Float[Tensor, "b 3 t h w"]:
    """Mirror a video left to right and/or play it backwards."""
    return video.flip([axis for axis, wanted in ((4, mirrored), (2, backwards)) if wanted])


if __name__ == "__main__":
    encode_all(tyro.cli(LatentEncoding))
