"""The limits that a child sets itself before it opens what others made: memory and time of the processor.

On Linux by `setrlimit`; on Windows by a job object that the child puts itself into, which ends it where it goes beyond.
"""

from __future__ import annotations

import gc
import os
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MEMORY = 2 << 30
"""Bytes that reading may take beyond what the process has already: four times what 100,000 people need."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a child may take: seconds of the processor, and bytes beyond those it begins with."""

    seconds: int
    memory: int = MEMORY


def most_memory() -> int:
    """Three quarters of this machine's memory: for work that is meant for a large machine."""
    if sys.platform == "win32":
        return 4 * MEMORY
    return max(MEMORY, os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 4 * 3)


def limit_myself(bounds: Bounds) -> None:
    """Let this process take so much memory and so many seconds of the processor from now on, and no more."""
    gc.freeze()  # what came with a fork stays shared
    gc.disable()
    if sys.platform == "win32":
        _by_job_object(bounds)
    else:
        _by_rlimit(bounds)


if sys.platform != "win32":

    def _by_rlimit(bounds: Bounds) -> None:
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        used = int(resource.getrusage(resource.RUSAGE_SELF).ru_utime)
        _lower(resource.RLIMIT_CPU, used + bounds.seconds)
        _lower(resource.RLIMIT_AS, _size() + bounds.memory)

    def _lower(which: int, most: int) -> None:
        import resource

        soft, hard = resource.getrlimit(which)
        if soft == resource.RLIM_INFINITY or soft > most:
            with suppress(ValueError, OSError):  # a system that does not know this limit
                resource.setrlimit(which, (most, hard))

    def _size() -> int:
        """The bytes of address space that this process has; 0 where the system does not tell."""
        with suppress(OSError, ValueError):
            import resource

            return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
        return 0


_PROCESS_TIME, _PROCESS_MEMORY, _DIE_ON_UNHANDLED = 0x2, 0x100, 0x400
_EXTENDED_LIMITS = 9
_TICKS = 10_000_000
"""A second in units of 100 nanoseconds."""


def extended_limits(seconds: int, memory: int) -> Any:
    """JOBOBJECT_EXTENDED_LIMIT_INFORMATION with limits on one process (Windows SDK, winnt.h)."""
    import ctypes as c

    class Basic(c.Structure):
        _fields_ = (
            ("PerProcessUserTimeLimit", c.c_int64),
            ("PerJobUserTimeLimit", c.c_int64),
            ("LimitFlags", c.c_uint32),
            ("MinimumWorkingSetSize", c.c_size_t),
            ("MaximumWorkingSetSize", c.c_size_t),
            ("ActiveProcessLimit", c.c_uint32),
            ("Affinity", c.c_size_t),
            ("PriorityClass", c.c_uint32),
            ("SchedulingClass", c.c_uint32),
        )

    class Extended(c.Structure):
        _fields_ = (
            ("BasicLimitInformation", Basic),
            ("IoInfo", c.c_uint64 * 6),
            ("ProcessMemoryLimit", c.c_size_t),
            ("JobMemoryLimit", c.c_size_t),
            ("PeakProcessMemoryUsed", c.c_size_t),
            ("PeakJobMemoryUsed", c.c_size_t),
        )

    limits = Extended()
    limits.BasicLimitInformation.PerProcessUserTimeLimit = seconds * _TICKS
    limits.BasicLimitInformation.LimitFlags = _PROCESS_TIME | _PROCESS_MEMORY | _DIE_ON_UNHANDLED
    limits.ProcessMemoryLimit = memory
    return limits


if sys.platform == "win32":

    def _by_job_object(bounds: Bounds) -> None:
        """Put this process into a job of its own; the handle is kept, so the job lasts as long as the process."""
        import ctypes as c

        kernel = c.WinDLL("kernel32", use_last_error=True)
        kernel.CreateJobObjectW.restype = kernel.GetCurrentProcess.restype = c.c_void_p
        kernel.SetInformationJobObject.argtypes = (c.c_void_p, c.c_int, c.c_void_p, c.c_uint32)
        kernel.AssignProcessToJobObject.argtypes = (c.c_void_p, c.c_void_p)
        job = kernel.CreateJobObjectW(None, None)
        limits = extended_limits(bounds.seconds, bounds.memory)
        if not (
            job
            and kernel.SetInformationJobObject(job, _EXTENDED_LIMITS, c.byref(limits), c.sizeof(limits))
            and kernel.AssignProcessToJobObject(job, kernel.GetCurrentProcess())
        ):
            raise OSError(c.get_last_error(), "a job object could not be set up")
