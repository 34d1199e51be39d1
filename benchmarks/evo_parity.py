"""Are our path errors evo's? ``python -m benchmarks.evo_parity [--evo-bin DIR]``.

Makes pairs of TUM files and holds ``synth.path_errors`` against evo's own commands. evo is GPL-3,
so it is neither a dependency nor imported: install it in an environment of its own
(``python -m venv DIR && DIR/bin/pip install evo``) and pass ``--evo-bin DIR/bin``. Without it, the
numbers it gave when ``tests/golden/evo.json`` was written (``--write``) are shown instead.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import tyro
from jaxtyping import Float64

from synth.path_errors import Alignment, PathErrors, associate, compare_paths
from synth.pose_files import read_poses, write_poses
from synth.poses import axis_angle
from synth.seeding import rng_for
from synth.trajectories import Trajectory

GOLDEN: Final = Path(__file__).parents[1] / "tests" / "golden" / "evo.json"
ALIGNMENTS: Final[tuple[Alignment, ...]] = ("se3", "sim3")

# Our field: evo's command and pose relation.
MEASURES: Final[Mapping[str, tuple[str, ...]]] = {
    "ate_rmse": ("evo_ape", "-r", "trans_part"),
    "rpe_trans_rmse": ("evo_rpe", "-r", "trans_part", "-d", "1", "-u", "f"),
    "rpe_rot_deg_rmse": ("evo_rpe", "-r", "angle_deg", "-d", "1", "-u", "f"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How to run.

    Attributes:
        evo_bin: Folder of ``evo_ape`` and ``evo_rpe``; else they are looked for on the path.
        write: Store evo's numbers as the golden ones.
    """

    evo_bin: Path | None = None
    write: bool = False


class PairPlan(NamedTuple):
    """How a pair of paths is made: sampling of both, and how far the estimate is off."""

    reference_hz: float
    estimate_hz: float
    jitter_s: float  # the estimate's clock
    noise: float  # of its positions, metres
    noise_deg: float
    scale: float


PAIRS: Final[Mapping[str, PairPlan]] = {
    "same_clock": PairPlan(20.0, 20.0, 0.0, 0.02, 0.5, 0.4),
    "sparse_estimate": PairPlan(100.0, 30.0, 0.004, 0.05, 2.0, 2.5),
    "dense_estimate": PairPlan(20.0, 200.0, 0.001, 0.01, 1.0, 1.0),
    "gaps": PairPlan(12.5, 30.0, 0.006, 0.1, 5.0, 0.8),
    "tiny_errors": PairPlan(20.0, 20.0, 0.0, 1e-6, 1e-5, 1.0),
    "useless_estimate": PairPlan(20.0, 20.0, 0.0, 5.0, 120.0, 1.0),
}
_DURATION_S: Final = 4.0


def make_pair(name: str) -> tuple[Trajectory, Trajectory]:
    """Return (estimate, reference): a curved path through a room, and a disturbed copy."""
    plan, rng = PAIRS[name], rng_for(0, "evo_parity", name)
    reference_s = np.arange(0.0, _DURATION_S, 1 / plan.reference_hz)
    estimate_s = np.arange(0.0, _DURATION_S, 1 / plan.estimate_hz)
    estimate = _path(estimate_s)
    moved = np.eye(4)
    moved[:3, :3] = axis_angle(np.array([0.6, 0.0, 0.8]), 1.1)
    moved[:3, 3] = [3.0, -2.0, 0.5]
    estimate[:, :3, 3] += rng.normal(0.0, plan.noise, (len(estimate), 3))
    for pose in estimate:
        axis = rng.normal(size=3)
        turn = axis_angle(axis / np.linalg.norm(axis), np.deg2rad(rng.normal(0, plan.noise_deg)))
        pose[:3, :3] = pose[:3, :3] @ turn
    estimate = moved @ estimate
    estimate[:, :3, 3] *= plan.scale
    jittered = estimate_s + rng.uniform(-plan.jitter_s, plan.jitter_s, len(estimate_s))
    return (
        _as_trajectory(f"{name}_estimate", estimate, np.sort(jittered) + 10.0),
        _as_trajectory(f"{name}_reference", _path(reference_s), reference_s + 10.0),
    )


