"""Hold our labels against VSI-Bench's official answers: ``python -m benchmarks.vsi_labels``.

Prints agreement per question type on the ScanNet part of the benchmark, by the authors' sampled
distance and by the exact gap; how many questions of VSI-Bench's kinds are made a second on one
core from the same scenes, texts and content hashes included; how the cost grows with objects and
with scenes; and that memory does not grow with questions.
"""

import argparse
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import cycle
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from qa_gen.agreement import Agreement, measure_agreement
from qa_gen.benchmarks.vsi_bench import read_questions
from qa_gen.config import LabelConfig
from qa_gen.generate import label_sequence
from qa_gen.questions import vsi
from qa_gen.record import SpatialQA
from qa_gen.relabel import Distance
from qa_gen.scenes import read_scenes
from synth.scene import Provenance, SceneGeometry, SceneObject
from synth.seeding import rng_for

DEFAULT_DATA: Final = Path(__file__).resolve().parents[2] / "shared" / "data" / "vsi"
META: Final = "scannet_meta_info_val.json"
QUESTIONS: Final = "vsi_bench_scannet.json"
DISTANCES: Final[tuple[Distance, ...]] = ("vsi_official", "exact")
KINDS: Final = tuple(question.kind for question in vsi.QUESTIONS)
CAP: Final = 200  # questions a scene and kind: as generous as VLM-3R's own
N_OBJECTS: Final = (10, 20, 40, 80, 160)
N_QUESTIONS: Final = (100, 1_000, 10_000, 100_000)
_CROWDED_CAP: Final = 20  # so that finding questions is measured, not wording them


class Speed(NamedTuple):
    """Questions made in one go on one core."""

    n: int
    seconds: float

    @property
    def per_second(self) -> float:
        """Return the rate."""
        return self.n / self.seconds


def agreement(data: Path, distance: Distance) -> list[Agreement]:
    """Answer every official question from the scene metadata in ``data``."""
    scenes = read_scenes(data / META, "vsi").scenes
    return measure_agreement(read_questions(data / QUESTIONS).questions, scenes, distance)


def official_geometries(data: Path) -> list[SceneGeometry]:
    """Return the scenes of the benchmark, as we ask questions about them."""
    return [scene.sure_geometry() for scene in read_scenes(data / META, "vsi").scenes]


def measure_speed(geometries: Sequence[SceneGeometry], config: LabelConfig) -> Speed:
    """Time everything that a label costs but writing it, in processor time of all threads."""
    begin = time.process_time()
    n = sum(isinstance(r, SpatialQA) for g in geometries for r in label_sequence(g, config, 0))
    return Speed(n, time.process_time() - begin)


def crowded_room(n: int) -> SceneGeometry:
    """Return n boxes of different categories, turned about up, in a room that grows with them."""
    rng = rng_for(0, "crowded_room", str(n))
    side = 2.0 * n**0.5
    turn = rng.uniform(0, 2 * np.pi, n)
    objects = tuple(
        SceneObject(
            instance_id=i + 1,
            category=f"thing {i}",
            color="",
            center=np.array([*rng.uniform(0, side, 2), 0.5]),
            size=rng.uniform(0.2, 1.0, 3),
            rotation=np.array([[c, -s, 0.0], [s, c, 0.0], [0.0, 0.0, 1.0]]),
            visible_pixels=np.zeros(0, dtype=np.int32),
        )
        for i, (c, s) in enumerate(zip(np.cos(turn), np.sin(turn), strict=True))
    )
    return SceneGeometry(
        sequence_id=f"crowded{n}/annotated",
        scene_id=f"crowded{n}",
        intrinsics=(),
        c2w=None,
        keyframes=(),
        depth=np.zeros((0, 1, 1), dtype=np.float32),
        instances=np.zeros((0, 1, 1), dtype=np.uint16),
        reliable=np.zeros((0, 1, 1), dtype=np.bool_),
        objects=objects,
        room_polygon=None,
        motion=None,
        scale="metric",
        sigma_m=0.0,
        provenance=Provenance(made_by="benchmark", seed=0, code="-"),
        floor_area_m2=side**2,
    )


def exponent(sizes: Sequence[int], seconds: Sequence[float]) -> float:
    """Return p of the power law seconds ~ size^p that fits best."""
    return float(np.polyfit(np.log(sizes), np.log(seconds), 1)[0])


