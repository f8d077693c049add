from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from onboarding import paths
from onboarding.adapters.words import FolderWords
from onboarding.domain.errors import BadWords
from onboarding.domain.fields import empty, fields_of, sample
from onboarding.domain.forms import Counts, Kind
from onboarding.domain.journey import Verb
from onboarding.domain.matching_weights import MatchingWeights
from onboarding.domain.offices import NO_OFFICES
from onboarding.domain.words import CoffeeWords, Fields
from onboarding.ports import Words
from tests.templates_folder import FORM, JOURNEY, message, words_with, write_folder

MEASURED = '[[question]]\nkey = "near"\nkind = "scale"\nlabel = "N"\nmeasure = "connected"\n'
ASK: Fields = sample(fields_of(Verb.ASK))
WRITE: Fields = sample(fields_of(Verb.WRITE))
CARD = "messages/card/hire.md"
TALK = 'agenda = ["Plaudern"]\nguide = ["Warum?"]\nicebreakers = ["Was?"]\n'


def rendered(folder: Path, body: str, fields: Fields | None = None) -> tuple[BeautifulSoup, str]:
    """The HTML and the text of a message with this body."""
    words: Words = words_with(folder, {CARD: message(body)})
    made = words.message("card", "hire", "en", WRITE if fields is None else fields)
    return BeautifulSoup(made.html, "html.parser"), made.text


def note(text: str) -> Fields:
    """Fields in which a colleague wrote this."""
    return {**WRITE, "notes": [{"name": "Bo", "first_name": "Bo", "job_title": "", "location": "", "text": text}]}


def test_a_message_has_a_subject_html_with_its_css_inside_and_text(tmp_path: Path) -> None:
    made = words_with(tmp_path).message("pulse", "hire", "en", ASK)
    assert made.subject == "Hello Chidi"
    assert made.language == "en"
    assert '<p style="color: #111;">' in made.html
    assert "@media" in made.html
    assert '<a href="https://onboarding.example.com/ask/sample">Answer</a>' in made.html
    assert made.text == "Answer: https://onboarding.example.com/ask/sample\n\nBecause.\n"


def test_the_shipped_check_ins_say_which_answers_are_counted() -> None:
    words = FolderWords(paths.shipped_templates())
    for form in ("check_in_30", "check_in_60", "check_in_90"):
        for language in ("en", "de", "es"):
            asked = words.form_as_written(form, language).questions
            measured = {one.measure: one.key for one in asked if one.measure}
            assert measured == {Counts.CONNECTED: "connected", Counts.ENPS: "recommend"}


def test_a_way_out_stands_in_both_parts_when_there_is_one(tmp_path: Path) -> None:
    made = words_with(tmp_path).message("pulse", "hire", "en", ASK, unsubscribe_url="https://out.example.com/x")
    assert '<a href="https://out.example.com/x">Leave</a>' in made.html
    assert made.text.endswith("https://out.example.com/x\n")


def test_a_bare_address_can_be_clicked(tmp_path: Path) -> None:
    html, text = rendered(tmp_path, "Here: {{ preferences_url }} or {{ company.hr_email }}")
    targets = [link["href"] for link in html.find_all("a")]
    assert targets == ["https://onboarding.example.com/preferences/sample", "mailto:people-team@example.com"]
    assert "Here: https://onboarding.example.com/preferences/sample or people-team@example.com" in text


def test_a_photo_is_shown_from_inside_the_mail_and_plain_text_leaves_it_out(tmp_path: Path) -> None:
    shown = "![Photo of {{ note.name }}]({{ note.photo }})"
    body = f"{{% for note in notes %}}\n{shown}\n\n### {{{{ note.name }}}}\n{{% endfor %}}"
    html, text = rendered(tmp_path, body)
    found = html.find("img")
    assert found is not None
    assert (found["src"], found["alt"], found["width"]) == ("cid:sample@photo", "Photo of Amara Diallo", "72")
    assert text.startswith("Amara Diallo\n")


@pytest.mark.parametrize(
    "photo", ["", "https://evil.example/x.gif", "cid:a b@photo", 'cid:x" onerror="y@photo', "data:x"]
)
def test_what_is_no_photo_of_the_mail_is_never_shown(tmp_path: Path, photo: str) -> None:
    fields = {**WRITE, "buddy": {**WRITE["buddy"], "photo": photo}}  # type: ignore[dict-item]  # a table
    html, text = rendered(tmp_path, "a{% if buddy.photo %}![x]({{ buddy.photo }}){% endif %}", fields)
    assert html.find("img") is None
    assert text.startswith("a\n")


