"""Film rooms: render clips along free camera paths, with their truth."""

import math
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from importlib.metadata import version
from typing import Final, NamedTuple, get_args

import numpy as np
from jaxtyping import Float32, Float64, UInt16

from synth.cameras import Intrinsics
from synth.catalogues.catalogue import Catalogue
from synth.furniture.fronts import FRONTS, TINY_FRONTS
from synth.path_search import PathWish, find_path
from synth.prompts import full_prompt
from synth.render.baked_room import BakedRoom, detail_for
from synth.render.lights import Lighting, relit
from synth.render.members import open_renderer
from synth.render.renderer import RendererName, RoomRenderer
from synth.rooms.config import RoomConfig
from synth.rooms.describe import TINY_KIND, describe_room
from synth.rooms.furnish import make_room
from synth.rooms.room import Room
from synth.scene import MultiViewSequence, Provenance, SceneObject
from synth.seeding import rng_for
from synth.trajectories import BASIC_MOVES, Move, Trajectory, check_n_frames

_CODE: Final = version("vega3d-toolkit")


@dataclass(frozen=True, slots=True, kw_only=True)
class FilmConfig:
    """How rooms are filmed.

    Attributes:
        size_px: Width of the frames, and their height unless ``height_px`` says otherwise; a
            multiple of 16 (Wan's VAE and patches).
        height_px: Height of the frames, also a multiple of 16, or ``None`` for square ones.
        n_frames: Frames of a clip, ``4n + 1``.
        fov_deg: Horizontal field of view of the first frame.
        fps: Frames per second the clip claims.
        paths_per_room: Camera paths through each room; they share its light, so several are
            much cheaper than as many rooms.
        moves: Primitives to draw from.
        least_objects: Objects that must be seen along a path.
        renderer: Member of the renderer family.
        lightings: Lights to film in, path by path in turn; those a room has no lamp or window
            for are left out for it.
    """

    size_px: int = 64
    height_px: int | None = None
    n_frames: int = 9
    fov_deg: float = 80.0
    fps: float = 8.0
    paths_per_room: int = 3
    moves: tuple[Move, ...] = BASIC_MOVES
    least_objects: int = 3
    renderer: RendererName = "embreex"
    lightings: tuple[Lighting, ...] = ("as_furnished",)

    def __post_init__(self) -> None:
        check_n_frames(self.n_frames, what="FilmConfig.n_frames")
        _check_side(self.size_px, "size_px")
        _check_side(self.size_px if self.height_px is None else self.height_px, "height_px")
        if self.paths_per_room < 1 or not self.moves or not self.lightings:
            raise ValueError(
                "FilmConfig needs at least one path per room, one move and one lighting, got "
                f"{self.paths_per_room} paths, {len(self.moves)} moves and "
                f"{len(self.lightings)} lightings."
            )
        if not 20.0 <= self.fov_deg <= 120.0:
            raise ValueError(f"FilmConfig.fov_deg must be 20 to 120 degrees, got {self.fov_deg}.")
        if not 0 < self.fps < math.inf or self.least_objects < 0:
            raise ValueError(
                "FilmConfig needs fps > 0 and least_objects >= 0, got "
                f"fps={self.fps} and least_objects={self.least_objects}."
            )
        for what, named, known in (
            ("renderer", (self.renderer,), get_args(RendererName)),
            ("lightings", self.lightings, get_args(Lighting)),
            ("moves", self.moves, tuple(Move)),
        ):
            unknown = [one for one in named if one not in known]
            if unknown:
                raise ValueError(
                    f"FilmConfig.{what}: there is no {', '.join(map(repr, unknown))}; known are "
                    f"{', '.join(known)}."
                )

    @property
    def intrinsics(self) -> Intrinsics:
        """The camera of every clip's first frame."""
        height = self.size_px if self.height_px is None else self.height_px
        return Intrinsics.from_fov(width=self.size_px, height=height, fov_deg=self.fov_deg)


