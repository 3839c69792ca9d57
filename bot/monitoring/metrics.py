"""The metrics of a process in Prometheus' format; imported at the first request for them."""

from __future__ import annotations

import time
from collections.abc import Iterator

from prometheus_client import CollectorRegistry
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector

from bot.monitoring.durations import Durations
from bot.monitoring.health import Health, RunningApp

TYPE = CONTENT_TYPE_LATEST
OUTBOX = ("due", "claimed", "sending", "sent", "skipped", "uncertain", "failed")


def exposition(health: Health) -> bytes:
    """All metrics, in Prometheus' text format."""
    registry = CollectorRegistry()
    registry.register(_AppCollector(health))
    return generate_latest(registry)


class _AppCollector(Collector):
    def __init__(self, health: Health) -> None:
        self._health = health

    def describe(self) -> list[Metric]:
        """Nothing: the registry needs no names in advance."""
        return []

    def collect(self) -> Iterator[Metric]:
        """The current values, read from memory."""
        now = time.monotonic()
        yield GaugeMetricFamily("puas_up", "1: healthy", float(not self._health.troubles(now)))
        yield GaugeMetricFamily("puas_ready", "1: takes updates", float(self._health.ready()))
        if self._health.app is not None:
            yield from _app_metrics(self._health.app, now)


def _app_metrics(app: RunningApp, now: float) -> Iterator[Metric]:
    turns = app.turns
    yield CounterMetricFamily("puas_updates", "Updates handled", turns.updates)
    yield CounterMetricFamily("puas_forms", "Forms of the pages handled", turns.forms)
    yield _histogram("puas_turn_seconds", "One transaction for a batch of updates", turns.seconds)
    yield CounterMetricFamily(
        "puas_updates_set_aside", "Updates whose handler raised, or unreadable", app.writer.failures
    )
    troubles = CounterMetricFamily(
        "puas_database_troubles", "Transactions the database refused", labels=["kind"]
    )
    for kind, count in sorted(turns.troubles.items()):
        troubles.add_metric([kind], count)
    yield troubles
    yield GaugeMetricFamily("puas_database_up", "1: the last one was committed", turns.healthy)
    screens = CounterMetricFamily("puas_screens", "Screens by what became of them", labels=["fate"])
    for fate, count in sorted(app.display.fates.items()):
        screens.add_metric([fate], count)
    yield screens
    outbox = GaugeMetricFamily("puas_outbox", "Outbox rows at the last tick", labels=["status"])
    for status in OUTBOX:
        outbox.add_metric([status], app.ticks.outbox_rows.get(status, 0))
    yield outbox
    yield _histogram("puas_tick_seconds", "The clock's work", app.tick_seconds)
    yield CounterMetricFamily("puas_tick_failures", "Ticks that failed", app.tick_failures)
    if app.polls:
        age = now - app.polling.answered
        yield GaugeMetricFamily("puas_intake_age_seconds", "Since updates last came through", age)


def _histogram(name: str, description: str, durations: Durations) -> Metric:
    buckets, total = durations.cumulative(), durations.total
    return HistogramMetricFamily(name, description, buckets=buckets, sum_value=total)