def test_a_photo_can_be_neither_followed_nor_read_and_an_address_cannot_be_shown(tmp_path: Path) -> None:
    html, text = rendered(tmp_path, "{{ buddy.photo }}[go]({{ buddy.photo }}) ![see]({{ preferences_url }})")
    assert not html.find_all(href=True)
    assert all(not one.get("src") for one in html.find_all("img"))
    assert "cid:" not in text + str(html)


def test_a_message_tells_which_fields_it_uses_in_any_language(tmp_path: Path) -> None:
    body = "{% for one in notes %}{{ one.photo }}{% endfor %}{% if buddy.email %}x{% endif %}"
    german = message("{{ profile_url }}", subject="{{ hire.first_name }}")
    form = FORM.replace("title =", 'intro = "{{ hire.team }}"\ntitle =', 1)
    words = words_with(
        tmp_path, {CARD: message(body), "messages/card/hire.de.md": german, "forms/pulse.toml": form}
    )
    used = words.fields_in_message("card", "hire")
    assert used == {"notes", "notes[].photo", "buddy.email", "profile_url", "hire.first_name"}
    assert words.fields_in_message("card", "buddy") == words.fields_in_message("nothing", "hire") == frozenset()
    assert words.fields_in_form("pulse") == {"hire.team", "you.first_name", "company.name"}
    assert words.fields_in_form("nothing") == frozenset()


def test_an_address_with_odd_signs_stays_whole(tmp_path: Path) -> None:
    url = "https://video.example.com/a_b*c?x=1&y=[2]&z=~(3)#é"
    html, text = rendered(tmp_path, "[Go]({{ preferences_url }})", {**WRITE, "preferences_url": url})
    link = html.find("a")
    assert link is not None
    assert link["href"] == "https://video.example.com/a_b*c?x=1&y=%5B2%5D&z=~(3)#%C3%A9"
    assert "Go: https://video.example.com/a_b*c" in text


def test_a_name_reads_in_the_text_as_its_owner_writes_it(tmp_path: Path) -> None:
    fields = {**WRITE, "you": {"name": "Zoë O'Neil-_Łuk*", "first_name": "Zoë"}}
    html, text = rendered(tmp_path, "Dear **{{ you.name }}**,", fields)
    assert html.p is not None
    assert html.p.decode_contents() == "Dear <strong>Zoë O'Neil-_Łuk*</strong>,"
    assert text.startswith("Dear Zoë O'Neil-_Łuk*,\n")


def test_the_lines_of_a_note_stay_inside_its_quote(tmp_path: Path) -> None:
    body = "{% for note in notes %}\n> {{ note.text }}\n{% endfor %}\nAfter"
    html, text = rendered(tmp_path, body, note("Hello!\n\n- not a list\n# not a heading\n    not code"))
    assert len(html.find_all(["li", "h1", "pre"])) == 0
    quote = html.find("blockquote")
    assert quote is not None
    assert quote.get_text().split() == [
        "Hello!",
        "-",
        "not",
        "a",
        "list",
        "#",
        "not",
        "a",
        "heading",
        "not",
        "code",
    ]
    assert len(quote.find_all("br")) == 4
    assert quote["dir"] == "auto"
    assert text.startswith("> Hello!\n>\n> - not a list\n> # not a heading\n>     not code\n\nAfter\n")


def test_markdown_reads_well_without_markup(tmp_path: Path) -> None:
    body = """
# One

Two *words* and `code`
on two lines.

## Three
1. first
2. second [link](https://example.com/x)
   - inside
   - again

> quoted

---
![a picture](https://example.com/p.png)

    indented
"""
    _, text = rendered(tmp_path, body)
    assert text.removesuffix("\n\nBecause.\n") == (
        "One\n---\n\nTwo words and code\non two lines.\n\nThree\n-----\n\n"
        "1. first\n2. second link: https://example.com/x\n   - inside\n   - again\n\n"
        "> quoted\n\n----------------------------------------\n\na picture\n\nindented"
    )


def test_a_tag_alone_on_its_line_leaves_no_empty_line(tmp_path: Path) -> None:
    body = "- one\n{% if hire.name %}\n- two\n{% endif %}\n  {% if hire.team %}\n- three\n  {% endif %}\n- four\n"
    html, _ = rendered(tmp_path, body)
    assert len(html.find_all("ul")) == 1
    assert not html.find("ul").find("p")  # type: ignore[union-attr]  # a loose list would have paragraphs


