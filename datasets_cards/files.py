"""Files that appear whole or not at all, and their hashes."""

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

PARTIAL: Final = ".partial"  # ending of a file that is being written


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file's bytes as 64 hex digits.

    Raises:
        FileNotFoundError: There is no such file.
    """
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@contextmanager
def sealed(path: Path) -> Iterator[Path]:
    """Give a temporary path to write to; on success its file becomes ``path`` in one step.

    If the block raises, ``path`` is as it was before.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + PARTIAL)
    try:
        yield partial
        seal(partial, path)
    finally:
        partial.unlink(missing_ok=True)


def seal(partial: Path, path: Path) -> None:
    """Bring a finished temporary file to disk and rename it to ``path``, file and folder synced."""
    _sync(partial)
    partial.replace(path)
    _sync(path.parent)


def copy_sealed(source: Path, target: Path) -> None:
    """Copy one file so that ``target`` is never seen half-written."""
    with sealed(target) as partial:
        shutil.copyfile(source, partial)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
