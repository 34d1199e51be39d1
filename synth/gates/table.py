"""All gates, cheap ones first. To add one: a module with its measure function and a line here."""

from collections.abc import Callable, Sequence
from enum import IntEnum
from typing import Final, NamedTuple

from synth.gates.adherence import measure_adherence
from synth.gates.cheirality import measure_cheirality
from synth.gates.cut import measure_cuts
from synth.gates.depth import measure_depth, measure_exact_depth
from synth.gates.evidence import Evidence
from synth.gates.flicker import measure_flicker
from synth.gates.freeze import measure_freeze
from synth.gates.inliers import measure_inliers
from synth.gates.parallax import measure_parallax
from synth.gates.score import GateScore, Measurement
from synth.gates.sfm import measure_sfm
from synth.gates.thresholds import GateThresholds
from synth.gates.tsed import measure_tsed


class Cost(IntEnum):
    """What a gate needs, in the order of its price. ``python -m benchmarks.gate_controls``."""

    MATCHES = 0  # features and matches of the frames, shared by all that follow
    DEPTH = 1  # depth that is there already
    SFM = 2  # a model of the whole clip
    NETWORK = 3  # an estimator's forward passes, where depth is not there


class Gate(NamedTuple):
    """One gate: its name in reports, its price, and how it measures."""

    name: str
    cost: Cost
    measure: Callable[[Evidence, GateThresholds], tuple[Measurement, ...]]


GATES: Final[tuple[Gate, ...]] = (
    Gate("freeze", Cost.MATCHES, measure_freeze),
    Gate("cut", Cost.MATCHES, measure_cuts),
    Gate("flicker", Cost.MATCHES, measure_flicker),
    Gate("tsed", Cost.MATCHES, measure_tsed),
    Gate("cheirality", Cost.MATCHES, measure_cheirality),
    Gate("inliers", Cost.MATCHES, measure_inliers),
    Gate("parallax", Cost.MATCHES, measure_parallax),
    Gate("exact_depth", Cost.DEPTH, measure_exact_depth),
    Gate("sfm", Cost.SFM, measure_sfm),
    Gate("depth", Cost.NETWORK, measure_depth),
    Gate("adherence", Cost.NETWORK, measure_adherence),
)


def run_gates(
    evidence: Evidence,
    thresholds: GateThresholds,
    *,
    gates: Sequence[Gate] = GATES,
    stop_at_failure: bool = False,
) -> tuple[Measurement, ...]:
    """Measure a clip by all gates, in the order of their cost.

    Args:
        evidence: The clip and what is claimed about it.
        thresholds: The lines to hold it against.
        gates: Which gates.
        stop_at_failure: Leave out the gates that cost more than the first one that failed.
    """
    measurements: list[Measurement] = []
    failed_at: Cost | None = None
    for gate in sorted(gates, key=lambda g: g.cost):
        if stop_at_failure and failed_at is not None and gate.cost > failed_at:
            break
        found = gate.measure(evidence, thresholds)
        measurements.extend(found)
        if failed_at is None and any(isinstance(m, GateScore) and not m.passed for m in found):
            failed_at = gate.cost
    return tuple(measurements)
