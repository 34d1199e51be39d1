"""Do fused boxes come with an honest sigma? ``python -m benchmarks.measured_boxes``.

Films rooms, measures them from the truth spoilt in known ways (depth, poses, masks), and holds
every box against the true one: how far its faces are off, and how many of its own standard
deviations that is. Normal errors would lie within 1 sigma in 68 % and within 2 in 95 %.
"""

import json
import sys
from collections import Counter
from dataclasses import dataclass
from typing import Final

import numpy as np
import tyro

from synth.film import FilmConfig, FilmedClip, film_room
from synth.measure.box_errors import box_errors
from synth.measure.boxes_from_views import FusionConfig
from synth.measure.detectors.oracle import OracleDetector
from synth.measure.estimated import Measurement, measure_in_detail
from synth.measure.estimators.oracle import OracleErrors, OracleEstimator
from synth.measure.measure_config import MeasureConfig, NotMeasured
from synth.rooms.config import TINY_ROOMS, RoomConfig
from synth.trajectories import Move

_MOVES: Final = (Move.ORBIT_LEFT, Move.ARC_RIGHT, Move.TRUCK_LEFT, Move.DOLLY_OUT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What to measure: ``n_rooms`` rooms from ``seed``, filmed at ``size_px``.

    ``rich`` films the default rooms instead of the tiny look; ``json`` prints one object.
    """

    n_rooms: int = 8
    seed: int = 0
    size_px: int = 128
    n_frames: int = 9
    rich: bool = False
    json: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoilt:
    """One row: what is wrong with the input, and what fusion is told about it."""

    name: str
    errors: OracleErrors = OracleErrors()  # noqa: RUF009 - frozen
    erode_px: int = 0
    fusion: FusionConfig = FusionConfig(edge_px=0, mask_px=0.0)  # noqa: RUF009 - frozen


ROWS: Final = (
    Spoilt(name="exact"),
    Spoilt(name="depth 1 %", errors=OracleErrors(depth_share=0.01)),
    Spoilt(name="depth 2 %", errors=OracleErrors(depth_share=0.02)),
    Spoilt(name="depth 5 %", errors=OracleErrors(depth_share=0.05)),
    Spoilt(name="poses 1 cm, 0.2 deg", errors=OracleErrors(position_m=0.01, rotation_deg=0.2)),
    Spoilt(name="poses 3 cm, 0.5 deg", errors=OracleErrors(position_m=0.03, rotation_deg=0.5)),
    Spoilt(name="masks 1 px too small", erode_px=1, fusion=FusionConfig(edge_px=0, mask_px=1.5)),
    Spoilt(name="exact, edges not trusted", fusion=FusionConfig()),
    Spoilt(
        name="all: 2 %, 1 cm, 0.2 deg, 1 px",
        errors=OracleErrors(depth_share=0.02, position_m=0.01, rotation_deg=0.2),
        erode_px=1,
        fusion=FusionConfig(edge_px=0, mask_px=1.5),
    ),
)


def film(options: Options) -> list[FilmedClip]:
    """Film the rooms."""
    config = FilmConfig(
        size_px=options.size_px, n_frames=options.n_frames, paths_per_room=2, moves=_MOVES
    )
    rooms = RoomConfig() if options.rich else TINY_ROOMS
    return [
        clip
        for number in range(options.n_rooms)
        for clip in film_room(f"boxes-{number:04d}", options.seed, rooms, config)
        if isinstance(clip, FilmedClip)
    ]


def measure(clips: list[FilmedClip], row: Spoilt) -> dict[str, float | int | str]:
    """Measure all clips spoilt in one way; lengths in millimetres."""
    faces, own_z, scene_z, centers, yaws = [], [], [], [], []
    left_out: Counter[str] = Counter()
    for clip in clips:
        truth = {o.instance_id: o for o in clip.truth.objects}
        config = MeasureConfig(
            vocabulary=tuple(sorted({o.category for o in truth.values()})), fusion=row.fusion
        )
        measured = measure_in_detail(
            clip.sequence,
            OracleEstimator(truth=clip.truth, errors=row.errors),
            OracleDetector(truth=clip.truth, erode_px=row.erode_px),
            config,
        )
        if isinstance(measured, NotMeasured):
            left_out[f"clip: {measured.reason}"] += 1
            continue
        left_out.update(u.reason.value for u in measured.unmeasured)
        for number, thing in enumerate(measured.geometry.objects):
            true = truth[_true_id(clip, measured, number)]
            errors = box_errors(thing.center, thing.size, thing.rotation, true)
            faces.append(errors.outward)
            own_z.append(errors.outward / measured.object_sigmas[thing.instance_id])
            scene_z.append(errors.outward / measured.geometry.sigma_m)
            centers.append(errors.center)
            yaws.append(errors.yaw_deg)
    face = np.abs(np.array(faces))
    own, scene = np.abs(np.array(own_z)), np.abs(np.array(scene_z))
    return {
        "input": row.name,
        "boxes": len(faces),
        "left out": sum(left_out.values()),
        "center median": 1e3 * float(np.median(centers)),
        "face median": 1e3 * float(np.median(face)),
        "face 95 %": 1e3 * float(np.quantile(face, 0.95)),
        "outward bias": 1e3 * float(np.mean(faces)),
        "yaw median deg": float(np.median(yaws)),
        "z rms": float(np.sqrt((own**2).mean())),
        "within 1 sigma": float((own <= 1).mean()),
        "within 2 sigma": float((own <= 2).mean()),
        "within 2 scene sigma": float((scene <= 2).mean()),
        "why left out": ", ".join(f"{n} {why}" for why, n in left_out.most_common()),
    }


def _true_id(clip: FilmedClip, measured: Measurement, number: int) -> int:
    """Return the instance that most pixels of a measured thing belong to."""
    geometry = measured.geometry
    mask = geometry.instances == geometry.objects[number].instance_id
    true = clip.truth.instances[list(geometry.keyframes)][mask]
    return int(np.bincount(true).argmax())


def main() -> None:
    """Print the table."""
    options = tyro.cli(Options, description=__doc__)
    clips = film(options)
    rows = [measure(clips, row) for row in ROWS]
    if options.json:
        sys.stdout.write(json.dumps(rows) + "\n")
        return
    print(f"{len(clips)} clips, {options.n_frames} frames of {options.size_px} px; millimetres\n")
    print("| " + " | ".join(rows[0]) + " |")
    print("|" + "---|" * len(rows[0]))
    for row in rows:
        cells = [f"{v:.3g}" if isinstance(v, float) else str(v) for v in row.values()]
        print("| " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
