"""What rendering costs and how exact it is: ``python -m benchmarks.rendering``.

All times are CPU time of one process (``time.process_time``, every thread counts), the best of
several rounds over the same views. Set OPENBLAS_NUM_THREADS=1 and LP_NUM_THREADS=1.

The *bare loop* is what nobody can save: for every view, take the pixels' directions (made once a
camera, in camera axes) to the world, round them to float32, lay out origins, and let Embree find
the nearest face with its weights. *Same rays* are those the frame traces: one through every
pixel's center and 2 x 2 more in pixels where surfaces meet. *All rays* are 2 x 2 + 1 in every
pixel. A frame is the smoothed picture, exact z-depth and instance ids.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

import numpy as np
import tyro
from jaxtyping import Float64

from benchmarks.rendering_checks import exact_depth, same_bytes_for_workers, watch_memory
from synth.cameras import Intrinsics, pixel_rays
from synth.film import FilmConfig, FilmedClip, film_room
from synth.path_search import PathWish, find_path
from synth.poses import Pose
from synth.render.baked_room import BakedRoom, detail_for
from synth.render.embree import EmbreeRenderer
from synth.render.gl import GlRenderer
from synth.render.gl_context import RendererMissingError, current_context
from synth.render.renderer import SAMPLES, RendererName
from synth.rooms.config import TINY_ROOMS, RoomConfig
from synth.rooms.furnish import make_room
from synth.seeding import rng_for
from synth.trajectories import Move

SIZES: Final = ((64, 64), (128, 128), (256, 256), (832, 480))  # width x height
PATHS: Final = (1, 2, 3, 4, 8)


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What to measure.

    Attributes:
        n_rooms: Rooms whose frames are timed.
        rounds: Times each is timed; the best counts.
        exact_rooms: Rooms whose depth is held against float64 intersections.
        clips: Clips filmed while the memory is watched.
        tiny: The rooms of the tiny checkpoints instead of the rich ones.
        seed: Of rooms and paths.
    """

    n_rooms: int = 6
    rounds: int = 3
    exact_rooms: int = 4
    clips: int = 100
    tiny: bool = False
    seed: int = 0

    @property
    def rooms(self) -> RoomConfig:
        """What rooms look like."""
        return TINY_ROOMS if self.tiny else RoomConfig()


class View(NamedTuple):
    """One pose in one room, and its rays in camera axes."""

    baked: BakedRoom
    renderer: EmbreeRenderer
    c2w: Pose
    camera: Intrinsics


class FrameCost(NamedTuple):
    """CPU seconds of one frame of one size."""

    bare_same: float
    bare_all: float
    frame: float
    everywhere: float
    smoothed_share: float


def views(options: Options, width: int, height: int) -> list[View]:
    """Return two poses in each of some rooms, where films would be shot."""
    camera = Intrinsics.from_fov(width=width, height=height, fov_deg=80.0)
    found = []
    for number in range(options.n_rooms):
        room = make_room(f"rendering-{number:04d}", options.seed, options.rooms)
        baked = BakedRoom(room, detail=detail_for(width, height))
        renderer = EmbreeRenderer(baked)
        wish = PathWish(
            move=Move.TRUCK_LEFT, intrinsics=camera, n_frames=5, fps=8.0, least_objects=3
        )
        path = find_path(room, renderer, wish, rng_for(options.seed, room.scene_id, "benchmark"))
        if path is not None:
            found += [View(baked, renderer, path.c2w[k].copy(), camera) for k in (0, 4)]
    return found


def cpu_seconds(work: Callable[[], object], rounds: int) -> float:
    """Return the best CPU time of some rounds of the same work, after one to warm up."""
    work()
    times = []
    for _ in range(rounds):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


def trace_bare(baked: BakedRoom, c2w: Pose, rays: Float64[np.ndarray, "n 3"]) -> None:
    """The bare loop: rays to the world, arrays laid out, nearest faces found."""
    directions = (rays @ c2w[:3, :3].T).astype(np.float32)
    eye = np.broadcast_to(c2w[:3, 3].astype(np.float32), directions.shape)
    baked.tracer.nearest(eye, directions)


def frame_cost(options: Options, width: int, height: int) -> FrameCost:
    """Time frames of one size against the bare loops."""
    shown = views(options, width, height)
    camera = shown[0].camera
    centers = pixel_rays(camera).reshape(-1, 3)
    around = pixel_rays(camera, samples=SAMPLES)
    by_pixel = around.reshape(height, SAMPLES, width, SAMPLES, 3).transpose(0, 2, 1, 3, 4)
    masks = [v.renderer.smoothed_pixels(v.c2w, v.camera) for v in shown]
    same = [by_pixel[mask].reshape(-1, 3) for mask in masks]
    every = np.concatenate([centers, around.reshape(-1, 3)])
    thorough = [EmbreeRenderer(v.baked, everywhere=True) for v in shown]

    def bare_same() -> None:
        for view, more in zip(shown, same, strict=True):
            trace_bare(view.baked, view.c2w, centers)
            trace_bare(view.baked, view.c2w, more)

    def bare_all() -> None:
        for view in shown:
            trace_bare(view.baked, view.c2w, every)

    def frames() -> None:
        for view in shown:
            view.renderer.render(view.c2w, view.camera)

    def smoothed_everywhere() -> None:
        for view, renderer in zip(shown, thorough, strict=True):
            renderer.render(view.c2w, view.camera)

    def seconds(work: Callable[[], object]) -> float:
        return cpu_seconds(work, options.rounds) / len(shown)

    return FrameCost(
        bare_same=seconds(bare_same),
        bare_all=seconds(bare_all),
        frame=seconds(frames),
        everywhere=seconds(smoothed_everywhere),
        smoothed_share=float(np.mean([mask.mean() for mask in masks])),
    )


