from __future__ import annotations

import time
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onboarding.adapters.words import markdown, plain_text
from onboarding.adapters.words.messages import fill, read_message
from onboarding.adapters.words.templates import plain_values
from onboarding.domain.errors import BadWords
from onboarding.domain.fields import FIELDS, fields_of, sample
from onboarding.domain.journey import Verb
from onboarding.domain.words import Fields
from tests.templates_folder import message, words_with

WRITE: Fields = sample(fields_of(Verb.WRITE))
EVERYTHING = plain_values(sample(FIELDS))
SECONDS = 5.0
"""Of the processor: ten times what the worst takes, for slow machines; far less than an attack."""


@pytest.mark.parametrize(
    "body",
    [
        "{{ 10**(10**8) }}",
        "{{ 'A'*10**9 }}",
        "{{ 'A' ~ 'B' }}",
        "{{ 9**9**9**9 % 7 }}",
        "{{ 1 + 1 }}",
        "{{ -1 }}",
        "{{ lipsum() }}",
        "{{ lipsum }}",
        "{{ range(10**9) }}",
        "{{ cycler }}",
        "{{ dict(a=1) }}",
        "{{ namespace() }}",
        "{{ '%999999999d' | format(1) }}",
        "{{ '{:999999999}'.format(1) }}",
        "{{ '%999999999d' % 1 }}",
        "{{ hire.name | center(999999999) }}",
        "{{ hire.name | indent(999999999) }}",
        "{{ hire.name | replace('a', 'b') }}",
        "{{ hire.name | safe }}",
        "{{ hire.name | attr('__class__') }}",
        "{{ notes | map(attribute='text') | list }}",
        "{{ notes | join(',', attribute='__class__') }}",
        "{{ notes | join(attribute='name.__class__') }}",
        "{{ notes | join(*hire.interests) }}",
        "{{ hire.name | round(method=hire.name) }}",
        "{{ ''.__class__.__mro__ }}",
        "{{ hire.__class__ }}",
        "{{ hire.name.__class__ }}",
        "{{ hire['name'] }}",
        "{{ hire.name[0] }}",
        "{{ hire.name[:3] }}",
        "{{ hire.name.upper() }}",
        "{{ hire.items() }}",
        "{{ hire.keys }}",
        "{{ self }}",
        "{{ self.__init__.__globals__ }}",
        "{{ loop }}",
        "{{ loop.index }}",
        "{{ _slots }}",
        "{{ _slots.values }}",
        "{{ caller() }}",
        "{{ varargs }}",
        "{{ true }}{{ none }}",
        "{{ {'a': 1} }}",
        "{{ hire.name is string }}",
        "{{ hire.name if hire.team else 'x' }}",
        "{% include 'messages/card/hire.md' %}",
        "{% include '/etc/passwd' %}",
        "{% import 'x' as x %}",
        "{% from 'x' import y %}",
        "{% extends 'x' %}",
        "{% block x %}{% endblock %}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{% set x = 'A' %}",
        "{% set ns.x = 1 %}",
        "{% call x() %}{% endcall %}",
        "{% filter upper %}x{% endfilter %}",
        "{% with x = 1 %}{% endwith %}",
        "{% autoescape false %}x{% endautoescape %}",
        "{% do x %}",
        "{% debug %}",
        "{% trans %}x{% endtrans %}",
        "{% for x in range(9) %}{% endfor %}",
        "{% for x in 'abc' %}{% endfor %}",
        "{% for x in [1, 2] %}{% endfor %}",
        "{% for x in hire.name %}{% endfor %}",
        "{% for x in notes | first %}{% endfor %}",
        "{% for x, y in notes %}{% endfor %}",
        "{% for hire in notes %}{% endfor %}",
        "{% for loop in notes %}{% endfor %}",
        "{% for _slots in notes %}{{ _slots }}{% endfor %}",
        "{% for a in notes recursive %}{{ loop(notes) }}{% endfor %}",
        "{% for a in notes %}{{ loop.cycle(1) }}{% endfor %}",
        "{% for a in notes %}{{ loop.previtem }}{% endfor %}",
        "{% for a in notes %}{% for b in notes %}{% for c in notes %}x{% endfor %}{% endfor %}{% endfor %}",
        "{% for a in notes %}{% for a in notes %}x{% endfor %}{% endfor %}",
        "{% for a in notes %}{% endfor %}" * 30,
        "{% if hire.name %}" * 40 + "x" + "{% endif %}" * 40,
        "{% if hire.name %}{% elif hire.team %}" + "{% elif hire.team %}" * 10 + "{{ nobody }}{% endif %}",
        "{{ " + "not " * 500 + "hire.name }}",
        "{{ " + "(" * 2000 + "1" + ")" * 2000 + " }}",
        "{{ hire.name" + " | upper" * 1000 + " }}",
        "{{ " + "hire.name and " * 1000 + "1 }}",
        "{{ a" + ".b" * 5000 + " }}",
        "{{ " + "9" * 10_000 + " }}",
        "{{" * 9000,
        "{%" * 9000,
        "x" * 20_001,
        "{{ hire.name",
        "{% if %}",
    ],
)
def test_what_is_not_on_the_allow_list_is_refused_before_it_is_compiled(body: str) -> None:
    start = time.process_time()
    with pytest.raises(BadWords, match=r"messages/card/hire\.md"):
        read_message("messages/card/hire.md", message(body))
    assert time.process_time() - start < SECONDS


