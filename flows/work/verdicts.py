"""Whether a generated clip is kept: all gate scores, and which of them decided."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from flows.run_folder import write_json
from synth.gates.score import GateScore, Measurement, NotMeasured


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the gates found in one clip. Scores are kept whether or not they passed.

    Attributes:
        reasons: Why it was not accepted; empty when it was.
        scores: Of the gates that could be measured.
        not_measured: Gates that could not be, and why.
    """

    sequence_id: str
    reasons: tuple[str, ...]
    scores: tuple[GateScore, ...]
    not_measured: tuple[NotMeasured, ...]

    @property
    def is_accepted(self) -> bool:
        """Whether every required gate was measured and passed."""
        return not self.reasons


def decide(
    sequence_id: str, measurements: Sequence[Measurement], required: Sequence[str]
) -> Verdict:
    """Hold a clip's measurements against the gates it must pass.

    A required gate that was not measured is no pass.
    """
    by_name = {one.name: one for one in measurements}
    reasons = []
    for name in required:
        found = by_name.get(name)
        if not isinstance(found, GateScore):
            reasons.append(f"{name}_not_measured")
        elif not found.passed:
            reasons.append(name)
    return Verdict(
        sequence_id=sequence_id,
        reasons=tuple(reasons),
        scores=tuple(one for one in measurements if isinstance(one, GateScore)),
        not_measured=tuple(one for one in measurements if isinstance(one, NotMeasured)),
    )


def verdicts_path(folder: Path, shard: str) -> Path:
    """Return where the verdicts of a shard lie in the stage ``measure``."""
    return folder / f"{shard}.verdicts.json"


def write_verdicts(path: Path, verdicts: Sequence[Verdict]) -> Path:
    """Write the verdicts of one shard."""
    return write_json(path, [asdict(verdict) for verdict in verdicts])


def read_verdicts(path: Path) -> list[Verdict]:
    """Read what ``write_verdicts`` wrote.

    Raises:
        FileNotFoundError: There is no such file.
    """
    return [
        Verdict(
            sequence_id=one["sequence_id"],
            reasons=tuple(one["reasons"]),
            scores=tuple(GateScore(**score) for score in one["scores"]),
            not_measured=tuple(NotMeasured(**gate) for gate in one["not_measured"]),
        )
        for one in json.loads(path.read_bytes())
    ]
