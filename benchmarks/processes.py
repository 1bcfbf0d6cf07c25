"""What the system knows of a process (Linux): who started it, and the CPU that it has had."""

import os
from pathlib import Path
from typing import NamedTuple

TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100  # of CPU, in a second


class Usage(NamedTuple):
    """The process that has started a process, and its CPU time in ticks, which are all the same to
    how busy the machine is: its own, and that of what it has started and waited for."""

    parent: int
    own: int
    waited_for: int


def read_usage(process: int) -> Usage:
    """What a process has used. Raises `OSError` where there is no such process."""
    # The second field is the program's name, which may have blanks and parentheses in it.
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    own, system, waited, waited_system = map(int, fields[11:15])
    return Usage(int(fields[1]), own + system, waited + waited_system)