@pytest.mark.parametrize(
    "body",
    [
        "[" * 4_750,
        "![" * 2_250,
        "[x](" * 1_125,
        "[[]" * 1_500,
        "*a " * 1_500,
        "a*" * 2_250,
        "a**b" * 1_125,
        "*_" * 2_250,
        "<a " * 1_500,
        "&#" * 2_250,
        ">" * 4_750,
        "- " * 2_250,
        "\\" * 4_750,
        "".join("`" * width + " " for width in range(1, 95)),
        "".join(" " * width + "- a\n" for width in range(95)),
        "[a]: x\n" * 625,
        "{{ hire.name }}" * 300,
    ],
)
def test_the_worst_markdown_is_rendered_in_bounded_time(body: str) -> None:
    start = time.process_time()
    fill(read_message("x.md", message(body)), EVERYTHING)
    assert time.process_time() - start < SECONDS


def test_loops_cannot_give_more_than_the_limit() -> None:
    body = "{% for a in notes %}{% for b in notes %}" + "x" * 1000 + "{% endfor %}{% endfor %}"
    fields = {**EVERYTHING, "notes": EVERYTHING["notes"] * 100}
    start = time.process_time()
    with pytest.raises(BadWords, match=r"x\.md: gives more than 40,000 characters"):
        fill(read_message("x.md", message(body)), fields)
    many = {**EVERYTHING, "notes": [{"text": "y" * 2000, "name": "Bo"}] * 200}
    every = read_message("x.md", message("{% for a in notes %}{{ a.text }}{% endfor %}"))
    with pytest.raises(BadWords, match="the values give more than 200,000 characters"):
        fill(every, many)
    assert time.process_time() - start < SECONDS


def test_a_list_that_is_too_long_is_refused() -> None:
    with pytest.raises(BadWords, match="the list notes has more than 500 items"):
        plain_values({"notes": [{}] * 501})


@pytest.mark.parametrize(
    "name", ["../x", "..", "/etc/passwd", "a/b", "a\\b", "", ".", "A", "a\n", "a\x00", "a.md", "é"]
)
def test_a_name_cannot_leave_its_folder(tmp_path: Path, name: str) -> None:
    words = words_with(tmp_path)
    with pytest.raises(BadWords, match="is not a name"):
        words.journey(name)
    with pytest.raises(BadWords, match="is not a name"):
        words.message(name, "hire", "en", WRITE)
    with pytest.raises(BadWords, match="is not a name"):
        words.message("pulse", name, "en", WRITE)
    with pytest.raises(BadWords, match="is not a name"):
        words.form(name, "en", WRITE)
    with pytest.raises(BadWords, match="is not a name"):
        words.language_of(name, "hire", "en")


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("title = 'x'", encoding="utf-8")
    words = words_with(tmp_path / "templates")
    (tmp_path / "templates/journeys/out.toml").symlink_to(tmp_path / "secret")
    with pytest.raises(BadWords, match=r"journeys/out\.toml: it is a link out of the templates folder"):
        words.journey("out")


