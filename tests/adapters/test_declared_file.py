"""What does `sources.toml` say, and is every mistake of it named at once?"""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onboarding.adapters.sources.declared.file import read_file, read_sources
from onboarding.adapters.sources.declared.keys import DEFAULT_FIELDS, KEYS, PERSON_KEYS
from onboarding.domain.errors import BadSettings
from onboarding.domain.events import Told
from onboarding.domain.record import HireRecord

ROOT = Path(__file__).parents[2]
GOOD = """
[acme]
authentication = { kind = "bearer" }

[acme.event]
name = "event"
created = "hired"
external_id = "id"

[acme.person]
first_name = "first"
work_email = "mail"
start_date = "start"
"""


def mistakes(text: str) -> list[str]:
    with pytest.raises(BadSettings) as caught:
        read_sources(text)
    return caught.value.problems


def test_a_small_declaration_is_enough() -> None:
    acme = read_sources(GOOD)["acme"]
    assert acme.event.meanings.of("HIRED ") is Told.CREATED
    assert acme.event.meanings.of("anything else") is None
    assert (acme.body, acme.authentication.header, acme.authentication.prefix) == (
        "json",
        "authorization",
        "Bearer ",
    )
    assert [str(spot) for spot in acme.spots] == ["event", "id", "first", "mail", "start"]


def test_every_mistake_of_every_source_is_named_at_once() -> None:
    found = mistakes(
        """
        [acme]
        bodi = "json"
        [acme.authentication]
        kind = "signature"
        heade = "X-Sign"
        algorithm = "sha-256"
        signed = "{timestamp}.{bdy}"
        window = "5 min"
        [acme.event]
        name = "event..type"
        created = "hired"
        updated = ["hired", "changed"]
        [acme.person]
        frist_name = "first"
        manager_id = "boss"
        work_email = "answer:mail"
        [acme.dates]
        start_date = "american"
        zone = "Berlin"
        [acme.defaults]
        time_zone = "Asia/Manilla"
        language = "german!"
        [other]
        authentication = { kind = "token" }
        """
    )
    for sentence in (
        'sources.toml, acme: unknown "bodi"; did you mean body? allowed: body, authentication',
        "sources.toml, acme: [authentication] header is missing",
        '[authentication] unknown "heade"; did you mean header?',
        '[authentication] algorithm: unknown "sha-256"; did you mean sha256?',
        '[authentication] signed: unknown "bdy"; did you mean body?',
        "[authentication] signed must hold {body}, or anybody could change the message",
        "[authentication] timestamp_header is missing; signed holds {timestamp}",
        '[authentication] window must be a length of time, such as "5 minutes"',
        '[event] name: "event..type" is not a path',
        '[event] updated: "hired" is listed under another meaning as well',
        "[event] external_id is missing",
        '[person] unknown "frist_name"; did you mean first_name?',
        "[person] manager_id is made by the engine; manager is what the system calls the manager",
        'before a colon: unknown "answer"; allowed: body, header',
        "[person] first_name is missing, or full_name where the name is one text",
        "[person] start_date is missing: a new hire has a first day",
        '[dates] start_date: unknown "american"',
        "[dates] zone must be an IANA time zone",
        "[defaults] time_zone must be an IANA time zone such as Europe/Berlin; did you mean Asia/Manila?",
        "[defaults] language must be a language tag",
        'sources.toml, other: [authentication] kind: unknown "token"; allowed: signature, bearer, basic, path',
        "other: [event] name is missing; without one, otherwise says what every message means",
        "other: [event] no name means anything",
    ):
        assert any(sentence in one for one in found), (sentence, found)
    assert len(found) == len(set(found))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "there must be 1 to 50 sources"),
        ("x = ", "sources.toml is not TOML"),
        ("x = 1", "x stands outside of a source"),
        ("[Acme]", "[Acme]: use small letters"),
        ("[acme]", "[acme.authentication] is missing"),
        ("[acme]\nevent = 1", "event must be a table, which begins with [acme.event]"),
        ("[acme]\nauthentication = {}", "kind is missing; one of: signature, bearer, basic, path"),
        ('[acme]\nauthentication = { kind = "basic", header = "x" }', "header belongs to signature and bearer"),
        ("[acme]\nfetch = { url = 'https://api.example.com' }", "give the answer a name, such as"),
        ("[acme.fetch.body]", "[fetch.body]: small letters, digits and _ only, and none of body, header"),
        ("[acme.fetch.who]", "[fetch.who] url is missing"),
        ('[acme.fetch.who]\nurl = "http://api.example.com"', "url must begin with https://"),
        ('[acme.fetch.who]\nurl = "https://{id}.example.com"', "{id} cannot stand here; only account: can"),
        ('[acme.fetch.who]\nurl = "https://x.example.com/{id"', "a brace that opens or closes nothing"),
        ('[acme.fetch.who]\nurl = "https://x.example.com/{b:id}"', 'before a colon: unknown "b"; allowed: body'),
        ('[acme.fetch.who]\nurl = "https://x.example.com"\nbody = {}', 'body goes with method = "POST"'),
        ('[acme.fetch.who]\nurl = "https://x.example.com"\nprefix = "T "', 'prefix goes with auth = "header"'),
        ('[acme.fetch.who]\nurl = "https://x.example.com"\nrecord = "a..b"', 'record: "a..b" is not a path'),
        ('[acme.fetch.who]\nurl = "https://x.example.com"\nheaders = { "a b" = "1" }', "a b must be a header"),
        ('[acme.handshake]\nheader = "a b"', "header must be the name of a header, such as X-Signature"),
        ('[acme]\nauthentication = { kind = "bearer", prefix = 1 }', "prefix must be a text"),
        (
            '[acme.fetch.who]\nurl = "https://x.example.com"\nmethod = "POST"\nbody = { a = 2026-01-01 }',
            "body may hold",
        ),
        ('[acme.handshake]\nfield = "header:x"', 'before a colon: unknown "header"; allowed: body'),
        ('[acme.values]\nlanguage = "de"', "language must be a table"),
        ("[acme.values.language]\nGerman = 1", "language: German must be a text"),
        ('[acme.event]\nbatch = "a..b"', '"." is a body that is a list itself'),
        ("[acme.event]\ncreated = [1]", "created must be a text, or a list"),
        ("[acme.event]\nexternal_id = []", "external_id must be a path, or a list of paths"),
        (
            '[acme.authentication]\nkind = "signature"\nheader = "X"\nwindow = "5 minutes"',
            "window needs a time that is signed",
        ),
        (
            '[acme.authentication]\nkind = "signature"\nheader = "X"\nsigned = "{id}{body}"',
            "id_header is missing; signed holds {id}",
        ),
    ],
)
def test_a_mistake_is_a_sentence_that_says_what_is_allowed(text: str, sentence: str) -> None:
    found = mistakes(text)
    assert any(sentence in one for one in found), found


