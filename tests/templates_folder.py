"""What does the smallest whole folder of templates look like? A builder for tests that vary one file of it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from shutil import copytree

from onboarding import paths
from onboarding.adapters.words import FolderWords

JOURNEY = """
title = "Two days"

[[step]]
key = "first_question"
title = "A question"
ask = "pulse"
of = "hire"
day = 1

[[step]]
key = "low"
title = "A low answer"
watch = "low"
of = "first_question"
when = "answer.mood <= 2"
tell = "hr"
day = 5
"""

FORM = """
title = "How is it, {{ you.first_name }}?"
readers = "The People team."

[[question]]
key = "mood"
kind = "scale"
label = "I like it at {{ company.name }}."

[[question]]
key = "secret"
kind = "choice"
label = "Shall we talk?"
private = true
options = [{ value = "yes", label = "Yes" }, { value = "no", label = "No" }]
"""

FILES: Mapping[str, str] = {
    "journeys/short.toml": JOURNEY,
    "forms/pulse.toml": FORM,
    "messages/pulse/hire.md": (
        "---\nsubject: Hello {{ you.first_name }}\nreason: Because.\n---\n[Answer]({{ ask.url }})\n"
    ),
    "messages/reminder/hire.md": "---\nsubject: Still open\nreason: Because.\n---\n{{ ask.url }}\n",
    "messages/low/hr.md": "---\nsubject: {{ hire.name }}\nreason: Because.\n---\n{{ watch.title }}\n",
    "messages/daily_review/hr.md": (
        "---\nsubject: {{ review.count }}\nreason: Because.\n---\n"
        "{% for line in review.items %}\n- {{ line.hire }}: {{ line.text }}\n{% endfor %}\n"
    ),
    "conversation.toml": 'agenda = ["Small talk"]\nguide = ["Why?"]\nicebreakers = ["What?"]\n',
    "channels.toml": 'always = ["#hello"]\n[channels]\nbooks = "#books"\nTea = ["#tea", "#hello"]\n',
    "layout/words.toml": '[en]\nwhy = "Why:"\nout = "Leave"\n[de]\nwhy = "Warum:"\n',
    "layout/mail.html": (
        "<html><head><style>p { color: #111 } @media (max-width: 9px) { p { color: #222 } }</style></head>"
        '<body lang="{{ language }}">{{ body_html }}<i>{{ words.why }} {{ reason }}</i>'
        '{% if unsubscribe_url %}<a href="{{ unsubscribe_url }}">{{ words.out }}</a>{% endif %}</body></html>'
    ),
    "layout/mail.txt": "{{ body_text }}\n\n{{ reason }}\n{{ unsubscribe_url }}\n",
}


def write_folder(folder: Path, changes: Mapping[str, str | None] | None = None) -> Path:
    """Write the files with some of them changed, added, or (None) left out."""
    for name, text in {**FILES, **(changes or {})}.items():
        if text is not None:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
    return folder


def words_with(folder: Path, changes: Mapping[str, str | None] | None = None) -> FolderWords:
    """The words of such a folder."""
    return FolderWords(write_folder(folder, changes))


def message(body: str, subject: str = "Hello", reason: str = "Because.") -> str:
    """A message file with this body."""
    return f"---\nsubject: {subject}\nreason: {reason}\n---\n{body}"


def without_steps(folder: Path, *keys: str) -> FolderWords:
    """The shipped words with a journey that lacks these steps."""
    copytree(paths.shipped_templates(), folder)
    file = folder / "journeys" / "remote.toml"
    head, *steps = file.read_text(encoding="utf-8").split("[[step]]\n")
    kept = [step for step in steps if not any(f'key = "{key}"\n' in step for key in keys)]
    assert len(steps) - len(kept) == len(keys)
    file.write_text("[[step]]\n".join([head, *kept]), encoding="utf-8")
    return FolderWords(folder)
