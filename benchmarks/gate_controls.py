"""Do gates tell true clips from false ones? ``python -m benchmarks.gate_controls``.

Prints, as Markdown: scores, false accepts and false rejects by control (shuffled frames and other
poses are no fault of the frames), CPU seconds by gate, and the room contract. Real clips where
``../shared/data`` has them, rendered rooms as well.
"""

import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import tyro

from benchmarks.controls import (
    CONTROLS,
    RE10K_CLIPS,
    RIGHT,
    Control,
    PosedClip,
    apply,
    real_clips,
)
from benchmarks.room_contract import ROOM_RGBD, room_contract
from synth.film import FilmConfig, FilmedClip, film_room
from synth.gates import cheirality, cut, flicker, freeze, inliers, parallax, sfm, tsed
from synth.gates.evidence import Candidate, Evidence
from synth.gates.inliers import measure_inliers
from synth.gates.score import GateScore, Measurement
from synth.gates.table import run_gates
from synth.gates.thresholds import GateThresholds
from synth.gates.verify import CLIP_GATES, failed_gates
from synth.rooms.config import RoomConfig
from synth.trajectories import Move

_MOVES = (Move.TRUCK_LEFT, Move.TRUCK_RIGHT, Move.ARC_LEFT, Move.ARC_RIGHT)  # they show parallax