def test_a_file_that_is_no_text_says_so(tmp_path: Path) -> None:
    for content in (None, b"\xff\xfe"):
        file = tmp_path / "sources.toml"
        if content:
            file.write_bytes(content)
        with pytest.raises(BadSettings, match=r"sources\.toml cannot be read as UTF-8 text"):
            read_file(file)


def test_questions_wait_as_long_as_the_slowest_answer() -> None:
    text = GOOD + '[acme.fetch.a]\nurl = "https://x.example.com"\nlag = "20 seconds"\n'
    text += '[acme.fetch.b]\nurl = "https://x.example.com/{a:id}"\nlag = "2 minutes"'
    assert read_sources(text)["acme"].lag == timedelta(minutes=2)
    assert read_sources(GOOD)["acme"].lag == timedelta()


def test_a_first_path_that_is_an_answer_must_be_asked_for_earlier() -> None:
    text = (
        GOOD
        + '[acme.fetch.a]\nurl = "https://x.example.com/{b:id}"\n[acme.fetch.b]\nurl = "https://x.example.com"'
    )
    assert any("{b:id}" in one or '"b:id"' in one for one in mistakes(text))


def test_every_field_of_the_record_can_be_mapped_or_is_made_by_the_engine() -> None:
    made = {"id", "manager_id", "working_hours"}
    assert set(HireRecord.model_fields) - made <= set(PERSON_KEYS)
    assert set(DEFAULT_FIELDS) < set(PERSON_KEYS)


class TestThePageOfKeys:
    TEXT = (ROOT / "docs" / "declared-sources.md").read_text(encoding="utf-8")

    def told(self, heading: str) -> list[str]:
        """The keys in the table below a heading."""
        section = self.TEXT.partition(f"### `{heading}`\n")[2].partition("\n##")[0]
        return re.findall(r"(?m)^\| `([a-z_]+)` \|", section)

    @pytest.mark.parametrize("table", [one for one in KEYS if one != "values"])
    def test_each_key_has_its_row_and_no_row_is_left(self, table: str) -> None:
        heading = "[x]" if not table else f"[x.{table}.<name>]" if table == "fetch" else f"[x.{table}]"
        assert sorted(self.told(heading)) == sorted(KEYS[table])

    def test_the_declaration_on_the_page_is_one(self) -> None:
        blocks = re.findall(r"(?ms)^ *```toml\n(.*?)^ *```", self.TEXT)
        assert len(blocks) == 2
        assert list(read_sources("\n".join(blocks))) == ["acme_people"]


tables = st.recursive(
    st.one_of(
        st.none().map(lambda _: "true"),
        st.integers(-3, 10**6).map(str),
        st.sampled_from(
            ["a.b", "created", "{id}", "{body}", "https://x.example.com/{id}", "signature", "iso", "."]
        ).map(lambda text: f'"{text}"'),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda parts: f"[{', '.join(parts)}]"),
        st.dictionaries(
            st.sampled_from(sorted({key for keys in KEYS.values() for key in keys} | {"x", "kind"})),
            inner,
            max_size=5,
        ).map(lambda found: "{ " + ", ".join(f"{key} = {value}" for key, value in found.items()) + " }"),
    ),
    max_leaves=20,
)


@given(
    found=st.dictionaries(st.sampled_from(sorted({*KEYS[""], "bodi", "fetch"})), tables, max_size=10),
    good=st.booleans(),
)
def test_any_declaration_is_read_or_refused_in_sentences(found: dict[str, str], good: bool) -> None:  # noqa: FBT001 -- hypothesis passes it so
    text = "\n".join(f"{key} = {value}" for key, value in found.items())
    problems: list[str] = []
    try:
        read_sources(f"{GOOD if good else ''}\n[other]\n{text}")
    except BadSettings as error:
        problems = error.problems
    assert all("\n" not in one and "sources.toml" in one for one in problems)


@given(text=st.text(max_size=200))
def test_any_text_is_read_or_refused_in_sentences(text: str) -> None:
    with pytest.raises(BadSettings):
        read_sources(text)
