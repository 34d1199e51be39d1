"""COLMAP, whichever of its two forms a folder holds; text is written.

The binary one is read if both are there, as COLMAP does. Conventions are in
``synth.pose_files.colmap_model``.
"""

from pathlib import Path

from synth.pose_files import colmap_binary, colmap_text
from synth.pose_files.hints import ReadHints
from synth.pose_files.spot import Spot
from synth.trajectories import Trajectory

write = colmap_text.write


def read(path: Path, hints: ReadHints) -> Trajectory:
    """Read a COLMAP folder, or the folder that one of its files lies in."""
    folder = path.parent if path.suffix in (".txt", ".bin") else path
    if _holds(folder, colmap_binary.FILES):
        return colmap_binary.read(folder, hints)
    if _holds(folder, colmap_text.FILES):
        return colmap_text.read(folder, hints)
    raise Spot(folder).error(
        f"no COLMAP model here; expected {' and '.join(colmap_text.FILES)}, or "
        f"{' and '.join(colmap_binary.FILES)}"
    )


def _holds(folder: Path, names: tuple[str, ...]) -> bool:
    return all((folder / name).is_file() for name in names)
