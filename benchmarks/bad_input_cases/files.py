"""The files that users get wrong: some good ones, and the same ones spoilt."""

import json
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from jaxtyping import Float64

from synth.cameras import Intrinsics
from synth.pose_files import read_actions, write_poses
from synth.seeding import rng_for
from synth.trajectories import Trajectory

N_FRAMES: Final = 5
WIDTH: Final = 64
HEIGHT: Final = 48
CAMERA: Final = Intrinsics.from_fov(width=WIDTH, height=HEIGHT, fov_deg=60)
_UNIT: Final = "1 0 0 0 0 1 0 0 0 0 1 0"  # a 3x4 pose


def make_files(folder: Path) -> None:
    """Fill an empty folder."""
    _clips(folder)
    _good_poses(folder)
    _spoilt_poses(folder)
    _catalogues(folder)
    _models(folder)
    (folder / "empty").mkdir()
    (folder / "empty.txt").touch()
    (folder / "comments.txt").write_text("# scenes come here\n")
    (folder / "braces.txt").write_text("A room with {material} walls.\n")
    (folder / "moves.txt").write_text("The camera pans left over a red sofa.\n")
    (folder / "layers.txt").write_text("A bright kitchen. | front: a table\n")
    (folder / "cut_shard.npz").write_bytes((folder / "good.npz").read_bytes()[:200])


def _clips(folder: Path) -> None:
    rng = rng_for(0, "bad inputs", "pictures")
    pictures = rng.integers(0, 255, (N_FRAMES, HEIGHT, WIDTH, 3), dtype=np.uint8)
    for name in ("clip", "mixed", "cut"):
        (folder / name).mkdir()
        for number, picture in enumerate(pictures):
            cv2.imwrite(str(folder / name / f"{number}.png"), picture)
    cv2.imwrite(str(folder / "mixed" / "3.png"), pictures[3, ::2, ::2])
    whole = (folder / "cut" / "4.png").read_bytes()
    (folder / "cut" / "4.png").write_bytes(whole[: len(whole) // 100])
    (folder / "notes.mp4").write_text("remember to film this\n" * 50)


def _path(c2w: Float64[np.ndarray, "t 4 4"], *, known: bool = True) -> Trajectory:
    return Trajectory(
        name="walk",
        c2w=c2w.copy(),
        intrinsics=(CAMERA,) * len(c2w) if known else None,
        fps=8.0,
        scale="metric",
    )


def _good_poses(folder: Path) -> None:
    walk = read_actions("w-4").c2w
    for pose_format in ("re10k", "tum", "kitti", "npz", "nerfstudio", "recammaster"):
        write_poses(folder / f"good.{pose_format}", _path(walk), pose_format)
    write_poses(folder / "four.re10k", _path(walk[:4]), "re10k")
    write_poses(folder / "two.kitti", _path(walk[:2]), "kitti")
    write_poses(folder / "one.kitti", _path(walk[:1]), "kitti")
    write_poses(folder / "model", _path(walk), "colmap")
    write_poses(folder / "half_model", _path(walk), "colmap")
    (folder / "half_model" / "cameras.txt").unlink()


def _spoilt_poses(folder: Path) -> None:
    re10k = (folder / "good.re10k").read_text().splitlines()
    pixels = f"320 320 32 24 0 0 {_UNIT}"
    lines = {
        "cut.re10k": [*re10k[:-1], re10k[-1][:60]],
        "nan.re10k": [*re10k[:3], re10k[3].rsplit(" ", 1)[0] + " nan", *re10k[4:]],
        "pixels.re10k": ["https://clip", f"0 {pixels}", f"1 {pixels}"],
        "scaled.kitti": ["2 0 0 0 0 2 0 0 0 0 2 0"],
        "mirrored.kitti": ["-1 0 0 0 0 1 0 0 0 0 1 0"],
        "unsorted.tum": ["2 0 0 0 0 0 0 1", "1 0 0 0 0 0 0 1"],
        "wxyz.tum": ["0 1 2 3 1 0 0 4"],
        "late.tum": [f"{t} {t} 0 0 0 0 0 1" for t in range(100, 105)],
        "milliseconds.tum": [f"{t}000 {t} 0 0 0 0 0 1" for t in range(1, 6)],
    }
    for name, text in lines.items():
        (folder / name).write_text("\n".join(text) + "\n")
    json_text = (folder / "good.nerfstudio").read_text()
    (folder / "cut.nerfstudio").write_text(json_text[: len(json_text) // 2])
    content = json.loads(json_text)
    for frame in content["frames"]:
        matrix = np.array(frame["transform_matrix"])
        matrix[:3, 3] += 1.0
        frame["transform_matrix"] = matrix.T.tolist()
    (folder / "transposed.nerfstudio").write_text(json.dumps(content))
    (folder / "no_frames.nerfstudio").write_text('{"fl_x": 50, "w": 64, "h": 48, "frames": []}')
    poses = np.load(folder / "good.npz")["poses"]
    np.savez(folder / "extrinsics.npz", extrinsics=np.linalg.inv(poses))


def _catalogues(folder: Path) -> None:
    (folder / "square.obj").write_text("v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n")
    (folder / "cut.glb").write_bytes(b"glTF\x02\0\0\0")
    good: dict[str, object] = {
        "file": "square.obj",
        "name": "cantilever",
        "category": "chair",
        "size_m": [0.5, 0.5, 0.9],
        "licence": "CC0-1.0",
        "author": "A. Person",
    }
    changes: dict[str, dict[str, object]] = {
        "no_licence": {"licence": ""},
        "zero": {"size_m": [0.5, 0, 0.9]},
        "centimetres": {"size_m": [50, 50, 90]},
        "no_mesh": {"file": "chair.glb"},
        "cut_mesh": {"file": "cut.glb"},
        "flat_mesh": {},
        "throne": {"category": "throne"},
    }
    for name, change in changes.items():
        entry = {"name": "my furniture", "objects": [good | change]}
        (folder / f"{name}.json").write_text(json.dumps(entry))


def _models(folder: Path) -> None:
    for name, kind in (
        ("other_pipeline", "StableDiffusionPipeline"),
        ("cut_pipeline", "WanPipeline"),
    ):
        (folder / name).mkdir()
        (folder / name / "model_index.json").write_text(
            json.dumps({"_class_name": kind, "_diffusers_version": "0.42.1"})
        )
    (folder / "weights").mkdir()
    (folder / "weights" / "model.safetensors").write_bytes(b"weights")
    (folder / "some.safetensors").write_bytes(b"a LoRA of somebody else")
