from __future__ import annotations

import ast
import inspect
import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from onboarding import paths
from onboarding.adapters.sources.catalogue import NATIVE
from onboarding.adapters.sources.declared.file import read_file
from onboarding.adapters.words import FolderWords
from onboarding.cli.app import COMMANDS
from onboarding.domain import errors
from onboarding.domain.journey import Step, Verb
from onboarding.services.dispatching import VERBS
from onboarding.settings import Settings

ROOT = Path(__file__).parents[2]
LOCKS = ("requirements.lock", "requirements-dev.lock")
BANNED = {"util", "utils", "helper", "helpers", "handler", "handlers", "process", "data", "info", "misc", "common"}
ALLOWED = {
    ("slots", "common"): "hours that people have in common",
    ("journey_step", "COMMON_KEYS"): "keys that all verbs have in common",
    ("journey_step", "common"): "as above",
    ("journey", "without_common_hour"): "an hour that people have in common",
    ("record", "data"): "a field of Standard Webhooks has that name",
    ("smtp", "_refused_before_data"): "DATA is a command of SMTP",
    ("demo_people", "data"): "httpx names a form so",
    ("tables", "process_bind_param"): "SQLAlchemy calls its hook so",
    ("tables", "process_result_value"): "as above",
}
"""Names with a banned word that means what it says there, each with its reason."""


def tracked(*patterns: str) -> list[Path]:
    """The files that git knows and that are there."""
    listed = subprocess.run(["git", "ls-files", *patterns], cwd=ROOT, capture_output=True, text=True, check=True)
    files = [ROOT / line for line in listed.stdout.splitlines()]
    return [one for one in files if one.is_file()]


def texts(*patterns: str) -> Iterator[tuple[str, str]]:
    for file in tracked(*patterns):
        content = file.read_bytes()
        if b"\0" not in content:
            yield file.relative_to(ROOT).as_posix(), content.decode()


def product() -> list[Path]:
    """Every module that is ours and ships."""
    return [*sorted((ROOT / "onboarding").rglob("*.py")), *sorted((ROOT / "flows").rglob("*.py"))]


class TestNothingOfThisMachine:
    def test_no_file_holds_the_address_of_a_package_index(self) -> None:
        index = re.compile(r"(?<!no-emit-)(?:extra-)?index-url[ =]|/simpl[e]\b|pypi[.]org|pythonhoste[d]")
        assert [(name, found.group()) for name, text in texts() if (found := index.search(text))] == []

    def test_no_file_holds_a_path_of_a_machine(self) -> None:
        home = re.compile(r"(?<![\w.}>-])/(?:work|root|Users|home/[a-z]+)/(?!\.cache)")
        assert [(name, found.group()) for name, text in texts() if (found := home.search(text))] == []

    def test_people_in_examples_live_at_example_domains(self) -> None:
        real = re.compile(r"[\w.+-]+@(?:gmail|outlook|hotmail|yahoo|icloud|gmx|proton)[.]\w+")
        assert [(name, found.group()) for name, text in texts() if (found := real.search(text))] == []


class TestLocks:
    @pytest.mark.parametrize("name", LOCKS)
    def test_each_requirement_is_pinned_and_has_a_hash_and_no_address(self, name: str) -> None:
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "://" not in text
        requirements = re.split(r"\n(?=[a-zA-Z0-9])", re.sub(r"(?m)^\s*#.*\n", "", text).strip())
        assert len(requirements) > 50
        for one in requirements:
            assert re.match(r"[a-zA-Z0-9._-]+(?:\[[\w,-]+\])?==\S+", one), one
            assert re.search(r"--hash=sha256:[0-9a-f]{64}\b", one), one

    def test_everything_that_pyproject_asks_for_is_locked(self) -> None:
        project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
        asked = re.search(r"(?ms)^dependencies = \[(.*?)^\]", project)
        assert asked
        names = re.findall(r'(?m)^\s+"([a-zA-Z0-9_-]+)', asked.group(1))
        locked = (ROOT / "requirements.lock").read_text(encoding="utf-8")
        assert len(names) > 10
        assert [one for one in names if not re.search(rf"(?m)^{re.escape(one)}(?:\[|==)", locked)] == []

    def test_both_locks_agree(self) -> None:
        small, large = (
            dict(
                re.findall(r"(?m)^([a-z0-9._-]+)(?:\[[\w,-]+\])?==(\S+)", (ROOT / one).read_text(encoding="utf-8"))
            )
            for one in LOCKS
        )
        assert small.items() <= large.items()

    def test_what_npm_brings_for_the_tests_is_pinned_with_a_hash_and_no_address(self) -> None:
        text = (ROOT / "package-lock.json").read_text(encoding="utf-8")
        assert "://" not in text
        packages = {name: one for name, one in json.loads(text)["packages"].items() if name}
        assert packages
        assert [name for name, one in packages.items() if not one["integrity"].startswith("sha512-")] == []
        assert [name for name, one in packages.items() if not one.get("dev")] == []


