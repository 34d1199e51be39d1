"""Gates, estimators and detectors, prompts, yields and stored shards."""

from collections.abc import Callable
from typing import Final

import numpy as np

from benchmarks.bad_input_cases.case import Call, Place
from benchmarks.bad_input_cases.files import CAMERA, HEIGHT, N_FRAMES, WIDTH
from benchmarks.bad_input_cases.paths import path
from benchmarks.bad_input_cases.rooms import not_installed
from synth.gates.evidence import Candidate
from synth.gates.thresholds import GateThresholds
from synth.measure.detectors import make_detector
from synth.measure.estimators import make_estimator
from synth.measure.packages import ModelWeights
from synth.scene_prompts.grammar import sample_scene
from synth.scene_prompts.text_file import read_scenes
from synth.storage import read_sequences
from synth.yields import Cell, Yields, allocate

_FRAMES: Final = np.zeros((N_FRAMES, HEIGHT, WIDTH, 3), dtype=np.uint8)


def _call(
    did: str, call: Callable[[Place], object], *says: str, expects: str = "ValueError"
) -> Call:
    return Call(did=did, call=call, expects=expects, says=says)


def _scenes(did: str, name: str, *says: str, expects: str = "ValueError") -> Call:
    return _call(
        f"prompts: {did}", lambda place: read_scenes(place.files / name), *says, expects=expects
    )


def _package(did: str, name: str, module: str, *says: str) -> Call:
    def call(place: Place) -> object:
        with not_installed(module):
            return make_estimator(name, ModelWeights(id=str(place.files / "weights")))

    return _call(f"estimators: {did}", call, *says, expects="MissingPackageError")


def _allocate(floor_share: float) -> object:
    cell = Cell(template="pan", scene_kind="bedroom", recipe="tiny")
    return allocate(Yields(), [cell], 8, floor_share=floor_share, seed=0, shard="00000")


def _no_words(_: Place) -> object:
    from synth.measure.detectors.grounding_dino_sam2 import check_vocabulary

    return check_vocabulary(())


MEASURING: Final = (
    _call(
        "gates: poses of another length",
        lambda _: Candidate(frames=_FRAMES, c2w=path().c2w),
        "5 frames got 9 c2w",
        "pass one for each frame",
    ),
    _call(
        "gates: intrinsics of another size",
        lambda _: Candidate(frames=_FRAMES[:, ::2, ::2], intrinsics=(CAMERA,) * N_FRAMES),
        "got intrinsics of 64x48",
        "scale them when you resize frames",
    ),
    _call(
        "gates: no frames",
        lambda _: Candidate(frames=_FRAMES[:0]),
        "gating a clip",
        "got no frames",
    ),
    _call(
        "gates: a share of 95",
        lambda _: GateThresholds(tsed_neighbours_1px=95.0),
        "tsed_neighbours_1px must be 0 to 1",
        "got 95.0",
    ),
    _call(
        "gates: a threshold of NaN",
        lambda _: GateThresholds(median_sed_px=np.nan),
        "median_sed_px must be >= 0",
        "got nan",
    ),
    _call(
        "estimators: an unknown one",
        lambda _: make_estimator("colmap"),
        "no geometry estimator 'colmap'",
        "there are pycolmap",
    ),
    _call(
        "estimators: no weights",
        lambda _: make_estimator("depth-anything"),
        "needs weights",
        "a folder, or a Hub repository with a revision",
    ),
    _package("VGGT is not installed", "vggt", "vggt", "VGGT needs the package", "pip install"),
    _package(
        "MapAnything is not installed",
        "map-anything",
        "mapanything",
        "MapAnything needs the package",
        "pip install",
    ),
    _call(
        "weights: a folder that is not there",
        lambda place: ModelWeights(id=str(place.files / "nowhere")),
        "not a folder here",
        "needs a pinned revision",
    ),
    _call(
        "weights: an empty folder",
        lambda place: ModelWeights(id=str(place.files / "empty")),
        "the folder holds none (.safetensors",
        "name one written by save_pretrained",
    ),
    _call(
        "weights: a branch",
        lambda _: ModelWeights(id="IDEA-Research/grounding-dino-tiny", revision="main"),
        "commit of 40 hex digits, got 'main'",
        "may change",
    ),
    _call(
        "detectors: an unknown one",
        lambda _: make_detector("yolo", ()),
        "no object detector 'yolo'",
        "there are grounding-dino+sam2",
    ),
    _call(
        "detectors: one of two weights",
        lambda place: make_detector(
            "grounding-dino+sam2", (ModelWeights(id=str(place.files / "weights")),)
        ),
        "needs two weights",
        "got 1",
    ),
    _call("detectors: no words", _no_words, "needs a vocabulary of different words", "got ()"),
    _scenes(
        "a file that is not there",
        "nowhere.txt",
        "no such file of scenes",
        "write one scene a line",
        expects="FileNotFoundError",
    ),
    _scenes("a folder", "empty", "this is a folder", "name the file of scenes"),
    _scenes("only comments", "comments.txt", "no line holds a scene", "write one a line"),
    _scenes("a placeholder", "braces.txt", "line 1: '{' is kept for templates", "leave it out"),
    _scenes("a camera move", "moves.txt", "line 1: says", "a scene says what is seen"),
    _scenes("an unknown part", "layers.txt", "'front: a table'", "is not 'near: ...'"),
    _call(
        "prompts: an unknown kind of room",
        lambda _: sample_scene("castle-1", 0, room="castle"),
        "no room 'castle'",
        "the grammar has living room",
    ),
    _call(
        "yields: no cells",
        lambda _: allocate(Yields(), [], 8, floor_share=0.1, seed=0, shard="00000"),
        "needs one or more different cells",
        "got []",
    ),
    _call("yields: a share in percent", lambda _: _allocate(20.0), "floor_share of 0 to 1", "20.0"),
    _call(
        "yields: a file of something else",
        lambda _: Yields.from_json('{"clips": 3}'),
        "not what Yields.to_json writes",
        "start with Yields()",
    ),
    _call(
        "shards: one that is cut off",
        lambda place: read_sequences(place.files / "cut_shard.npz"),
        "cut_shard.npz is damaged",
        "run its stage again",
    ),
    _call(
        "shards: one that is not there",
        lambda place: read_sequences(place.files / "nowhere.npz"),
        "does not exist",
        "run its stage again",
        expects="FileNotFoundError",
    ),
)
