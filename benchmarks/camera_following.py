"""Do generated clips do what their prompt says? ``python -m benchmarks.camera_following``.

Camera: a judge network names the move of each clip; its accuracy on held-out renders bounds what
can be measured. Colours: a linear probe, fitted on rendered clips, names wall and floor colour
from colour histograms; its accuracy on held-out renders is printed beside it.
Prompts are those of held-out rooms, the same number for each of the 13 moves.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
import tyro
from jaxtyping import Float64, Int64, UInt8
from PIL import Image

from synth.cameras import Intrinsics
from synth.furniture.tiny import FLOOR_COLORS, WALL_COLORS
from synth.generators import GenerationRequest
from synth.measure.camera_judge import CameraJudge, load_judge
from synth.poses import look_at
from synth.scene import MultiViewSequence
from synth.trajectories import Move, make_trajectory
from synth.wan.clips import WAN_MOVES, Clips, read_clips
from synth.wan.engine import WanEngine
from synth.wan.loading import text_positions
from synth.wan.recipe import ModelSource
from synth.wan.recipes import TINY_T2V, TINY_VACE

_PALETTES: Final = {"wall": tuple(WALL_COLORS), "floor": tuple(FLOOR_COLORS)}
_BINS: Final = 8  # of the probe's colour histograms, per channel
_HALVES: Final = 2  # upper and lower half of the picture
_PROBE_CLIPS: Final = 3000  # rendered clips the probe is fitted on
_AMOUNT: Final = 60.0  # written into the request only; the models read words, not poses


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What to measure.

    Attributes:
        kind: Which generator.
        checkpoint: Its pipeline folder.
        judge: Folder of the camera judge.
        data: Folder of training clips; held-out ones give prompts, depth and reference.
        per_move: Clips per move.
        steps: Denoising steps.
        guidance: Classifier-free guidance scale.
        negative: What guidance leads away from.
        seed: Of the noise.
        device: ``cpu`` or ``cuda``.
        sheet: Write a contact sheet (PNG) of generated clips.
        json: Print one JSON object instead of a table.
    """

    kind: Literal["t2v", "vace"]
    checkpoint: Path
    judge: Path
    data: Path
    per_move: int = 10
    steps: int = 20
    guidance: float = 4.0
    negative: Literal["empty", "opposite_move"] = "opposite_move"
    seed: int = 0
    device: str = "cpu"
    sheet: Path | None = None
    json: bool = False


def measure(options: Options) -> dict[str, Any]:
    """Generate and judge."""
    recipe = replace(
        TINY_T2V if options.kind == "t2v" else TINY_VACE,
        model=ModelSource(id=str(options.checkpoint.resolve())),
        steps=options.steps,
        guidance=options.guidance,
        opposes_move=options.negative == "opposite_move" and options.guidance > 1,
        max_sequence_length=text_positions(options.checkpoint),
    )
    generator = WanEngine(recipe, device=options.device)
    judge = load_judge(options.judge, options.device)
    held_out = read_clips(options.data, "heldout")
    rows = [
        [i for i, move in enumerate(held_out.moves) if move is wanted][: options.per_move]
        for wanted in WAN_MOVES
    ]
    chosen = [i for of_move in rows for i in of_move]
    with_depth = options.kind == "vace"
    requests = [_request(held_out, i, options.seed, with_depth=with_depth) for i in chosen]
    results = generator.generate(requests)
    frames = np.stack([r.frames for r in results if isinstance(r, MultiViewSequence)])
    moves = [held_out.moves[i] for i in chosen]
    if options.sheet is not None:
        Image.fromarray(contact_sheet(frames, held_out.frames[chosen])).save(options.sheet)
    scenes = [held_out.scene_descriptions[i] for i in chosen]
    return {
        "generator": generator.name,
        "n": len(chosen),
        "steps": options.steps,
        "guidance": options.guidance,
        "negative": options.negative,
        "seed": options.seed,
        "camera_accuracy": _accuracy(judge, frames, moves),
        "camera_chance": 1 / len(WAN_MOVES),
        "camera_by_move": {
            move: _accuracy(judge, frames[[m is move for m in moves]], [move] * moves.count(move))
            for move in WAN_MOVES
        },
        "judge_accuracy_rendered": _accuracy(judge, held_out.frames, held_out.moves),
        **color_following(read_clips(options.data, "clips"), held_out, frames, scenes),
    }


