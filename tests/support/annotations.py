"""Small annotation files of every format, written by hand."""

import json
from pathlib import Path

import numpy as np

UPRIGHT = [1, 0, 0, 0, 1, 0, 0, 0, 1]
TURNED = [0.6, 0.8, 0, -0.8, 0.6, 0, 0, 0, 1]  # rows are axes: the first points to (0.6, 0.8)


def vsi_box(center=(0, 0, 0), size=(1, 1, 1), axes=UPRIGHT):
    return {
        "centroid": list(center),
        "axesLengths": list(size),
        "normalizedAxes": list(axes),
        "min": [0, 0, 0],
        "max": [0, 0, 0],
    }


def vsi_scene(boxes, counts=None, area=20.0):
    counts = {category: len(of) for category, of in boxes.items()} if counts is None else counts
    return {"room_size": area, "object_counts": counts, "object_bbox": boxes}


def bed_and_lamp():
    """Two unit cubes whose faces are 2 m apart."""
    return vsi_scene({"bed": [vsi_box()], "lamp": [vsi_box((3, 0, 0))]})


def write_json(path: Path, content) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content))
    return path


def embodiedscan(instances, images=(), categories=None, name="scannet/scene0001_00"):
    return {
        "metainfo": {
            "categories": {"bed": 1, "lamp": 7, "wall": 9} if categories is None else categories
        },
        "data_list": [
            {
                "sample_idx": name,
                "axis_align_matrix": np.eye(4).tolist(),
                "instances": instances,
                "images": list(images),
            }
        ],
    }


def nine_dof(box=(0, 0, 0, 1, 1, 1, 0, 0, 0), label=1, own_id=1):
    return {"bbox_3d": list(box), "bbox_label_3d": label, "bbox_id": own_id}


def arkit_entry(uid, label="bed", center=(0, 0, 0), size=(2, 1, 1), axes=TURNED):
    box = {"centroid": list(center), "axesLengths": list(size), "normalizedAxes": list(axes)}
    return {"uid": uid, "label": label, "segments": {"obbAligned": box}}


def write_scan(folder: Path, scan="scene0001_00", alignment=None) -> Path:
    """Write a scan of a table, turned by 45 degrees, on a floor; the mesh is an ASCII PLY.

    The table's top is a rectangle of 2 m x 1 m at z = 0.7, its feet at z = 0.
    """
    folder = folder / scan
    folder.mkdir(parents=True)
    half = np.array([[-1, -0.5], [1, -0.5], [1, 0.5], [-1, 0.5]])
    turn = np.array([[1, -1], [1, 1]]) / 2**0.5
    top = np.column_stack([half @ turn.T, np.full(4, 0.7)])
    feet = top * [1, 1, 0]
    floor = np.array([[-3, -3, 0], [3, -3, 0], [3, 3, 0], [-3, 3, 0]])
    vertices = np.concatenate([top, feet, floor])
    lines = ["ply", "format ascii 1.0", f"element vertex {len(vertices)}"]
    lines += ["property float x", "property float y", "property float z"]
    lines += ["element face 1", "property list uchar int vertex_indices", "end_header"]
    lines += [" ".join(f"{x:.9f}" for x in vertex) for vertex in vertices] + ["3 0 1 2"]
    (folder / f"{scan}_vh_clean_2.ply").write_text("\n".join(lines) + "\n")
    segments = [5] * 4 + [6] * 4 + [7] * 4
    write_json(folder / f"{scan}_vh_clean_2.0.010000.segs.json", {"segIndices": segments})
    groups = [
        {"objectId": 0, "segments": [5, 6], "label": "coffee table"},
        {"objectId": 1, "segments": [7], "label": "floor"},
    ]
    write_json(folder / f"{scan}.aggregation.json", {"segGroups": groups})
    matrix = np.eye(4) if alignment is None else alignment
    numbers = " ".join(str(x) for x in matrix.ravel())
    (folder / f"{scan}.txt").write_text(f"axisAlignment = {numbers} \ncolorHeight = 968\n")
    return folder
