"""ScanNet's scans, and the boxes that VoteNet, ScanRefer and mmdetection3d prepare from them.

A *scan folder* as downloaded holds ``<scan>.aggregation.json`` (instances as lists of segments,
with free-text labels), ``<scan>_vh_clean_2.0.010000.segs.json`` (the segment of each vertex),
``<scan>_vh_clean_2.ply`` (the vertices) and ``<scan>.txt`` (``axisAlignment``, a row-major 4x4
matrix to +z up and walls along x and y). Metres. ScanNet has no boxes: an object's box stands
upright and is the tightest one around its vertices; one axis-aligned around a turned table would
be up to twice as large.

A *prepared file* ``<scan>_aligned_bbox.npy`` (or ``_bbox.npy``) holds rows of x, y, z of the
middle, three full extents along the aligned axes, a NYU40 label from 1 to 40, and, where it has
eight columns, the object id. These boxes are axis-aligned, also around what stands askew.

Labels of the building itself and of nothing in particular are left out.

Source: https://github.com/ScanNet/ScanNet (README, "Data Organization"); ``scannet/
load_scannet_data.py`` of facebookresearch/votenet and ``lib/config.py`` of daveredrum/ScanRefer.
"""

import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
from jaxtyping import Float64, Int64
from scipy.spatial import ConvexHull, QhullError

from qa_gen.faults import Where, read_json
from qa_gen.scenes.annotated import (
    NOT_THINGS,
    AnnotatedBox,
    AnnotatedScene,
    SceneReading,
    build_scene,
    check_box,
    each_box,
    gather,
)

NYU40: Final = (
    *("wall", "floor", "cabinet", "bed", "chair", "sofa", "table", "door", "window", "bookshelf"),
    *("picture", "counter", "blinds", "desk", "shelves", "curtain", "dresser", "pillow", "mirror"),
    *("floor mat", "clothes", "ceiling", "books", "refrigerator", "television", "paper", "towel"),
    *("shower curtain", "box", "whiteboard", "person", "nightstand", "toilet", "sink", "lamp"),
    *("bathtub", "bag", "otherstructure", "otherfurniture", "otherprop"),
)
_AGGREGATION: Final = ".aggregation.json"
_SEGMENTS: Final = "_vh_clean_2.0.010000.segs.json"
_MESH: Final = "_vh_clean_2.ply"
_PREPARED: Final = re.compile(r"(.+?)(?:_aligned)?_bbox\.npy")
_LEAST_EXTENT_M: Final = 0.001  # of a picture whose vertices lie in one plane
_COLUMNS: Final = (7, 8)


def read(path: Path) -> SceneReading:
    """Read a scan folder, a folder of scan folders, a prepared file, or a folder of those.

    Raises:
        ValueError: There is none of them.
    """
    if path.is_file() and path.suffix == ".npy":
        return gather([partial(_prepared, path)])
    scans = [f for f in _aggregations(path) if "_vh_clean" not in f.name]
    prepared = [] if scans else _prepared_files(path)
    if not scans and not prepared:
        raise ValueError(
            f"reading scenes: {path} is neither a ScanNet scan (<scan>{_AGGREGATION} and its "
            "kin), nor a folder of scans, nor holds *_aligned_bbox.npy; name one of these"
        )
    return gather([*(partial(_scan, f) for f in scans), *(partial(_prepared, f) for f in prepared)])


def _aggregations(path: Path) -> list[Path]:
    return sorted([*path.glob(f"*{_AGGREGATION}"), *path.glob(f"*/*{_AGGREGATION}")])


def _prepared_files(path: Path) -> list[Path]:
    found = sorted(f for f in path.glob("*_bbox.npy") if "_unaligned_" not in f.name)
    aligned = [f for f in found if f.name.endswith("_aligned_bbox.npy")]
    return aligned or found


def _scan(aggregation: Path) -> AnnotatedScene:
    scan = aggregation.name.removesuffix(_AGGREGATION)
    where = Where(aggregation, scan)
    vertices = _aligned_vertices(aggregation.parent, scan)
    segments_file = aggregation.with_name(f"{scan}{_SEGMENTS}")
    beside = Where(segments_file, scan)
    listed = beside.get(_json(segments_file, scan), "segIndices")
    segments = beside.numbers("segIndices", listed, len(vertices)).astype(np.int64)
    boxes = each_box(
        _things(where, where.get(_json(aggregation, scan), "segGroups")),
        lambda group: _tight_box(where, group, vertices, segments),
    )
    return build_scene(where, scan, boxes, made_by="scannet-annotation")


def _things(where: Where, groups: object) -> Iterator[Any]:
    if not isinstance(groups, list):
        raise where.fault("segGroups", groups, "write a list of instances")
    for group in groups:
        if str(where.get(group, "label")).strip().lower() not in NOT_THINGS:
            yield group


