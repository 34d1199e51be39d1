"""A catalogue: meshes in metric size with category and licence, ready to be placed in rooms."""

from collections.abc import Mapping
from dataclasses import dataclass

from synth.furniture.build import Surface
from synth.rooms.room import ObjectMesh


class CatalogueError(ValueError):
    """A catalogue or one of its meshes cannot be used; the message names file and entry."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CatalogueObject:
    """One mesh, scaled and cleaned.

    Attributes:
        name: What its maker calls it.
        category: A name of the furniture table.
        color: Name of its main colour.
        size_m: Width, depth, height: the mesh's own tight box.
        mesh: Triangles in the object's own axes.
        tops: Level surfaces measured on the mesh.
        licence: SPDX identifier where there is one.
    """

    name: str
    category: str
    color: str
    size_m: tuple[float, float, float]
    mesh: ObjectMesh
    tops: tuple[Surface, ...]
    licence: str
    author: str
    catalogue: str

    @property
    def source(self) -> str:
        """Catalogue, entry, author and licence, for the record."""
        return f"{self.catalogue}: {self.name} by {self.author} ({self.licence})"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Catalogue:
    """Objects by category."""

    objects: Mapping[str, tuple[CatalogueObject, ...]]

    def of_category(self, name: str) -> tuple[CatalogueObject, ...]:
        """Return the objects of a category; empty if there are none."""
        return self.objects.get(name, ())

    @property
    def attributions(self) -> tuple[str, ...]:
        """One line per object for the dataset card, sorted."""
        return tuple(sorted({o.source for group in self.objects.values() for o in group}))


def catalogue_of(objects: tuple[CatalogueObject, ...]) -> Catalogue:
    """Group objects by category."""
    names = sorted({o.category for o in objects})
    return Catalogue(objects={n: tuple(o for o in objects if o.category == n) for n in names})