def test_a_file_that_is_huge_or_no_text_is_refused(tmp_path: Path) -> None:
    words = words_with(tmp_path)
    (tmp_path / "journeys/big.toml").write_text("#" * 300_000, encoding="utf-8")
    (tmp_path / "journeys/latin.toml").write_bytes("title = 'Zoë'".encode("latin-1"))
    (tmp_path / "journeys/folder.toml").mkdir()
    (tmp_path / "journeys/deep.toml").write_text("x = " + "[" * 5000, encoding="utf-8")
    for name, line in (
        ("big", "larger than"),
        ("latin", "UTF-8"),
        ("folder", "cannot be read"),
        ("deep", "nest too"),
    ):
        with pytest.raises(BadWords, match=line):
            words.journey(name)
    assert len(words.check()) == 4


def test_a_subject_is_one_line_and_cannot_forge_a_header(tmp_path: Path) -> None:
    words = words_with(tmp_path, {"messages/card/hire.md": message("x", subject="Hi {{ you.name }}")})

    def subject(name: str) -> str:
        fields = {**WRITE, "you": {"name": name, "first_name": name}}
        return words.message("card", "hire", "en", fields).subject

    assert subject("Bo\r\nBcc: eve@example.com\u2028X-A: b\x85c\x00") == "Hi Bo Bcc: eve@example.com X-A: b c"
    assert len(subject("B" * 5000)) == 250
    with pytest.raises(BadWords, match="could forge a header"):
        subject("=?UTF-8?Q?=0A?=Bcc: eve@example.com")


def test_a_value_that_no_utf8_can_hold_does_not_stop_a_mail(tmp_path: Path) -> None:
    words = words_with(
        tmp_path, {"messages/card/hire.md": message("Dear {{ you.name }},", subject="{{ you.name }}")}
    )
    made = words.message("card", "hire", "en", {**WRITE, "you": {"name": "B\ud83do\x00\u202e", "first_name": ""}})
    assert made.subject == "Bo"
    assert "Dear Bo," in made.html
    assert made.text.startswith("Dear Bo,")


def test_a_value_cannot_become_markup_in_the_reason_or_the_layout(tmp_path: Path) -> None:
    words = words_with(
        tmp_path, {"messages/card/hire.md": message("x", reason="{{ you.name }} {{ company.name }}")}
    )
    fields = {
        **WRITE,
        "you": {"name": "<script>x</script>", "first_name": ""},
        "company": {"name": "&<b>", "hr_email": ""},
    }
    made = words.message("card", "hire", "en", fields, unsubscribe_url='https://x.example.com/"><script>')
    page = BeautifulSoup(made.html, "html.parser")
    assert page.find(["script", "b"]) is None
    assert "<script>x</script> &<b>" in page.get_text()
    assert "<script>x</script> &<b>" in made.text


@pytest.mark.parametrize(
    "target",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "https://evil.example.org",
        "//evil.example.org",
        "",
        "file:///etc/passwd",
        ") [x](https://evil.example.org",
    ],
)
def test_a_value_that_is_no_address_of_ours_is_never_the_target_of_a_link(target: str) -> None:
    values = {**EVERYTHING, "hire": {**EVERYTHING["hire"], "name": target}}
    html = fill(read_message("x.md", message("[text]({{ hire.name }}) ![p]({{ hire.name }})")), values).html
    page = BeautifulSoup(html, "html.parser")
    assert [link.get("href") for link in page.find_all("a")] == [None]
    assert [image.get("src") for image in page.find_all("img")] == [None]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("preferences_url", "javascript:alert(1)"),
        ("preferences_url", "https://a.example.com/ <b>"),
        ("preferences_url", 'https://a.example.com/"onclick="x'),
    ],
)
def test_an_address_field_that_holds_something_else_is_only_text(key: str, value: str) -> None:
    values = plain_values({**sample(FIELDS), key: value})
    body = fill(read_message("x.md", message("{{ " + key + " }} [x]({{ " + key + " }})")), values)
    page = BeautifulSoup(body.html, "html.parser")
    assert [link.get("href") for link in page.find_all("a")] == [None]
    assert value in page.get_text()
    assert value in body.text


