"""Run batches of clips: smaller ones where memory ends, again where an error may pass.

Noise comes from each clip's own generator, so an attempt repeats the clip and not the failure.
"""

import gc
import logging
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import Final

import torch

from synth.generators import GenerationRequest, Rejected
from synth.scene import MultiViewSequence

Result = MultiViewSequence | Rejected
ClipShape = tuple[int, int, int]  # frames, height, width

# Worth another attempt: memory that another process held, the Hub, shared disks.
TRANSIENT_ERRORS: Final = (torch.OutOfMemoryError, ConnectionError, TimeoutError)
_log: Final = logging.getLogger(__name__)


def clip_shape(request: GenerationRequest) -> ClipShape:
    """Return number of frames, height and width of a clip."""
    return request.n_frames, *request.size


def batches_of(
    requests: Sequence[GenerationRequest], max_batch: int
) -> list[list[GenerationRequest]]:
    """Return which clips are denoised together: neighbours of equal size and length."""
    return [
        same[start : start + max_batch]
        for same in (list(group) for _, group in groupby(requests, key=clip_shape))
        for start in range(0, len(same), max_batch)
    ]


class BatchRunner:
    """Runs batches through a function that may run out of memory or fail for a while.

    Attributes:
        fitting: Largest batch that fits into memory, of the clip shapes where less than the
            wanted one did.
    """

    def __init__(
        self,
        call: Callable[[list[GenerationRequest]], list[Result]],
        recover: Callable[[], None],
        *,
        attempts: int,
        wait_s: float,
    ) -> None:
        """Remember how to run and how to clean up.

        Args:
            call: Makes the clips of one batch.
            recover: Brings the pipeline back into its resting state after an error.
            attempts: How often a batch is tried.
            wait_s: Pause before the second attempt, longer before each further one.

        Raises:
            ValueError: No attempt, or a negative pause.
        """
        if attempts < 1 or wait_s < 0:
            raise ValueError(f"attempts must be >= 1 and wait_s >= 0, got {attempts} and {wait_s}.")
        self.fitting: dict[ClipShape, int] = {}
        self._call = call
        self._recover = recover
        self._attempts = attempts
        self._wait_s = wait_s

    def run(self, batch: list[GenerationRequest]) -> Iterator[Result]:
        """Make the clips of a batch, in order.

        Raises:
            torch.OutOfMemoryError: One clip alone does not fit.
            OSError: The last attempt failed for a reason that may pass.
        """
        shape = clip_shape(batch[0])
        start = 0
        while start < len(batch):
            size = min(len(batch) - start, self.fitting.get(shape, len(batch)))
            done = self._try(batch[start : start + size])
            if done is None:
                self.fitting[shape] = (size + 1) // 2
                _log.warning(
                    "out of memory with %d clips of %dx%dx%d; %d at a time from now on",
                    *(size, *shape, self.fitting[shape]),
                )
                continue
            yield from done
            start += size

    def _try(self, batch: list[GenerationRequest]) -> list[Result] | None:
        """Run a batch up to ``attempts`` times; ``None``: it needs more memory than there is."""
        for attempt in range(1, self._attempts + 1):
            try:
                return self._call(batch)
            except TRANSIENT_ERRORS as error:
                is_too_large = isinstance(error, torch.OutOfMemoryError) and len(batch) > 1
                if attempt == self._attempts and not is_too_large:
                    raise
                reason = f"{type(error).__name__}: {error}"
            # Outside of the handler: the error's traceback keeps the tensors of the call alive.
            self._recover()
            free_memory()
            if is_too_large:
                return None
            _log.warning("attempt %d of %d failed (%s)", attempt, self._attempts, reason)
            time.sleep(self._wait_s * attempt)
        raise AssertionError("unreachable: the last attempt returns or raises")


def free_memory() -> None:
    """Give back what nobody uses any more, also on the GPU."""
    gc.collect()
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