def test_a_tag_at_the_end_of_a_line_keeps_the_line(tmp_path: Path) -> None:
    html, _ = rendered(tmp_path, "Hello{% if you.name %} there{% endif %}\n\nNew paragraph")
    assert [one.get_text() for one in html.find_all("p")] == ["Hello there", "New paragraph"]


def test_a_paragraph_in_which_nothing_is_left_disappears(tmp_path: Path) -> None:
    html, text = rendered(tmp_path, "One\n\n{{ hire.team }}\n\nTwo", {**empty(Verb.WRITE)})
    assert [one.get_text() for one in html.find_all("p")] == ["One", "Two"]
    assert text.startswith("One\n\nTwo\n")


def test_lists_filters_and_loops_of_the_allow_list_work(tmp_path: Path) -> None:
    body = (
        "{{ hire.interests | join(', ') | upper }} {{ notes | length }} {{ notes | join(attribute='name') }} "
        "{{ channels | first }} {{ hire.team | default('none', true) | lower }} "
        "{% for one in notes %}{{ loop.index }}{% if not loop.last %},{% endif %}{% else %}nobody{% endfor %} "
        "{% if hire.department in ['Data', 'Design'] and notes | length >= 1 %}yes{% endif %}"
    )
    html, _ = rendered(tmp_path, body)
    assert html.p is not None
    assert html.p.get_text() == "HIKING 1 Amara Diallo #hiking insights 1 yes"
    assert "nobody" in rendered(tmp_path, body, empty(Verb.WRITE))[1]


@pytest.mark.parametrize(
    ("wanted", "files", "spoken"),
    [
        ("de", [], "en"),
        ("pt-BR", ["pt"], "pt"),
        ("pt_br", ["pt", "pt-br"], "pt-br"),
        ("pt", ["pt-br"], "en"),
        ("en-GB", ["de"], "en"),
        ("../../etc", ["de"], "en"),
        ("", ["de"], "en"),
    ],
)
def test_a_language_falls_back_to_the_next(tmp_path: Path, wanted: str, files: list[str], spoken: str) -> None:
    variants = {f"messages/pulse/hire.{tag}.md": message("{{ ask.url }}", subject=tag) for tag in files}
    words = words_with(tmp_path, variants)
    assert words.language_of("pulse", "hire", wanted) == spoken
    made = words.message("pulse", "hire", wanted, ASK)
    assert made.language == spoken
    assert made.subject == (spoken if spoken != "en" else "Hello Chidi")


def test_the_fixed_words_are_those_of_the_language_and_else_english(tmp_path: Path) -> None:
    words = words_with(tmp_path)
    assert words.layout_words("de-at") == {"why": "Warum:", "out": "Leave"}
    assert words.layout_words("fr") == {"why": "Why:", "out": "Leave"}


def test_an_edit_shows_at_the_next_mail(tmp_path: Path) -> None:
    words = words_with(tmp_path)
    assert words.message("pulse", "hire", "en", ASK).subject == "Hello Chidi"
    write_folder(tmp_path, {"messages/pulse/hire.md": message("{{ ask.url }}", subject="Good day")})
    assert words.message("pulse", "hire", "en", ASK).subject == "Good day"
    (tmp_path / "messages/pulse/hire.md").write_text("no front matter", encoding="utf-8")
    for _ in range(2):
        with pytest.raises(BadWords, match=r"messages/pulse/hire\.md, line 1: a message begins with"):
            words.message("pulse", "hire", "en", ASK)
    (tmp_path / "messages/pulse/hire.md").unlink()
    with pytest.raises(BadWords, match=r"messages/pulse/hire\.md: there is no such file"):
        words.message("pulse", "hire", "en", ASK)


def test_a_file_from_another_system_is_read_too(tmp_path: Path) -> None:
    words = words_with(tmp_path)
    text = "\ufeff" + message("{{ ask.url }}", subject='"Ça va?"').replace("\n", "\r\n")
    (tmp_path / "messages/pulse/hire.md").write_bytes(text.encode("utf-8"))
    assert words.message("pulse", "hire", "en", ASK).subject == "Ça va?"


def test_many_threads_may_render_at_once() -> None:
    words = FolderWords(paths.shipped_templates())
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: words.message("welcome_card", "hire", "en", WRITE), range(60)))
    assert len({one.html for one in made}) == 1


