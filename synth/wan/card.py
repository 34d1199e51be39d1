"""The model card of a tiny Wan pipeline: what it is, how it was made, what was measured."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from jaxtyping import Float32

from synth.wan.clips import WAN_MOVES
from synth.wan.models import CLIP_FRAMES, FRAME_SIZE_PX, TEXT_POSITIONS

_ROWS: Final = 12  # of a printed curve


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CardFacts:
    """Everything a card states; numbers are measured on the stored weights.

    Attributes:
        pipeline: Class of the pipeline.
        psnr_db: Mean PSNR of the VAE on held-out clips.
        psnr_worst_db: Of the worst held-out clip.
        n_heldout: Held-out clips.
        vae_options: Options of the VAE's training, as far as known; ``seed`` always is.
        options: Options of the transformer's.
        vae_curve: Rows of the VAE's training curve.
        curve: Rows of the transformer's.
        gauge: Held-out loss with the right and with the opposite move sentence.
        pooled_cosines: Between the mean embeddings of the 13 move sentences.
        token_cosines: Of the most telling token of one sentence in another.
        following: Result of ``benchmarks/camera_following.py``, if it was run.
    """

    pipeline: str
    psnr_db: float
    psnr_worst_db: float
    n_heldout: int
    vae_options: Mapping[str, Any]
    options: Mapping[str, Any]
    vae_curve: Sequence[Mapping[str, str]]
    curve: Sequence[Mapping[str, str]]
    gauge: Sequence[Mapping[str, str]]
    pooled_cosines: Float32[np.ndarray, "m m"]
    token_cosines: Float32[np.ndarray, "m m"]
    following: Mapping[str, Any] | None


def model_card(facts: CardFacts) -> str:
    """Write the card as Markdown."""
    is_vace = facts.pipeline == "WanVACEPipeline"
    what = "text and a depth video" if is_vace else "text"
    training = "train_vace --transformer T2V --vae VAE/vae" if is_vace else "train_dit"
    off_diagonal = ~np.eye(len(WAN_MOVES), dtype=bool)
    parts = [
        "---\nlicense: apache-2.0\nlibrary_name: diffusers\npipeline_tag: text-to-video\n---\n",
        f"# Tiny Wan: clips of furnished rooms from {what}\n",
        f"A `{facts.pipeline}` of {FRAME_SIZE_PX}x{FRAME_SIZE_PX} pixels and {CLIP_FRAMES} frames, "
        "trained from random weights on rooms rendered by this project. It exercises the real "
        "classes; it is no substitute for Wan2.1.\n",
        _usage(facts.pipeline),
        "## Recipe\n\nTrainings are counted in steps, seeded by step and resumable."
        f"{_omission(facts)}\n",
        _commands(training, facts),
        "Frozen text encoder: word codes mixed with the two words before (`synth.wan.text_codes`)."
        " Cosines between the 13 move sentences: mean embeddings at most "
        f"{facts.pooled_cosines[off_diagonal].max():.2f}; the most telling token of a sentence in "
        f"another at most {facts.token_cosines[off_diagonal].max():.2f}.\n",
        "## Measured\n",
        f"- VAE: {facts.psnr_db:.2f} dB PSNR on {facts.n_heldout} clips of held-out rooms "
        f"(worst {facts.psnr_worst_db:.2f} dB), float16 weights run as float32.",
        _gap(facts.gauge),
        _following(facts.following),
        "\n### VAE curve\n",
        table(facts.vae_curve),
        "\n### Transformer curve\n",
        table(facts.curve),
        "\n### Move words on held-out clips\n",
        table(facts.gauge),
    ]
    return "\n".join(parts) + "\n"


def table(rows: Sequence[Mapping[str, str]]) -> str:
    """Print a curve as a Markdown table, thinned to about a dozen rows."""
    if not rows:
        return "(no rows)"
    step = max(1, -(-len(rows) // _ROWS))
    shown = [*rows[step - 1 : -1 : step], rows[-1]]
    columns = list(rows[0])
    lines = ["| " + " | ".join(columns) + " |", "|" + " --- |" * len(columns)]
    lines += ["| " + " | ".join(row[c] for c in columns) + " |" for row in shown]
    return "\n".join(lines)


def _usage(pipeline: str) -> str:
    fix = ""
    if pipeline == "WanVACEPipeline":
        fix = (
            "pipe.vae_scale_factor_spatial = 8  # diffusers 0.42 overlooks the VAE's 2x2 patches;\n"
            "# synth.wan.engine.WanEngine does this for you\n"
        )
    return (
        "```python\n"
        f"pipe = {pipeline}.from_pretrained(folder, dtype=torch.float32)\n{fix}"
        f"pipe(prompt, height={FRAME_SIZE_PX}, width={FRAME_SIZE_PX}, num_frames={CLIP_FRAMES}, "
        f"max_sequence_length={TEXT_POSITIONS})\n```\n\n"
        f"`max_sequence_length` must be {TEXT_POSITIONS}, as in training: the transformer also "
        "attends to the padding. Prompts: "
        '`"the camera pans left in a room with white walls and a wood floor, a red sofa"`.\n'
    )


def _omission(facts: CardFacts) -> str:
    is_whole = "batch" in facts.vae_options and "batch" in facts.options
    return "" if is_whole else " Options that were not recorded are missing in the commands."


def _flags(options: Mapping[str, Any]) -> str:
    return " ".join(f"--{name.replace('_', '-')} {value}" for name, value in options.items())


def _commands(training: str, facts: CardFacts) -> str:
    return (
        "```\n"
        "python -m synth.wan.training_clips --out CLIPS\n"
        "python -m synth.wan.train_vae --data CLIPS --out VAE "
        f"{_flags(facts.vae_options)}\n"
        "python -m synth.wan.latents --data CLIPS --vae VAE/vae --out LATENTS\n"
        f"python -m synth.wan.{training} --latents LATENTS --out TRANSFORMER "
        f"{_flags(facts.options)}\n"
        "python -m synth.wan.assemble --vae VAE --transformer TRANSFORMER --data CLIPS --out HERE\n"
        "```\n"
    )


def _gap(gauge: Sequence[Mapping[str, str]]) -> str:
    if not gauge:
        return "- Move words: not measured."
    last = gauge[-1]
    gaps = ", ".join(f"{v} at sigma {k[4:]}" for k, v in last.items() if k.startswith("gap_"))
    return f"- Held-out loss grows with the opposite move sentence by {gaps} (0: words unused)."


def _following(following: Mapping[str, Any] | None) -> str:
    if following is None:
        return "- Camera following: not measured."
    return (
        f"- Camera following: {following['camera_accuracy']:.1%} of {following['n']} clips show "
        f"the requested one of 13 moves (chance 7.7 %) by a judge that is right on "
        f"{following['judge_accuracy_rendered']:.1%} of held-out renders; wall colour right in "
        f"{following['wall_accuracy']:.1%}, floor colour in {following['floor_accuracy']:.1%} "
        f"(chance {following['wall_chance']:.1%} and {following['floor_chance']:.1%})."
    )
