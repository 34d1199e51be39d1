"""Golden files: what is published must not change unnoticed.

To accept a change, run the tests once with ``UPDATE_GOLDEN=1`` and review the diff.
"""

import os
from pathlib import Path

GOLDEN = Path(__file__).parent.parent / "golden"


def assert_golden(name, text):
    """Compare ``text`` with ``tests/golden/<name>``."""
    path = GOLDEN / name
    if os.environ.get("UPDATE_GOLDEN") == "1":
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8"), f"{name} changed; see tests/support/golden.py"