def test_a_form_is_filled_in_for_its_reader(tmp_path: Path) -> None:
    form = words_with(tmp_path).form("pulse", "en", ASK)
    assert form.title == "How is it, Chidi?"
    assert form.questions[0].label == "I like it at Example Company."
    assert [(one.key, one.kind, one.private) for one in form.questions] == [
        ("mood", Kind.SCALE, False),
        ("secret", Kind.CHOICE, True),
    ]
    assert [option.label for option in form.questions[1].options] == ["Yes", "No"]


def test_a_form_needs_only_the_fields_that_it_uses(tmp_path: Path) -> None:
    form = words_with(tmp_path, {"forms/plain.toml": FORM.replace("{{ you.first_name }}", "you")})
    with pytest.raises(BadWords, match=r"forms/pulse\.toml"):
        form.form("pulse", "en", {"company": {"name": "X"}})
    assert form.form("plain", "en", {"company": {"name": "X"}}).title == "How is it, you?"


def test_channels_are_those_for_everybody_then_those_of_interests(tmp_path: Path) -> None:
    words = words_with(tmp_path)
    assert words.channels([]) == ["#hello"]
    assert words.channels(["Books ", "tea", "chess"]) == ["#hello", "#books", "#tea"]


def test_a_conversation_is_in_the_language_or_english(tmp_path: Path) -> None:
    german = 'agenda = ["Plaudern"]\nguide = ["Warum?"]\nicebreakers = ["Was?"]\n'
    words = words_with(tmp_path, {"conversation.de.toml": german})
    assert words.conversation("de").agenda == ("Plaudern",)
    assert words.conversation("fr").agenda == ("Small talk",)


def test_what_is_not_said_of_coffee_keeps_its_english_words(tmp_path: Path) -> None:
    words = words_with(tmp_path, {"conversation.de.toml": TALK + '[coffee]\ntitle = "Kaffee: {names}"\n'})
    assert words.conversation("de").coffee == CoffeeWords(title="Kaffee: {names}")
    assert words.conversation("en").coffee == CoffeeWords()


def test_a_journey_that_cannot_be_read_tells_the_line(tmp_path: Path) -> None:
    words = words_with(tmp_path, {"journeys/broken.toml": "title = 'x'\n[[step]\n"})
    assert words.journey("short").title == "Two days"
    with pytest.raises(BadWords, match=r"journeys/broken\.toml: not TOML: .*line 2"):
        words.journey("broken")
    with pytest.raises(BadWords, match=r"journeys/absent\.toml: there is no such file"):
        words.journey("absent")


def test_a_missing_folder_is_one_sentence(tmp_path: Path) -> None:
    words = FolderWords(tmp_path / "absent")
    assert words.check() == [f"there is no templates folder {tmp_path / 'absent'}"]
    with pytest.raises(BadWords, match="there is no templates folder"):
        words.journey("remote")


def test_a_field_that_is_not_given_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadWords, match=r"messages/pulse/hire.md: .*url"):
        words_with(tmp_path).message("pulse", "hire", "en", {**ASK, "ask": {}})


def test_a_template_gets_plain_values_only(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="the field who is a PosixPath; templates get plain values only"):
        words_with(tmp_path).message("pulse", "hire", "en", {**ASK, "you": {"who": tmp_path}})


def test_what_counts_in_matching_is_read_and_without_a_file_the_defaults_count(tmp_path: Path) -> None:
    assert words_with(tmp_path / "none").matching() == MatchingWeights()
    words = words_with(tmp_path / "some", {"matching.toml": "[buddy]\nlanguage = 7\n"})
    assert words.matching().roles["buddy"].language == 7
    assert words.matching().roles["buddy"].interest == MatchingWeights().roles["buddy"].interest
    (tmp_path / "some" / "matching.toml").write_text("[buddy]\nlanguage = 80\n", encoding="utf-8")
    assert words.matching().roles["buddy"].language == 80
    with pytest.raises(BadWords, match="no templates folder"):
        FolderWords(tmp_path / "nowhere").matching()


def test_every_slip_of_the_weights_is_told(tmp_path: Path) -> None:
    words = words_with(tmp_path, {"matching.toml": "[budy]\n[peer]\nlanguage = -1\nload = nan\n"})
    with pytest.raises(BadWords) as caught:
        words.matching()
    assert len(caught.value.mistakes) == 3
    assert words.check() == list(caught.value.mistakes)
    assert words_with(tmp_path / "x", {"matching.toml": "[peer"}).check()[0].startswith("matching.toml: not TOML")
    assert "matchin.toml: unknown" in words_with(tmp_path / "y", {"matchin.toml": ""}).check()[0]


