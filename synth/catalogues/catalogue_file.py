"""Users' own meshes: ``load_catalogue("my/catalogue.toml")``.

A catalogue file is TOML (or JSON of the same shape)::

    name = "my furniture"

    [[objects]]
    file = "meshes/chair.glb"        # beside the catalogue file
    name = "cantilever chair"
    category = "chair"               # a name of synth.furniture.table.FURNITURE
    size_m = [0.48, 0.55, 0.84]      # width, depth, height
    up = "y"                         # axes of the file; glTF is y up with its front to +z
    front = "z"
    licence = "CC0-1.0"
    author = "A. Person"
"""

import json
import tomllib
from pathlib import Path
from typing import Final, get_args

from synth.catalogues.catalogue import Catalogue, CatalogueError, CatalogueObject, catalogue_of
from synth.catalogues.measured import main_color, measured_tops
from synth.catalogues.mesh_file import Axis, object_axes, read_mesh
from synth.furniture.table import FURNITURE

_REQUIRED: Final = ("file", "name", "category", "size_m", "licence", "author")
_OPTIONAL: Final = ("up", "front")
_MOST_M: Final = 6.0  # nothing in a room is larger; centimetres given as metres are


def load_catalogue(path: Path) -> Catalogue:
    """Read a catalogue file and all its meshes.

    Raises:
        CatalogueError: The file or an entry is not right; the message says which and why.
    """
    content = _read(path)
    entries, name = content.get("objects"), content.get("name")
    if not isinstance(name, str) or not isinstance(entries, list) or not entries:
        raise CatalogueError(
            f"{path.name}: a catalogue has a name and at least one [[objects]] entry, got "
            f"keys {sorted(content)}."
        )
    objects = [
        _object(path, name, number, entry) for number, entry in enumerate(entries, start=1)
    ]  # fmt: skip
    return catalogue_of(tuple(objects))


def _read(path: Path) -> dict[str, object]:
    if not path.is_file():
        raise CatalogueError(f"load_catalogue: there is no file {path}.")
    try:
        match path.suffix.lower():
            case ".toml":
                content: object = tomllib.loads(path.read_text(encoding="utf-8"))
            case ".json":
                content = json.loads(path.read_text(encoding="utf-8"))
            case _:
                raise CatalogueError(
                    f"{path.name}: a catalogue is a .toml or .json file, got {path.suffix!r}."
                )
    except (tomllib.TOMLDecodeError, json.JSONDecodeError, UnicodeDecodeError) as error:
        raise CatalogueError(f"{path.name}: the catalogue cannot be read ({error}).") from error
    if not isinstance(content, dict):
        raise CatalogueError(f"{path.name}: the top level must be a table with name and objects.")
    return content


def _object(path: Path, catalogue: str, number: int, entry: object) -> CatalogueObject:
    where = f"{path.name}, entry {number}"
    if not isinstance(entry, dict):
        raise CatalogueError(f"{where}: an entry is a table of {', '.join(_REQUIRED)}.")
    missing = [key for key in _REQUIRED if entry.get(key) in (None, "")]
    unknown = sorted({*entry} - {*_REQUIRED, *_OPTIONAL})
    if missing or unknown:
        raise CatalogueError(
            f"{where}: missing {missing}, unknown {unknown}; an entry needs "
            f"{', '.join(_REQUIRED)} and may have {', '.join(_OPTIONAL)}."
        )
    category = str(entry["category"])
    if category not in FURNITURE:
        raise CatalogueError(
            f"{where}: unknown category {category!r}; the furniture table has "
            f"{', '.join(sorted(FURNITURE))}."
        )
    size = _size(entry["size_m"], where)
    up, front = _axis(entry.get("up", "y"), where), _axis(entry.get("front", "z"), where)
    try:
        mesh = read_mesh(path.parent / str(entry["file"]), size, object_axes(up, front))
    except CatalogueError as error:
        raise CatalogueError(f"{where}: {error}") from error
    return CatalogueObject(
        name=str(entry["name"]),
        category=category,
        color=main_color(mesh),
        size_m=size,
        mesh=mesh,
        tops=measured_tops(mesh) if FURNITURE[category].carries else (),
        licence=str(entry["licence"]),
        author=str(entry["author"]),
        catalogue=catalogue,
    )


def _size(value: object, where: str) -> tuple[float, float, float]:
    if not isinstance(value, list) or len(value) != 3:
        raise CatalogueError(f"{where}: size_m is [width, depth, height] in metres, got {value!r}.")
    numbers = [v for v in value if isinstance(v, int | float) and not isinstance(v, bool)]
    if len(numbers) != 3 or not all(0.0 < v <= _MOST_M for v in numbers):
        raise CatalogueError(
            f"{where}: size_m must be three lengths above 0 and at most {_MOST_M} metres, got "
            f"{value!r}; were they centimetres?"
        )
    return float(numbers[0]), float(numbers[1]), float(numbers[2])


def _axis(value: object, where: str) -> Axis:
    for axis in get_args(Axis):
        if value == axis:
            known: Axis = axis
            return known
    raise CatalogueError(f"{where}: an axis is one of {', '.join(get_args(Axis))}, got {value!r}.")