def _json(path: Path, scan: str) -> Any:  # noqa: ANN401 - what a JSON file holds
    if not path.is_file():
        raise Where(path, scan).fault("file", None, "download it with the scan")
    return read_json(path)


def _aligned_vertices(folder: Path, scan: str) -> Float64[np.ndarray, "n 3"]:
    mesh, notes = folder / f"{scan}{_MESH}", folder / f"{scan}.txt"
    for file in (mesh, notes):
        if not file.is_file():
            raise Where(file, scan).fault("file", None, "download it with the scan")
    found = re.search(r"^axisAlignment\s*=\s*(.+)$", notes.read_text(), re.MULTILINE)
    where = Where(notes, scan)
    if found is None:
        raise where.fault("axisAlignment", None, "only annotated scans have it: add the line")
    world_from_scan = where.numbers("axisAlignment", found[1].split(), 4, 4)
    import trimesh  # slow, and other formats need no meshes

    vertices = np.asarray(trimesh.load_mesh(mesh, process=False).vertices, dtype=np.float64)
    aligned: Float64[np.ndarray, "n 3"] = (
        vertices @ world_from_scan[:3, :3].T + world_from_scan[:3, 3]
    )
    return aligned


def _tight_box(
    scene: Where,
    group: Any,  # noqa: ANN401 - from JSON
    vertices: Float64[np.ndarray, "n 3"],
    segments: Int64[np.ndarray, " n"],
) -> AnnotatedBox:
    where = Where(scene.file, f"{scene.record} object {group.get('objectId')}")
    own_id = int(where.numbers("objectId", where.get(group, "objectId"), 1)[0])
    points = vertices[np.isin(segments, where.get(group, "segments"))]
    if not len(points):
        raise where.fault("segments", group["segments"], "no vertex has them: get the scan again")
    if not np.isfinite(points).all():
        raise where.fault("vertices", "not finite", "get the mesh again")
    axes = _tightest_axes(points[:, :2])
    rotation = np.eye(3)
    rotation[:2, :2] = axes.T
    local = points @ rotation
    low, high = local.min(axis=0), local.max(axis=0)
    return AnnotatedBox(
        where=where,
        own_id=str(own_id),
        instance_id=own_id + 1,  # 0 is the structure, as in ScanNet's own instance images
        category=str(group["label"]).strip(),
        center=rotation @ ((low + high) / 2),
        size=np.maximum(high - low, _LEAST_EXTENT_M),
        rotation=rotation,
    )


def _tightest_axes(points: Float64[np.ndarray, "n 2"]) -> Float64[np.ndarray, "2 2"]:
    """Return the axes, as rows, of the smallest rectangle around points.

    One of its sides lies along an edge of their convex hull (Freeman and Shapira, 1975).
    """
    try:
        hull = points[ConvexHull(points).vertices]
    except QhullError:  # all on one line, or fewer than three
        return np.eye(2)
    edges = np.roll(hull, -1, axis=0) - hull
    x = edges / np.linalg.norm(edges, axis=1, keepdims=True)
    frames = np.stack([x, np.stack([-x[:, 1], x[:, 0]], axis=1)], axis=1)
    local = frames @ hull.T
    best: Float64[np.ndarray, "2 2"] = frames[np.ptp(local, axis=2).prod(axis=1).argmin()]
    return best


def _prepared(path: Path) -> AnnotatedScene:
    name = _PREPARED.fullmatch(path.name)
    scan = path.stem if name is None else name[1]
    where = Where(path, scan)
    try:
        rows = np.load(path, allow_pickle=False)
    except (OSError, ValueError) as error:
        raise where.fault("file", str(error), "write a plain numpy array of numbers") from error
    if rows.ndim != 2 or rows.shape[1] not in _COLUMNS:
        cure = "write one row an object: middle, extents, label and maybe the object id"
        raise where.fault("shape", rows.shape, cure)
    boxes = each_box(enumerate(rows.astype(np.float64)), lambda row: _row(where, *row))
    things = [box for box in boxes if box.category not in NOT_THINGS]
    return build_scene(where, scan, things, made_by="scannet-prepared-boxes")


def _row(scene: Where, number: int, row: Float64[np.ndarray, " k"]) -> AnnotatedBox:
    where = Where(scene.file, f"{scene.record} row {number}")
    values = where.numbers("row", row, len(row))
    label = int(values[6])
    if not 1 <= label <= len(NYU40):
        raise where.fault("label", label, f"NYU40 labels are 1 to {len(NYU40)}")
    size = values[3:6]
    return AnnotatedBox(
        where=where,
        own_id=str(int(values[7])) if len(values) == max(_COLUMNS) else "",
        instance_id=number + 1,
        category=NYU40[label - 1],
        center=values[:3],
        size=size,
        rotation=check_box(where, ("extents", size), ("axes", np.eye(3))),
    )