def test_the_days_of_offices_are_read_and_read_again_when_the_file_changes(tmp_path: Path) -> None:
    assert words_with(tmp_path / "none").offices() == NO_OFFICES
    words = words_with(tmp_path / "some", {"offices.toml": '[oslo]\nlocation = "Oslo"\ndays_off = ["05-17"]\n'})
    before = words.offices()
    assert before.offices[0].location == "Oslo"
    assert words.offices() is before
    (tmp_path / "some" / "offices.toml").write_text('[oslo]\nlocation = "Bergen"\n', encoding="utf-8")
    assert words.offices().offices[0].location == "Bergen"


def test_every_slip_in_the_offices_is_told(tmp_path: Path) -> None:
    words = words_with(tmp_path, {"offices.toml": '[oslo]\nweekend = ["fryday"]\nday_off = []\n'})
    with pytest.raises(BadWords) as caught:
        words.offices()
    assert len(caught.value.mistakes) == 2
    assert words.check() == list(caught.value.mistakes)
    assert "office.toml: unknown" in words_with(tmp_path / "y", {"office.toml": ""}).check()[0]


@pytest.mark.slow
def test_the_shipped_folder_has_no_mistakes() -> None:
    assert FolderWords(paths.shipped_templates()).check() == []


def test_the_smallest_folder_has_no_mistakes(tmp_path: Path) -> None:
    assert words_with(tmp_path).check() == []