def _check_side(side_px: int, what: str) -> None:
    if side_px < 32 or side_px % 16:
        below = max(32, side_px // 16 * 16)
        raise ValueError(
            f"FilmConfig.{what} must be a multiple of 16 and at least 32 (Wan packs 16 x 16 "
            f"pixels into one token), got {side_px}; the nearest are {below} and {below + 16}."
        )


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
    intrinsics: tuple[Intrinsics, ...]
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
    scene_id: str,
    seed: int,
    room_config: RoomConfig,
    config: FilmConfig,
    catalogue: Catalogue | None = None,
) -> list[FilmedClip | NotFilmed]:
    """Furnish, light and film one room along ``config.paths_per_room`` paths.

    Args:
        scene_id: Of the room.
        seed: Of the run.
        room_config: What the room looks like.
        config: How it is filmed.
        catalogue: Meshes that may stand in for built furniture.
    """
    rng = rng_for(seed, scene_id, "moves")
    order = rng.permutation(len(config.moves))
    moves = [config.moves[order[k % len(order)]] for k in range(config.paths_per_room)]
    return film_moves(make_room(scene_id, seed, room_config, catalogue), seed, config, moves)


def film_moves(
    room: Room, seed: int, config: FilmConfig, moves: Sequence[Move]
) -> list[FilmedClip | NotFilmed]:
    """Film one room along one path per given move.

    Raises:
        RendererMissingError: The configured renderer is not installed here.
    """
    camera = config.intrinsics
    baked = BakedRoom(room, detail=detail_for(camera.width, camera.height))
    lightings = [light for light in config.lightings if baked.is_lit(light)]
    clips: list[FilmedClip | NotFilmed] = []
    with closing(open_renderer(config.renderer, baked)) as renderer:
        for number, move in enumerate(moves):
            sequence_id = f"{room.scene_id}/path-{number}"
            wish = PathWish(
                move=move,
                intrinsics=camera,
                n_frames=config.n_frames,
                fps=config.fps,
                least_objects=config.least_objects,
            )
            path = find_path(room, renderer, wish, rng_for(seed, sequence_id, "camera_path"))
            if not lightings:
                clips.append(NotFilmed(sequence_id=sequence_id, move=move, reason="no_light"))
            elif path is None:
                clips.append(
                    NotFilmed(sequence_id=sequence_id, move=move, reason="no_free_camera_path")
                )
            else:
                shot = Shot(sequence_id, seed, lightings[number % len(lightings)])
                clips.append(film_path(room, renderer, path, shot))
    return clips


class Shot(NamedTuple):
    """Name and light of one clip, and the seed of the run for its record."""

    sequence_id: str
    seed: int
    lighting: Lighting


def film_path(room: Room, renderer: RoomRenderer, path: Trajectory, shot: Shot) -> FilmedClip:
    """Render one clip."""
    assert path.intrinsics is not None  # given by find_path
    rendered = [
        renderer.render(c2w, camera, shot.lighting)
        for c2w, camera in zip(path.c2w, path.intrinsics, strict=True)
    ]
    instances = np.stack([frame.instances for frame in rendered])
    truth = RenderedTruth(
        sequence_id=shot.sequence_id,
        c2w=path.c2w.copy(),
        intrinsics=path.intrinsics,
        depth=np.stack([frame.depth for frame in rendered]),
        instances=instances,
        objects=tuple(_objects(room, instances)),
        room_polygon=room.floor_polygon,
    )
    most_seen = sorted(truth.objects, key=lambda o: -int(o.visible_pixels.sum()))[:3]
    named = [o.instance_id for o in most_seen if o.visible_pixels.any()]
    assert path.move is not None  # made by find_path from a primitive
    sequence = MultiViewSequence(
        sequence_id=shot.sequence_id,
        scene_id=room.scene_id,
        prompt=full_prompt(path.move, describe_room(relit(room, shot.lighting), named)),
        frames=np.stack([frame.rgb for frame in rendered]),
        requested=path,
        provenance=Provenance(made_by="renderer", seed=shot.seed, code=_CODE),
    )
    return FilmedClip(sequence, truth)


def _objects(room: Room, instances: UInt16[np.ndarray, "t h w"]) -> list[SceneObject]:
    n_ids = max((thing.instance_id for thing in room.objects), default=0) + 1
    pixels = np.stack(
        [np.bincount(frame.ravel(), minlength=n_ids) for frame in instances.astype(np.int64)]
    ).astype(np.int32)
    fronts = TINY_FRONTS if room.kind == TINY_KIND else FRONTS
    return [
        SceneObject(
            instance_id=thing.instance_id,
            category=thing.category,
            color=thing.color,
            center=thing.center,
            size=thing.size,
            rotation=thing.rotation,
            visible_pixels=pixels[:, thing.instance_id].copy(),
            facing=-thing.rotation[:, 1] if thing.category in fronts else None,
        )
        for thing in room.objects
    ]