def test_a_value_inside_an_address_is_encoded() -> None:
    values = plain_values(
        {**sample(FIELDS), "hire": {"email": "noor@example.com?bcc=eve@example.org", "team": "a/../b c"}}
    )
    html = fill(
        read_message("x.md", message("[x](mailto:{{ hire.email }}) [y](https://example.com/{{ hire.team }})")),
        values,
    ).html
    targets = [link.get("href") for link in BeautifulSoup(html, "html.parser").find_all("a")]
    assert targets == ["mailto:noor@example.com%3Fbcc%3Deve@example.org", "https://example.com/a%2F..%2Fb%20c"]


def test_html_of_a_template_is_text_too() -> None:
    html = fill(read_message("x.md", message("<script>x</script>\n\n<b>y</b> [z](javascript:x)")), EVERYTHING).html
    assert {one.name for one in BeautifulSoup(html, "html.parser").find_all(name=True)} == {"p"}


def test_no_style_sheet_elsewhere_is_read(tmp_path: Path) -> None:
    (tmp_path / "evil.css").write_text("p { color: red }", encoding="utf-8")
    links = (
        f'<link rel="stylesheet" href="file://{tmp_path}/evil.css"><link rel="stylesheet" href="evil.css">'
        '<link rel="stylesheet" href="http://127.0.0.1:9/evil.css"></head>'
    )
    layout = f"<html><head>{links}<body>{{{{ body_html }}}}{{{{ reason }}}}{{{{ unsubscribe_url }}}}</body></html>"
    words = words_with(tmp_path, {"layout/mail.html": layout})
    assert "red" not in words.message("reminder", "hire", "en", sample(fields_of(Verb.ASK))).html


def test_a_token_that_a_template_writes_itself_is_only_text() -> None:
    body = fill(read_message("x.md", message("zq0z zqq0z {{ hire.name }}")), EVERYTHING)
    assert body.text == "zq0z zqq0z Noor Haddad"


BODY = """
# {{ hire.name }}

Dear **{{ hire.name }}**, *{{ hire.name }}*: `{{ hire.name }}`
[{{ hire.name }}]({{ preferences_url }} "{{ hire.name }}")

> {{ hire.name }}

- {{ hire.name }}
1. {{ hire.name }} {{ hire.name }}

```{{ hire.name }}
{{ hire.name }}
```

{{ hire.name }}
"""
PIECES = [
    "\n",
    "\n\n",
    "    ",
    "# ",
    "> ",
    "- ",
    "1. ",
    "```",
    "`",
    "*",
    "_",
    "[a](b)",
    "<b>",
    "&lt;",
    "\\",
    "]",
    ")",
    "zq0z",
]
PIECES += [
    "{{ 7 }}",
    "{% if %}",
    "http://x.y",
    "<http://x.y>",
    "<!--",
    "|",
    "~~",
    "!",
    "=",
    "---",
    "\u202e",
    "\x00",
    "'",
    '"',
]
NAMES = st.one_of(
    st.text(max_size=30), st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=8).map("".join)
)


def shape(html: str) -> list[tuple[str, tuple[str, ...]]]:
    """The tags of a page with the names of their attributes.

    Line breaks are left out, which a name may have, and the element around a name that runs from right to left.
    """
    page = BeautifulSoup(html, "html.parser")
    return [
        (tag.name, tuple(sorted(tag.attrs)))
        for tag in page.find_all(name=True)
        if isinstance(tag, Tag) and tag.name != "br" and (tag.name, set(tag.attrs)) != ("span", {"dir"})
    ]


MADE = read_message("x.md", message(BODY))
PLAIN_SHAPE = shape(fill(MADE, EVERYTHING).html)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(name=NAMES)
def test_no_name_whatever_changes_the_markup_around_it(name: str) -> None:
    full = f"N{name}"  # a paragraph with nothing in it would go
    body = fill(MADE, {**EVERYTHING, "hire": {**EVERYTHING["hire"], "name": full}})
    assert shape(body.html) == PLAIN_SHAPE
    for word in name.split():
        if word.isprintable():
            assert word in body.text


@settings(max_examples=100, deadline=None)
@given(source=NAMES)
def test_any_markdown_has_a_plain_text(source: str) -> None:
    slots = markdown.Slots(markdown.mark_for(source))
    text = plain_text.to_text(markdown.parse(source, slots))
    assert isinstance(text, str)
