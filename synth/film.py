"""Film rooms: find free camera paths through a furnished room and render them with their truth."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Final, NamedTuple

import numpy as np
from jaxtyping import Float32, Float64, UInt16

from synth.cameras import Intrinsics
from synth.poses import Pose, look_at
from synth.prompts import full_prompt, scene_sentence
from synth.render import BakedRoom
from synth.rooms import Room, RoomConfig, make_room
from synth.scene import MultiViewSequence, Provenance, SceneObject
from synth.seeding import rng_for
from synth.trajectories import (
    Move,
    MoveFamily,
    Trajectory,
    check_n_frames,
    family,
    make_trajectory,
)

# How far a clip travels: (least, most) metres or degrees by family, for clips of any length.
# Chosen so that the last frame still overlaps the first and every move is plainly visible.
AMOUNTS: Final[Mapping[MoveFamily, tuple[float, float]]] = {
    "static": (0.0, 0.0),
    "dolly": (0.8, 1.3),
    "truck": (0.8, 1.2),
    "pedestal": (0.55, 0.85),
    "pan": (26.0, 40.0),
    "tilt": (20.0, 30.0),
    "roll": (22.0, 38.0),
    "around": (48.0, 62.0),
}
_ARC_DEG: Final = (24.0, 38.0)
_TRIES: Final = 60
_WALL_DISTANCE_M: Final = 0.30
_OBJECT_DISTANCE_M: Final = 0.35
_LEAST_DEPTH_M: Final = 0.7  # the nearest fifth of every checked frame lies beyond this
_UP: Final = np.array([0.0, 0.0, 1.0])


@dataclass(frozen=True, slots=True, kw_only=True)
class FilmConfig:
    """How rooms are filmed.

    Attributes:
        size_px: Side of the square frames; a multiple of 16 (Wan's VAE and patches).
        n_frames: Frames of a clip, ``4n + 1``.
        fov_deg: Horizontal field of view.
        fps: Frames per second the clip claims.
        paths_per_room: Camera paths through each room.
        moves: Primitives to draw from.
        least_objects: Objects that must be seen along a path.
    """

    size_px: int = 64
    n_frames: int = 9
    fov_deg: float = 80.0
    fps: float = 8.0
    paths_per_room: int = 3
    moves: tuple[Move, ...] = tuple(Move)
    least_objects: int = 3

    def __post_init__(self) -> None:
        check_n_frames(self.n_frames, what="FilmConfig.n_frames")
        if self.size_px < 32 or self.size_px % 16:
            below = max(32, self.size_px // 16 * 16)
            raise ValueError(
                "FilmConfig.size_px must be a multiple of 16 and at least 32 (Wan packs 16 x 16 "
                f"pixels into one token), got {self.size_px}; the nearest are {below} and "
                f"{below + 16}."
            )
        if self.paths_per_room < 1 or not self.moves:
            raise ValueError(
                "FilmConfig needs at least one path per room and one move, got "
                f"{self.paths_per_room} paths and {len(self.moves)} moves."
            )
        if not 20.0 <= self.fov_deg <= 120.0:
            raise ValueError(f"FilmConfig.fov_deg must be 20 to 120 degrees, got {self.fov_deg}.")

    @property
    def intrinsics(self) -> Intrinsics:
        """The camera of every clip."""
        return Intrinsics.from_fov(width=self.size_px, height=self.size_px, fov_deg=self.fov_deg)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RenderedTruth:
    """What the renderer knows about a clip, exactly.

    Attributes:
        depth: z-depth at pixel centers of every frame, metres.
        instances: Instance id at pixel centers of every frame.
        objects: All objects of the room, seen or not, with their visible pixels a frame.
    """

    sequence_id: str
    c2w: Float64[np.ndarray, "t 4 4"]
    depth: Float32[np.ndarray, "t h w"]
    instances: UInt16[np.ndarray, "t h w"]
    objects: tuple[SceneObject, ...]
    room_polygon: Float64[np.ndarray, "p 2"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NotFilmed:
    """A path that found no free way through its room. Counted and published."""

    sequence_id: str
    move: Move
    reason: str


class FilmedClip(NamedTuple):
    """A clip and its truth."""

    sequence: MultiViewSequence
    truth: RenderedTruth


def film_room(
    scene_id: str, seed: int, room_config: RoomConfig, config: FilmConfig
) -> list[FilmedClip | NotFilmed]:
    """Furnish, light and film one room along ``config.paths_per_room`` paths."""
    rng = rng_for(seed, scene_id, "moves")
    order = rng.permutation(len(config.moves))
    moves = [config.moves[order[k % len(order)]] for k in range(config.paths_per_room)]
    return film_moves(make_room(scene_id, seed, room_config), seed, config, moves)


def film_moves(
    room: Room, seed: int, config: FilmConfig, moves: Sequence[Move]
) -> list[FilmedClip | NotFilmed]:
    """Film one room along one path per given move."""
    baked = BakedRoom(room)
    clips: list[FilmedClip | NotFilmed] = []
    for number, move in enumerate(moves):
        sequence_id = f"{room.scene_id}/path-{number}"
        path = find_path(room, baked, move, config, rng_for(seed, sequence_id, "camera_path"))
        if path is None:
            clips.append(
                NotFilmed(sequence_id=sequence_id, move=move, reason="no_free_camera_path")
            )
        else:
            clips.append(_film(room, baked, path, sequence_id, seed, config))
    return clips


def find_path(
    room: Room, baked: BakedRoom, move: Move, config: FilmConfig, rng: np.random.Generator
) -> Trajectory | None:
    """Look for a collision-free path that sees enough objects; ``None`` after a fixed effort."""
    for _ in range(_TRIES):
        low, high = _ARC_DEG if move in (Move.ARC_LEFT, Move.ARC_RIGHT) else AMOUNTS[family(move)]
        path = make_trajectory(
            move,
            _start_pose(room, move, rng),
            amount=float(rng.uniform(low, high)),
            n_frames=config.n_frames,
            target_distance_m=float(rng.uniform(1.3, 2.1)),
        )
        if _is_free(room, path.c2w[:, :3, 3]) and _sees_enough(baked, path, config):
            return path
    return None


def _start_pose(room: Room, move: Move, rng: np.random.Generator) -> Pose:
    """A person's eye somewhere in the outer part of the room, looking across it."""
    size = room.size_m
    inner = rng.uniform(0.3, 0.7, 2) * size[:2]
    eye = np.array([*rng.uniform(0.08, 0.92, 2) * size[:2], rng.uniform(1.1, 1.7)])
    target = np.array([*inner, rng.uniform(0.5, 1.1)])
    if move is Move.PEDESTAL_UP:
        eye[2] = rng.uniform(0.8, 1.2)
    elif move is Move.PEDESTAL_DOWN:
        eye[2] = rng.uniform(1.5, 2.0)
    elif move is Move.TILT_UP:
        target[2] = rng.uniform(0.0, 0.4)
    elif move is Move.TILT_DOWN:
        target[2] = rng.uniform(1.3, 1.8)
    if float(np.linalg.norm((target - eye)[:2])) < 0.8:
        target[:2] = size[:2] / 2 + np.sign(size[:2] / 2 - eye[:2]) * 0.5
    return look_at(eye, target, _UP)


def _is_free(room: Room, eyes: Float64[np.ndarray, "t 3"]) -> bool:
    """Whether every camera position keeps its distance from walls and objects."""
    if (eyes < _WALL_DISTANCE_M).any() or (eyes > room.size_m - _WALL_DISTANCE_M).any():
        return False
    for thing in room.objects:
        outside = np.abs((eyes - thing.center) @ thing.rotation) - thing.size / 2
        if (np.linalg.norm(np.maximum(outside, 0.0), axis=1) < _OBJECT_DISTANCE_M).any():
            return False
    return True


def _sees_enough(baked: BakedRoom, path: Trajectory, config: FilmConfig) -> bool:
    """Check first, middle and last frame at 16 x 16: not against a surface, enough objects."""
    coarse = Intrinsics.from_fov(width=16, height=16, fov_deg=config.fov_deg)
    seen: set[int] = set()
    for frame in (0, len(path.c2w) // 2, len(path.c2w) - 1):
        depth, instances = baked.truth(path.c2w[frame], coarse)
        if float(np.quantile(depth, 0.2)) < _LEAST_DEPTH_M:
            return False
        seen.update(int(i) for i in np.unique(instances) if i > 0)
    return len(seen) >= config.least_objects


def _film(
    room: Room,
    baked: BakedRoom,
    path: Trajectory,
    sequence_id: str,
    seed: int,
    config: FilmConfig,
) -> FilmedClip:
    intrinsics = config.intrinsics
    rendered = [baked.render(c2w, intrinsics) for c2w in path.c2w]
    instances = np.stack([frame.instances for frame in rendered])
    truth = RenderedTruth(
        sequence_id=sequence_id,
        c2w=path.c2w.copy(),
        depth=np.stack([frame.depth for frame in rendered]),
        instances=instances,
        objects=tuple(_objects(room, instances)),
        room_polygon=room.floor_polygon,
    )
    most_seen = sorted(truth.objects, key=lambda o: -int(o.visible_pixels.sum()))[:3]
    named = [o.instance_id for o in most_seen if o.visible_pixels.any()]
    assert path.move is not None  # made by find_path from a primitive
    sequence = MultiViewSequence(
        sequence_id=sequence_id,
        scene_id=room.scene_id,
        prompt=full_prompt(path.move, scene_sentence(room, named)),
        fps=config.fps,
        frames=np.stack([frame.rgb for frame in rendered]),
        requested=path,
        intrinsics=intrinsics,
        provenance=Provenance(made_by="renderer", seed=seed, code=version("vega3d-toolkit")),
    )
    return FilmedClip(sequence, truth)


def _objects(room: Room, instances: UInt16[np.ndarray, "t h w"]) -> list[SceneObject]:
    n_ids = len(room.objects) + 1
    pixels = np.stack(
        [np.bincount(frame.ravel(), minlength=n_ids) for frame in instances.astype(np.int64)]
    ).astype(np.int32)
    return [
        SceneObject(
            instance_id=thing.instance_id,
            category=thing.category,
            color=thing.color,
            center=thing.center,
            size=thing.size,
            rotation=thing.rotation,
            visible_pixels=pixels[:, thing.instance_id].copy(),
        )
        for thing in room.objects
    ]
