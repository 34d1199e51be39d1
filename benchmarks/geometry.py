"""How exact is rendered geometry? ``python -m benchmarks.geometry``.

Unprojects each frame and projects it into the others of its clip (metres of disagreement), and
holds the rendered depth of walls and floor against the analytic intersection of the rays.
"""

import json
import sys
from dataclasses import dataclass
from itertools import permutations

import numpy as np
import tyro
from jaxtyping import Float64

from synth.cameras import Intrinsics, pixel_rays
from synth.film import FilmConfig, FilmedClip, film_room
from synth.measure.reprojection import DepthView, depth_disagreement
from synth.poses import Pose
from synth.rooms.config import TINY_ROOMS
from synth.rooms.furnish import make_room
from synth.scene import BACKGROUND_ID


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What to measure: ``n_rooms`` rooms from ``seed``; ``json`` prints one object."""

    n_rooms: int = 20
    seed: int = 0
    json: bool = False


def shell_depth(
    size_m: Float64[np.ndarray, "3"], c2w: Pose, intrinsics: Intrinsics
) -> Float64[np.ndarray, "h w"]:
    """Return the z-depth of an empty box room from inside, in closed form."""
    directions = pixel_rays(intrinsics) @ c2w[:3, :3].T
    with np.errstate(divide="ignore"):
        to_high = np.where(directions > 0, (size_m - c2w[:3, 3]) / directions, np.inf)
        to_low = np.where(directions < 0, -c2w[:3, 3] / directions, np.inf)
    nearest: Float64[np.ndarray, "h w"] = np.minimum(to_high, to_low).min(axis=-1)
    return nearest


def measure(options: Options) -> dict[str, float]:
    """Return medians, 99th percentiles and counts, metres."""
    disagreement, shell = [], []
    for number in range(options.n_rooms):
        scene_id = f"geometry-{number:04d}"
        room = make_room(scene_id, options.seed, TINY_ROOMS)
        for clip in film_room(scene_id, options.seed, TINY_ROOMS, FilmConfig()):
            if not isinstance(clip, FilmedClip):
                continue
            truth = clip.truth
            views = [
                DepthView(*view)
                for view in zip(
                    truth.depth, truth.instances, truth.c2w, truth.intrinsics, strict=True
                )
            ]
            for source, target in permutations(views[::4], 2):
                disagreement.append(depth_disagreement(source, target))
            expected = shell_depth(room.extent_m[1], truth.c2w[0], truth.intrinsics[0])
            error = np.abs(truth.depth[0] - expected)
            # Doors, panes and baseboards stand 8-12 mm in front of the shell: not errors.
            structure = (truth.instances[0] == BACKGROUND_ID) & (error < 5e-3)
            shell.append(error[structure])
    pixels, analytic = np.concatenate(disagreement), np.concatenate(shell)
    return {
        "covisible_pixels": float(len(pixels)),
        "covisible_median_m": float(np.median(pixels)),
        "covisible_p99_m": float(np.quantile(pixels, 0.99)),
        "analytic_pixels": float(len(analytic)),
        "analytic_median_m": float(np.median(analytic)),
        "analytic_max_m": float(analytic.max()),
    }


def main(options: Options) -> None:
    """Print the table, or one JSON object."""
    result = measure(options)
    if options.json:
        sys.stdout.write(json.dumps(result) + "\n")
    else:
        sys.stdout.write("\n".join(f"{k:24s} {v:.3g}" for k, v in result.items()) + "\n")


if __name__ == "__main__":
    main(tyro.cli(Options))