def clip_rows(options: Options) -> Iterable[Sequence[object]]:
    """Clips per CPU second, scene making included, by paths a room, for both members."""
    members: tuple[RendererName, ...] = ("embreex", "moderngl")
    for n_paths in PATHS:
        row: list[object] = [n_paths]
        for member in members:
            config = FilmConfig(paths_per_room=n_paths, renderer=member)
            start, clips = time.process_time(), 0
            try:
                for number in range(options.n_rooms):
                    filmed = film_room(f"clips-{number}", options.seed, options.rooms, config)
                    clips += sum(isinstance(clip, FilmedClip) for clip in filmed)
            except RendererMissingError:
                row.append("no driver")
                continue
            seconds = time.process_time() - start
            row += [f"{clips / seconds:.1f}"]
        yield row


def member_rows(options: Options) -> Iterable[Sequence[object]]:
    """GL frames on the same views: cost, and how far their pictures differ from Embree's."""
    try:
        current_context()
    except RendererMissingError as error:
        yield f"not measured: {error}", "", "", "", ""
        return
    for width, height in SIZES:
        shown = views(options, width, height)
        renderers = [GlRenderer(v.baked) for v in shown]
        pairs = list(zip(shown, renderers, strict=True))

        def draw(pairs: list[tuple[View, GlRenderer]] = pairs) -> None:
            for view, renderer in pairs:
                renderer.render(view.c2w, view.camera)

        seconds = cpu_seconds(draw, options.rounds) / len(shown)
        differences, equal = [], []
        for view, renderer in pairs:
            drawn = renderer.render(view.c2w, view.camera)
            traced = view.renderer.render(view.c2w, view.camera)
            differences.append(np.abs(drawn.rgb.astype(np.float64) - traced.rgb).mean())
            ids = renderer.drawn_instances(view.c2w, view.camera)
            equal.append((ids == traced.instances).mean())
            renderer.close()
        size = f"{width}x{height}"
        worst, mean = max(differences), float(np.mean(differences))
        yield size, f"{seconds * 1e3:.2f}", f"{mean:.2f}", f"{worst:.2f}", f"{min(equal):.5f}"


def depth_errors(options: Options) -> Float64[np.ndarray, " pixels"]:
    """Return |rendered - exact| of all pixels of some coarse frames, metres."""
    errors = []
    for view in views(replace(options, n_rooms=options.exact_rooms), 32, 32):
        depth = view.renderer.truth(view.c2w, view.camera).depth
        errors.append(np.abs(depth - exact_depth(view.baked.mesh, view.c2w, view.camera)).ravel())
    return np.concatenate(errors)


def table(title: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a Markdown table row by row."""
    print(f"\n{title}\n\n| {' | '.join(header)} |\n|{'---|' * len(header)}")
    for row in rows:
        print("| " + " | ".join(str(cell) for cell in row) + " |", flush=True)


def frame_rows(options: Options) -> Iterable[Sequence[object]]:
    """One row a size: costs of a frame and its ratios to the bare loops."""
    for width, height in SIZES:
        cost = frame_cost(options, width, height)
        yield (
            f"{width}x{height}",
            *(f"{seconds * 1e3:.2f}" for seconds in cost[:4]),
            f"{cost.smoothed_share:.2f}",
            f"{cost.frame / cost.bare_same:.2f}",
            f"{cost.frame / cost.bare_all:.2f}",
            f"{cost.everywhere / cost.bare_all:.2f}",
            f"{1 / cost.frame:.0f}",
        )


def main(options: Options) -> None:
    """Print all tables."""
    table(
        "CPU milliseconds of a frame (rgb + depth + ids), member embreex",
        (
            "w x h", "bare, same rays", "bare, all rays", "frame", "frame smoothed everywhere",
            "smoothed pixels", "frame / same rays", "frame / all rays", "everywhere / all rays",
            "frames per CPU second",
        ),
        frame_rows(options),
    )  # fmt: skip
    table(
        "Member moderngl on the same views",
        ("w x h", "ms a frame", "mean difference of 255", "worst view", "least equal ids"),
        member_rows(options),
    )
    table(
        "Clips of 9 frames at 64x64 per CPU second, scene making included",
        ("paths a room", "embreex", "moderngl"),
        clip_rows(options),
    )
    errors = depth_errors(options)
    memory = watch_memory(options.clips, options.seed, options.rooms)
    table(
        "Checks",
        ("what", "got"),
        (
            ("largest depth error against float64, m", f"{errors.max():.2e}"),
            ("median depth error, m", f"{np.median(errors):.2e}"),
            ("pixels compared", len(errors)),
            (
                "same bytes from 1 and 2 workers and here",
                same_bytes_for_workers(options.seed, options.rooms),
            ),
            ("clips filmed while watching memory", memory.n_clips),
            ("resident after a fifth of them, MB", f"{memory.early_mb:.1f}"),
            ("resident after all, MB", f"{memory.late_mb:.1f}"),
        ),
    )


if __name__ == "__main__":
    main(tyro.cli(Options))
