"""Publish a packaged dataset to a local folder: idempotent, and whole for readers at any moment.

New shards are copied beside the old ones first, then the card is swapped (readers follow its file
list), then the manifest; only then is what nobody lists any more removed. Killed anywhere in
between, the next run picks up where this one stopped.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from datasets_cards.files import PARTIAL, copy_sealed, sha256_of
from datasets_cards.manifest import (
    MANIFEST_NAME,
    README_NAME,
    STATISTICS_NAME,
    Manifest,
    OtherFile,
    Shard,
    read_manifest,
)
from datasets_cards.schema import COLUMNS

_TOP_LEVEL: Final = frozenset({MANIFEST_NAME, README_NAME, STATISTICS_NAME, *COLUMNS})


class PublishError(Exception):
    """What was published does not read back as it was sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What a publication did, or in a dry run would do.

    Attributes:
        written: Paths copied, in that order.
        removed: Paths of an older version that were removed.
        unchanged: Files that were there already.
        bytes: Size of what was copied.
    """

    written: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: int
    bytes: int


def publish_local(stage_dir: Path, target_dir: Path, *, dry_run: bool = False) -> Published:
    """Make ``target_dir`` hold exactly the dataset in ``stage_dir``.

    Files that are there already (by hash) are not touched, so a second run writes nothing.

    Raises:
        FileNotFoundError: ``stage_dir`` holds no finished dataset, or lacks a file.
        ValueError: A file in ``stage_dir`` is not what its manifest says, or ``target_dir`` holds
            something other than a dataset.
        PublishError: The target does not read back as it was written.
    """
    manifest = read_manifest(stage_dir)
    _verify_stage(stage_dir, manifest)
    _refuse_foreign(target_dir)
    manifest_entry = OtherFile.of(stage_dir, MANIFEST_NAME)
    entries = (*manifest.contents, manifest_entry)
    missing = [entry for entry in entries if not _is_there(target_dir, entry)]
    if dry_run:
        removed = unlisted(target_dir, manifest)
    else:
        for entry in missing:  # the manifest is last: it appears once all else is verified
            _copy_verified(stage_dir, target_dir, entry)
        removed = remove_superseded(target_dir, manifest)
    return Published(
        written=tuple(entry.path for entry in missing),
        removed=removed,
        unchanged=len(entries) - len(missing),
        bytes=sum(entry.bytes for entry in missing),
    )


def remove_superseded(folder: Path, manifest: Manifest) -> tuple[str, ...]:
    """Remove shards that ``manifest`` does not list and unfinished files; return their paths.

    Call it only once ``manifest`` is in place.
    """
    removed = unlisted(folder, manifest)
    for path in removed:
        (folder / path).unlink()
    return removed


def unlisted(folder: Path, manifest: Manifest) -> tuple[str, ...]:
    """Return the shards and unfinished files in ``folder`` that ``manifest`` does not list."""
    listed = {shard.path for shard in manifest.shards}
    shards = [path for config in COLUMNS for path in (folder / config).glob("*.parquet")]
    partials = [path for part in (".", *COLUMNS) for path in (folder / part).glob(f"*{PARTIAL}")]
    found = {path.relative_to(folder).as_posix() for path in (*shards, *partials)}
    return tuple(sorted(found - listed))


def _is_there(target_dir: Path, entry: Shard | OtherFile) -> bool:
    path = target_dir / entry.path
    return path.is_file() and path.stat().st_size == entry.bytes and sha256_of(path) == entry.sha256


def _verify_stage(stage_dir: Path, manifest: Manifest) -> None:
    for entry in manifest.contents:
        found = sha256_of(stage_dir / entry.path)
        if found != entry.sha256:
            raise ValueError(
                f"{stage_dir / entry.path} has SHA-256 {found}, its manifest says {entry.sha256}: "
                "it was changed after packaging. Package again."
            )


def _copy_verified(stage_dir: Path, target_dir: Path, entry: Shard | OtherFile) -> None:
    copy_sealed(stage_dir / entry.path, target_dir / entry.path)
    if not _is_there(target_dir, entry):
        raise PublishError(
            f"{target_dir / entry.path} does not read back as it was written; check the disk "
            "and publish again."
        )


def _refuse_foreign(target_dir: Path) -> None:
    """Never mix a dataset into a folder that holds something else."""
    if not target_dir.exists():
        return
    if not target_dir.is_dir():
        raise ValueError(f"cannot publish to {target_dir}: it is a file; name a folder.")
    foreign = sorted(
        path.name
        for path in target_dir.iterdir()
        if path.name.removesuffix(PARTIAL) not in _TOP_LEVEL and not path.name.startswith(".")
    )
    if foreign:
        raise ValueError(
            f"cannot publish to {target_dir}: it holds {', '.join(foreign[:3])}, which is no part "
            "of a dataset; name an empty or new folder."
        )
