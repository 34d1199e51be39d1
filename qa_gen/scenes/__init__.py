"""Annotated scenes of others, read into our one neutral ``SceneGeometry``.

To add a format: a module with ``read``, and a line in the table.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, NamedTuple

from qa_gen.scenes import arkitscenes, embodiedscan, scannet, vsi_meta
from qa_gen.scenes.annotated import AnnotatedScene, SceneReading

__all__ = [
    "SCENE_FORMATS",
    "AnnotatedScene",
    "SceneFormat",
    "SceneReading",
    "read_scenes",
]


class SceneFormat(NamedTuple):
    """How somebody writes down scenes."""

    read: Callable[[Path], SceneReading]
    what: str  # which files; the module says units, axes and source


SCENE_FORMATS: Final[Mapping[str, SceneFormat]] = {
    "vsi": SceneFormat(vsi_meta.read, "VSI-Bench's *_meta_info_*.json"),
    "embodiedscan": SceneFormat(embodiedscan.read, "EmbodiedScan's annotations as JSON"),
    "scannet": SceneFormat(scannet.read, "ScanNet's scan folders, or *_aligned_bbox.npy"),
    "arkitscenes": SceneFormat(arkitscenes.read, "ARKitScenes' *_3dod_annotation.json"),
}


def read_scenes(path: Path, scene_format: str) -> SceneReading:
    """Read all scenes of a file or folder: the good ones, and what is wrong with the others.

    Raises:
        ValueError: The format is unknown, or nothing in the file can be read at all.
    """
    known = SCENE_FORMATS.get(scene_format)
    if known is None:
        raise ValueError(
            f"unknown scene format {scene_format!r}; known are {', '.join(SCENE_FORMATS)}"
        )
    if not path.exists():
        raise ValueError(f"reading scenes: {path}: there is no such file or folder")
    return known.read(path)
