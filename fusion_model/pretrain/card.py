"""Model cards of the tiny checkpoints: what was done, with which seed, and how the loss fell."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from synth.storage import write_atomically
from synth.wan.training import read_curve

_CURVE_ROWS: Final = 12


def write_card(
    folder: Path, *, title: str, recipe: str, command: str, facts: Mapping[str, str], curve: Path
) -> Path:
    """Write ``README.md`` beside the weights."""
    rows = read_curve(curve)
    every = max(1, -(-len(rows) // _CURVE_ROWS))
    shown = [row for i, row in enumerate(rows) if i % every == 0 or i == len(rows) - 1]
    lines = [
        "---",
        "license: apache-2.0",
        "library_name: transformers",
        "---",
        "",
        f"# {title}",
        "",
        recipe,
        "",
        "```",
        command,
        "```",
        "",
        *(f"- {name}: {value}" for name, value in facts.items()),
        "",
        "Weights are stored in float16; load them with `dtype=torch.float32`.",
        "",
        "| step | loss |",
        "|---|---|",
        *(f"| {row['step']} | {row['loss']} |" for row in shown),
        "",
    ]
    return write_atomically(folder / "README.md", "\n".join(lines).encode())
