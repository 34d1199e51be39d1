"""What each definition of a label means, in the words of the card."""

from collections.abc import Mapping
from typing import Final

from qa_gen.questions import (
    camera_motion,
    object_abs_distance,
    object_rel_direction,
    object_rel_distance,
)

DEFINITIONS: Final[Mapping[str, str]] = {
    object_abs_distance.DEFINITION: (
        "Least distance in metres between the surfaces of the two oriented boxes, exact for boxes; "
        "`margin` is the distance itself, since two boxes closer than the floor are not asked about"
    ),
    object_rel_distance.DEFINITION: (
        "The option whose oriented box has the least surface-to-surface distance to the named "
        "object; `margin` is how much farther the second nearest is, `value` the least distance"
    ),
    object_rel_direction.DEFINITION: (
        "Seen from above: the angle (degrees, counter-clockwise) from standing-point to faced "
        "object to asked-for object, by the middles of their boxes; `margin` is the angle to the "
        "nearest boundary between two answers"
    ),
    camera_motion.DEFINITION: (
        "The camera primitive measured over the whole clip, from exact poses or by a judge "
        "network (`geometry_source` says which). `margin` in `deg`: how far exact poses are from "
        "another answer, travel counted as the angle it shifts a point 2 m away; in `probability`: "
        "the judge's probability minus that of all other primitives together"
    ),
}


def meaning_of(definition: str) -> str:
    """Return the sentence for a definition's id.

    Raises:
        ValueError: The id has no sentence yet, so a card would leave its reader in the dark.
    """
    if definition not in DEFINITIONS:
        raise ValueError(
            f"a card cannot explain labels by {definition!r}: datasets_cards.definitions has no "
            "sentence for it; add one."
        )
    return DEFINITIONS[definition]
