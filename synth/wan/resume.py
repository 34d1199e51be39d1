"""Generate a list of clips into a folder, so that a killed run goes on where it was.

A finished clip is one file that appears whole, and is never made again. Which clips are denoised
together is decided by the whole list, not by what is left of it: a run that was killed and
started again ends with the same bytes as one that was not. For the same reason several processes
(one per GPU) may share the work by ``Part``.
"""

import hashlib
import json
import logging
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, NamedTuple, Protocol, runtime_checkable

from synth.generators import GenerationRequest, Rejected, VideoGenerator
from synth.scene import MultiViewSequence
from synth.storage import read_sequences, write_atomically, write_sequences

PLAN_FILE: Final = "generation.json"
_ARRAYS: Final = ("control_depth", "first_frame", "last_frame", "source_frames", "source_mask")
_SAFE_PART: Final = re.compile(r"[\w-][\w.-]*")
_log: Final = logging.getLogger(__name__)


@runtime_checkable
class BatchGenerator(VideoGenerator, Protocol):
    """A generator that says which clips it makes together, such as ``WanEngine``."""

    def prepare(self, requests: Sequence[GenerationRequest]) -> None:
        """Check requests and do what is done once for all of them."""
        ...

    def batches(self, requests: Sequence[GenerationRequest]) -> list[list[GenerationRequest]]:
        """Return which clips are made together."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The share of one process: every ``of``-th batch, beginning with number ``index``.

    Raises:
        ValueError: ``index`` does not lie within 0 and ``of - 1``.
    """

    index: int = 0
    of: int = 1

    def __post_init__(self) -> None:
        if not 0 <= self.index < self.of:
            raise ValueError(f"Part: index must lie within 0 and {self.of - 1}, got {self.index}.")


class Generated(NamedTuple):
    """What a run did with its part.

    Attributes:
        made: Clips made now.
        found: Clips (finished or rejected) that an earlier run left.
        rejected: Clips given up now.
    """

    made: int
    found: int
    rejected: int


def generate_into(
    folder: Path,
    requests: Sequence[GenerationRequest],
    generator: BatchGenerator,
    part: Part | None = None,
) -> Generated:
    """Make every clip that the folder does not have yet.

    Args:
        folder: Gets ``<sequence_id>.npz`` or ``<sequence_id>.rejected.json`` per request.
        requests: The whole list, in the same order at every start.
        generator: Makes the clips.
        part: The share of this process; ``None`` is all.

    Raises:
        ValueError: The folder was begun with other requests or another generator, an id is no
            safe file name, or two requests have one id.
    """
    part = part or Part()
    _check_ids(requests)
    plan = _plan(requests, generator.name)
    _check_plan(folder, plan)
    batches = generator.batches(requests)[part.index :: part.of]
    unfinished = [batch for batch in batches if not all(_is_done(folder, r) for r in batch)]
    generator.prepare([request for batch in unfinished for request in batch])
    _write_plan(folder, plan)  # only now: a refused request leaves no trace in the folder
    made = rejected = 0
    n_done = sum(len(batch) for batch in batches) - sum(len(batch) for batch in unfinished)
    for number, batch in enumerate(unfinished, start=1):
        for request, result in zip(batch, generator.generate(batch), strict=True):
            if _is_done(folder, request):  # the last run was killed within this batch
                n_done += 1
            elif isinstance(result, Rejected):
                _write_rejected(folder, result)
                rejected += 1
            else:
                write_sequences(clip_path(folder, request.sequence_id), [result])
                made += 1
        _log.info("%d of %d batches generated into %s", number, len(unfinished), folder.name)
    return Generated(made=made, found=n_done, rejected=rejected)