class TestMakefile:
    TEXT = (ROOT / "Makefile").read_text(encoding="utf-8")
    TARGETS = frozenset(re.findall(r"(?m)^([a-z-]+):", TEXT))

    def test_help_lists_every_target(self) -> None:
        done = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
        assert set(re.findall(r"(?m)^  make (\S+)", done.stdout)) == self.TARGETS

    def test_no_target_is_taken_for_a_file(self) -> None:
        phony = re.search(r"(?m)^\.PHONY: (.*)$", self.TEXT)
        assert phony
        assert set(phony.group(1).split()) == self.TARGETS

    def test_every_target_that_a_page_names_exists(self) -> None:
        named = {
            (name, target)
            for name, text in texts("*.md", ".ci/*")
            for target in re.findall(r"(?m)(?:`|^\s*)make ([a-z-]+)", text)
        }
        assert {target for _, target in named} >= {"demo", "test"}
        assert {(name, target) for name, target in named if target not in self.TARGETS} == set()


class TestPages:
    README = (ROOT / "README.md").read_text(encoding="utf-8")

    def variables(self) -> set[str]:
        """The environment variables that the settings read."""
        return {
            str(field.validation_alias or f"ONBOARDING_{name.upper()}")
            for name, field in Settings.model_fields.items()
        }

    def test_every_setting_is_in_the_table_of_the_readme_and_no_other(self) -> None:
        told = set(re.findall(r"(?m)^\| `((?:ONBOARDING|PREFECT)_[A-Z_]+)`", self.README))
        missing = {one for one in self.variables() - told if one not in self.README}
        assert missing == set()
        assert told - self.variables() == set()

    def test_every_setting_is_in_the_example_of_an_environment(self) -> None:
        file = ROOT / "deployments" / "env.example"
        if not file.is_file():
            pytest.skip("deployments/env.example is not written yet")
        told = set(re.findall(r"(?m)^#?\s*((?:ONBOARDING|PREFECT)_[A-Z_]+)=", file.read_text(encoding="utf-8")))
        assert self.variables() - told == set()
        assert {one for one in told if one.startswith("ONBOARDING_")} - self.variables() == set()

    def test_every_command_of_the_pages_exists(self) -> None:
        pages = [file.read_text(encoding="utf-8") for file in tracked("*.md")]
        named = {
            one for text in pages for one in re.findall(r"(?m)(?:`|^    |\. )onboarding ([a-z][a-z-]*)", text)
        }
        assert named >= {"up", "hire", "rehearse", "events", "source", "sync-directory"}
        assert named - set(COMMANDS) == set()

    def test_every_hr_system_has_less_than_ten_lines_on_its_page_and_is_in_the_readme(self) -> None:
        page = (ROOT / "docs" / "sources.md").read_text(encoding="utf-8")
        known = {*NATIVE, *read_file(ROOT / "deployments" / "sources.example.toml")}
        assert [name for name in sorted(known) if f'{{"{name}": ' not in page] == []
        parts = [one.partition("\n## ")[0] for one in page.split("\n### ")[1:]]
        assert [one.splitlines()[0] for one in parts if len(re.findall(r"(?m)^.+$", one)) > 9] == []
        readme = self.README.partition("### HR systems")[2].partition("\n### ")[0]
        assert [name for name in sorted(known) if name not in readme.casefold()] == []

    def test_every_link_into_the_repository_leads_somewhere(self) -> None:
        broken = [
            (file.name, target)
            for file in tracked("*.md")
            if "messages" not in file.parts  # their links are fields
            for target in re.findall(r"\]\((?!https?:|#|mailto:|\{)([^)#\s]+)", file.read_text(encoding="utf-8"))
            if not (file.parent / target).exists()
        ]
        assert broken == []


class TestErrors:
    def test_the_drawn_tree_is_the_tree(self) -> None:
        drawn = re.findall(r"[├└]── (\w+)", inspect.getdoc(errors) or "")
        public = {
            name
            for name, one in vars(errors).items()
            if inspect.isclass(one) and issubclass(one, errors.OnboardingError) and not name.startswith("_")
        }
        assert {"OnboardingError", *drawn} == public
        for line in (inspect.getdoc(errors) or "").splitlines():
            if found := re.match(r"(│   )?[├└]── (\w+)", line):
                parent = errors.Refused if found.group(1) else errors.OnboardingError
                assert issubclass(getattr(errors, found.group(2)), parent), line

    def test_each_says_what_it_means(self) -> None:
        raised = [one for one in vars(errors).values() if inspect.isclass(one)]
        assert all(one.__doc__ and one.__doc__.strip().endswith(".") for one in raised)


