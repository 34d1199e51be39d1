"""The table of all furniture: name to kind. To add a category, add it to its family's ``KINDS``."""

from collections.abc import Mapping
from typing import Final

from synth.furniture import (
    bathroom,
    beds,
    decoration,
    electronics,
    kitchen,
    kitchenware,
    mounted,
    seating,
    small,
    storage,
    tables,
)
from synth.furniture.build import Kind

_FAMILIES: Final = (
    seating, tables, storage, beds, kitchen, kitchenware, bathroom, electronics, decoration,
    small, mounted,
)  # fmt: skip

FURNITURE: Final[Mapping[str, Kind]] = {
    kind.name: kind for family in _FAMILIES for kind in family.KINDS
}
