"""The report's pictures: clips beside what they are compared with, and sample questions."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from flows.pictures import depth_to_rgb, strip_uri
from flows.recipes.recipe import Recipe
from flows.report import ClipCard, Gallery, QuestionCard, ReplyLine, Strip
from flows.run_folder import RunFolder
from flows.stages import clip_shards
from qa_gen.prompting import answer_text
from qa_gen.record import Choice, Quantity, QuestionKind, SpatialQA
from synth.scene import MultiViewSequence, SceneGeometry
from synth.storage import read_geometries, read_sequences, read_truths

_SHOWN: Final = 8
_QUESTIONS_PER_KIND: Final = 2
_SOURCES: Final = (
    (
        "rendered",
        "Rendered rooms",
        "Filmed along exact camera paths; depth, objects and motion are known to the renderer.",
    ),
    (
        "wan-t2v",
        "Wan, from text alone",
        "Upper strip: the room the words describe, filmed along the requested path. The model sees "
        "only the words, so it need not match that room, only the description and the move.",
    ),
    (
        "wan-vace",
        "Wan with depth control (VACE)",
        "The model gets the words and the depth of a rendered room, and paints the clip.",
    ),
)


def galleries(run: RunFolder, recipe: Recipe) -> tuple[Gallery, ...]:
    """Return one gallery a source that the recipe uses."""
    found = []
    for source, title, note in _SOURCES:
        shards = [s for s in clip_shards(recipe) if s.rpartition("-")[0] == source]
        if shards:
            found.append(_gallery(run, shards, title, note))
    return tuple(found)


def _gallery(run: RunFolder, shards: Sequence[str], title: str, note: str) -> Gallery:
    obeyed = total = 0
    cards: list[ClipCard] = []
    per_shard = -(-_SHOWN // len(shards))
    for shard in shards:
        sequences = read_sequences(run.stage("synthesize") / f"{shard}.npz")
        geometries = read_geometries(run.stage("measure") / f"{shard}.npz")
        pairs = list(zip(sequences, geometries, strict=True))
        total += len(pairs)
        obeyed += sum(_move(geometry) == str(clip.requested.move) for clip, geometry in pairs)
        # Spread over the shard, so that neighbours in one room are not shown side by side.
        step = max(1, len(pairs) // per_shard)
        wanted = range(0, len(pairs), step)[: min(per_shard, _SHOWN - len(cards))]
        compared = _compared(run, shard, wanted)
        cards += [_card(*pairs[i], compared[i]) for i in wanted]
    return Gallery(title=title, note=note, obeyed=obeyed, total=total, cards=tuple(cards))


def _compared(run: RunFolder, shard: str, wanted: range) -> dict[int, list[Strip]]:
    """Return what clips of a shard are shown beside: the rendered room, and depth as control."""
    folder = run.stage("synthesize")
    if shard.startswith("rendered"):
        return {i: [] for i in wanted}
    references = read_sequences(folder / f"{shard}.reference.npz")
    strips = {i: [_strip("rendered", references[i])] for i in wanted}
    if shard.startswith("wan-vace"):
        truths = read_truths(folder / f"{shard}.truth.npz")
        for i in wanted:
            uri = strip_uri(depth_to_rgb(truths[i].depth))
            strips[i].append(Strip(label="depth control", uri=uri, n_frames=len(truths[i].depth)))
    return strips


def _card(
    sequence: MultiViewSequence, geometry: SceneGeometry, compared: Sequence[Strip]
) -> ClipCard:
    rendered = sequence.provenance.made_by == "renderer"
    motion = geometry.motion
    return ClipCard(
        title=sequence.sequence_id,
        prompt=sequence.prompt,
        strips=(*compared, _strip("rendered" if rendered else "generated", sequence)),
        requested=str(sequence.requested.move),
        measured=_move(geometry),
        confidence=0.0 if motion is None else motion.confidence,
        measured_by="" if motion is None else motion.measured_by,
    )


def _move(geometry: SceneGeometry) -> str:
    motion = geometry.motion
    return "" if motion is None or motion.move is None else motion.move.value


def _strip(label: str, sequence: MultiViewSequence) -> Strip:
    return Strip(label=label, uri=strip_uri(sequence.frames), n_frames=len(sequence.frames))


def question_cards(
    run: RunFolder, asked: Sequence[SpatialQA], replies: Mapping[str, Mapping[str, Any]]
) -> tuple[QuestionCard, ...]:
    """Return the first questions of each kind, on different scenes where there are enough."""
    chosen: list[SpatialQA] = []
    for kind in QuestionKind:
        scenes: set[str] = set()
        for qa in asked:
            if qa.kind == kind and qa.scene_id not in scenes and len(scenes) < _QUESTIONS_PER_KIND:
                scenes.add(qa.scene_id)
                chosen.append(qa)
    clips = _find_clips(run, {qa.sequence_id for qa in chosen})
    return tuple(_question(qa, clips[qa.sequence_id], replies[qa.qa_id]) for qa in chosen)


def _find_clips(run: RunFolder, wanted: set[str]) -> dict[str, MultiViewSequence]:
    found: dict[str, MultiViewSequence] = {}
    for shard in clip_shards(run.recipe()):
        if len(found) == len(wanted):
            break
        clips = read_sequences(run.stage("synthesize") / f"{shard}.npz")
        found |= {clip.sequence_id: clip for clip in clips if clip.sequence_id in wanted}
    return found


def _question(qa: SpatialQA, clip: MultiViewSequence, said: Mapping[str, Any]) -> QuestionCard:
    n_frames = len(clip.frames)
    evidence = set(qa.evidence_frames) or set(range(n_frames))
    match qa.answer:
        case Choice(options=options):
            answer = qa.answer.text
        case Quantity(unit=unit):
            options, answer = (), f"{answer_text(qa.answer)} {unit}"
        case _:
            options, answer = (), answer_text(qa.answer)
    return QuestionCard(
        kind=qa.kind.value,
        strip=_strip(clip.sequence_id, clip),
        evidence=tuple(i in evidence for i in range(n_frames)),
        question=qa.question,
        options=options,
        answer=answer,
        replies=tuple(
            ReplyLine(model=model, text=reply["text"], score=reply["score"])
            for model, reply in said.items()
        ),
    )