PULSE = "messages/pulse/hire.md"
PULSE_TEXT = message("{{ ask.url }}")
ASKED_TWICE = (
    JOURNEY
    + """
[[step]]
key = "second_question"
title = "The same question"
ask = "again"
of = "hire"
day = 6

[[step]]
key = "fallen"
title = "A fallen answer"
watch = "low"
of = "second_question"
when = "fell.mood >= 2"
tell = "hr"
day = 12
"""
)
APART = """
[[step]]
key = "round"
title = "Round"
meet = "pulse"
with = ["hire", "manager"]
day = 1
without_common_hour = "exchange"
"""


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({PULSE: None}, 'journeys/short.toml, step "first_question": there is no folder messages/pulse: unknown '),
        (
            {"journeys/short.toml": JOURNEY.replace('"hr"', '["hr", "manager"]')},
            "there is no messages/low/manager.md",
        ),
        (
            {"forms/pulse.toml": None},
            'step "first_question": there is no forms/pulse.toml: unknown "pulse"; allowed: ',
        ),
        (
            {"journeys/short.toml": JOURNEY + APART},
            'step "round": there is no forms/exchange.toml: unknown "exchange"',
        ),
        ({"journeys/short.toml": JOURNEY + APART}, 'step "round": there is no folder messages/exchange_card: '),
        (
            {"journeys/short.toml": JOURNEY + APART, "messages/exchange/hire.md": message("{{ ask.url }}")},
            'step "round": there is no messages/exchange/manager.md',
        ),
        (
            {"journeys/short.toml": JOURNEY + APART, "messages/exchange/hire.md": message("Please answer.")},
            "messages/exchange/hire.md: ask.url is not used; nobody can answer without the link",
        ),
        ({"messages/reminder/hire.md": None}, "there is no folder messages/reminder: unknown "),
        ({"messages/daily_review/hr.md": None}, "messages/daily_review/hr.md: there is no such file; HR gets it"),
        (
            {PULSE: message("{{ hire.frist_name }}")},
            f"{PULSE}, line 5: unknown field hire.frist_name; did you mean hire.",
        ),
        (
            {"messages/daily_review/hr.md": message("{% for one in review.items %}{{ one.hrie }}{% endfor %}")},
            "messages/daily_review/hr.md, line 5: unknown field one.hrie; allowed: one.hire, one.text",
        ),
        (
            {PULSE: message("{{ ask.url }}{% for one in hire.interests %}{{ one.name }}{% endfor %}")},
            f"{PULSE}, line 5: unknown field one.name; allowed: one",
        ),
        ({PULSE: message("{{ ask.minutes | join }} {{ hire.interests | lower }}")}, "join needs a list"),
        ({PULSE: message("{{ hire.interests | lower }}")}, "lower needs one value, not a list"),
        ({PULSE: "---\n\nsubject: x\nreason: y\n---\nx"}, "ask.url is not used"),
        ({PULSE: message("\n\n{{ notes }}")}, f"{PULSE}, line 7: notes is only for messages of write steps"),
        (
            {PULSE: message("x", subject="{{ bonus }}")},
            f"{PULSE}, line 2: unknown field bonus; allowed: company.name",
        ),
        (
            {PULSE: message("x", reason="{{ you }}")},
            f"{PULSE}, line 3: this holds several fields; name one of them",
        ),
        ({PULSE: message("{% if x %}")}, f"{PULSE}, line 5: Unexpected end of template"),
        (
            {PULSE: message("[a]({{ hire.name }})")},
            f"{PULSE}: a link leads to a field that is no address; allowed: ",
        ),
        ({PULSE: message("{{ hire.interests }}")}, 'this is a list; use a loop, or | join(", ")'),
        ({PULSE: message("{{ hire.name | round }}")}, PULSE),
        ({PULSE: "---\nsubject: x\n---\nHello"}, f"{PULSE}: reason is missing between the lines of ---"),
        (
            {PULSE: "---\nsubjekt: x\nreason: y\n---\nx"},
            f'{PULSE}, line 2: unknown "subjekt"; did you mean subject?',
        ),
        ({PULSE: "---\nsubject: x\nreason: y\nsubject: z\n---\nx"}, f"{PULSE}, line 4: subject is there twice"),
        ({PULSE: message("  \n")}, f"{PULSE}: the message is empty"),
        ({PULSE: "Hello"}, f"{PULSE}, line 1: a message begins with lines for subject and reason"),
        ({PULSE: message("x", subject="a =?b")}, f"{PULSE}: the subject holds a line break or an encoded word"),
        (
            {"messages/pulse/hires.md": message("x")},
            'messages/pulse/hires.md: unknown "hires"; did you mean hire?',
        ),
        ({"messages/note.md": message("x")}, "messages/note.md: nobody reads this; a message is a folder"),
        ({"messages/pulse/hire.txt": "x"}, "messages/pulse/hire.txt: nobody reads this; use small letters"),
        ({"messages/pulse/hire.en.md": message("x")}, '"en" is no language; write hire.md for English'),
        (
            {"messages/pulse/buddy.de.md": message("x")},
            "messages/pulse/buddy.de.md: there is no buddy.md in English",
        ),
        ({"journeys/Short.toml": JOURNEY}, "journeys/Short.toml: nobody reads this; use small letters"),
        ({"mesages/x": "x"}, 'mesages: unknown "mesages"; did you mean messages?'),
        (
            {"forms/pulse.toml": FORM.replace("mood", "mode")},
            'step "low": when: the form has no such question: unknown "mood"',
        ),
        (
            {"journeys/short.toml": JOURNEY.replace("<= 2", "<= 7")},
            'step "low": when: answer.mood is a number from 1 to 5, never 7',
        ),
        (
            {"journeys/short.toml": JOURNEY.replace("answer.mood <= 2", "answer.secret == 'perhaps'")},
            "answer.secret is one of yes, no, never 'perhaps'",
        ),
        (
            {
                "journeys/short.toml": JOURNEY.replace("answer.mood <= 2", "answer.secret == 'yes'").replace(
                    '"hr"', '"manager"'
                )
            },
            "when: answer.secret is private, so only hr may be told",
        ),
        (
            {"journeys/short.toml": JOURNEY.replace("answer.mood <= 2", "fell.mood >= 2")},
            "when: fell.mood: no earlier step asks hire mood on the same scale",
        ),
        (
            {"journeys/short.toml": ASKED_TWICE, "forms/again.toml": FORM.replace('"scale"', '"scale"\nmax = 10')},
            "when: fell.mood: no earlier step asks hire mood on the same scale",
        ),
        (
            {"journeys/short.toml": ASKED_TWICE.replace(">= 2", ">= 9"), "forms/again.toml": FORM},
            "when: fell.mood is a number from 0 to 4, never 9",
        ),
        (
            {"journeys/short.toml": ASKED_TWICE.replace("fell.mood", "fell.secret"), "forms/again.toml": FORM},
            "when: fell.secret: only answers on a scale are compared with earlier ones",
        ),
        (
            {"journeys/short.toml": ASKED_TWICE.replace("fell.mood", "before.mod"), "forms/again.toml": FORM},
            'when: the form has no such question: unknown "mod"',
        ),
        (
            {
                "journeys/short.toml": JOURNEY.replace("answer.mood <= 2", "fell.secret >= 1").replace(
                    '"hr"', '"manager"'
                )
            },
            "when: fell.secret is private, so only hr may be told",
        ),
        (
            {"journeys/short.toml": JOURNEY + 'escalate_after = "2 working days"\n'},
            "there is no forms/take_care.toml",
        ),
        (
            {"journeys/short.toml": JOURNEY + 'escalate_after = "2 working days"\n', "forms/take_care.toml": FORM},
            "messages/low/hr.md does not use watch.take_url; nobody could say that they take care of it",
        ),
        (
            {"journeys/short.toml": JOURNEY + 'escalate_after = "2 working days"\n', "forms/take_care.toml": FORM},
            "there is no messages/not_taken/hr.md; it goes out when nobody takes care within escalate_after",
        ),
        (
            {"journeys/short.toml": JOURNEY.replace('tell = "hr"', 'tell = "manager"\nescalate_after = "2 days"')},
            'escalate_after is for a step that tells "hr": somebody there takes care of it',
        ),
        ({"people_team.toml": '[x]\ntel = "a"\n'}, 'people_team.toml, [x]: unknown "tel"; did you mean tell?'),
        (
            {
                "forms/pulse.toml": FORM.replace('"scale"', '"yes_no"'),
                "journeys/short.toml": JOURNEY.replace("<= 2", "== 'maybe'"),
            },
            'when: answer.mood is "yes" or "no", never \'maybe\'',
        ),
        ({"forms/pulse.toml": FORM.replace('"scale"', '"text"')}, "when: answer.mood is a text, never 2"),
        (
            {
                "journeys/short.toml": JOURNEY.replace(
                    'of = "hire"', "of = \"peer\"\ndeclines_when = 'answer.no == 1'"
                ),
                "messages/pulse/peer.md": message("{{ ask.url }}"),
            },
            'step "first_question": declines_when: the form has no such question: unknown "no"',
        ),
        (
            {
                "journeys/short.toml": JOURNEY
                + '[[step]]\nkey="n"\ntitle="n"\nwrite="n"\nto="hr"\nday=2\nnotes_of="first_question"\n'
            },
            'step "n": notes_of: the form of first_question has no question for a text that is not private',
        ),
        (
            {"journeys/short.toml": JOURNEY.replace('of = "hire"', 'of = "mentor"')},
            'nobody becomes mentor: the journey has no step with match = "mentor"',
        ),
        (
            {"journeys/short.toml": JOURNEY.replace('of = "hire"', 'of = "work_partner"')},
            'nobody becomes work_partner: no form of the journey has a question "work_partner" of kind person',
        ),
        (
            {"forms/pulse.de.toml": FORM.replace("mood", "mode")},
            'forms/pulse.de.toml: question "mood" of the English form',
        ),
        (
            {"forms/pulse.de.toml": FORM.replace("private = true", "")},
            'question "secret": private must be True, as in',
        ),
        (
            {"forms/pulse.de.toml": FORM.replace('"no"', '"nein"')},
            "its options must have the values no, yes, as in English",
        ),
        (
            {"forms/pulse.toml": FORM + "colour = 3"},
            'forms/pulse.toml: question "secret": unknown "colour"; allowed: key',
        ),
        (
            {"forms/pulse.toml": FORM.replace("scale", "scala")},
            'question "mood": kind: unknown "scala"; did you mean scale?',
        ),
        ({"forms/pulse.toml": FORM.replace("secret", "mood")}, 'question "mood": the key is used twice'),
        ({"forms/pulse.toml": FORM + "min = 0"}, 'question "secret": min belongs to scale, not to choice'),
        (
            {"forms/pulse.toml": FORM + 'measure = "enps"'},
            'question "secret": measure belongs to scale, not to choice',
        ),
        (
            {"forms/pulse.toml": FORM.replace('"scale"', '"scale"\nmeasure = "enpps"')},
            'question "mood": measure: unknown "enpps"; did you mean enps?',
        ),
        (
            {"forms/pulse.toml": FORM.replace('"scale"', '"scale"\nmeasure = "enps"')},
            'question "mood": measure = "enps" needs min = 0 and max = 10, not 1 and 5',
        ),
        (
            {"forms/pulse.toml": FORM + MEASURED + MEASURED.replace("near", "nearer")},
            'question "nearer": measure = "connected" stands in a form once',
        ),
        (
            {"forms/pulse.de.toml": FORM.replace('"scale"', '"scale"\nmeasure = "connected"')},
            'question "mood": measure must be left out, as in English',
        ),
        ({"forms/pulse.toml": FORM + "share = true"}, "an answer cannot be private and shared"),
        (
            {"forms/pulse.toml": FORM.replace("you.first", "you.last")},
            "unknown field you.last_name; did you mean you.",
        ),
        (
            {"forms/pulse.toml": 'title = "x"\nreaders = "y"'},
            "there must be 1 to 40 questions, each beginning with",
        ),
        ({"conversation.toml": "agenda = 3"}, "conversation.toml: agenda must be a list of texts, at least one"),
        *(
            ({"conversation.toml": f"{TALK}[coffee]\n{line}"}, f"conversation.toml, [coffee]: {said}")
            for line, said in (
                ('tittle = "x"', 'unknown "tittle"; did you mean title?'),
                ('title = "Coffee"', "title must hold {names}, and nothing else in braces"),
                ('title = "Coffee: {names} {day}"', "title must hold {names}, and nothing else in braces"),
                ('title = "{names!r}"', "title must hold {names}, and nothing else in braces"),
                ('title = "{names:>99999999}"', "title must hold {names}, and nothing else in braces"),
                ('title = "{names.__class__}"', "title must hold {names}, and nothing else in braces"),
                ('title = "{names"', "title has a brace without its other half"),
                ('interests = "{interest}"', "interests must hold {interest} and {other}, and nothing else"),
                ('never = "{count}"', "never must hold nothing in braces"),
                ("never = 3", "never must be a text"),
            )
        ),
        (
            {"conversation.toml": f"coffee = 3\n{TALK}"},
            "conversation.toml: coffee must be a table that begins with [coffee]",
        ),
        ({"conversation.toml": None}, "conversation.toml: there is no such file"),
        ({"channels.toml": "[chanels]"}, 'channels.toml: unknown "chanels"; did you mean channels?'),
        ({"channels.toml": "[channels]\nx = 3"}, "channels.toml: x must be a channel, or a list of channels"),
        ({"layout/words.toml": "[de]\nwhy = 'x'"}, "layout/words.toml: [en] is missing"),
        (
            {"layout/words.toml": "[en]\nwhy='x'\nout='y'\n[de]\nwyh='x'"},
            'layout/words.toml, [de]: unknown "wyh"; did you',
        ),
        (
            {"layout/mail.html": "{{ body_html }} {{ reason }}"},
            "layout/mail.html: {{ unsubscribe_url }} is missing",
        ),
        (
            {"layout/mail.txt": "{{ words.whoy }}"},
            "layout/mail.txt, line 1: unknown field words.whoy; did you mean words.why?",
        ),
        ({"layout/mail.txt": "{{ reason }}"}, "layout/mail.txt: {{ body_text }} is missing"),
    ],
)
def test_a_mistake_names_the_file_and_what_is_allowed(
    tmp_path: Path, changes: dict[str, str | None], line: str
) -> None:
    found = words_with(tmp_path, changes).check()
    assert any(line in mistake for mistake in found), found