def measure(name: str, align: Alignment) -> PathErrors:
    """Return our errors of a pair, in memory."""
    estimate, reference = make_pair(name)
    assert estimate.timestamps_s is not None
    assert reference.timestamps_s is not None
    matches = associate(estimate.timestamps_s, reference.timestamps_s)
    return compare_paths(
        estimate.c2w[matches.estimate], reference.c2w[matches.reference], align=align
    )


def _path(times_s: Float64[np.ndarray, " t"]) -> Float64[np.ndarray, "t 4 4"]:
    c2w = np.stack([np.eye(4)] * len(times_s))
    c2w[:, :3, 3] = np.stack([np.sin(times_s), 0.5 * np.cos(2 * times_s), 0.3 * times_s], axis=1)
    for pose, time_s in zip(c2w, times_s, strict=True):
        pose[:3, :3] = axis_angle(np.array([0.0, 0.6, 0.8]), 0.8 * float(time_s))
    return c2w


def _as_trajectory(
    name: str, c2w: Float64[np.ndarray, "t 4 4"], times_s: Float64[np.ndarray, " t"]
) -> Trajectory:
    return Trajectory(
        name=name, c2w=c2w, intrinsics=None, fps=None, scale="relative", timestamps_s=times_s
    )


def ask_evo(evo_bin: Path, name: str, align: Alignment) -> dict[str, float]:
    """Return evo's root mean square errors of a pair, from its commands.

    Raises:
        subprocess.CalledProcessError: evo fails.
    """
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / kind for kind in ("reference.tum", "estimate.tum")]
        for file, trajectory in zip(files, reversed(make_pair(name)), strict=True):
            write_poses(file, trajectory, "tum")
            assert len(read_poses(file, "tum").c2w) == len(trajectory.c2w)
        found = {}
        for field, (command, *flags) in MEASURES.items():
            results = Path(folder) / f"{field}.zip"
            words = [evo_bin / command, "tum", *files, *flags, "--align"]
            words += ["--correct_scale"] if align == "sim3" else []
            subprocess.run(
                [*map(str, words), "--save_results", str(results), "--no_warnings"],
                check=True,
                capture_output=True,
                env={**os.environ, "HOME": folder},  # it keeps its settings there
            )
            with zipfile.ZipFile(results) as stored:
                found[field] = float(json.loads(stored.read("stats.json"))["rmse"])
    return found


def find_evo(evo_bin: Path | None) -> Path | None:
    """Return the folder of evo's commands, or ``None`` if it is not installed."""
    found = shutil.which("evo_ape", path=None if evo_bin is None else str(evo_bin))
    return None if found is None else Path(found).parent


def main(options: Options) -> None:
    """Print a Markdown table of our numbers and evo's."""
    evo_bin = find_evo(options.evo_bin)
    golden = json.loads(GOLDEN.read_text()) if GOLDEN.exists() else {}
    if evo_bin is None:
        sys.stdout.write(
            f"evo is not installed (see --help); its numbers are those of evo {golden['evo']}.\n\n"
        )
        theirs = golden["numbers"]
    else:
        theirs = {
            name: {align: ask_evo(evo_bin, name, align) for align in ALIGNMENTS} for name in PAIRS
        }
    sys.stdout.write(
        "| pair | align | error | ours | evo | difference |\n|---|---|---|--:|--:|--:|\n"
    )
    for name in PAIRS:
        for align in ALIGNMENTS:
            ours = measure(name, align)
            for field in MEASURES:
                mine, other = float(getattr(ours, field)), theirs[name][align][field]
                sys.stdout.write(
                    f"| {name} | {align} | {field} | {mine:.6g} | {other:.6g} | "
                    f"{abs(mine - other):.1e} |\n"
                )
    if options.write and evo_bin is not None:
        GOLDEN.write_text(json.dumps(_golden(evo_bin, theirs), indent=1) + "\n")


def _golden(evo_bin: Path, numbers: dict[str, dict[Alignment, dict[str, float]]]) -> object:
    code = "import importlib.metadata as m; print(m.version('evo'))"
    version = subprocess.run(
        [str(evo_bin / "python"), "-c", code], check=True, capture_output=True, text=True
    )
    return {
        "made_by": "python -m benchmarks.evo_parity --evo-bin DIR/bin --write",
        "evo": version.stdout.strip(),
        "numbers": numbers,
    }


if __name__ == "__main__":
    main(tyro.cli(Options))
