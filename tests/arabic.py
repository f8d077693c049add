"""What does a folder of templates look like whose HR also writes in Arabic, which the pages do not speak?"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from onboarding import paths
from onboarding.adapters.words import FolderWords

_CHANGES: Mapping[str, Mapping[str, str]] = {
    "forms/profile": {
        "A few questions before your first day": "بعض الأسئلة قبل يومك الأول",
        "What should we call you?": "بماذا نناديك؟",
    },
    "forms/buddy_yes": {
        "Would you like to be {{ hire.first_name }}'s buddy?": "هل تود أن تكون رفيقا؟",
        "Yes, gladly": "نعم، بكل سرور",
    },
    "forms/hire_list": {},
}


def in_arabic(folder: Path) -> FolderWords:
    """The shipped words, with some forms and one mail that are read from right to left."""
    shutil.copytree(paths.shipped_templates(), folder)
    for stem, changes in _CHANGES.items():
        text = (folder / f"{stem}.toml").read_text(encoding="utf-8")
        for english, other in changes.items():
            text = text.replace(english, other)
        (folder / f"{stem}.ar.toml").write_text(text, encoding="utf-8")
    mail = "---\nsubject: أهلا\nreason: لأنك جديد.\n---\n- أهلا\n\n**[افتح]({{ ask.url }})**\n"
    (folder / "messages/profile/hire.ar.md").write_text(mail, encoding="utf-8")
    return FolderWords(folder)
