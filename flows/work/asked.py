"""Which questions of a published dataset the models are trained and tested on."""

from datasets_cards.read import read_questions
from datasets_cards.splits import Split
from flows.run_folder import RunFolder
from qa_gen.record import SpatialQA


def read_asked(run: RunFolder, split: Split) -> list[SpatialQA]:
    """Return the questions of the recipe's kinds that are about whole clips.

    A model is shown every frame of a clip; it could not know which one is "the second image".
    """
    kinds = frozenset(run.recipe().fusion.kinds)
    return [
        qa
        for qa in read_questions(run.path / "dataset", split)
        if qa.kind in kinds and not qa.frames
    ]
