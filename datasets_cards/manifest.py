"""``manifest.json``: every file of a dataset with its hash. Written last, so it vouches for all."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any, Final

from datasets_cards.files import sealed, sha256_of
from datasets_cards.schema import FORMAT_VERSION

MANIFEST_NAME: Final = "manifest.json"
README_NAME: Final = "README.md"
STATISTICS_NAME: Final = "statistics.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shard:
    """One Parquet file of a dataset.

    Raises:
        ValueError: ``path`` leads out of the dataset's folder.

    Attributes:
        path: Its place in the dataset's folder, with forward slashes.
        config: ``"sequences"`` or ``"qa"``.
        split: ``"train"`` or ``"test"``.
        rows: How many rows it holds.
        bytes: Its size.
        sha256: Hash of its bytes; the first digits are also in its name.
    """

    path: str
    config: str
    split: str
    rows: int
    bytes: int
    sha256: str

    def __post_init__(self) -> None:
        _refuse_outside(self.path)


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherFile:
    """A file of a dataset that is not a shard; its path must stay in the folder, too."""

    path: str
    bytes: int
    sha256: str

    def __post_init__(self) -> None:
        _refuse_outside(self.path)

    @staticmethod
    def of(folder: Path, name: str) -> "OtherFile":
        """Describe ``folder / name`` as it is on disk."""
        path = folder / name
        return OtherFile(path=name, bytes=path.stat().st_size, sha256=sha256_of(path))


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a dataset consists of.

    Attributes:
        shards: In the order in which they are read.
        files: The card and the statistics.
        made_with: Versions of what the bytes depend on: this package, pyarrow, Pillow.
        inputs: Hashes or names of what the dataset was made from, as the caller gave them.
        format_version: Of the columns; see ``datasets_cards.schema``.
    """

    shards: tuple[Shard, ...]
    files: tuple[OtherFile, ...]
    made_with: Mapping[str, str]
    inputs: Mapping[str, str]
    format_version: str = FORMAT_VERSION

    def shards_of(self, config: str, split: str | None = None) -> tuple[Shard, ...]:
        """Return the shards of one config, of one split or of all."""
        return tuple(
            shard
            for shard in self.shards
            if shard.config == config and split in (None, shard.split)
        )

    @property
    def contents(self) -> tuple[Shard | OtherFile, ...]:
        """Everything but the manifest: shards first, the card last, as it must be published."""
        return (*self.shards, *sorted(self.files, key=lambda entry: entry.path == README_NAME))

    def to_json(self) -> str:
        """Return the text of ``manifest.json``; equal manifests give equal text."""
        return json.dumps(asdict(self), indent=1, sort_keys=True, allow_nan=False) + "\n"


def write_manifest(folder: Path, manifest: Manifest) -> Path:
    """Write ``manifest.json``; everything it lists must be in place already."""
    path = folder / MANIFEST_NAME
    with sealed(path) as partial:
        partial.write_text(manifest.to_json(), encoding="utf-8")
    return path


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest of a dataset's folder.

    Raises:
        FileNotFoundError: The folder holds no manifest, so it is no (finished) dataset.
        ValueError: The manifest is damaged, or of a format this version cannot read.
    """
    path = folder / MANIFEST_NAME
    if not path.is_file():
        raise FileNotFoundError(
            f"{folder} is not a finished dataset: it has no {MANIFEST_NAME}; package it first."
        )
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        manifest = _manifest_of(found)
    except (ValueError, TypeError, KeyError) as error:
        raise ValueError(
            f"{path} is damaged or was not written by this package: {error}"
        ) from error
    if manifest.format_version.partition(".")[0] != FORMAT_VERSION.partition(".")[0]:
        raise ValueError(
            f"{path} is of format {manifest.format_version}, this version reads {FORMAT_VERSION}; "
            "read it with the version it was made with."
        )
    return manifest


def _refuse_outside(path: str) -> None:
    """Refuse a path that would make a reader or a publisher touch files elsewhere."""
    is_absolute = bool(PurePosixPath(path).root or PureWindowsPath(path).anchor)
    if is_absolute or "\\" in path or not path or ".." in PurePosixPath(path).parts:
        raise ValueError(
            f"a manifest may only list files inside its folder, by relative paths with forward "
            f"slashes and without '..', got {path!r}."
        )


def _manifest_of(found: Any) -> Manifest:  # noqa: ANN401 - parsed JSON
    return Manifest(
        shards=tuple(Shard(**entry) for entry in found["shards"]),
        files=tuple(OtherFile(**entry) for entry in found["files"]),
        made_with=dict(found["made_with"]),
        inputs=dict(found["inputs"]),
        format_version=str(found["format_version"]),
    )
