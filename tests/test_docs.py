"""What the pages say holds: their commands run, their links lead somewhere, they name every setting."""

import re
import shlex
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest

from casemate.cli.commands import COMMANDS, casemate
from casemate.readers import settings_file, user_file

ROOT = Path(__file__).parents[1]
PAGES = sorted(
    [
        *ROOT.glob("*.md"),
        *ROOT.glob("docs/**/*.md"),
        *ROOT.glob("examples/**/*.md"),
        *ROOT.glob("changes/*.md"),
    ]
)
NAMES = [str(page.relative_to(ROOT)) for page in PAGES]
_FENCE = re.compile(r"^ *(```+)([^\n]*)\n(.*?)^ *\1 *$", re.MULTILINE | re.DOTALL)
_COMMAND = re.compile(
    rf"(?:^|[|;&(] ?)\s*(?:- |\$ |- run: |\.venv/bin/)*casemate ((?:{'|'.join(COMMANDS)})\b[^\n|#>)]*)",
    re.MULTILINE,
)
_PIPED = re.compile(r"\|\s*(?:\.venv/bin/)?casemate ([^\n|#>)]*)")
_INLINE = re.compile(rf"`casemate ((?:{'|'.join(COMMANDS)})\b[^`]*)`")
_LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)|!\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ +(.*)$", re.MULTILINE)
_PLACEHOLDER = re.compile(r"[A-Z]{2,}|\[|\.\.\.|…|\w\|\w")
"""What stands for something else in a line that shows a form and is not meant to be run."""


def fenced(text: str) -> Iterator[str]:
    """The words of each casemate command in the fenced blocks of a page that are run or shown."""
    for _, language, body in _FENCE.findall(text):
        if language.strip() in {"", "sh", "yaml", "groovy", "console"}:
            yield from (line.strip() for line in _COMMAND.findall(body))
            yield from (line.strip() for line in _PIPED.findall(body))


def parsed(words: str) -> None:
    """Let click read the words of a command without running it."""
    name, *rest = shlex.split(words)
    command = casemate.get_command(click.Context(casemate), name)
    assert command is not None
    if isinstance(command, click.Group):
        command, rest = command.get_command(click.Context(command), rest[0]), rest[1:]
        assert command is not None
    if (
        not any(argument.nargs > 0 for argument in command.params if isinstance(argument, click.Argument))
        or rest
    ):
        command.make_context(name, rest)


def all_fenced() -> list[str]:
    return sorted({words for page in PAGES for words in fenced(page.read_text())})


@pytest.mark.parametrize("name", NAMES)
def test_commands_are_ones_that_casemate_takes(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    text = (ROOT / name).read_text()
    for words in fenced(text):
        parsed(words)
    for words in _INLINE.findall(_FENCE.sub("", text)):
        assert set(re.findall(r"--[a-z-]+", words)) <= options(words.split()[0]), words


def options(name: str) -> set[str]:
    """The options of a command and of what is below it."""
    found = (command for full, command in commands() if full.split()[0] == name)
    return {word for command in found for option in command.params for word in option.opts}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, run: Any) -> Path:
    """A repository that holds what the pages speak of, and the baseline that they write first."""
    top = tmp_path_factory.mktemp("place")
    for folder in ("deploy", "base", "k8s", "path/to/manifests"):
        shutil.copytree(ROOT / "examples" / "shop" / "payments", top / folder)
    shutil.copytree(ROOT / "examples", top / "examples")
    (top / "policies").mkdir()
    own = (ROOT / "docs" / "own-rules.md").read_text()
    (top / "policies" / "host_pid.py").write_text(
        next(b for _, lang, b in _FENCE.findall(own) if lang == "python")
    )
    pod = "apiVersion: v1\nkind: Pod\nmetadata: {{name: a}}\nspec:\n  hostPID: {}\n"
    cases = (pod.format("true  # finding: acme-host-pid"), pod.format("false"))
    body = "\n".join(f"```yaml\n{case}```\n" for case in cases)
    (top / "policies" / "host_pid.md").write_text(f"# acme-host-pid\n\nIt sees all.\n\n## Example\n\n{body}")
    for archive in ("old.tar.gz", "new.tar.gz"):
        with tarfile.open(top / archive, "w:gz") as tar:
            tar.add(top / "deploy", "deploy")
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@example.com"]
    for words in (["init", "-q", "-b", "main"], ["add", "deploy"], ["commit", "-qm", "a"]):
        subprocess.run([*git, *words], cwd=top, check=True)
    assert run("baseline", "write", "deploy", cwd=top).status == 0
    return top


