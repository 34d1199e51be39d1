"""Arrow schemas of the published columns, and how they change from format to format."""

import re
from collections.abc import Mapping
from typing import Any, Final

import pyarrow as pa
from datasets import Image, List

from datasets_cards.columns import COLUMNS, OBJECT, Column, features_of

__all__ = ["COLUMNS", "FORMAT_VERSION", "SCHEMAS", "Column", "features_of"]

FORMAT_VERSION: Final = "2.1"  # additive changes raise the second number

# Both carry the features in their metadata, which is how load_dataset knows the images.
SEQUENCES: Final[pa.Schema] = features_of("sequences").arrow_schema
QA: Final[pa.Schema] = features_of("qa").arrow_schema
SCHEMAS: Final[Mapping[str, pa.Schema]] = {"sequences": SEQUENCES, "qa": QA}


def schema_of(config: str, version: str) -> pa.Schema:
    """Return the columns as an older format of the same first number has them."""
    features = features_of(config)
    for column in COLUMNS[config]:
        if _is_later(column.since, version):
            del features[column.name]
    if config == "sequences" and _is_later("2.1", version):
        features["objects"] = List({k: v for k, v in OBJECT.items() if k != "facing"})
    return features.arrow_schema


_FIXED: Final = re.compile(r"fixed_size_list<([^<>]*)>\[(\d+)\]")  # an innermost one


def type_name(config: str, name: str) -> str:
    """Return a column's type as the card shows it: ``list<image>``, ``list<double[4][4]>``."""
    feature = next(column.feature for column in COLUMNS[config] if column.name == name)
    if isinstance(feature, List) and isinstance(feature.feature, Image):
        return "list<image>"
    text = str(SCHEMAS[config].field(name).type).replace("item: ", "")
    while (shorter := _FIXED.sub(r"\1[\2]", text)) != text:
        text = shorter
    return text


def dump_schema() -> dict[str, dict[str, str]]:
    """Return both schemas as plain text, for people and for the golden file."""
    return {
        config: {
            column.name: str(SCHEMAS[config].field(column.name).type)
            + (", may be null" if column.optional else "")
            for column in columns
        }
        for config, columns in COLUMNS.items()
    }


def check_complete(config: str, row: Mapping[str, Any], version: str = FORMAT_VERSION) -> None:
    """Refuse a row that lacks a column or holds null where there must be a value.

    Args:
        config: ``"sequences"`` or ``"qa"``.
        row: As read.
        version: Format it was written in; columns that came later may be missing.

    Raises:
        ValueError: Names the columns.
    """
    known = [column for column in COLUMNS[config] if not _is_later(column.since, version)]
    missing = [column.name for column in known if column.name not in row]
    null = [c.name for c in known if not c.optional and row.get(c.name) is None]
    extra = sorted(set(row) - {column.name for column in COLUMNS[config]})
    if missing or null or extra:
        raise ValueError(
            f"a {config} row does not fit format {version}: columns missing {missing}, "
            f"null where a value must be {[name for name in null if name not in missing]}, "
            f"unknown {extra}."
        )


def _is_later(since: str, version: str) -> bool:
    return tuple(map(int, since.split("."))) > tuple(map(int, version.split(".")))
