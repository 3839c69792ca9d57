"""Which files of the project a piece of work runs through, and how often it changes between them.

Counted are the Python functions of `bot`, `cli`, `office`, `reports`, `scoring` and `storage`, in
all threads, in the order in which they are called. Each function called, each comprehension and
each resumption of a generator or coroutine is one call, as `sys.setprofile` reports it. A *change*
is a call in another file than the call before it. Returns are not counted, nor is code outside
these folders: libraries, the simulator, the tests, and what `dataclass` generates.
"""

from __future__ import annotations

import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).parents[1]
FOLDERS = ("bot", "cli", "office", "reports", "scoring", "storage")


@dataclass
class Trace:
    """The calls while `on`; to be installed before the threads that work are started."""

    files: set[str] = field(default_factory=set)
    changes: Counter[tuple[str, str]] = field(default_factory=Counter)  # by file and function
    on: bool = False
    _last: str = ""

    @contextmanager
    def counting(self) -> Iterator[None]:
        """Count the calls of this block anew."""
        self.files.clear()
        self.changes.clear()
        self._last = ""
        self.on = True
        try:
            yield
        finally:
            self.on = False

    def __call__(self, frame: FrameType, event: str, _argument: object) -> None:
        """The profile function of `sys.setprofile`."""
        if not self.on or event != "call":
            return
        file = project_file(frame.f_code.co_filename)
        if file is None:
            return
        self.files.add(file)
        if file != self._last:
            self.changes[file, frame.f_code.co_qualname] += 1
        self._last = file

    def __str__(self) -> str:
        """The totals, the functions that cause most changes, and the files."""
        lines = [f"{len(self.files)} files, {self.changes.total()} changes"]
        lines += [f"{n:6} {file} {name}" for (file, name), n in self.changes.most_common(40)]
        return "\n".join([*lines, *sorted(self.files)])


@contextmanager
def installed() -> Iterator[Trace]:
    """A trace in this thread and in every thread that is started meanwhile."""
    trace, before = Trace(), sys.getprofile()
    threading.setprofile(trace)
    sys.setprofile(trace)
    try:
        yield trace
    finally:
        sys.setprofile(before)
        threading.setprofile(None)


@cache
def project_file(name: str) -> str | None:
    """The path of a code object's file in the project; None outside the counted folders."""
    path = Path(name)
    if not path.is_relative_to(ROOT):
        return None
    inside = path.relative_to(ROOT)
    return inside.as_posix() if inside.parts[0] in FOLDERS else None
