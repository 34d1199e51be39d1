"""Hold our labels against VSI-Bench's official answers: ``python -m benchmarks.vsi_labels``.

Prints agreement per kind on the ScanNet part of the benchmark, then how fast questions are made
from the same scenes.
"""

import argparse
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from qa_gen.generate import LabelConfig, label_sequence
from qa_gen.record import Choice, Quantity, QuestionKind, SpatialQA
from qa_gen.scoring import METRIC, mra
from qa_gen.vsi import as_geometry, read_questions, read_scenes, relabel

DEFAULT_DATA: Final = Path(__file__).resolve().parents[2] / "shared" / "data" / "vsi"


class Agreement(NamedTuple):
    """How our answers to one kind of official question compare with the official ones."""

    kind: QuestionKind
    n: int
    unanswered: int  # the released metadata miss an object, or list a second of its kind
    score: float  # accuracy or MRA of our answers against the official ones
    within_0_1_m: float | None  # share of distances, both rounded to 0.1 m


def measure_agreement(data: Path) -> list[Agreement]:
    """Answer every official question of our kinds from the scene metadata in ``data``."""
    scenes = read_scenes(data / "scannet_meta_info_val.json")
    scores: defaultdict[QuestionKind, list[float]] = defaultdict(list)
    errors: defaultdict[QuestionKind, list[float]] = defaultdict(list)
    unanswered: defaultdict[QuestionKind, int] = defaultdict(int)
    for question in read_questions(data / "vsi_bench_scannet.json"):
        ours = relabel(question, scenes[question.scene_id])
        match ours, question.answer:
            case Choice(correct=got), Choice(correct=wanted):
                scores[question.kind].append(float(got == wanted))
            case Quantity(value=got_m), Quantity(value=wanted_m):
                scores[question.kind].append(mra(got_m, wanted_m))
                errors[question.kind].append(abs(got_m - wanted_m))
            case _:
                unanswered[question.kind] += 1
    return [
        Agreement(
            kind=kind,
            n=len(values),
            unanswered=unanswered[kind],
            score=float(np.mean(values)),
            within_0_1_m=float(np.mean(np.array(errors[kind]) < 0.1 + 1e-9))
            if kind in errors
            else None,
        )
        for kind, values in sorted(scores.items())
    ]


def measure_speed(data: Path) -> tuple[int, float]:
    """Return how many questions all scenes give with a generous cap, and the seconds it took."""
    scenes = read_scenes(data / "scannet_meta_info_val.json")
    geometries = [as_geometry(scene_id, objects) for scene_id, objects in scenes.items()]
    config = LabelConfig(max_per_kind=200)
    started = time.perf_counter()
    records = [record for geometry in geometries for record in label_sequence(geometry, config, 0)]
    seconds = time.perf_counter() - started
    return sum(isinstance(record, SpatialQA) for record in records), seconds


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; exit code 2 if the data are not there."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA, help="folder of the two files")
    data = parser.parse_args(arguments).data
    if not (data / "vsi_bench_scannet.json").is_file():
        print(
            f"vsi_labels: no VSI-Bench files in {data}; name their folder with --data.",
            file=sys.stderr,
        )
        return 2
    print(f"{'kind':<28}{'metric':<10}{'n':>5}{'none':>8}{'score':>9}{'<= 0.1 m':>10}")
    for row in measure_agreement(data):
        within = "-" if row.within_0_1_m is None else f"{row.within_0_1_m:.1%}"
        print(
            f"{row.kind:<28}{METRIC[row.kind]:<10}{row.n:>5}{row.unanswered:>8}"
            f"{row.score:>9.4f}{within:>10}"
        )
    n_questions, seconds = measure_speed(data)
    print(
        f"generated {n_questions} questions in {seconds:.2f} s: "
        f"{n_questions / seconds:.0f} per second on one core"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
