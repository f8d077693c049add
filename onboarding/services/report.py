"""What does HR's report say of the newcomers of a range of months? Everything is read once, for all of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from statistics import median

from onboarding.domain import report, step_ends
from onboarding.domain.calendars import Calendar
from onboarding.domain.delivery import Ended
from onboarding.domain.errors import BadRecord, BadWords
from onboarding.domain.forms import Answer, Ask, Asked, Counts, Form, Question
from onboarding.domain.journey import TAKE_CARE, Verb
from onboarding.domain.measures import BUCKETS, MORE, Became, bucket_of, first_contact, may_have_met
from onboarding.domain.people import Role
from onboarding.domain.report import Every, Line, Part, Report
from onboarding.domain.small_groups import is_small
from onboarding.services import loads, measures
from onboarding.services.engine import Engine
from onboarding.services.measures import Known

WITH = frozenset({Role.BUDDY, Role.PARTNER})
"""Meetings with a buddy or a partner are counted for each newcomer: those that the practice speaks of."""

MOST_LOAD = 4
"""Buddies with so many newcomers, or more, are one group."""


def make(engine: Engine, now: datetime, *, first: date | None = None, last: date | None = None) -> Report:
    """Make the report of the newcomers with a first day in the months of first..last, the last year by default.

    Who has not begun yet is not in it.

    Raises:
        BadRecord: the last day lies before the first.
        BadWords: a journey or a form cannot be read.
    """
    began, ends = report.last_year(now.date())
    first, last = first or min(began, last or began), last or max(ends, first or ends)
    if last < first:
        raise BadRecord(f"the last day lies before the first: {last} is earlier than {first}")
    first, last = report.whole_months(first, last)
    with engine.store.read() as books:
        until = min(last, now.date())
        known = measures.read(engine, books, first, until, now)
        count = len(known.newcomers)
        small = is_small(count)
        every = report.how_long(one.first_day for one in known.newcomers)
        read = None if small or not count else _Read.of(known, first, until, every)
        parts = tuple(_parts(read)) if read else ()
    return Report(
        first=first,
        last=last,
        every=every,
        newcomers=None if small else count,
        parts=parts,
        forms=read.titles if read else {},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """What the tables are made of; `cohort` is that of each newcomer, by id."""

    known: Known
    names: Sequence[str]
    cohort: Mapping[str, str]
    asked: Sequence[Asked]
    ended: Sequence[Ended]
    measured: Mapping[Counts, Mapping[str, Question]]
    answers: Sequence[tuple[Ask, Answer | None]]
    titles: Mapping[str, str]

    @classmethod
    def of(cls, known: Known, first: date, last: date, every: Every) -> _Read:
        books, words = known.books, known.engine.words
        days = sorted(one.first_day for one in known.newcomers)
        steps = [step for journey in known.journeys.values() for step in journey.steps if step.verb is Verb.ASK]
        language = known.engine.company.language
        forms = {step.subject: step.title_in(language) for step in reversed(steps)}
        measured: dict[Counts, dict[str, Question]] = defaultdict(dict)
        written = {
            form: words.form_as_written(form, language) for form in dict.fromkeys(one.subject for one in steps)
        }
        for form, asks in written.items():
            for question in asks.questions:
                if question.measure:
                    measured[question.measure][form] = question
        return cls(
            known=known,
            names=report.cohorts(days[0], days[-1], every) if days else [],
            cohort={one.id: report.cohort_of(one.first_day, every) for one in known.newcomers},
            asked=_answerable(known, written, books.asks.counts_of_cohort(first, last, known.now)),
            ended=books.deliveries.ends_of_cohort(first, last),
            measured=measured,
            answers=books.asks.of_cohort({form for one in measured.values() for form in one}, first, last),
            titles={
                form: forms[form] if "{{" in one.title else one.title
                for form, one in written.items()
                if not one.tasks
            },
        )


def _answerable(known: Known, written: Mapping[str, Form], asked: Sequence[Asked]) -> list[Asked]:
    """Without lists, which are ticked and never answered, and what asks somebody to take care.

    A form that no journey has any more is looked up; of one that nobody has any more only answers can tell.
    """
    forms = dict(written)
    answered = {one.form for one in asked if one.answered}
    others = {TAKE_CARE}
    for form in {one.form for one in asked} - forms.keys() - others:
        try:
            forms[form] = known.engine.words.form_as_written(form, known.engine.company.language)
        except BadWords:
            if form not in answered:
                others.add(form)
    lists = {form for form, one in forms.items() if one.tasks}
    return [one for one in asked if one.form not in lists | others]


def _parts(read: _Read) -> Iterator[Part]:
    sizes = Counter(read.cohort.values())
    newcomers = report.counted("newcomers", "people", {name: sizes[name] for name in read.names})
    gone = [line.name for line in newcomers.lines if line.is_hidden]
    yield newcomers
    yield _answers(read)
    yield _answers_over_time(read, gone)
    for measure in (Counts.CONNECTED, Counts.ENPS):
        yield from _measured(read, measure, gone)
    yield _meetings(read)
    yield _first_contact(read)
    yield _buddies(read.known)
    yield step_ends.table(read.ended)


def _answers(read: _Read) -> Part:
    """By form, in the order of the journeys; those that no journey has any more come last."""
    by_form: dict[str, list[Asked]] = defaultdict(list)
    for one in read.asked:
        by_form[one.form].append(one)
    order = dict.fromkeys([*(form for form in read.titles if form in by_form), *sorted(by_form)])
    lines = [_rate(form, by_form[form]) for form in order]
    return report.table("answers", "rate", lines, _rate("all", read.asked))


def _answers_over_time(read: _Read, gone: Sequence[str]) -> Part:
    by_cohort: dict[str, list[Asked]] = defaultdict(list)
    for one in read.asked:
        by_cohort[read.cohort[one.hire_id]].append(one)
    lines = [_rate(name, by_cohort[name]) for name in read.names]
    return report.table("answers_over_time", "rate", lines, _rate("all", read.asked), gone)


def _rate(name: str, found: Sequence[Asked]) -> Line:
    people = len({one.hire_id for one in found})
    return report.rate(name, people, sum(one.asked for one in found), sum(one.answered for one in found))


def _measured(read: _Read, measure: Counts, gone: Sequence[str]) -> Iterator[Part]:
    """By form; and over time, for the first form of the journey that asks it: so cohorts are compared at one time.

    Over time no other form is counted: who answered a later one alone would be known by subtraction.
    """
    questions = read.measured.get(measure, {})
    if not questions:
        return
    scores = {form: _scores(read, form, question) for form, question in questions.items()}

    def line(name: str, question: Question, given: Iterable[int]) -> Line:
        if measure is Counts.ENPS:
            return report.enps(name, [*given])
        return report.connected(name, [*given], question.min, question.max)

    main = "enps" if measure is Counts.ENPS else "share"
    rows = (line(form, question, scores[form].values()) for form, question in questions.items())
    yield report.side_by_side(measure.value, main, rows)
    first = next(iter(questions))
    by_cohort: dict[str, list[int]] = defaultdict(list)
    for hire_id, score in scores[first].items():
        by_cohort[read.cohort[hire_id]].append(score)
    lines = [line(name, questions[first], by_cohort[name]) for name in read.names]
    whole = line("all", questions[first], scores[first].values())
    yield report.table(f"{measure}_over_time", main, lines, whole, gone)


def _scores(read: _Read, form: str, question: Question) -> dict[str, int]:
    """The newest answer of each newcomer to a question; what does not fit its scale any more is left out."""
    found: dict[str, int] = {}
    for ask, answer in read.answers:
        if ask.form == form and answer is not None and ask.hire_id == ask.person_id and ask.hire_id in read.cohort:
            score = answer.values.get(question.key)
            if isinstance(score, int) and question.min <= score <= question.max:
                found[ask.hire_id] = score
    return found


def _meetings(read: _Read) -> Part:
    """How many newcomers met their buddy or a partner so often."""
    steps = (step for journey in read.known.journeys.values() for step in journey.steps)
    kinds = {step.key for step in steps if step.verb is Verb.MEET and not WITH.isdisjoint(step.roles)}
    sizes = dict.fromkeys((*(name for name, _ in BUCKETS), MORE), 0)
    for newcomer in read.known.newcomers:
        met = read.known.met.get(newcomer.id, ())
        sizes[bucket_of(sum(one.kind in kinds and one.became is Became.HELD for one in met))] += 1
    return report.spread("meetings", sizes)


def _first_contact(read: _Read) -> Part:
    """How long newcomers waited until they met, or wrote with, the first person, as far as anybody said so."""
    waits: list[int | None] = []
    sizes = dict.fromkeys(report.WAIT_NAMES, 0)
    for newcomer in read.known.newcomers:
        met = read.known.met.get(newcomer.id, ())
        waits.append(first_contact(newcomer.first_day, met))
        sizes[report.wait_of(waits[-1], may_have_met=may_have_met(met, _today(read.known, newcomer.id)))] += 1
    part = report.spread("first_contact", sizes)
    days = [one for one in waits if one is not None]
    if part.whole is None or part.whole.is_hidden or is_small(len(days)) or not days:
        return part
    return replace(part, whole=replace(part.whole, told={"median": median(days)}))


def _today(known: Known, person_id: str) -> date:
    """The date where somebody is."""
    person = known.directory.get(person_id)
    return Calendar.of(person).day_of(known.now) if person else known.now.date()


def _buddies(known: Known) -> Part:
    """How many newcomers each buddy of today looks after, whenever these began or will begin."""
    sizes = dict.fromkeys([*(str(count) for count in range(1, MOST_LOAD)), f"{MOST_LOAD}+"], 0)
    for one in loads.of_roles(known.engine, known.books, known.directory, known.now, {Role.BUDDY}):
        count = one.now + one.coming
        sizes[str(count) if count < MOST_LOAD else f"{MOST_LOAD}+"] += 1
    return report.spread("buddies", sizes)
