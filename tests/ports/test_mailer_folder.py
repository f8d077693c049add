"""Does a folder hold each letter once, whole, and in the order of the letters?"""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta, timezone
from pathlib import Path

from onboarding.adapters.mailers import FolderMailer
from onboarding.adapters.mailers.mime import to_bytes
from onboarding.domain.mail import OutcomeKind
from tests.letters import DATE, letter


def files(folder: Path) -> list[str]:
    """The names of all letters, sorted."""
    return sorted(file.name for file in folder.glob("*.eml"))


def test_names_sort_by_date_in_utc_then_delivery_number(tmp_path: Path) -> None:
    mailer = FolderMailer(tmp_path)
    manila = DATE.astimezone(timezone(timedelta(hours=8)))
    moments = [(100, DATE), (7, DATE), (1, DATE + timedelta(seconds=1)), (8, manila)]
    for number, moment in moments:
        mailer.send(letter(number=number, message_id=f"<{number}@example.com>", date=moment))
    assert [name[:25] for name in files(tmp_path)] == [
        "20310303T083000Z-00000007",
        "20310303T083000Z-00000008",
        "20310303T083000Z-00000100",
        "20310303T083001Z-00000001",
    ]


def test_the_same_message_id_is_one_file_even_on_a_later_day(tmp_path: Path) -> None:
    first = FolderMailer(tmp_path).send(letter())
    before = {file: file.stat().st_mtime_ns for file in tmp_path.glob("*.eml")}
    again = FolderMailer(tmp_path).send(letter(date=DATE + timedelta(days=1), subject="changed"))
    assert first == again
    assert {file: file.stat().st_mtime_ns for file in tmp_path.glob("*.eml")} == before


def test_two_messages_of_one_delivery_and_moment_are_two_files(tmp_path: Path) -> None:
    mailer = FolderMailer(tmp_path)
    mailer.send(letter(message_id="<1@example.com>"))
    mailer.send(letter(message_id="<2@example.com>"))
    assert len(files(tmp_path)) == 2


def test_the_same_letter_from_many_threads_is_one_file(tmp_path: Path) -> None:
    mailer = FolderMailer(tmp_path)
    later = [letter(date=DATE + timedelta(minutes=minute)) for minute in range(16)]
    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(mailer.send, later))
    assert {outcome.kind for outcome in outcomes} == {OutcomeKind.SENT}
    assert len(files(tmp_path)) == 1


def test_a_crash_after_the_mark_and_before_the_file_is_mended_by_the_retry(tmp_path: Path) -> None:
    mailer = FolderMailer(tmp_path)
    name = mailer.send(letter()).provider_id
    (tmp_path / name).unlink()
    assert mailer.send(letter(date=DATE + timedelta(days=1))).provider_id == name
    assert (tmp_path / name).read_bytes() == to_bytes(letter(date=DATE + timedelta(days=1)))


def test_only_their_owner_reads_letters_and_nothing_else_lies_around(tmp_path: Path) -> None:
    FolderMailer(tmp_path / "new" / "outbox").send(letter())
    [mail] = (tmp_path / "new" / "outbox").glob("*.eml")
    assert mail.stat().st_mode & 0o077 == 0
    assert sorted(entry.name for entry in mail.parent.iterdir()) == [".carried", mail.name]


FULL_DISK = """
import sys, resource, signal
from pathlib import Path
from onboarding.adapters.mailers import FolderMailer
from tests.letters import letter
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (600, 600))
outcome = FolderMailer(Path(sys.argv[1])).send(letter())
print(outcome.kind.name, "|", outcome.reason)
"""


def test_a_full_disk_refuses_for_now_and_leaves_no_piece(tmp_path: Path) -> None:
    """A limit on the size of files stands in for the disk; it must not hold for this process."""
    ended = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(tmp_path)], capture_output=True, text=True, check=True,
        cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert ended.stdout == "REFUSED_FOR_NOW | the outbox cannot be written to: File too large\n"
    assert [entry.name for entry in tmp_path.iterdir()] == [".carried"]
    assert FolderMailer(tmp_path).send(letter()).kind is OutcomeKind.SENT


def test_an_outbox_that_cannot_be_a_folder_refuses_for_now_without_its_path(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    outcome = FolderMailer(tmp_path / "file").send(letter())
    assert outcome.kind is OutcomeKind.REFUSED_FOR_NOW
    assert "file" not in outcome.reason