def test_a_fall_since_an_earlier_step_is_no_mistake(tmp_path: Path) -> None:
    changes = {"journeys/short.toml": ASKED_TWICE, "forms/again.toml": FORM, "messages/again/hire.md": PULSE_TEXT}
    assert words_with(tmp_path, changes).check() == []


def test_all_mistakes_of_a_folder_are_told_at_once(tmp_path: Path) -> None:
    changes = {PULSE: message("{{ a }}\n{{ b }} {{ ask.url }}"), "channels.toml": "x", "layout/mail.txt": None}
    found = words_with(tmp_path, changes).check()
    assert [one.partition(":")[0] for one in found] == [
        f"{PULSE}, line 5",
        f"{PULSE}, line 6",
        "channels.toml",
        "layout/mail.txt",
    ]


def test_every_shipped_message_renders_with_all_fields_and_with_none() -> None:
    words = FolderWords(paths.shipped_templates())
    for step in words.journey("remote").steps:
        if step.verb is not Verb.MATCH:
            for role in step.roles:
                for fields in (sample(fields_of(step.verb)), empty(step.verb)):
                    made = words.message(step.subject, role, "en", fields)
                    assert made.subject
                    assert "zq" not in made.text.replace("https://", "")
                    assert "{{" not in made.html + made.text
