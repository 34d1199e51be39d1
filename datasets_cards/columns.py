"""The published columns: one table per config, from which schema and card are both made.

``sequences`` holds each clip once with its cameras and what was measured; ``qa`` holds the
questions and points into it by ``sequence_id``. Poses are nested fixed-size lists and not
``datasets.Array3D``: that type reads a missing value as NaN instead of ``None``, and is foreign to
other Arrow readers.
"""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from datasets import Features, Image, List, Value

_TEXT: Final = Value("string")
_FLOAT: Final = Value("float64")
_INT: Final = Value("int32")
_POSES: Final = List(List(List(_FLOAT, length=4), length=4))
_CAMERAS: Final = List(
    {
        "fx": _FLOAT,
        "fy": _FLOAT,
        "cx": _FLOAT,
        "cy": _FLOAT,
        "width": _INT,
        "height": _INT,
    }
)
_PROVENANCE: Final = {"made_by": _TEXT, "seed": Value("int64"), "code": _TEXT}
_MOTION: Final = {
    "move": _TEXT,
    "confidence": _FLOAT,
    "margin": _FLOAT,
    "margin_unit": _TEXT,
    "measured_by": _TEXT,
}
_GATE: Final = {"name": _TEXT, "value": _FLOAT, "threshold": _FLOAT, "passed": Value("bool")}
OBJECT: Final = {
    "instance_id": _INT,
    "category": _TEXT,
    "color": _TEXT,
    "center": List(_FLOAT, length=3),
    "size": List(_FLOAT, length=3),
    "rotation": List(List(_FLOAT, length=3), length=3),
    "visible_pixels": List(_INT),
    "facing": List(_FLOAT, length=3),
}
_MARK: Final = {"label": _TEXT, "frame": _INT, "x": _INT, "y": _INT}
_BOX: Final = {"form": _TEXT, "values": List(_FLOAT), "frame": _INT}


class Column(NamedTuple):
    """One published column.

    Attributes:
        name: Its name in Parquet.
        feature: Its type, as a ``datasets`` feature.
        text: What it holds, with units and axes; goes into the card.
        optional: Whether a row may hold null.
        since: First format that has it; rows of older ones do without.
    """

    name: str
    feature: Any
    text: str
    optional: bool = False
    since: str = "2.0"


SEQUENCE_COLUMNS: Final[tuple[Column, ...]] = (
    Column("sequence_id", _TEXT, "key of the clip, `<scene_id>/<name of the camera path>`"),
    Column("scene_id", _TEXT, "what is filmed; a scene is in one split only"),
    Column("split", _TEXT, "`train` or `test`, by hash of `scene_id`"),
    Column("generator", _TEXT, "who made the frames: `provenance.made_by` up to the colon"),
    Column("prompt", _TEXT, "what the generator was told, or the sentence that fits the render"),
    Column("fps", _FLOAT, "frames per second"),
    Column("n_frames", _INT, "length of `frames`"),
    Column("frames", List(Image()), "RGB images (PNG, lossless), in order of time"),
    Column(
        "requested_path",
        _TEXT,
        "name of the camera path asked for: the move, or e.g. `waypoints`",
    ),
    Column("requested_move", _TEXT, "camera move asked for; null for a free path", optional=True),
    Column(
        "requested_amount",
        _FLOAT,
        "how far: metres, degrees or focal factor by the move; 0 when static",
    ),
    Column(
        "requested_params",
        List({"name": _TEXT, "value": _FLOAT}),
        "whatever else the path was made with, e.g. `target_distance_m`",
    ),
    Column(
        "requested_c2w",
        _POSES,
        "camera path **asked for**, one 4x4 camera-to-world matrix per frame (row-major, OpenCV "
        "camera axes x right, y down, z forward; world in metres, +z up, if `requested_scale` is "
        "`metric`). A video model may not have obeyed it: never a source of labels",
    ),
    Column(
        "requested_intrinsics",
        _CAMERAS,
        "pinhole camera **asked for**, one per frame (zooms change it), in pixels; pixel centers "
        "at half-integers: the image spans 0..width, 0..height",
    ),
    Column("requested_scale", _TEXT, "unit of `requested_c2w`: `metric`, or `relative`"),
    Column(
        "requested_timestamps_s",
        List(_FLOAT),
        "time of each frame of the path, seconds; null when evenly spaced by `fps`",
        optional=True,
    ),
    Column("provenance", _PROVENANCE, "maker of the frames, seed, version of the code"),
    Column(
        "c2w",
        _POSES,
        "camera path **measured**, same conventions; null where none could be measured",
        optional=True,
    ),
    Column(
        "measured_intrinsics",
        _CAMERAS,
        "camera of `c2w`, `depth` and `instances`, one per frame, in pixels; null if nothing was "
        "measured",
        optional=True,
    ),
    Column(
        "motion",
        _MOTION,
        "camera move measured: `move` is null when mixed or too small, `confidence` 0..1, `margin` "
        "the distance to any other move in `margin_unit` (`deg` or `probability`), "
        "`measured_by` is `poses` or a judge network",
        optional=True,
    ),
    Column("keyframes", List(_INT), "indices of the frames with depth and ids", optional=True),
    Column(
        "depth",
        List(Image()),
        "z-depth (along the optical axis, not the ray) of each keyframe: 16-bit PNG in "
        "**millimetres**, 0 = unknown; null without keyframes",
        optional=True,
    ),
    Column(
        "instances",
        List(Image()),
        "instance id of each pixel of each keyframe: 16-bit PNG, 0 = walls, floor and the like",
        optional=True,
    ),
    Column(
        "reliable",
        List(Image()),
        "1-bit PNG per keyframe: white where the depth passed its consistency gates",
        optional=True,
    ),
    Column(
        "objects",
        List(OBJECT),
        "oriented boxes in the world: `center` and full `size` in metres, columns of `rotation` "
        "are the box's axes, `visible_pixels` per keyframe, `facing` the unit vector out of its "
        "front, null where it has none",
        optional=True,
    ),
    Column(
        "room_polygon",
        List(List(_FLOAT, length=2)),
        "floor outline (x, y) in metres, counter-clockwise",
        optional=True,
    ),
    Column(
        "scale",
        _TEXT,
        "`metric`, or `relative`: then all lengths are in an unknown unit",
        optional=True,
    ),
    Column(
        "sigma_m",
        _FLOAT,
        "standard deviation of a box face's position, metres; 0 for exact geometry",
        optional=True,
    ),
    Column(
        "floor_area_m2",
        _FLOAT,
        "floor area where it was measured without an outline, square metres",
        optional=True,
        since="2.1",
    ),
    Column("geometry_provenance", _PROVENANCE, "who measured, seed, version", optional=True),
    Column(
        "gates",
        List(_GATE),
        "tests the clip was put to; null if none were run",
        optional=True,
    ),
)

