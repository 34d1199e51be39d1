"""Read the furniture of the Debian package ``sweethome3d-furniture``.

The package holds five libraries of OBJ models as ``.sh3f`` archives (zip files), each with its
own licence; only the CC0 one is read unless others are asked for. Sizes are centimetres, models
are y up with their front towards +z. Nothing of it is part of this project: the user installs
the package and names its folder, and ``Catalogue.attributions`` goes into the dataset card.
"""

import re
import tempfile
import zipfile
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from jaxtyping import Float64

from synth.catalogues.catalogue import Catalogue, CatalogueError, CatalogueObject, catalogue_of
from synth.catalogues.measured import main_color, measured_tops
from synth.catalogues.mesh_file import object_axes, read_mesh
from synth.furniture.table import FURNITURE

# Licences as Debian's copyright file of the package states them.
LICENCES: Final[Mapping[str, str]] = {
    "BlendSwap-CC-0.sh3f": "CC0-1.0",
    "BlendSwap-CC-BY.sh3f": "CC-BY-3.0",
    "KatorLegaz.sh3f": "CC-BY-3.0-US",
    "Reallusion.sh3f": "CC-BY-3.0-US",
    "Scopia.sh3f": "CC-BY-3.0",
}
_PROPERTIES: Final = "PluginFurnitureCatalog.properties"
_TOLERANCE: Final = (0.6, 1.6)  # sizes may leave our category's range by these factors
# Names that mean one of our categories, longest first where several match.
_NAMES: Final[Mapping[str, str]] = {
    "armchair": "armchair", "sofa": "sofa", "couch": "sofa", "chair": "chair", "stool": "stool",
    "bench": "bench", "office chair": "office chair", "desk": "desk", "fridge": "refrigerator",
    "refrigerator": "refrigerator", "desk lamp": "lamp", "bookcase": "bookshelf",
    "bookshelf": "bookshelf", "shelf": "bookshelf", "wardrobe": "wardrobe", "toilet": "toilet",
    "bathtub": "bathtub", "washing machine": "washing machine", "plant": "plant",
    "decorative plant": "plant", "cactus": "flower pot", "orchids": "flower pot",
    "radiator": "radiator", "dustbin": "trash bin", "vase": "vase", "microwave oven": "microwave",
    "laptop": "laptop", "keyboard": "keyboard", "bottle": "bottle", "mug": "mug", "cup": "mug",
    "piano bench": "bench", "folding chair": "chair", "chair with cushion": "chair",
    "osaka chair": "chair", "winchester armchair": "armchair", "winchester sofa": "sofa",
    "handbag": "backpack", "backpack": "backpack", "coffee table": "coffee table",
    "nightstand": "nightstand", "bedside table": "nightstand", "teddy bear": "teddy bear",
    "stove": "stove", "toaster": "toaster", "coffee brewer": "coffee machine",
    "globe": "globe", "mirror": "mirror", "ball": "ball", "box": "cardboard box",
}  # fmt: skip


class LeftOut(NamedTuple):
    """A model that was not read, and why. Counted and published."""

    name: str
    reason: str


class SweetHomeFurniture(NamedTuple):
    """What was read, and what was not."""

    catalogue: Catalogue
    left_out: tuple[LeftOut, ...]


class _Entry(NamedTuple):
    name: str
    model: str
    size_m: tuple[float, float, float]
    author: str
    rotation: Float64[np.ndarray, "3 3"]


def read_sweet_home(
    folder: Path,
    *,
    licences: Collection[str] = ("CC0-1.0",),
    categories: Collection[str] | None = None,
) -> SweetHomeFurniture:
    """Read the package's libraries that carry one of ``licences``.

    Args:
        folder: Where the ``.sh3f`` files lie, usually the package's ``sweethome3d/furniture``.
        licences: SPDX names; see ``LICENCES``.
        categories: Only these of our categories; all if ``None``.

    Raises:
        CatalogueError: The folder holds no library of these licences, or one cannot be read.
    """
    unknown = sorted({*licences} - {*LICENCES.values()})
    if unknown:
        raise CatalogueError(
            f"read_sweet_home: no library has licences {unknown}; there are "
            f"{sorted({*LICENCES.values()})}."
        )
    paths = [folder / name for name, licence in LICENCES.items() if licence in licences]
    present = [path for path in paths if path.is_file()]
    if not present:
        raise CatalogueError(
            f"read_sweet_home: {folder} holds none of {[path.name for path in paths]}; install "
            "the Debian package sweethome3d-furniture and give its sweethome3d/furniture folder."
        )
    objects: list[CatalogueObject] = []
    left_out: list[LeftOut] = []
    for path in present:
        _read_library(path, categories, objects, left_out)
    return SweetHomeFurniture(catalogue_of(tuple(objects)), tuple(left_out))