def resident_mb() -> float:
    """Return what this process holds in memory now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def memory_after(geometries: Sequence[SceneGeometry], marks: Sequence[int]) -> list[float]:
    """Return the resident memory, MB, after so many questions were made and let go."""
    stream, made, held = _questions(geometries), 0, []
    for mark in marks:
        while made < mark:
            next(stream)
            made += 1
        held.append(resident_mb())
    return held


def _questions(geometries: Sequence[SceneGeometry]) -> Iterator[SpatialQA]:
    config = LabelConfig(kinds=KINDS, max_per_kind=CAP)
    for seed, geometry in enumerate(cycle(geometries)):
        for record in label_sequence(geometry, config, seed):
            if isinstance(record, SpatialQA):
                yield record


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the tables; exit code 2 if the data are not there."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA, help="folder of the two files")
    parser.add_argument("--brief", action="store_true", help="agreement and speed only")
    options = parser.parse_args(arguments)
    if not (options.data / QUESTIONS).is_file():
        print(
            f"vsi_labels: no VSI-Bench files in {options.data}; name their folder with --data.",
            file=sys.stderr,
        )
        return 2
    for distance in DISTANCES:
        _print_agreement(distance, agreement(options.data, distance))
    geometries = official_geometries(options.data)
    _print_speed(geometries)
    if not options.brief:
        _print_growth(geometries)
    return 0


def _print_agreement(distance: Distance, rows: Sequence[Agreement]) -> None:
    print(f"agreement with the official answers, distance = {distance}")
    print(f"  {'question type':<28}{'n':>5}{'none':>6}{'agree':>9}{'<= 0.1':>9}{'MRA':>9}")
    for row in rows:
        shares = "".join(
            f"{'-':>9}" if share is None else f"{share:>9.4f}"
            for share in (row.agree, row.near, row.mra)
        )
        print(f"  {row.kind:<28}{row.n:>5}{sum(row.skipped.values()):>6}{shares}")


def _print_speed(geometries: Sequence[SceneGeometry]) -> None:
    whole = LabelConfig(kinds=KINDS, max_per_kind=CAP)
    measure_speed(geometries[:1], whole)  # import what is imported late
    total = measure_speed(geometries, whole)
    print(f"generated from {len(geometries)} scenes, at most {CAP} a scene and kind, one core")
    for kind in KINDS:
        speed = measure_speed(geometries, LabelConfig(kinds=(kind,), max_per_kind=CAP))
        print(f"  {kind:<32}{speed.n:>7}{speed.seconds:>8.2f} s{speed.per_second:>9.0f} QA/s")
    print(f"  {'all':<32}{total.n:>7}{total.seconds:>8.2f} s{total.per_second:>9.0f} QA/s")


def _print_growth(geometries: Sequence[SceneGeometry]) -> None:
    config = LabelConfig(kinds=KINDS, max_per_kind=_CROWDED_CAP)
    rooms = [crowded_room(n) for n in N_OBJECTS]
    seconds = [measure_speed([room], config).seconds for room in rooms]
    print("cost against objects in one room, at most 20 questions a kind")
    for n, taken in zip(N_OBJECTS, seconds, strict=True):
        print(f"  {n:>6} objects{taken * 1e3:>10.1f} ms")
    print(f"  grows as n^{exponent(N_OBJECTS, seconds):.2f}")
    n_scenes = [len(geometries) // 4, len(geometries) // 2, len(geometries)]
    whole = LabelConfig(kinds=KINDS, max_per_kind=CAP)
    speeds = [measure_speed(geometries[::4], whole), measure_speed(geometries[::2], whole)]
    speeds.append(measure_speed(geometries, whole))
    print("cost against scenes")
    for n, speed in zip(n_scenes, speeds, strict=True):
        print(f"  {n:>6} scenes{speed.seconds:>9.2f} s{speed.seconds / n * 1e3:>9.1f} ms a scene")
    print("resident memory after so many questions, streamed")
    for n, held in zip(N_QUESTIONS, memory_after(geometries, N_QUESTIONS), strict=True):
        print(f"  {n:>6} questions{held:>8.0f} MB")
    sizes = Counter(len(geometry.objects) for geometry in geometries)
    print(f"objects a scene: {min(sizes)} to {max(sizes)}")


if __name__ == "__main__":
    sys.exit(main())
