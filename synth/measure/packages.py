"""Models from elsewhere: optional packages, and weights that are pinned."""

import re
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import ModuleType
from typing import Final

_COMMIT: Final = re.compile(r"[0-9a-f]{40}")
_WEIGHT_SUFFIXES: Final = (".safetensors", ".bin", ".pt", ".pth")


class MissingPackageError(ImportError):
    """An optional package is not installed. The message holds the line that installs it."""


def require_package(module: str, *, install: str, wanted_by: str) -> ModuleType:
    """Import an optional package, or say at once how to get it.

    Args:
        module: Module to import.
        install: The command that installs it.
        wanted_by: What needs it.

    Raises:
        MissingPackageError: The package, or something it imports, is not installed.
    """
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        raise MissingPackageError(
            f"{wanted_by} needs the package {module!r} ({error}); install it with: {install}"
        ) from error


def package_version(distribution: str) -> str:
    """Return the installed version, or ``"unknown"`` for a source checkout without metadata."""
    try:
        return version(distribution)
    except PackageNotFoundError:
        return "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelWeights:
    """A folder on this machine, or a Hub repository at a pinned revision.

    Attributes:
        id: Path of a folder, or ``"owner/name"``.
        revision: Commit of a Hub repository; ``None`` for a folder.
        licence: SPDX of the weights, as their card says.

    Raises:
        ValueError: Neither a folder with weights nor pinned to a commit.
    """

    id: str
    revision: str | None = None
    licence: str = "unknown"

    def __post_init__(self) -> None:
        if self.revision is None and not Path(self.id).is_dir():
            raise ValueError(
                f"weights {self.id!r}: not a folder here, and a Hub repository needs a pinned "
                "revision (its commit hash), since what a branch holds may change."
            )
        if self.revision is not None and not _COMMIT.fullmatch(self.revision):
            raise ValueError(
                f"weights {self.id!r}: revision must be a commit of 40 hex digits, got "
                f"{self.revision!r}; what a branch or tag holds may change."
            )
        if self.revision is None and not any(
            path.suffix in _WEIGHT_SUFFIXES for path in Path(self.id).iterdir()
        ):
            raise ValueError(
                f"weights {self.id!r}: the folder holds none ({', '.join(_WEIGHT_SUFFIXES)}); name "
                "one written by save_pretrained or downloaded whole."
            )

    def __str__(self) -> str:
        return (
            f"{Path(self.id).name if self.revision is None else self.id}@{self.revision or 'local'}"
        )
