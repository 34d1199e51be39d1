"""Questions that are answered yes or no."""

from typing import Final

import numpy as np

from qa_gen.answers import Choice
from qa_gen.options import shuffled_choice

YES_NO: Final = ("yes", "no")


def yes_or_no(rng: np.random.Generator, *, yes: bool) -> Choice:
    """Return the answer with both options in random order."""
    return shuffled_choice(YES_NO, 0 if yes else 1, rng)
