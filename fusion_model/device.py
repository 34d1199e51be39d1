"""Where to compute, and with how many threads."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

import torch

DeviceName = Literal["auto", "cpu", "cuda"]


def pick_device(name: DeviceName) -> torch.device:
    """Return the device to compute on; ``auto`` is CUDA when torch sees one.

    Raises:
        ValueError: CUDA was asked for and is not there.
    """
    if name == "cuda" and not torch.cuda.is_available():
        raise ValueError(
            "Choosing a device: 'cuda' was asked for but torch sees no CUDA device; use 'cpu' or "
            "'auto'."
        )
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    return torch.device(name)


@contextmanager
def torch_threads(count: int) -> Iterator[None]:
    """Run a block with a fixed number of threads: sums in another order give other bytes."""
    before = torch.get_num_threads()
    torch.set_num_threads(count)
    try:
        yield
    finally:
        torch.set_num_threads(before)
