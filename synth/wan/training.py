"""What every tiny training shares: seeds per step, schedules in steps, resumable state, curves.

A training step draws everything random from ``(seed, name, step)``, so a run that was stopped and
resumed has the same bytes as one that was not (with the same number of threads).
"""

import csv
import io
import json
import math
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

import torch
from torch import nn

from synth.seeding import rng_for
from synth.storage import write_atomically

STATE_FILE: Final = Path("state", "state.pt")
OPTIONS_FILE: Final = "options.json"
# A training resumed with another one of these would end with other weights than its options say.
_DECISIVE: Final = ("seed", "batch", "steps", "muon_rate", "adam_rate", "precision")


@contextmanager
def torch_seeded(seed: int, *name: str) -> Iterator[None]:
    """Initialise weights from a named seed; torch's global random state is as before afterwards."""
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(_draw(seed, *name))
        yield


def torch_generator(seed: int, *name: str) -> torch.Generator:
    """Return a CPU generator of one named thing; noise is drawn on the CPU on every device."""
    return torch.Generator().manual_seed(_draw(seed, *name))


def _draw(seed: int, *name: str) -> int:
    return int(rng_for(seed, *name).integers(2**63))


Precision = Literal["bf16", "fp32"]


def autocast(device: str, precision: Precision) -> torch.autocast:
    """Return the context of forward passes: bfloat16 arithmetic on float32 weights, or none."""
    device_type = torch.device(device).type
    return torch.autocast(device_type, torch.bfloat16, enabled=precision == "bf16")


def channels_last(model: nn.Module) -> None:
    """Store convolution weights channels-last, which CPUs compute faster.

    ``model.to(memory_format=...)`` refuses models that have both 2-D and 3-D convolutions.
    """
    for module in model.modules():
        if isinstance(module, (nn.Conv2d, nn.Conv3d)):
            is_3d = isinstance(module, nn.Conv3d)
            layout = torch.channels_last_3d if is_3d else torch.channels_last
            module.weight.data = module.weight.data.contiguous(memory_format=layout)


def contiguous(model: nn.Module) -> None:
    """Undo ``channels_last``; files hold contiguous weights."""
    for parameter in model.parameters():
        parameter.data = parameter.data.contiguous()


def cosine_factor(step: int, *, steps: int, warm_up: int, hold: float = 0.0) -> float:
    """Return the learning-rate factor: linear warm-up, then 1, then a half cosine to ~0.

    Args:
        step: Counted from 0.
        steps: Length of the whole training.
        warm_up: Steps of linear warm-up.
        hold: Fraction of the training before the cosine begins.
    """
    progress = max(0.0, (step / steps - hold) / (1.0 - hold))
    return min(1.0, (step + 1) / warm_up) * (
        0.005 + 0.995 * 0.5 * (1 + math.cos(math.pi * progress))
    )


def save_state(out: Path, state: Mapping[str, Any]) -> None:
    """Write a resumable state to ``out/state/state.pt``, whole or not at all."""
    buffer = io.BytesIO()
    torch.save(dict(state), buffer)
    write_atomically(out / STATE_FILE, buffer.getvalue())


def load_state(out: Path) -> dict[str, Any] | None:
    """Return the last saved state, or ``None`` when the training is new."""
    path = out / STATE_FILE
    if not path.exists():
        return None
    state: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
    return state


def keep_options(out: Path, options: Mapping[str, Any]) -> None:
    """Write the options of a new training beside its state, or compare those it began with.

    Folders and ``stop_after`` are left out: they do not decide the weights.

    Raises:
        ValueError: The training in ``out`` began with another seed, batch, length, rate or
            precision; the message names the field.
    """
    has_state = (out / STATE_FILE).exists()
    stored = read_options(out)
    if has_state and stored is not None:
        for name in _DECISIVE:
            if stored[name] != options[name]:
                raise ValueError(
                    f"resuming the training in {out}: it began with {name}={stored[name]}, got "
                    f"{options[name]}; pass the same value or another folder."
                )
    elif not has_state:
        told = {
            name: value
            for name, value in options.items()
            if name != "stop_after" and not isinstance(value, Path)
        }
        write_atomically(out / OPTIONS_FILE, (json.dumps(told, indent=1) + "\n").encode())


def read_options(out: Path) -> dict[str, Any] | None:
    """Read the options a training began with; ``None`` if it left none."""
    path = out / OPTIONS_FILE
    if not path.exists():
        return None
    options: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return options


@dataclass(slots=True, kw_only=True)
class Curve:
    """A training curve kept as CSV; rows after the step a run resumes from are dropped."""

    path: Path
    columns: tuple[str, ...]
    _started: float = field(default_factory=time.monotonic)

    def resume(self, step: int) -> None:
        """Start the file, or keep its rows up to ``step``."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        kept = [row for row in read_curve(self.path) if int(row["step"]) <= step]
        with self.path.open("w", newline="") as file:
            writer = csv.DictWriter(file, ("step", *self.columns), lineterminator="\n")
            writer.writeheader()
            writer.writerows(kept)

    def add(self, step: int, values: Mapping[str, float]) -> str:
        """Append one row and return it as a line for the log."""
        row = [str(step), *(f"{values[c]:.5g}" for c in self.columns)]
        with self.path.open("a", newline="") as file:
            csv.writer(file, lineterminator="\n").writerow(row)
        shown = "  ".join(f"{c} {v}" for c, v in zip(self.columns, row[1:], strict=True))
        return f"step {step}  {shown}  ({time.monotonic() - self._started:.0f} s)"


def read_curve(path: Path) -> list[dict[str, str]]:
    """Read the rows of a curve; a missing file has none."""
    if not path.exists():
        return []
    with path.open(newline="") as file:
        return list(csv.DictReader(file))
