"""Bad inputs as users make them, each with the error it should get; see ``bad_inputs``."""

from typing import Final

from benchmarks.bad_input_cases.case import Case
from benchmarks.bad_input_cases.commands import COMMANDS
from benchmarks.bad_input_cases.measuring import MEASURING
from benchmarks.bad_input_cases.paths import PATHS
from benchmarks.bad_input_cases.pose_files import POSE_FILES
from benchmarks.bad_input_cases.rooms import ROOMS
from benchmarks.bad_input_cases.wan import WAN

CASES: Final[tuple[Case, ...]] = (*POSE_FILES, *COMMANDS, *PATHS, *ROOMS, *WAN, *MEASURING)
