"""Folds that keep a scene together, so that nothing is learned about a scene that is asked of."""

import hashlib
from collections import Counter
from collections.abc import Sequence

import numpy as np
from jaxtyping import Int64


def fold_of_scenes(scenes: Sequence[str], n_folds: int, purpose: str) -> Int64[np.ndarray, " n"]:
    """Return each question's fold; questions of one scene share it.

    Scenes are dealt out from the largest to the smallest (in the order of a hash where they are
    equally large), each to the fold that has the fewest questions so far: neither the order of the
    questions nor a seed matters, and folds are of equal size.

    Args:
        scenes: Scene id of each question.
        n_folds: At least 2; scenes that are fewer leave folds empty.
        purpose: Other purposes deal otherwise: what was pruned with some folds is audited with
            others.
    """
    sizes = Counter(scenes)
    order = sorted(sizes, key=lambda scene: (-sizes[scene], hash_of(f"{purpose}/{scene}")))
    load = [0] * n_folds
    fold = {}
    for scene in order:
        fold[scene] = load.index(min(load))
        load[fold[scene]] += sizes[scene]
    return np.array([fold[scene] for scene in scenes], dtype=np.int64)


def hash_of(name: str) -> bytes:
    """Return what orders names without favouring any."""
    return hashlib.sha256(name.encode()).digest()
