"""The tree of a revision, put into a folder to be read; nothing is checked out.

Objects are taken by `git ls-tree` and `git cat-file`: exactly the bytes of the tree, with no filter,
hook or attribute of the repository having a say, and without touching its index or working tree.
`git archive` would leave out what `export-ignore` names.
"""

import os
import posixpath
import subprocess
from collections.abc import Iterable, Iterator

import msgspec

from casemate.model.errors import UsageError
from casemate.model.estate import Unreadable
from casemate.readers.files import LARGEST, is_manifest

PREFIX = "git:"
DEADLINE = 60.0
"""Seconds that one call of git may take."""
MOST_FILES = 100_000
LARGEST_TREE = 1024 * 1024 * 1024
_BATCH = 64 * 1024 * 1024
_KEPT = ("PATH", "HOME", "TMPDIR", "LANG", "XDG_CONFIG_HOME", "SYSTEMROOT")
_QUIET = {
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_ALLOW_PROTOCOL": "",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "LC_ALL": "C",
}
"""No question, no network, no lock: a partial clone fails instead of fetching."""
_LACKS = "the repository lacks the content of"
_LINK, _SUBMODULE = "120000", "160000"
_GROUNDS = ("Chart.yaml", "kustomization.yaml", "kustomization.yml", "Kustomization")
"""Files whose whole folder is needed, since what they render may use any file in it."""


class Entry(msgspec.Struct, frozen=True):
    """A file of a tree: its mode, object, size and path."""

    mode: str
    object: str
    size: int
    path: str


def extract(target: str, into: str) -> tuple[str, list[Unreadable]]:
    """Put what is read of `git:REV[:PATH]` into a folder; the path in it, and what was left out.

    Raises `UsageError` where there is no repository, revision or path.
    """
    revision, _, inside = target.removeprefix(PREFIX).partition(":")
    inside = posixpath.normpath(inside) if inside else ""
    if not revision or revision.startswith("-"):
        raise UsageError(f"{target}: name a revision, as in git:main or git:HEAD~1:deploy")
    if inside.startswith(("/", "..")):
        raise UsageError(f"{target}: the path starts at the top of the repository, as in git:HEAD:deploy")
    tree = _git(target, ["rev-parse", "--verify", "--quiet", f"{revision}^{{tree}}"]).decode().strip()
    entries = list(_entries(target, _git(target, ["ls-tree", "-r", "-z", "-l", "--full-tree", tree])))
    inside = "" if inside == "." else inside
    if inside and not any(e.path == inside or e.path.startswith(f"{inside}/") for e in entries):
        raise UsageError(f"{target}: there is no {inside} in that revision")
    problems: list[Unreadable] = []
    wanted: list[Entry] = []
    for entry in _relevant(entries):
        why = _refused(entry)
        if why is None:
            wanted.append(entry)
        elif not inside or entry.path == inside or entry.path.startswith(f"{inside}/"):
            problems.append(Unreadable(entry.path, 1, 1, why))
    if len(wanted) > MOST_FILES or sum(entry.size for entry in wanted) > LARGEST_TREE:
        raise UsageError(f"{target}: more than {MOST_FILES:,} files or 1 GB to read: name a path in it")
    for batch in _batches(wanted):
        _write(target, batch, into, problems)
    top = os.path.join(into, *inside.split("/")) if inside else into
    if not os.path.lexists(top):
        os.makedirs(top)  # it holds nothing that is read
    return top, problems


def _relevant(entries: list[Entry]) -> Iterator[Entry]:
    """Manifests, and whatever lies in the folder of a chart or kustomization."""
    grounds = {posixpath.dirname(e.path) for e in entries if posixpath.basename(e.path) in _GROUNDS}
    for entry in entries:
        if entry.mode == _SUBMODULE or is_manifest(entry.path):
            yield entry
            continue
        folder = posixpath.dirname(entry.path)
        while folder not in grounds and folder:
            folder = posixpath.dirname(folder)
        if folder in grounds:
            yield entry


def _refused(entry: Entry) -> str | None:
    """Why an entry is not read, None where it is."""
    parts = entry.path.split("/")
    if any(part in {"", ".", ".."} or "\0" in part or os.sep in part for part in parts):
        return "its path leads out of the tree"
    if entry.mode == _SUBMODULE:
        return "a submodule, whose files are in another repository"
    if entry.size > LARGEST:
        return f"larger than {LARGEST // 1024 // 1024} MB"
    return None


def _entries(target: str, listing: bytes) -> Iterator[Entry]:
    for line in listing.split(b"\0"):
        if line:
            head, _, path = line.partition(b"\t")
            mode, _, name, size = head.decode().split()
            if size == "BAD":
                raise UsageError(f"{target}: {_LACKS} {os.fsdecode(path)}")
            yield Entry(mode, name, 0 if size == "-" else int(size), os.fsdecode(path))


def _batches(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    batch: list[Entry] = []
    size = 0
    for entry in entries:
        if batch and size + entry.size > _BATCH:
            yield batch
            batch, size = [], 0
        batch.append(entry)
        size += entry.size
    if batch:
        yield batch


def _write(target: str, batch: list[Entry], into: str, problems: list[Unreadable]) -> None:
    names = "".join(f"{entry.object}\n" for entry in batch).encode()
    answer = _git(target, ["cat-file", "--batch"], names)
    at = 0
    for entry in batch:
        end = answer.index(b"\n", at)
        words = answer[at:end].split()
        if len(words) != 3:
            raise UsageError(f"{target}: {_LACKS} {entry.path}")
        data = answer[end + 1 : end + 1 + int(words[2])]
        at = end + 2 + int(words[2])
        path = os.path.join(into, *entry.path.split("/"))
        os.makedirs(os.path.dirname(path), exist_ok=True)
        if entry.mode != _LINK:
            with open(path, "xb") as file:
                file.write(data)
        elif _leads_out(entry.path, os.fsdecode(data)):
            problems.append(Unreadable(entry.path, 1, 1, "a link that leads out of the tree"))
        else:
            os.symlink(data, os.fsencode(path))


def _leads_out(path: str, link: str) -> bool:
    whole = posixpath.normpath(posixpath.join(posixpath.dirname(path), link))
    return link.startswith("/") or whole == ".." or whole.startswith("../")


def _git(target: str, words: list[str], given: bytes = b"") -> bytes:
    environment = {key: os.environ[key] for key in _KEPT if key in os.environ} | _QUIET
    try:
        done = subprocess.run(  # noqa: S603 # a fixed program with a list of arguments, no shell
            ["git", "--no-pager", "-c", "core.fsmonitor=false", *words],  # noqa: S607 # the user's own git
            input=given,
            capture_output=True,
            env=environment,
            timeout=DEADLINE,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise UsageError(f"{target}: git did not answer within {DEADLINE:.0f} seconds") from error
    except OSError as error:
        raise UsageError(f"{target}: git could not be started: {(error.strerror or '').lower()}") from error
    if done.returncode:
        lines = done.stderr.decode(errors="replace").strip().splitlines()
        cause = lines[0].removeprefix("fatal: ") if lines else "there is no such revision here"
        raise UsageError(f"{target}: {cause}")
    return done.stdout