@pytest.mark.parametrize("words", [words for words in all_fenced() if not _PLACEHOLDER.search(words)])
def test_commands_run_as_they_are_written(words: str, place: Path, run: Any) -> None:
    if "chart/" in words.split():
        pytest.skip("a chart is rendered by helm, which need not be installed")
    stdin = (place / "deploy" / "ledger.yaml").read_bytes()
    ran = run(*shlex.split(words), cwd=place, stdin=stdin)
    assert ran.status in {0, 1}, ran.err


def test_commands_are_found_at_all() -> None:
    found = all_fenced()
    assert len(found) > 12
    assert "scan deploy --baseline casemate-baseline.json" in found
    assert any(words.startswith("fix ") for words in found)


@pytest.mark.parametrize("name", NAMES)
def test_links_lead_somewhere(name: str) -> None:
    page = ROOT / name
    for link in ("".join(pair) for pair in _LINK.findall(_FENCE.sub("", page.read_text()))):
        if link.startswith(("https://", "mailto:")):
            continue
        path, _, anchor = link.partition("#")
        target = page.parent / path if path else page
        assert target.exists(), link
        if anchor:
            assert anchor in {_slug(heading) for heading in _HEADING.findall(target.read_text())}, link


def _slug(heading: str) -> str:
    """The anchor that GitHub gives a heading."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def rows(text: str) -> list[str]:
    """The keys in the first column of the tables of a page."""
    return re.findall(r"^\| `([^`]+)` \|", text, re.MULTILINE)


def test_every_setting_is_on_its_page_and_nothing_else() -> None:
    team, _, own = (ROOT / "docs" / "settings.md").read_text().partition("## Your own file")
    keys = {key.partition(".")[0] for key in rows(team)}
    assert keys == set(settings_file._Form.__struct_encode_fields__)
    assert set(rows(own)) == set(user_file._Form.__struct_encode_fields__)


@pytest.mark.parametrize("part", settings_file._PARTS)
def test_every_part_of_a_setting_is_on_a_page(part: str) -> None:
    text = "".join((ROOT / "docs" / name).read_text() for name in ("settings.md", "responsibility.md"))
    form = settings_file._PARTS[part]
    for key in form.__struct_encode_fields__:
        if key not in {"name", "because"}:  # the short form is the name; what `auto` found is not written
            assert re.search(rf"\b{re.escape(key)}\b", text), f"{part}.{key}"


def test_the_settings_that_pages_show_can_be_followed() -> None:
    shown = 0
    for page in PAGES:
        for _, language, body in _FENCE.findall(page.read_text()):
            top = set(re.findall(r"^([\w-]+):", body, re.MULTILINE))
            if language == "yaml" and top and top <= set(settings_file._Form.__struct_encode_fields__):
                settings_file.parse_settings(body.encode(), "casemate.yaml")
                shown += 1
    assert shown > 2


def commands() -> Iterator[tuple[str, click.Command]]:
    for name in COMMANDS:
        command = casemate.get_command(click.Context(casemate), name)
        assert command is not None
        yield name, command
        if isinstance(command, click.Group):
            context = click.Context(command)
            for below in command.list_commands(context):
                found = command.get_command(context, below)
                assert found is not None
                yield f"{name} {below}", found


@pytest.mark.parametrize(("name", "command"), list(commands()))
def test_help_is_complete_and_ends_with_an_example_that_works(
    name: str, command: click.Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for option in command.params:
        assert isinstance(option, click.Argument) or getattr(option, "help", None), f"{name}: {option.name}"
    assert command.help, name
    assert command.epilog, name
    example = re.search(r"casemate ([^|)]*)", command.epilog)
    assert example is not None, name
    parsed(example[1].strip().strip('"'))