def read_generated(
    folder: Path, requests: Sequence[GenerationRequest]
) -> list[MultiViewSequence | Rejected]:
    """Read the results of all requests, in order.

    Raises:
        FileNotFoundError: One is not made yet.
    """
    results: list[MultiViewSequence | Rejected] = []
    for request in requests:
        rejected = _rejected_path(folder, request.sequence_id)
        if rejected.is_file():
            results.append(Rejected(**json.loads(rejected.read_text(encoding="utf-8"))))
        else:
            results += read_sequences(clip_path(folder, request.sequence_id))
    return results


def clip_path(folder: Path, sequence_id: str) -> Path:
    """Return the file of a finished clip."""
    return folder / f"{sequence_id}.npz"


def _rejected_path(folder: Path, sequence_id: str) -> Path:
    return folder / f"{sequence_id}.rejected.json"


def _is_done(folder: Path, request: GenerationRequest) -> bool:
    paths = clip_path(folder, request.sequence_id), _rejected_path(folder, request.sequence_id)
    return any(path.is_file() for path in paths)


def _write_rejected(folder: Path, rejected: Rejected) -> None:
    text = json.dumps(asdict(rejected), sort_keys=True) + "\n"
    write_atomically(_rejected_path(folder, rejected.sequence_id), text.encode())


def _check_ids(requests: Sequence[GenerationRequest]) -> None:
    ids = [request.sequence_id for request in requests]
    if len(set(ids)) != len(ids):
        double = next(name for name in ids if ids.count(name) > 1)
        raise ValueError(
            f"generating into a folder: {double!r} was requested twice; give each clip an id."
        )
    for name in ids:
        if not all(_SAFE_PART.fullmatch(piece) for piece in name.split("/")):
            raise ValueError(
                f"generating into a folder: {name!r} names the file of a clip; use letters, "
                "digits, '.', '_' and '-', with '/' between scene and path."
            )


def _plan(requests: Sequence[GenerationRequest], name: str) -> dict[str, str | int]:
    """Return what a folder is for."""
    whole = hashlib.sha256("".join(request_digest(r) for r in requests).encode()).hexdigest()
    return {"generator": name, "requests": whole, "n": len(requests)}


def _write_plan(folder: Path, plan: Mapping[str, str | int]) -> None:
    """Say what a new folder is for; another process may have begun it meanwhile."""
    _check_plan(folder, plan)
    path = folder / PLAN_FILE
    if not path.is_file():
        data = (json.dumps(plan, indent=1, sort_keys=True) + "\n").encode()
        # Processes that begin together must not share a half-written file.
        write_atomically(path.with_name(f"{PLAN_FILE}.{os.getpid()}"), data).replace(path)


def _check_plan(folder: Path, plan: Mapping[str, str | int]) -> None:
    """Refuse to mix a folder with something else."""
    path = folder / PLAN_FILE
    if not path.is_file():
        return
    begun = json.loads(path.read_text(encoding="utf-8"))
    if begun != plan:
        changed = ", ".join(key for key in plan if begun.get(key) != plan[key])
        raise ValueError(
            f"resuming in {folder}: it was begun with another {changed} ({begun.get('n')} requests "
            f"for {begun.get('generator')}); use another folder, or the same list and recipe."
        )


def request_digest(request: GenerationRequest) -> str:
    """Return the sha256 over everything of a request that can decide pixels or labels."""
    path = request.trajectory
    told = {
        "id": [request.sequence_id, request.scene_id],
        "prompt": request.prompt,
        "seed": request.seed,
        "path": [path.name, path.move, path.amount, path.scale, path.fps],
        "cameras": [asdict(camera) for camera in request.intrinsics],
    }
    digest = hashlib.sha256(json.dumps(told, sort_keys=True).encode())
    arrays = [("c2w", path.c2w), *((name, getattr(request, name)) for name in _ARRAYS)]
    arrays += [(f"reference {n}", image) for n, image in enumerate(request.reference_images)]
    for name, array in arrays:
        if array is not None:
            digest.update(f"{name} {array.dtype} {array.shape}".encode())
            digest.update(array.tobytes())
    return digest.hexdigest()
