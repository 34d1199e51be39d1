"""A lease on a run folder: two commands never work in the same one.

The holder writes who it is and is alive as long as its process is. What a killed process left
behind is taken over by the next command, which also ends the engine's server if that outlived it.
"""

import fcntl
import json
import os
import platform
import signal
import time
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import Any, Final

from flows.run_folder import BadRunFolderError, write_json

_FOREIGN_HOST_STALE_S: Final = 24 * 3600.0  # a process on another machine cannot be looked up
_SERVER_MARK: Final = "prefect.server.api.server:create_app"


class Lease(AbstractContextManager["Lease"]):
    """Hold ``lease.json`` in a run folder while the ``with`` block runs.

    Raises:
        BadRunFolderError: On entering, when a living process holds it.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / "lease.json"
        self._content: dict[str, Any] = {}

    def __enter__(self) -> "Lease":
        # The lock makes "look, then write" one step; it is gone with its process.
        with (self.path.parent / ".lease.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self._take_over()
            self._content = {**_me(), "taken": time.time(), "server": None}
            write_json(self.path, self._content)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.path.unlink(missing_ok=True)

    def note_server(self, pid: int) -> None:
        """Remember the engine's server, which outlives a killed command."""
        self._content["server"] = {"pid": pid, "started": process_start(pid)}
        write_json(self.path, self._content)

    def _take_over(self) -> None:
        try:
            holder = json.loads(self.path.read_bytes())
        except (FileNotFoundError, ValueError):
            return
        if _is_alive(holder):
            raise BadRunFolderError(
                f"{self.path.parent} is in use by process {holder['pid']} on {holder['host']}; "
                f"wait until it ends or choose another --out (if it is dead, delete {self.path})."
            )
        _end_server(holder)


def process_start(pid: int) -> str:
    """Return when a process started, in clock ticks since boot; ``""`` if it is gone or unknown."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except OSError:
        return ""
    return stat.rpartition(")")[2].split()[19]


def _me() -> dict[str, Any]:
    pid = os.getpid()
    return {"pid": pid, "host": platform.node(), "started": process_start(pid)}


def _is_alive(holder: dict[str, Any]) -> bool:
    if holder["host"] != platform.node():
        return bool(time.time() - holder["taken"] < _FOREIGN_HOST_STALE_S)
    return _runs(holder)


def _runs(process: dict[str, Any]) -> bool:
    """Say whether a process still runs and is the same one, not a later one with its number."""
    try:
        os.kill(process["pid"], 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return bool(process_start(process["pid"]) == process["started"])


def _end_server(holder: dict[str, Any]) -> None:
    server = holder.get("server")
    if not server or holder["host"] != platform.node() or not _runs(server):
        return
    command = Path(f"/proc/{server['pid']}/cmdline")
    if command.exists() and _SERVER_MARK.encode() in command.read_bytes():
        os.kill(server["pid"], signal.SIGTERM)