def _read_library(
    path: Path,
    categories: Collection[str] | None,
    objects: list[CatalogueObject],
    left_out: list[LeftOut],
) -> None:
    try:
        with zipfile.ZipFile(path) as archive, tempfile.TemporaryDirectory() as scratch:
            for entry in parse_properties(archive.read(_PROPERTIES).decode("iso-8859-1")):
                category = category_of(entry.name, entry.size_m)
                if category is None:
                    left_out.append(LeftOut(entry.name, "no category of ours"))
                    continue
                if categories is not None and category not in categories:
                    continue
                try:
                    mesh_file = _unpack(archive, entry.model, Path(scratch))
                    objects.append(_read_object(path.name, entry, category, mesh_file))
                except CatalogueError as error:
                    left_out.append(LeftOut(entry.name, str(error)))
    except (zipfile.BadZipFile, KeyError) as error:
        raise CatalogueError(f"{path.name}: no Sweet Home 3D library ({error}).") from error


def _unpack(archive: zipfile.ZipFile, model: str, scratch: Path) -> Path:
    """Unpack the folder of a model: its OBJ, MTL and textures."""
    parent = model.rsplit("/", 1)[0] + "/"
    for member in archive.namelist():
        if member.startswith(parent):
            archive.extract(member, scratch)
    return scratch / model


def _read_object(library: str, entry: _Entry, category: str, path: Path) -> CatalogueObject:
    axes = object_axes("y", "z") @ entry.rotation
    mesh = read_mesh(path, entry.size_m, axes)
    return CatalogueObject(
        name=entry.name,
        category=category,
        color=main_color(mesh),
        size_m=entry.size_m,
        mesh=mesh,
        tops=measured_tops(mesh) if FURNITURE[category].carries else (),
        licence=LICENCES[library],
        author=entry.author,
        catalogue=f"sweethome3d-furniture, {library.removesuffix('.sh3f')}",
    )


def parse_properties(text: str) -> list[_Entry]:
    """Read the numbered entries of a catalogue's Java properties file."""
    values: dict[int, dict[str, str]] = {}
    for key, number, value in re.findall(r"^(\w+)#(\d+)=(.*)$", text, flags=re.MULTILINE):
        unescaped = re.sub(r"\\u([0-9a-fA-F]{4})", lambda m: chr(int(m[1], 16)), value)
        values.setdefault(int(number), {})[key] = unescaped.strip()
    entries = []
    for number, value in sorted(values.items()):
        missing = [k for k in ("name", "model", "width", "depth", "height") if k not in value]
        if missing:
            raise CatalogueError(f"Sweet Home 3D catalogue: entry {number} has no {missing}.")
        w, d, h = (float(value[k]) / 100 for k in ("width", "depth", "height"))
        turn = [float(v) for v in value.get("modelRotation", "1 0 0 0 1 0 0 0 1").split()]
        entries.append(
            _Entry(
                name=value["name"],
                model=value["model"].lstrip("/"),
                size_m=(w, d, h),
                author=value.get("creator", "unknown author"),
                rotation=np.array(turn).reshape(3, 3),
            )
        )
    return entries


def category_of(name: str, size_m: tuple[float, float, float]) -> str | None:
    """Return our category of a model by its name, or ``None`` if its size contradicts it."""
    lowered = name.lower().strip()
    if lowered == "bed":
        category: str | None = "bed" if size_m[0] > 1.25 else "single bed"
    elif lowered == "table":
        category = "coffee table" if size_m[2] < 0.6 else "table"
    elif lowered == "lamp":
        category = "lamp" if size_m[2] < 0.9 else "floor lamp"
    else:
        category = _NAMES.get(lowered)
    if category == "plant" and size_m[2] < 0.6:
        category = "flower pot"
    if category is None:
        return None
    kind = FURNITURE[category]
    ranges = (kind.width_m, kind.depth_m, kind.height_m)
    low, high = _TOLERANCE
    fits = all(r[0] * low <= s <= r[1] * high for s, r in zip(size_m, ranges, strict=True))
    return category if fits else None
