"""Does what a company says reach the engine?"""

from __future__ import annotations

from pathlib import Path

import pytest

from onboarding import bootstrap, settings
from onboarding.domain.errors import BadSettings


def test_hr_is_written_to_in_the_language_and_zone_of_the_settings(tmp_path: Path) -> None:
    engine = bootstrap.build(settings.load(home=tmp_path, language="de", time_zone="Europe/Berlin"))
    assert (engine.company.hr.language, engine.company.hr.time_zone) == ("de", "Europe/Berlin")
    engine.close()


def test_a_secret_for_a_source_that_is_not_known_names_those_that_are(tmp_path: Path) -> None:
    said = settings.load(home=tmp_path, webhook_secrets={"stanard": "whsec_MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0"})
    with pytest.raises(BadSettings, match="there is no source stanard; there are: ashby, bamboohr, greenhouse"):
        bootstrap.build(said)
