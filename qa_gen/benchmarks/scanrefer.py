"""ScanRefer (Chen et al., 2020): descriptions that single out one object of a ScanNet scene.

The download has ``ScanRefer_filtered_{train,val}.json``, JSON lists whose ids are texts. An
official prediction is right at 0.25 or 0.5 overlap of axis-aligned boxes, see
``qa_gen.scoring.overlap.accuracy_at``.

Source: https://github.com/daveredrum/ScanRefer, README.
"""

from dataclasses import dataclass
from pathlib import Path

from qa_gen.benchmarks.json_records import Record, read_json_records


@dataclass(frozen=True, slots=True, kw_only=True)
class Referral:
    """One description of one object.

    Attributes:
        scene_id: ScanNet's: ``"scene0011_00"``.
        object_id: ScanNet's ``objectId`` of the scan's aggregation file.
        object_name: Its label, with underscores for spaces: ``"kitchen_cabinet"``.
        ann_id: Which of the object's descriptions; (scene, object, ann) is unique.
        description: What was written.
        tokens: Its words, lower case; empty if the file has none.
    """

    scene_id: str
    object_id: int
    object_name: str
    ann_id: int
    description: str
    tokens: tuple[str, ...]


def read_scanrefer(path: Path) -> list[Referral]:
    """Read a split, in the file's order.

    Raises:
        ValueError: The file cannot be read, a field is missing or has no sense, or a description
            stands twice; the message names file, record and field.
    """
    found: dict[tuple[str, int, int], Referral] = {}
    for record in read_json_records(path):
        referral = _referral(record)
        key = (referral.scene_id, referral.object_id, referral.ann_id)
        if key in found:
            cure = "this scene, object and ann_id stand twice; keep one"
            raise record.where.fault("ann_id", referral.ann_id, cure)
        found[key] = referral
    return list(found.values())


def _referral(record: Record) -> Referral:
    return Referral(
        scene_id=record.text("scene_id"),
        object_id=record.integer("object_id"),
        object_name=record.text("object_name"),
        ann_id=record.integer("ann_id"),
        description=record.text("description"),
        tokens=record.texts("token") if "token" in record.fields else (),
    )
