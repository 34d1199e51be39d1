"""Show that guessing without looking gains nothing: ``python -m benchmarks.blind``.

Makes 20,000 multiple-choice questions from procedural rooms and, separately, 20,000 from
VSI-Bench's ScanNet scenes, balances and prunes them, and prints what blind baselines earn on each
kind before and after. The same audit of VSI-Bench's own questions stands beside it. Exit code 1
if a kind is more than three points above chance, or the truth's rank is not uniform.
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Final

from qa_gen.audit.debias import DebiasConfig, debias
from qa_gen.audit.page import as_text
from qa_gen.audit.report import AuditReport, audit
from qa_gen.config import LabelConfig
from qa_gen.generate import label_sequence
from qa_gen.questions import QUESTIONS
from qa_gen.record import Choice, SpatialQA
from qa_gen.scenes import read_scenes
from qa_gen.storage import write_records
from synth.film import FilmConfig, FilmedClip, film_room
from synth.measure.oracle import measure_rendered
from synth.rooms.config import RoomConfig
from synth.scene import SceneGeometry

DEFAULT_DATA: Final = Path(__file__).resolve().parents[2] / "shared" / "data" / "vsi"
FILM: Final = FilmConfig(size_px=64, paths_per_room=3, n_frames=9)
PER_CLIP: Final = 3  # questions of a kind: more rooms tell more than more questions on one
PER_SCENE: Final = 75
ROOMS_A_BATCH: Final = 40
LIMIT: Final = 0.03
LEAST_RANK_P: Final = 0.01


def questions_of(geometry: SceneGeometry, cap: int) -> list[SpatialQA]:
    """Ask everything there is to ask of one sequence."""
    config = LabelConfig(kinds=tuple(QUESTIONS), max_per_kind=cap)
    records = label_sequence(geometry, config, 0)
    return [record for record in records if isinstance(record, SpatialQA)]


def questions_of_room(number: int) -> list[SpatialQA]:
    """Furnish a room, film it, and ask."""
    clips = film_room(f"room-{number:06d}", 0, RoomConfig(), FILM)
    return [
        qa
        for clip in clips
        if isinstance(clip, FilmedClip)
        for qa in questions_of(measure_rendered(clip.sequence, clip.truth), PER_CLIP)
    ]


def room_batches(pool: ProcessPoolExecutor) -> Iterator[list[SpatialQA]]:
    """Yield the questions of one batch of rooms after the other, without end."""
    first = 0
    while True:
        numbers = range(first, first + ROOMS_A_BATCH)
        yield [qa for qas in pool.map(questions_of_room, numbers, chunksize=4) for qa in qas]
        first += ROOMS_A_BATCH


def n_choices(qas: Sequence[SpatialQA]) -> int:
    """Count the multiple-choice questions."""
    return sum(isinstance(qa.answer, Choice) for qa in qas)


def make_from_rooms(n: int, workers: int) -> list[SpatialQA]:
    """Film rooms until ``n`` choices are left after balancing; print how many that took."""
    begin = time.perf_counter()
    asked: list[SpatialQA] = []
    wanted = n
    with ProcessPoolExecutor(workers) as pool:
        for number, batch in enumerate(room_batches(pool), start=1):
            asked += batch
            if n_choices(asked) < wanted:
                continue
            kept = n_choices(debias(asked, DebiasConfig()).kept)
            rooms = number * ROOMS_A_BATCH
            print(
                f"{rooms} rooms, {rooms * FILM.paths_per_room} clips: {len(asked)} questions, "
                f"{n_choices(asked)} choices, {kept} after balancing "
                f"({time.perf_counter() - begin:.0f} s)",
                flush=True,
            )
            if kept >= n:
                return asked
            wanted = round(n_choices(asked) * n / max(kept, 1) * 1.02)
    return asked


def make_from_scenes(data: Path, workers: int) -> list[SpatialQA]:
    """Ask VSI-Bench's ScanNet scenes."""
    reading = read_scenes(data / "scannet_meta_info_val.json", "vsi")
    geometries = [scene.sure_geometry() for scene in reading.scenes]
    with ProcessPoolExecutor(workers) as pool:
        asked = pool.map(partial(questions_of, cap=PER_SCENE), geometries)
        return [qa for qas in asked for qa in qas]


def show(title: str, asked: Sequence[SpatialQA], out: Path | None) -> bool:
    """Print the audit before and after; return whether every choice kind passed."""
    print(f"\n## {title}: {len(asked)} questions, {n_choices(asked)} choices, as asked")
    print(as_text(audit(asked, limit=LIMIT)), flush=True)
    begin = time.process_time()
    balanced = debias(asked, DebiasConfig())
    pruned_s = time.process_time() - begin
    reasons = Counter[str]()
    for skip in balanced.dropped:
        reasons[skip.reason] += skip.count
    print(f"\n## {title}: {n_choices(balanced.kept)} choices kept; dropped {dict(reasons)}")
    begin = time.process_time()
    report = audit(balanced.kept, limit=LIMIT)
    print(as_text(report))
    audited_s = time.process_time() - begin
    print(f"pruned in {pruned_s:.0f} s, audited in {audited_s:.0f} s of processor time")
    if out is not None:
        write_records(balanced.kept, out / title.replace(" ", "-") / "questions.jsonl")
    return is_blind_proof(report)


def is_blind_proof(report: AuditReport) -> bool:
    """Whether every kind passes the audit and ranks are even; says which estimates are noise."""
    for kind in report.kinds:
        over = 0.0 if kind.chance is None or kind.best is None else kind.best - kind.chance
        if over > LIMIT and kind.passed:
            print(
                f"{kind.kind}: {over:+.3f} over chance, standard error {kind.standard_error:.3f}: "
                f"{kind.n} questions are too few to tell"
            )
    failed = [
        kind.kind
        for kind in report.kinds
        if not kind.passed or (kind.option_rank_p or 1.0) <= LEAST_RANK_P
    ]
    print(
        f"FAILED: {failed}" if failed else "every kind passes: within 3 points of chance, or noise"
    )
    return not failed


def main(arguments: Sequence[str] | None = None) -> int:
    """Print both tables; exit code 1 if a kind can be guessed, 2 if the data are not there."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA, help="VSI-Bench's files")
    parser.add_argument("--n", type=int, default=20_000, help="choices from rooms, at least")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--only", choices=("rooms", "scenes"), help="one of the two parts")
    parser.add_argument("--out", type=Path, help="folder for the questions that are kept")
    options = parser.parse_args(arguments)
    if not (options.data / "scannet_meta_info_val.json").is_file():
        print(f"blind: no VSI-Bench files in {options.data}; name their folder with --data.")
        return 2
    parts: dict[str, Callable[[], list[SpatialQA]]] = {
        "rooms": lambda: make_from_rooms(options.n, options.workers),
        "scenes": lambda: make_from_scenes(options.data, options.workers),
    }
    chosen = [options.only] if options.only else list(parts)
    passed = [show(part, parts[part](), options.out) for part in chosen]
    return 0 if all(passed) else 1


if __name__ == "__main__":
    sys.exit(main())