class TestModules:
    @pytest.mark.parametrize("file", product(), ids=lambda file: str(file.relative_to(ROOT)))
    def test_it_opens_with_a_sentence(self, file: Path) -> None:
        said = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8")))
        assert said
        assert re.search(r"[.?]", said.partition("\n\n")[0])

    def test_no_name_holds_a_word_that_says_nothing(self) -> None:
        assert [
            (file.name, name) for file in product() for name in _names(file) if _says_nothing(file, name)
        ] == []

    def test_no_exception_to_that_is_left_over(self) -> None:
        used = {(file.stem, name) for file in product() for name in _names(file)}
        assert set(ALLOWED) - used == set()

    def test_only_flows_import_prefect(self) -> None:
        importers = [file for file in product() if "prefect" in _imports(file)]
        assert importers
        assert {file.relative_to(ROOT).parts[0] for file in importers} == {"flows"}

    def test_every_suppression_has_a_code_and_a_reason(self) -> None:
        noqa = re.compile(r"# noqa(?!: [A-Z]+[0-9]+(?:, ?[A-Z]+[0-9]+)* --? \S)")
        ignore = re.compile(r"# type: ignore(?!\[[a-z-]+(?:, ?[a-z-]+)*\]  # \S)")
        bare = [
            f"{name}:{number}"
            for name, text in texts("*.py")
            for number, line in enumerate(text.splitlines(), start=1)
            if (noqa.search(line) or ignore.search(line)) and "re.compile" not in line
        ]
        assert bare == []


def _names(file: Path) -> Iterator[str]:
    """The names that a module gives: itself, classes, functions, arguments, variables."""
    yield file.stem
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id


def _says_nothing(file: Path, name: str) -> bool:
    words = re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)
    return (file.stem, name) not in ALLOWED and bool({one.casefold() for one in words} & BANNED)


def _imports(file: Path) -> set[str]:
    """The packages that a module imports, wherever it does."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {one.name.partition(".")[0] for one in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return found


class TestVerbs:
    def test_a_verb_has_one_name_in_journeys_in_its_module_and_in_code(self) -> None:
        modules = {file.stem for file in (ROOT / "onboarding/services/verbs").glob("*.py")} - {"__init__"}
        assert modules == {verb.value for verb in Verb} == {str(verb) for verb in VERBS}
        assert {VERBS[verb].__module__.rpartition(".")[2] for verb in Verb} == modules

    def test_the_shipped_journey_uses_each_of_them(self) -> None:
        steps = FolderWords(paths.shipped_templates()).journey("remote").steps
        assert {step.verb for step in steps} == set(Verb)
        assert all(isinstance(step, Step) for step in steps)

    def test_the_guide_for_hr_explains_each_of_them(self) -> None:
        guide = (ROOT / "templates/README.md").read_text(encoding="utf-8")
        assert [verb for verb in Verb if f"`{verb}" not in guide and f"**{verb}**" not in guide] == []


@pytest.fixture(scope="module")
def unzipped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `pip wheel` makes of the checkout, laid out in a folder elsewhere."""
    built = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "wheel", "-q", "--no-index"]
    build = [*pip, "--no-deps", "--no-build-isolation", "-w", str(built), str(ROOT)]
    done = subprocess.run(build, cwd=built, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (wheel,) = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(built / "site")
    return built / "site"


@pytest.mark.slow
class TestWheel:
    def test_it_carries_flows_words_pages_and_migrations_and_no_tests(self, unzipped: Path) -> None:
        wanted = (
            "flows/run_due_steps.py",
            "onboarding/templates/journeys/remote.toml",
            "onboarding/templates/layout/mail.html",
            "onboarding/templates/samples/company.csv",
            "onboarding/web/pages/layout.html",
            "onboarding/cli/pages/rehearsal.html",
            "onboarding/adapters/report/page.html",
            "onboarding/adapters/report/words.toml",
            "onboarding/adapters/sql/migrations/versions/0001_first_tables.py",
        )
        assert [one for one in wanted if not (unzipped / one).is_file()] == []
        assert not (unzipped / "tests").exists()
        shipped = {one.relative_to(ROOT / "templates") for one in (ROOT / "templates").rglob("*") if one.is_file()}
        inside = unzipped / "onboarding" / "templates"
        assert {one.relative_to(inside) for one in inside.rglob("*") if one.is_file()} == shipped

    def test_it_works_outside_of_the_checkout(self, unzipped: Path, tmp_path: Path) -> None:
        said = self.onboarding(unzipped, tmp_path, "check")
        assert said == f"All is well in {unzipped / 'onboarding' / 'templates'}.\n"
        assert "Nobody is enrolled yet" in self.onboarding(unzipped, tmp_path, "hire", "list")

    def onboarding(self, unzipped: Path, folder: Path, *arguments: str) -> str:
        code = "import sys; sys.argv[0] = 'onboarding'; from onboarding.cli import main; main()"
        done = subprocess.run(
            [sys.executable, "-c", code, *arguments],
            cwd=folder,
            env={"PYTHONPATH": str(unzipped), "ONBOARDING_HOME": str(folder / "home")},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


def test_the_mailers_that_the_settings_know_are_those_that_the_readme_names() -> None:
    known = get_args(Settings.model_fields["mailer"].annotation)
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [one for one in known if f"`{one}`" not in readme] == []
