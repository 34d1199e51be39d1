"""A rendered room as the words of a long prompt, for the model that paints over its depth."""

from typing import Final

import numpy as np

from synth.film import FilmedClip
from synth.prompts import full_prompt
from synth.scene import SceneObject
from synth.scene_prompts.scene import PromptScene

_LEAST_SHARE: Final = 0.002  # of the clip's pixels, for a thing to be named


def rendered_scene(clip: FilmedClip) -> PromptScene:
    """Describe what a clip's camera sees: the room, and things near, midway and far."""
    sequence, truth = clip.sequence, clip.truth
    assert sequence.requested.move is not None  # filmed along a primitive
    n_pixels = truth.instances.size
    seen = [o for o in truth.objects if o.visible_pixels.sum() > _LEAST_SHARE * n_pixels]
    start = truth.c2w[0, :3, 3]
    by_distance = sorted(seen, key=lambda o: float(np.linalg.norm(o.center - start)))
    names = [_name(thing) for thing in by_distance]
    description = sequence.prompt.removeprefix(full_prompt(sequence.requested.move, ""))
    return PromptScene(
        scene_id=sequence.scene_id,
        sentences=(f"{description[0].upper()}{description[1:]}.",),
        n_needed=1,
        near=names[0] if names else "the floor",
        middle=names[len(names) // 2] if names else "the room",
        far=names[-1] if len(names) > 2 else "the far wall",
    )


def _name(thing: SceneObject) -> str:
    return f"the {thing.color} {thing.category}"
