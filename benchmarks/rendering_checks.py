"""Is what is rendered exact, repeatable and free of leaks? Part of ``benchmarks.rendering``."""

import gc
import hashlib
from concurrent.futures import ProcessPoolExecutor
from itertools import count
from multiprocessing import get_context
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from jaxtyping import Float64

from synth.cameras import Intrinsics, pixel_rays
from synth.film import FilmConfig, FilmedClip, film_room
from synth.poses import Pose
from synth.render.mesh import RoomMesh
from synth.rooms.config import RoomConfig

_PAGE_MB: Final = 4096 / 2**20
_SCENES: Final = 6


class Memory(NamedTuple):
    """Resident memory while clips are filmed."""

    n_clips: int
    early_mb: float  # after a fifth of them
    late_mb: float


def exact_depth(mesh: RoomMesh, c2w: Pose, camera: Intrinsics) -> Float64[np.ndarray, "h w"]:
    """Nearest intersection of all rays with all triangles in float64 (Moeller-Trumbore)."""
    rays = pixel_rays(camera).reshape(-1, 3) @ c2w[:3, :3].T
    a, b, c = (mesh.vertices[mesh.faces[:, k]] for k in range(3))
    nearest = np.full(len(rays), np.inf)
    from_a = c2w[:3, 3] - a
    q = np.cross(from_a, b - a)
    along = (q * (c - a)).sum(axis=1)
    for number, ray in enumerate(rays):
        p = np.cross(ray, c - a)
        determinant = (p * (b - a)).sum(axis=1)
        with np.errstate(divide="ignore", invalid="ignore"):
            u, v, t = (from_a * p).sum(axis=1), q @ ray, along
            u, v, t = u / determinant, v / determinant, t / determinant
            hit = (u >= 0) & (v >= 0) & (u + v <= 1) & (t > 0)
        nearest[number] = t[hit].min() if hit.any() else 0.0
    return nearest.reshape(camera.height, camera.width)


def film_digest(scene_id: str, seed: int, rooms: RoomConfig) -> str:
    """Return the SHA-256 of everything filmed in one room."""
    digest = hashlib.sha256()
    for clip in film_room(scene_id, seed, rooms, FilmConfig(paths_per_room=2)):
        if isinstance(clip, FilmedClip):
            for array in (clip.sequence.frames, clip.truth.depth, clip.truth.instances):
                digest.update(array.tobytes())
    return digest.hexdigest()


def same_bytes_for_workers(seed: int, rooms: RoomConfig) -> bool:
    """Whether one and two fresh worker processes film the same bytes as this one."""
    scenes = [f"workers-{number}" for number in range(_SCENES)]
    arguments = (scenes, [seed] * _SCENES, [rooms] * _SCENES)
    here = list(map(film_digest, *arguments))
    for n_workers in (1, 2):
        with ProcessPoolExecutor(n_workers, mp_context=get_context("spawn")) as pool:
            if list(pool.map(film_digest, *arguments)) != here:
                return False
    return True


def watch_memory(n_clips: int, seed: int, rooms: RoomConfig) -> Memory:
    """Film at least ``n_clips`` clips, forgetting each; three to a room."""
    done, early = 0, 0.0
    for number in count():
        filmed = film_room(f"memory-{number}", seed, rooms, FilmConfig())
        done += sum(isinstance(clip, FilmedClip) for clip in filmed)
        del filmed
        if not early and done >= n_clips / 5:
            early = resident_mb()
        if done >= n_clips:
            break
    return Memory(done, early, resident_mb())


def resident_mb() -> float:
    """Return this process's resident memory (Linux)."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * _PAGE_MB
