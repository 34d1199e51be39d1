"""Lines on stderr that say where a command is."""

import sys
import time


class Progress:
    """Print what happens with the seconds since the command began."""

    def __init__(self) -> None:
        self._begin = time.monotonic()

    def say(self, text: str) -> None:
        """Print one line at once."""
        sys.stderr.write(f"[{time.monotonic() - self._begin:6.1f} s] {text}\n")
        sys.stderr.flush()

    @property
    def seconds(self) -> float:
        """Seconds since the command began."""
        return time.monotonic() - self._begin


PROGRESS = Progress()
