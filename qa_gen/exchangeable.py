"""Sets of options of which each is the right one of some question with the very same text.

If a place is to be found again in another image, coordinates tell a lot: it did not go far, it
went where others went. So wrong options are taken from where the same coordinates of a first image
led in other pairs of images, and a set of four is used only if each of its members is right for
its own pair of images, while the other three are surely wrong there. Of the four questions, which
read alike, each is asked equally often: whoever only reads cannot do better than guess.
"""

from typing import Final, NamedTuple

import numpy as np
from jaxtyping import Bool, Float64, Int64

N_OPTIONS: Final = 4


class Groups(NamedTuple):
    """Items that read alike, side by side.

    Attributes:
        member: Indices of items, those of one group in a row; filled up with the first of it.
        real: False where it is filled up.
    """

    member: Int64[np.ndarray, "g w"]
    real: Bool[np.ndarray, "g w"]


def one_of_each(
    rows: Int64[np.ndarray, "n d"], rng: np.random.Generator
) -> Int64[np.ndarray, " m"]:
    """Draw one of the items that have equal rows, so that none of them counts twice."""
    shuffled = rng.permutation(len(rows))
    _, first = np.unique(rows[shuffled], axis=0, return_index=True)
    return np.sort(shuffled[first])


def side_by_side(group: Int64[np.ndarray, " n"], at_most: int, rng: np.random.Generator) -> Groups:
    """Lay out items by their group; of larger groups so many are drawn."""
    shuffled = rng.permutation(len(group))
    together = shuffled[np.argsort(group[shuffled], kind="stable")]
    _, start, size = np.unique(group[together], return_index=True, return_counts=True)
    width = min(at_most, int(size.max(initial=0)))
    place = np.arange(width)
    real = place < size[:, None]
    member: Int64[np.ndarray, "g w"] = together[start[:, None] + np.where(real, place, 0)]
    return Groups(member, real)


def exchangeable_sets(
    groups: Groups,
    wrong: Bool[np.ndarray, "g w w"],
    rank: Float64[np.ndarray, "g w w"],
) -> Int64[np.ndarray, "c 4"]:
    """Find sets of four items of which each is a wrong option in the questions of the others.

    Begins with each item in turn and adds the least in rank of those that go with all before.

    Args:
        groups: Items that read alike.
        wrong: [g, a, b]: whether item b of group g is surely wrong where item a is right.
        rank: [g, a, b]: which to add to a first.

    Returns:
        Indices of items. Each set stands four times, with each of its members in front: the right
        one of that question.
    """
    g, w = groups.member.shape
    if not g:
        return np.zeros((0, N_OPTIONS), dtype=np.int64)
    mutual = wrong & np.swapaxes(wrong, 1, 2) & groups.real[:, :, None] & groups.real[:, None, :]
    block, first = np.repeat(np.arange(g), w), np.tile(np.arange(w), g)
    usable = mutual[block, first]
    chosen = [first]
    enough = np.ones(len(first), dtype=np.bool_)
    for _ in range(N_OPTIONS - 1):
        added = np.argmin(np.where(usable, rank[block, first], np.inf), axis=1)
        enough &= usable.any(axis=1)
        usable = usable & mutual[block, added]
        chosen.append(added)
    sets = np.sort(np.stack(chosen, axis=1)[enough], axis=1)
    found = np.unique(np.concatenate([block[enough, None], sets], axis=1), axis=0)
    items = groups.member[found[:, :1], found[:, 1:]]
    turns = [np.roll(items, -turn, axis=1) for turn in range(N_OPTIONS)]
    each: Int64[np.ndarray, "c 4"] = np.stack(turns, axis=1).reshape(-1, N_OPTIONS)
    return each