QA_COLUMNS: Final[tuple[Column, ...]] = (
    Column("qa_id", _TEXT, "key of the question"),
    Column("sequence_id", _TEXT, "the clip it is about"),
    Column("scene_id", _TEXT, "the scene of that clip"),
    Column("split", _TEXT, "the split of that scene"),
    Column("kind", _TEXT, "kind of question"),
    Column("question", _TEXT, "the question, without its options"),
    Column(
        "template",
        _TEXT,
        "which wording: `canonical` (a benchmark's own where it has the kind), `p1`, `p2`, ...",
        since="2.1",
    ),
    Column("answer_type", _TEXT, "`choice`, `quantity`, `text`, `order` or `box`", since="2.1"),
    Column(
        "answer",
        _TEXT,
        "what a model should reply: an option's letter, a number, words, names, or a box",
    ),
    Column("options", List(_TEXT), "of a choice, in the order A, B, ...", optional=True),
    Column("correct", _INT, "of a choice: index of the right option, from 0", optional=True),
    Column("quantity", _FLOAT, "the right number, rounded as asked", optional=True),
    Column("unit", _TEXT, "of `quantity`: `m`, `cm`, `m2`, `deg`, `h`, or `count`", optional=True),
    Column("decimals", _INT, "decimals `quantity` is rounded to", optional=True),
    Column(
        "accepted",
        List(_TEXT),
        "all right answers of a text, the first as in `answer`",
        optional=True,
        since="2.1",
    ),
    Column("order", List(_TEXT), "names in their right order", optional=True, since="2.1"),
    Column(
        "box",
        _BOX,
        "`form` `image`: x1, y1, x2, y2 in thousandths of the width and height of `frame`; "
        "`camera`: middle and extents in metres, then roll, pitch and yaw in degrees (about z, x, "
        "y), in the OpenCV axes of the camera of `frame`",
        optional=True,
        since="2.1",
    ),
    Column("definition", _TEXT, "id of the definition the label was computed by"),
    Column("value", _FLOAT, "the measured value before rounding or choosing", optional=True),
    Column(
        "margin",
        _FLOAT,
        "how far the value lies from where another answer would be right (or would be refused), "
        "in `margin_unit`",
    ),
    Column("margin_unit", _TEXT, "unit of `margin`"),
    Column("sigma", _FLOAT, "standard deviation of `value`; null if unknown", optional=True),
    Column(
        "frames",
        List(_INT),
        "images the question is about, in the order it counts them: show these and no others; "
        "empty = the whole clip",
        since="2.1",
    ),
    Column("evidence_frames", List(_INT), "frames of the clip that show what is asked"),
    Column("objects", List(_INT), "instance ids the question is about, in the order named"),
    Column("categories", List(_TEXT), "their categories", since="2.1"),
    Column(
        "marks",
        List(_MARK),
        "points the question names, in thousandths of the image's width and height",
        since="2.1",
    ),
    Column("geometry_source", _TEXT, "who measured the geometry the label is from"),
)

COLUMNS: Final[Mapping[str, tuple[Column, ...]]] = {
    "sequences": SEQUENCE_COLUMNS,
    "qa": QA_COLUMNS,
}


def features_of(config: str) -> Features:
    """Return the ``datasets`` features of one config (``"sequences"`` or ``"qa"``)."""
    return Features({column.name: column.feature for column in COLUMNS[config]})
