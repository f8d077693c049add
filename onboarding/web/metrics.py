"""What does a monitoring system get to read? Counts of sources and coffees, in the text format of Prometheus."""

from __future__ import annotations

import hmac
from collections import Counter
from collections.abc import Iterator, Mapping

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from onboarding.domain.errors import NotFound
from onboarding.domain.events import Tally
from onboarding.domain.mail_replies import Door, ReplyState
from onboarding.domain.measures import Became
from onboarding.services import calendar_care
from onboarding.services.health import SourceHealth, health_of_sources
from onboarding.services.round_measures import CoffeeMeasure, recent
from onboarding.web.loopback import is_local
from onboarding.web.site import TheSite

router = APIRouter()


def may_read(request: Request, site: TheSite) -> None:
    """Let this machine in, unless a proxy may stand in front, and whoever shows the token of the settings.

    Raises:
        NotFound: for everybody else: there is nothing to see.
    """
    shown = request.headers.get("authorization", "").removeprefix("Bearer ").encode()
    token = site.metrics_token.encode()
    here = site.desk and is_local(request)
    if not here and not (token and hmac.compare_digest(shown, token)):
        raise NotFound("metrics are shown on this machine, and for a token")


@router.get("/metrics", dependencies=[Depends(may_read)])
def show_metrics(site: TheSite) -> Response:
    """Every source, the coffees of the last rounds, calendars and mails in numbers; no names, no addresses."""
    now = site.clock()
    site.engine.counts.write_if_due(site.engine.store, now)
    registry = CollectorRegistry()
    registry.register(_Sources(health_of_sources(site.engine, now)))
    registry.register(_Coffees(recent(site.engine, now)))
    with site.engine.store.read() as books:
        registry.register(_Replies(books.replies.summary()))
    registry.register(_Calendars(calendar_care.counts(site.engine)))
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)


class _Calendars(Collector):
    def __init__(self, counts: list[calendar_care.Counted]) -> None:
        self._counts = counts

    def collect(self) -> Iterator[Metric]:
        """How many calendars of each kind answered last, and how many did not."""
        family = GaugeMetricFamily(
            "onboarding_calendars", "Calendars by what they did when asked last.", labels=["kind", "outcome"]
        )
        for one in self._counts:
            family.add_metric([one.kind, "answered"], one.answered)
            family.add_metric([one.kind, "silent"], one.silent)
        yield family


class _Sources(Collector):
    def __init__(self, health: list[SourceHealth]) -> None:
        self._health = health

    def collect(self) -> Iterator[Metric]:
        """The families, each with one sample a source."""
        messages = CounterMetricFamily(
            "onboarding_source_messages",
            "Messages at the door, by what became of them there.",
            labels=["source", "outcome"],
        )
        events = GaugeMetricFamily(
            "onboarding_source_events", "Recorded events by state.", labels=["source", "state"]
        )
        last = GaugeMetricFamily(
            "onboarding_source_last_event_timestamp_seconds",
            "When a source last told us anything.",
            labels=["source"],
        )
        lag = GaugeMetricFamily(
            "onboarding_source_lag_seconds",
            "How long the oldest event that waits has been ready.",
            labels=["source"],
        )
        for one in self._health:
            for outcome in ("verified", "repeated", "refused"):
                messages.add_metric([one.source, outcome], getattr(one, outcome))
            for state in ("obeyed", "ignored", "unparsed", "early", "waiting"):
                events.add_metric([one.source, state], getattr(one, state))
            if one.last_event is not None:
                last.add_metric([one.source], one.last_event.timestamp())
            lag.add_metric([one.source], one.lag.total_seconds())
        yield from (messages, events, last, lag)


class _Coffees(Collector):
    def __init__(self, found: CoffeeMeasure) -> None:
        self._found = found

    def collect(self) -> Iterator[Metric]:
        """Coffees by what became of them, and people without one by the kind of reason."""
        coffees = GaugeMetricFamily(
            "onboarding_coffees",
            "Coffees of the rounds of the last twelve weeks, by what became of them.",
            labels=["outcome"],
        )
        without = GaugeMetricFamily(
            "onboarding_coffee_without",
            "People who said yes and had no coffee, each time in these rounds, by the kind of reason.",
            labels=["why"],
        )
        for outcome in Became:
            coffees.add_metric([outcome.value], getattr(self._found.coffees, outcome.value))
        counts: Counter[str] = Counter()
        for one in self._found.rounds:
            counts.update(one.without)
        for why, count in sorted(counts.items()):
            without.add_metric([why], count)
        yield from (coffees, without)


class _Replies(Collector):
    def __init__(self, summary: Mapping[tuple[Door, ReplyState], Tally]) -> None:
        self._summary = summary

    def collect(self) -> Iterator[Metric]:
        """Mails that came back, with one sample for each door and end."""
        mails = CounterMetricFamily(
            "onboarding_mail_replies", "Mails that came back, by what became of them.", labels=["door", "state"]
        )
        for (door, state), tally in sorted(self._summary.items()):
            mails.add_metric([door.value, state.value], tally.count)
        yield mails
