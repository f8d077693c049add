"""How fast are HR's words checked, compiled and rendered? Run: `python -m tests.benchmarks.words`."""

from __future__ import annotations

from collections.abc import Callable
from statistics import median
from time import perf_counter

from onboarding import paths
from onboarding.adapters.words import FolderWords
from onboarding.adapters.words.checks import parse
from onboarding.adapters.words.messages import ANY_SCOPE, BODIES, read_message
from onboarding.domain import conditions
from onboarding.domain.fields import fields_of, sample
from onboarding.domain.journey import Verb

ROUNDS = 200
CONDITION = "answer.role_clear <= 2 or answer.knows_whom <= 2 or answer.connected <= 2"


def main() -> None:
    """Print the median of each measure."""
    folder = paths.shipped_templates()
    words = FolderWords(folder)
    text = (folder / "messages/welcome_card/hire.md").read_text(encoding="utf-8")
    body = text.split("---\n", 2)[2]
    fields = sample(fields_of(Verb.WRITE))
    facts = {"answer": {"role_clear": 4, "knows_whom": 4, "connected": 4}}
    measures: dict[str, Callable[[], object]] = {
        "parse a body and check it against the allow-list": lambda: parse(BODIES, body, ANY_SCOPE),
        "read a message: check and compile its three templates": lambda: read_message("hire.md", text),
        "render a message: Markdown, layout, CSS, text": lambda: words.message(
            "welcome_card", "hire", "en", fields
        ),
        "fill in a form": lambda: words.form("check_in_30", "en", fields),
        "decide a condition": lambda: conditions.holds_text(CONDITION, facts),
    }
    for name, work in measures.items():
        print(f"{name:55} {_milliseconds(work, ROUNDS):8.3f} ms")
    print(f"{'check the whole shipped folder':55} {_milliseconds(words.check, 3):8.1f} ms")


def _milliseconds(work: Callable[[], object], rounds: int) -> float:
    times = []
    for _ in range(rounds):
        start = perf_counter()
        work()
        times.append(perf_counter() - start)
    return median(times) * 1000


if __name__ == "__main__":
    main()
