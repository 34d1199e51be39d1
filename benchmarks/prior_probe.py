"""What do frozen features know of the camera's move? ``python -m benchmarks.prior_probe --run R``.

A ridge classifier on the flattened tokens of a finished run's rendered clips, fitted on its
training rooms, names one of 17 moves for clips of held-out rooms. The penalty is chosen by
cross-validation over training rooms. Beside the trained video model stand the controls: the
semantic encoder, the same transformer with random weights, pure noise as its input, and the empty
prompt padded to the 32 positions the tiny model was trained with (the paper's 512 otherwise).
Intervals (95 %) resample held-out rooms.
"""

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import tyro
from jaxtyping import Float64, Int64

from datasets_cards.splits import split_of
from flows.preflight import find_checkpoint, wan_folder
from flows.run_folder import RunFolder
from flows.stages import clip_shards
from fusion_model.evaluate import scene_interval
from fusion_model.generative import GenerativePrior, PriorConfig
from fusion_model.semantic import SemanticEncoder
from synth.scene import MultiViewSequence
from synth.seeding import rng_for
from synth.storage import read_geometries, read_sequences
from synth.trajectories import BASIC_MOVES

_PENALTIES: Final = (1e2, 1e3, 1e4, 1e5)
_FOLDS: Final = 5
_MOVES: Final = BASIC_MOVES


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """A finished run folder; ``json`` prints one object."""

    run: Path
    json: bool = False


class Probed(NamedTuple):
    """How often the probe is right on held-out rooms."""

    features: str
    accuracy: float
    low: float
    high: float
    n: int


class _Clips(NamedTuple):
    sequences: list[MultiViewSequence]
    moves: Int64[np.ndarray, " n"]
    scenes: np.ndarray
    is_train: np.ndarray


def main(options: Options) -> None:
    """Encode all clips with each encoder, fit, and print the table."""
    run = RunFolder(options.run)
    recipe = run.recipe()
    clips = _rendered(run)
    wan = wan_folder(recipe.wan.t2v, "wan.t2v")
    ids = [sequence.sequence_id for sequence in clips.sequences]
    frames = np.stack([sequence.frames for sequence in clips.sequences])
    trained = PriorConfig(
        block=recipe.fusion.block, timestep=recipe.fusion.timestep, seed=recipe.seed
    )
    variants = {
        "video model, trained": trained,
        "video model, random weights": replace(trained, weights="random"),
        "video model, 32 prompt positions": replace(trained, text_positions=32),
        "video model, pure noise (k = 1000)": replace(trained, timestep=1000),
    }
    rows = []
    prior = GenerativePrior.from_pretrained(wan, trained, device="cpu")
    siglip = SemanticEncoder.from_pretrained(
        find_checkpoint(recipe.fusion.semantic, "fusion.semantic"), device="cpu"
    )
    grid = prior.grid(*frames.shape[1:4])
    rows.append(_probe("semantic encoder", siglip.encode(frames, grid), clips))
    for name, config in variants.items():
        encoder = GenerativePrior.from_pretrained(wan, config, device="cpu")
        rows.append(_probe(name, encoder.encode(frames, ids), clips))
    if options.json:
        sys.stdout.write(json.dumps([row._asdict() for row in rows]) + "\n")
        return
    sys.stdout.write(f"camera move, 17-way (chance 0.059), {asdict(trained)}\n")
    for row in rows:
        sys.stdout.write(
            f"{row.features:36s}{row.accuracy:.3f}  [{row.low:.3f}, {row.high:.3f}]  n={row.n}\n"
        )


def _rendered(run: RunFolder) -> _Clips:
    recipe = run.recipe()
    sequences, moves = [], []
    for shard in clip_shards(recipe):
        if not shard.startswith("rendered"):
            continue
        measured = read_geometries(run.stage("measure") / f"{shard}.npz")
        filmed = read_sequences(run.stage("synthesize") / f"{shard}.npz")
        for sequence, geometry in zip(filmed, measured, strict=True):
            if geometry.motion is not None and geometry.motion.move is not None:
                sequences.append(sequence)
                moves.append(_MOVES.index(geometry.motion.move))
    splits = [split_of(s.scene_id, recipe.package.splits) for s in sequences]
    return _Clips(
        sequences,
        np.array(moves, dtype=np.int64),
        np.array([s.scene_id for s in sequences]),
        np.array(splits) == "train",
    )


def _probe(name: str, tokens: np.ndarray, clips: _Clips) -> Probed:
    flat = tokens.reshape(len(tokens), -1).astype(np.float64)
    train, test = flat[clips.is_train], flat[~clips.is_train]
    mean, std = train.mean(0), train.std(0) + 1e-6
    train, test = (train - mean) / std, (test - mean) / std
    moves, scenes = clips.moves[clips.is_train], clips.scenes[clips.is_train]
    penalty = _best_penalty(train, moves, scenes)
    right = _predict(train, moves, test, penalty) == clips.moves[~clips.is_train]
    held_out = clips.scenes[~clips.is_train]
    low, high = scene_interval(
        right.astype(np.float64), held_out, rng=rng_for(0, "bootstrap", "prior probe")
    )
    return Probed(name, float(right.mean()), float(low), float(high), len(right))


def _best_penalty(
    features: Float64[np.ndarray, "n d"], moves: Int64[np.ndarray, " n"], scenes: np.ndarray
) -> float:
    names = sorted(set(scenes.tolist()))
    fold = np.array([names.index(s) % _FOLDS for s in scenes.tolist()])
    scores: Sequence[float] = [
        float(
            np.mean(
                [
                    (
                        _predict(features[fold != f], moves[fold != f], features[fold == f], p)
                        == moves[fold == f]
                    ).mean()
                    for f in range(_FOLDS)
                ]
            )
        )
        for p in _PENALTIES
    ]
    return _PENALTIES[int(np.argmax(scores))]


def _predict(
    train: Float64[np.ndarray, "n d"],
    moves: Int64[np.ndarray, " n"],
    test: Float64[np.ndarray, "m d"],
    penalty: float,
) -> Int64[np.ndarray, " m"]:
    """Ridge regression on one-hot moves in its dual form; returns the largest response."""
    targets = np.eye(len(_MOVES))[moves]
    mean = targets.mean(0)
    kernel = train @ train.T
    weights = np.linalg.solve(kernel + penalty * np.eye(len(train)), targets - mean)
    named: Int64[np.ndarray, " m"] = (test @ (train.T @ weights) + mean).argmax(1)
    return named


if __name__ == "__main__":
    main(tyro.cli(Options))