COLUMNS = (
    tsed.tsed_name(tsed.NEIGHBOURS, 1),
    tsed.tsed_name(tsed.WIDE, 2),
    tsed.MEDIAN_NAME,
    cheirality.NAME,
    inliers.NAME,
    parallax.NAME,
    flicker.NAME,
    cut.NAME,
    sfm.REGISTERED,
    sfm.REPROJECTION,
    sfm.ROT_ERR,
    sfm.TRANS_ERR,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What to measure.

    Attributes:
        data: Folder of real clips; left out where it is absent.
        room: Folder of the RGB-D room of the contract.
        rooms: Rendered rooms; 0 for none.
        seed: Of rooms and controls.
        json: Print one object.
    """

    data: Path = RE10K_CLIPS
    room: Path = ROOM_RGBD
    rooms: int = 4
    seed: int = 0
    json: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One control on one set of clips.

    Attributes:
        control: Its name.
        n_clips: Clips it was made from.
        means: Mean of each score with poses; ``None`` where it was measured on no clip.
        accepted: Accepted with poses.
        is_true: Whether they should be.
        accepted_without: Accepted from the frames alone; ``None`` where the frames are unchanged.
        is_true_without: Whether they should be.
    """

    control: str
    n_clips: int
    means: dict[str, float | None]
    accepted: int
    is_true: bool
    accepted_without: int | None
    is_true_without: bool


def room_clips(n_clips: int, seed: int) -> list[PosedClip]:
    """Film rendered rooms at 384x256 along paths with parallax, one clip a room."""
    config = FilmConfig(
        size_px=384, height_px=256, n_frames=17, fov_deg=70.0, paths_per_room=1, moves=_MOVES
    )
    clips: list[PosedClip] = []
    number = 0
    while len(clips) < n_clips:
        name = f"gate-controls-{number:03d}"
        number += 1
        for clip in film_room(name, seed, RoomConfig(), config):
            if isinstance(clip, FilmedClip):
                sequence = clip.sequence
                clips.append(
                    PosedClip(
                        name=name,
                        frames=sequence.frames,
                        c2w=clip.truth.c2w,
                        intrinsics=clip.truth.intrinsics,
                    )
                )
    return clips


def clip_by_clip(clips: Sequence[PosedClip]) -> str:
    """Return the scores of the clips as they are, as Markdown."""
    names = (*COLUMNS, freeze.NAME)
    lines = [_line(("clip", *names, "least move px", "inliers without K"))]
    lines.append(_line(["---"] * (len(names) + 3)))
    for clip in clips:
        evidence = Evidence(as_candidate(clip))
        found = run_gates(evidence, GateThresholds(), gates=CLIP_GATES)
        values = [_mean(name, [found]) for name in names]
        values.append(float(np.nanmin(evidence.neighbour_moves_px)))
        alone = Evidence(as_candidate(clip, with_poses=False))
        alone.features = evidence.features
        values.append(_mean(inliers.NAME, [measure_inliers(alone, GateThresholds())]))
        cells = ["-" if v is None else f"{v:.2f}" for v in values]
        lines.append(_line((clip.name, *cells)))
    return "\n".join(lines)


def measure_control(
    control: Control, clips: list[PosedClip], seed: int, thresholds: GateThresholds
) -> Row:
    """Measure a control made from every clip, with and without its poses."""
    found: list[tuple[Measurement, ...]] = []
    accepted, accepted_without = 0, 0
    frames_changed = control.truth == "nothing" or control is RIGHT
    for number in range(len(clips)):
        clip = apply(control, clips, number, seed)
        evidence = Evidence(as_candidate(clip))
        found.append(run_gates(evidence, thresholds, gates=CLIP_GATES))
        accepted += not failed_gates(evidence, found[-1])
        if frames_changed:
            alone = Evidence(as_candidate(clip, with_poses=False))
            cheap_first = run_gates(alone, thresholds, gates=CLIP_GATES, stop_at_failure=True)
            accepted_without += not failed_gates(alone, cheap_first)
    return Row(
        control=control.name,
        n_clips=len(clips),
        means={name: _mean(name, found) for name in COLUMNS},
        accepted=accepted,
        is_true=control is RIGHT,
        accepted_without=accepted_without if frames_changed else None,
        is_true_without=control is RIGHT,
    )


def as_candidate(clip: PosedClip, *, with_poses: bool = True) -> Candidate:
    """Return the clip as gates take it; intrinsics go with the poses."""
    if not with_poses:
        return Candidate(frames=clip.frames)
    return Candidate(frames=clip.frames, c2w=clip.c2w, intrinsics=clip.intrinsics)


def cpu_seconds(clips: Sequence[PosedClip]) -> dict[str, float]:
    """Return the CPU seconds a clip of each gate, in order; features are made first."""
    spent: dict[str, float] = {}
    for clip in clips:
        evidence = Evidence(as_candidate(clip))
        begin = time.process_time()
        _ = evidence.features
        spent["features"] = spent.get("features", 0.0) + time.process_time() - begin
        for gate in CLIP_GATES:
            begin = time.process_time()
            gate.measure(evidence, GateThresholds())
            spent[gate.name] = spent.get(gate.name, 0.0) + time.process_time() - begin
    return {name: seconds / len(clips) for name, seconds in spent.items()}


def _mean(name: str, found: Sequence[Sequence[Measurement]]) -> float | None:
    values = [
        m.value for each in found for m in each if m.name == name and isinstance(m, GateScore)
    ]
    return float(np.mean(values)) if values else None


def table(title: str, rows: Sequence[Row]) -> str:
    """Return one set of clips as Markdown."""
    head = ("control", *COLUMNS, "accepted", "without poses", "false accepts", "false rejects")
    lines = [f"### {title}", "", _line(head), _line(["---"] * len(head))]
    for row in rows:
        values = ["-" if v is None else f"{v:.2f}" for v in row.means.values()]
        wrong = row.n_clips - row.accepted if row.is_true else row.accepted
        rate = f"{wrong / row.n_clips:.0%}"
        verdicts = (
            f"{row.accepted}/{row.n_clips}",
            "-" if row.accepted_without is None else f"{row.accepted_without}/{row.n_clips}",
            *(("-", rate) if row.is_true else (rate, "-")),
        )
        lines.append(_line((row.control, *values, *verdicts)))
    return "\n".join(lines)


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def main(options: Options) -> None:
    """Print the tables, or one JSON object."""
    sets: dict[str, list[PosedClip]] = {}
    real = real_clips(options.data)
    if real:
        sets["real clips"] = real
    if options.rooms:
        sets["rendered rooms"] = room_clips(options.rooms, options.seed)
    thresholds = GateThresholds()
    measured = {
        title: [measure_control(c, clips, options.seed, thresholds) for c in CONTROLS]
        for title, clips in sets.items()
    }
    costs = {title: cpu_seconds(clips) for title, clips in sets.items()}
    contract = room_contract(options.room) if options.room.is_dir() else None
    if options.json:
        content = {
            "controls": {title: [asdict(r) for r in rows] for title, rows in measured.items()},
            "cpu_seconds": costs,
            "room_contract": None if contract is None else asdict(contract),
        }
        sys.stdout.write(json.dumps(content) + "\n")
        return
    for title, rows in measured.items():
        print(table(title, rows), end="\n\n")
        print(clip_by_clip(sets[title]), end="\n\n")
        print(f"CPU seconds a clip ({title}):", end=" ")
        print(", ".join(f"{name} {s:.2f}" for name, s in costs[title].items()), end="\n\n")
    if contract is not None:
        print(contract.as_text())


if __name__ == "__main__":
    main(tyro.cli(Options))
