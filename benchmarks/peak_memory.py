"""The most memory this process ever held, for measurements in processes of their own."""

import re
from pathlib import Path

_PEAK = re.compile(r"^VmHWM:\s+(\d+) kB$", re.MULTILINE)


def peak_mib() -> float:
    """Return the peak resident memory of this process since its program started, MiB.

    ``resource.getrusage`` would not do: a process begins with the peak of the one that started it.

    Raises:
        OSError: The system is not Linux.
        ValueError: The kernel does not tell.
    """
    found = _PEAK.search(Path("/proc/self/status").read_text(encoding="ascii"))
    if found is None:
        raise ValueError("measuring memory: /proc/self/status has no VmHWM.")
    return int(found[1]) / 1024
