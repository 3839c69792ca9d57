"""Measured figures with their limits, and medians of alternating runs."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """A measured value and its limit: `most` or `least`, or neither."""

    work: str
    value: float
    unit: str = "×"
    most: float | None = None
    least: float | None = None

    @property
    def kept(self) -> bool:
        """Whether the value is within its limit."""
        return not (
            (self.most is not None and self.value > self.most)
            or (self.least is not None and self.value < self.least)
        )

    def __str__(self) -> str:
        sign, limit = ("≤", self.most) if self.most is not None else ("≥", self.least)
        line = f"{self.work:72} {self.value:9.2f} {self.unit:3}"
        if limit is None:
            return line
        return f"{line} {sign} {limit:g} {'kept' if self.kept else 'MISSED'}"


def show(figures: Iterable[Figure]) -> None:
    """Print them, one a line."""
    for figure in figures:
        print(figure, flush=True)


def cpu_seconds(work: Callable[[], object]) -> float:
    """User + system seconds of this process, all threads, to do the work once."""
    began = time.process_time()
    work()
    return time.process_time() - began


def real_seconds(work: Callable[[], object]) -> float:
    """Wall-clock seconds to do the work once."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def alternating(
    works: Mapping[str, Callable[[], object]],
    repeats: int,
    clock: Callable[[Callable[[], object]], float] = cpu_seconds,
) -> dict[str, float]:
    """The median time of each work; they run in turn, after one run that is not measured."""
    times: dict[str, list[float]] = {name: [] for name in works}
    for work in works.values():
        work()
    for _ in range(repeats):
        for name, work in works.items():
            times[name].append(clock(work))
    return {name: statistics.median(seconds) for name, seconds in times.items()}
