"""What can be wrong with one row, by itself and against the rows before it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from datasets_cards.manifest import Shard
from datasets_cards.qa_rows import row_to_qa
from datasets_cards.rows import Row, row_to_geometry, row_to_sequence
from datasets_cards.schema import FORMAT_VERSION, check_complete
from qa_gen.prompting import answer_text
from synth.scene import MultiViewSequence, SceneGeometry


class _Known(NamedTuple):
    """What questions may refer to in a sequence."""

    scene_id: str
    split: str
    n_frames: int
    instance_ids: frozenset[int]


@dataclass(slots=True, kw_only=True)
class Library:
    """The keys seen so far. Show it all sequences before the questions.

    Attributes:
        complete: Whether every shard of the dataset will be shown; if not, a question whose
            sequence is unknown is no fault of its own.
        version: Format the dataset was written in.
    """

    complete: bool
    version: str = FORMAT_VERSION
    _sequences: dict[str, _Known] = field(default_factory=dict)
    _split_of_scene: dict[str, str] = field(default_factory=dict)
    _questions: set[str] = field(default_factory=set)

    def faults_of(self, shard: Shard, row: Row) -> Iterator[str]:
        """Yield a sentence for each fault of one row of ``shard``, and remember its keys."""
        try:
            check_complete(shard.config, row, self.version)
        except ValueError as error:
            yield str(error)
            return
        if row["split"] != shard.split:
            yield f"it says split {row['split']!r} but lies in a {shard.split!r} shard"
        if shard.config == "sequences":
            yield from self._sequence(row)
        else:
            yield from self._question(row)

    def _sequence(self, row: Row) -> Iterator[str]:
        name, scene, split = row["sequence_id"], row["scene_id"], row["split"]
        if name in self._sequences:
            yield f"sequence_id {name!r} occurs before"
        if self._split_of_scene.setdefault(scene, split) != split:
            yield f"scene {scene!r} is in two splits, {self._split_of_scene[scene]!r} and {split!r}"
        self._sequences[name] = _Known(
            scene_id=scene,
            split=split,
            n_frames=row["n_frames"],
            instance_ids=frozenset(item["instance_id"] for item in row["objects"] or ()),
        )
        try:
            sequence = row_to_sequence(row)
            geometry = row_to_geometry(row)
        except (ValueError, TypeError) as error:  # a null inside a struct is a TypeError
            yield f"sequence {name!r}: {error}"
            return
        yield from _clip_faults(row, sequence, geometry)

    def _question(self, row: Row) -> Iterator[str]:
        name = row["qa_id"]
        if name in self._questions:
            yield f"qa_id {name!r} occurs before"
        self._questions.add(name)
        try:
            expected = answer_text(row_to_qa(row).answer)
        except (ValueError, TypeError) as error:
            yield f"question {name!r}: {error}"
            return
        if row["answer"] != expected:
            yield f"question {name!r}: answer is {row['answer']!r}, by its options {expected!r}"
        known = self._sequences.get(row["sequence_id"])
        if known is None:
            if self.complete:
                yield f"question {name!r}: there is no sequence {row['sequence_id']!r}"
            return
        yield from _reference_faults(row, known)


def _reference_faults(row: Row, known: _Known) -> Iterator[str]:
    name = row["qa_id"]
    if (row["scene_id"], row["split"]) != (known.scene_id, known.split):
        yield (
            f"question {name!r}: it says scene {row['scene_id']!r} in {row['split']!r}, its "
            f"sequence says {known.scene_id!r} in {known.split!r}"
        )
    strangers = sorted(set(row["objects"]) - known.instance_ids)
    if strangers:
        yield f"question {name!r}: its sequence has no objects {strangers}"
    outside = [i for i in row["evidence_frames"] if not 0 <= i < known.n_frames]
    if outside:
        yield f"question {name!r}: frames {outside} lie outside 0..{known.n_frames - 1}"


def _clip_faults(
    row: Row, sequence: MultiViewSequence, geometry: SceneGeometry | None
) -> Iterator[str]:
    name = sequence.sequence_id
    n_frames = len(sequence.frames)
    if row["n_frames"] != n_frames:
        yield f"sequence {name!r}: n_frames is {row['n_frames']}, there are {n_frames} frames"
    if geometry is not None:
        yield from (f"sequence {name!r}: {what}" for what in _geometry_faults(geometry, n_frames))


def _geometry_faults(geometry: SceneGeometry, n_frames: int) -> Iterator[str]:
    if len(geometry.intrinsics) != n_frames:
        yield f"measured_intrinsics has {len(geometry.intrinsics)} cameras for {n_frames} frames"
    if geometry.c2w is not None:
        if len(geometry.c2w) != n_frames:
            yield f"c2w has {len(geometry.c2w)} poses for {n_frames} frames"
        if not np.isfinite(geometry.c2w).all():
            yield "c2w holds numbers that are not finite"
    outside = [i for i in geometry.keyframes if not 0 <= i < n_frames]
    if outside:
        yield f"keyframes {outside} lie outside 0..{n_frames - 1}"
    ids = [item.instance_id for item in geometry.objects]
    if len(set(ids)) != len(ids):
        yield f"instance ids occur twice in {sorted(ids)}"
    short = [
        i.instance_id for i in geometry.objects if len(i.visible_pixels) != len(geometry.keyframes)
    ]
    if short:
        yield f"objects {short} need one number of visible pixels per keyframe"