def color_following(
    train: Clips, held_out: Clips, frames: UInt8[np.ndarray, "n t h w 3"], scenes: Sequence[str]
) -> dict[str, float]:
    """Return accuracies of wall and floor colour on generated clips and on held-out renders."""
    found: dict[str, float] = {}
    features = _features(train.frames[:_PROBE_CLIPS])
    for part, palette in _PALETTES.items():
        labels = _named(train.scene_descriptions[:_PROBE_CLIPS], part)
        weights = _fit(features, labels)
        for suffix, clips, texts in (
            ("accuracy", frames, scenes),
            ("accuracy_rendered", held_out.frames, held_out.scene_descriptions),
        ):
            guessed = (_features(clips) @ weights).argmax(axis=1)
            found[f"{part}_{suffix}"] = float((guessed == _named(texts, part)).mean())
        found[f"{part}_chance"] = 1 / len(palette)
    return found


def contact_sheet(
    generated: UInt8[np.ndarray, "n t h w 3"], rendered: UInt8[np.ndarray, "n t h w 3"]
) -> UInt8[np.ndarray, "a b 3"]:
    """Show first, middle and last frame of up to 26 clips beside the render of the same prompt."""
    picked = np.linspace(0, len(generated) - 1, min(26, len(generated))).astype(int)
    rows = []
    for i in picked:
        shown = [clip[i][[0, clip.shape[1] // 2, -1]] for clip in (generated, rendered)]
        rows.append(np.concatenate([frame for clip in shown for frame in clip], axis=1))
    half = -(-len(rows) // 2)
    columns = [np.concatenate(rows[:half]), np.concatenate(rows[half:] or rows[:half])]
    height = min(len(column) for column in columns)
    return np.concatenate([column[:height] for column in columns], axis=1)


def _request(clips: Clips, index: int, seed: int, *, with_depth: bool) -> GenerationRequest:
    move = clips.moves[index]
    n_frames, height, width = clips.depth_m[index].shape
    start = look_at(np.array([0.0, 0, 1.5]), np.array([0.0, 2, 1.4]), np.array([0.0, 0, 1]))
    path = make_trajectory(
        move,
        start,
        amount=0.0 if move is Move.STATIC else _AMOUNT,
        n_frames=n_frames,
        target_distance_m=2.0,
        intrinsics=Intrinsics.from_fov(width=width, height=height, fov_deg=80.0),
        fps=8.0,
    )
    return GenerationRequest(
        sequence_id=f"following-{index:06d}/{move}",
        scene_id=f"following-{index:06d}",
        scene_description=clips.scene_descriptions[index],
        trajectory=path,
        seed=seed,
        control_depth=clips.depth_m[index].astype(np.float32) if with_depth else None,
    )


def _accuracy(
    judge: CameraJudge, frames: UInt8[np.ndarray, "n t h w 3"], moves: Sequence[Move]
) -> float:
    judged = judge.verdicts(frames)  # plain ones: consistency would bias the accuracy upwards
    return float(np.mean([a is b for a, b in zip(judged, moves, strict=True)]))


def _features(frames: UInt8[np.ndarray, "n t h w 3"]) -> Float64[np.ndarray, "n f"]:
    """Square roots of colour histograms of the upper and the lower half, and 1."""
    shown = frames[:, :: max(1, frames.shape[1] // 2)]
    height = shown.shape[2]
    found = np.ones((len(shown), _HALVES * _BINS**3 + 1))
    for row, clip in zip(found, shown, strict=True):
        bins = clip.astype(np.int64) * _BINS // 256
        code = (bins[..., 0] * _BINS + bins[..., 1]) * _BINS + bins[..., 2]
        code += (np.arange(height) * _HALVES // height * _BINS**3)[None, :, None]
        row[:-1] = np.sqrt(np.bincount(code.ravel(), minlength=len(row) - 1) / code.size)
    return found


def _fit(
    features: Float64[np.ndarray, "n f"], labels: Int64[np.ndarray, " n"]
) -> Float64[np.ndarray, "f c"]:
    """Fit a ridge regression to one-hot labels."""
    targets = np.eye(int(labels.max()) + 1)[labels]
    gram = features.T @ features + 0.1 * np.eye(features.shape[1])
    weights: Float64[np.ndarray, "f c"] = np.linalg.solve(gram, features.T @ targets)
    return weights


def _named(scenes: Sequence[str], part: str) -> Int64[np.ndarray, " n"]:
    palette = _PALETTES[part]
    pattern = re.compile(rf"(\w+) {part}s?\b")
    found = [pattern.search(scene) for scene in scenes]
    return np.array([palette.index(m.group(1)) if m else -1 for m in found], dtype=np.int64)


def main(options: Options) -> None:
    """Print what was measured."""
    result = measure(options)
    if options.json:
        print(json.dumps(result))
        return
    for key, value in result.items():
        if isinstance(value, dict):
            for name, number in value.items():
                print(f"  {name:16} {number:.2f}")
        else:
            print(f"{key:28} {value:.3f}" if isinstance(value, float) else f"{key:28} {value}")


if __name__ == "__main__":
    main(tyro.cli(Options))
