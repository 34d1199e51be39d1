"""The run folder: what was asked (``run.json``), what exists, and whether it is whole.

Layout of ``runs/<name>/``: ``run.json``, one folder a stage with its shards and a
``manifest.json`` (sha256 of every file of every shard), ``timings.json``, ``dataset/``,
``scores.json``, ``report.html``. These files decide what is done, never the engine's state: an
engine whose process was killed still believes that its tasks run.
"""

import json
import os
import platform
import threading
from collections.abc import Iterable, Mapping
from importlib import metadata
from pathlib import Path
from typing import Any, Final

from datasets_cards.files import sha256_of
from flows.progress import PROGRESS
from flows.recipes.recipe import Recipe, from_json, to_json
from synth.storage import write_atomically

_REPORTED_PACKAGES: Final = (
    "vega3d-toolkit", "numpy", "pyarrow", "torch", "diffusers", "transformers", "prefect",
)  # fmt: skip
_ABOUT: Final = ("recipe", "checkpoints", "seed", "versions")
_RESUMED: Final = "resumed_with"  # versions of later commands, where they were others
_WRITING: Final = threading.Lock()  # shards of one stage finish in several threads


class BadRunFolderError(ValueError):
    """The folder cannot hold this run; the message says why and what to do."""


def write_json(path: Path, content: object) -> Path:
    """Write JSON with sorted keys, so that the same content is the same bytes."""
    return write_atomically(path, (json.dumps(content, indent=1, sort_keys=True) + "\n").encode())


class RunFolder:
    """One run on disk. Cheap to make: every process that needs it opens its own."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def recipe(self) -> Recipe:
        """Read the recipe the run was started with.

        Raises:
            BadRunFolderError: There is no readable ``run.json``.
        """
        return from_json(Recipe, self.about()["recipe"])

    def about(self) -> dict[str, Any]:
        """Read ``run.json``.

        Raises:
            BadRunFolderError: There is no readable ``run.json``.
        """
        path = self.path / "run.json"
        try:
            content: dict[str, Any] = json.loads(path.read_bytes())
            known = {name: content[name] for name in _ABOUT}
            content = {**known, _RESUMED: content.get(_RESUMED, [])}
        except FileNotFoundError:
            raise BadRunFolderError(
                f"{self.path} holds no run (no run.json); start one with "
                f"'vega3d run tiny --out {self.path}'."
            ) from None
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise BadRunFolderError(f"{path} cannot be read ({error}); move it away.") from error
        return content

    def holds_run(self) -> bool:
        """Say whether a run was started here."""
        return (self.path / "run.json").exists()

    def prepare(self, recipe: Recipe, checkpoints: Mapping[str, str]) -> None:
        """Start a run, or check that this is the same one.

        Other versions of packages are no other run: they are said and noted in ``run.json``.

        Args:
            recipe: What to make.
            checkpoints: Digest of each model the recipe uses.

        Raises:
            BadRunFolderError: The folder cannot be written, or holds another recipe's run.
        """
        self.require_writable()
        content = {"recipe": to_json(recipe), "checkpoints": dict(checkpoints)}
        if not self.holds_run():
            about = {**content, "seed": recipe.seed, "versions": versions()}
            write_json(self.path / "run.json", about)
            return
        found = self.about()
        different = sorted(_differences(found, content))
        if different:
            raise BadRunFolderError(
                f"{self.path} was made by another recipe (different: {', '.join(different[:4])}); "
                "choose another --out, or leave out the overrides to go on with the old run."
            )
        self._note_versions(found, versions())

    def _note_versions(self, about: dict[str, Any], now: Mapping[str, str]) -> None:
        """Say which packages are not those the run was made with so far, and note them once."""
        last = (about["versions"], *about[_RESUMED])[-1]
        changes = [
            f"{name} {last.get(name, 'unknown')} -> {now.get(name, 'unknown')}"
            for name in sorted(last.keys() | now.keys())
            if last.get(name) != now.get(name)
        ]
        if changes:
            PROGRESS.say(f"other versions than before, bytes may differ: {', '.join(changes)}")
            content = {**about, _RESUMED: [*about[_RESUMED], dict(now)]}
            write_json(self.path / "run.json", content)

    def require_writable(self) -> None:
        """Make the folder, or say why not.

        Raises:
            BadRunFolderError: It cannot be made or written.
        """
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            probe = self.path / f".probe-{os.getpid()}"
            probe.touch()
            probe.unlink()
        except OSError as error:
            raise BadRunFolderError(
                f"cannot write to --out {self.path} ({error.strerror}); choose another folder."
            ) from error

    def stage(self, name: str) -> Path:
        """Return a stage's folder, made if needed."""
        folder = self.path / name
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def manifest(self, stage: str) -> dict[str, dict[str, str]]:
        """Read which files each finished shard has: ``{shard: {path in the run: sha256}}``."""
        path = self.path / stage / "manifest.json"
        if not path.exists():
            return {}
        content: dict[str, dict[str, str]] = json.loads(path.read_bytes())
        return content

    def is_whole(self, stage: str, shard: str) -> bool:
        """Say whether every file of a shard is there with the bytes the manifest names."""
        files = self.manifest(stage).get(shard)
        return files is not None and all(
            (self.path / name).is_file() and sha256_of(self.path / name) == digest
            for name, digest in files.items()
        )

    def record(self, stage: str, shard: str, files: Iterable[Path]) -> None:
        """Note a finished shard; a folder stands for every file in it."""
        found = {
            member.relative_to(self.path).as_posix(): sha256_of(member)
            for path in files
            for member in (sorted(path.rglob("*")) if path.is_dir() else [path])
            if member.is_file()
        }
        with _WRITING:
            manifest = self.manifest(stage)
            manifest[shard] = found
            write_json(self.stage(stage) / "manifest.json", manifest)

    def remove_leftovers(self, stage: str) -> None:
        """Delete half-written files of a run that was killed."""
        for path in sorted(self.stage(stage).rglob("*.partial")):
            if path.is_file():
                path.unlink()


def versions() -> dict[str, str]:
    """Return the versions that a run's bytes may depend on."""
    found = {"python": platform.python_version()}
    for name in _REPORTED_PACKAGES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = "not installed"  # e.g. our own package in a plain checkout
    return found


def _differences(found: Mapping[str, Any], wanted: Mapping[str, Any], at: str = "") -> set[str]:
    """Return the dotted names in which two nested configurations differ."""
    different: set[str] = set()
    for key in wanted.keys() | (found.keys() if at else set()):
        old, new = found.get(key), wanted.get(key)
        name = f"{at}.{key}".strip(".")
        if isinstance(old, Mapping) and isinstance(new, Mapping):
            different |= _differences(old, new, name)
        elif old != new:
            different.add(name.removeprefix("recipe.").replace("_", "-"))
    return different
