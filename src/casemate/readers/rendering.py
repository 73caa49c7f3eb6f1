"""Charts and kustomizations are rendered by the user's own helm and kustomize.

The programs get a list of arguments (never a shell), a deadline and no input. Nothing is
fetched from the network on our account: a kustomization that names remote resources is not
built, and a chart is rendered with the dependencies it carries.
"""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator

import msgspec

from casemate.model.errors import ReadError

DEADLINE = 60.0
"""Seconds that one rendering may take."""
_SOURCE = re.compile(rb"^# Source: (\S+)$", re.MULTILINE)
_NO_NETWORK = {
    "HTTP_PROXY": "http://127.0.0.1:9",
    "HTTPS_PROXY": "http://127.0.0.1:9",
    "GIT_ALLOW_PROTOCOL": "",
}
"""A proxy that nobody serves, and no transport for git: what a base fetches is not fetched for us."""
_KEPT = ("PATH", "HOME", "TMPDIR", "LANG", "LC_ALL", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME")


class Rendered(msgspec.Struct):
    """What a program printed, which program it was, and the folder that its origins start from."""

    text: bytes
    program: str
    base: str = ""


def helm(folder: str) -> Rendered:
    """The manifests of a chart (a folder or a packed chart) with its default values.

    Raises `ReadError` where helm is absent, fails, or takes more than `DEADLINE` seconds.
    """
    program = shutil.which("helm")
    if program is None:
        raise ReadError(
            "a Helm chart, not rendered because helm is not installed: get it from "
            "https://helm.sh/docs/intro/install, or give casemate the output of helm template"
        )
    return Rendered(_run([program, "template", "release", folder]), "helm template")


def kustomize(folder: str) -> Rendered:
    """The manifests that a kustomization builds, each with its origin as annotation.

    Raises `ReadError` where neither kustomize nor kubectl is there, or the build fails.
    """
    program, words = shutil.which("kustomize"), ["build"]
    if program is None:
        program, words = shutil.which("kubectl"), ["kustomize"]
    if program is None:
        raise ReadError(
            "a kustomization, not built because neither kustomize nor kubectl is installed: get it from "
            "https://kubectl.docs.kubernetes.io/installation/kustomize, or give casemate what it builds"
        )
    with tempfile.TemporaryDirectory(prefix="casemate-") as scratch:
        base = os.path.realpath(scratch)
        relative = os.path.relpath(os.path.realpath(folder), base)
        content = {"resources": [relative], "buildMetadata": ["originAnnotations"]}
        with open(os.path.join(scratch, "kustomization.yaml"), "wb") as file:
            file.write(msgspec.json.encode(content))
        return Rendered(_run([program, *words, scratch]), "kustomize", base)


def sources(text: bytes) -> Iterator[tuple[str | None, bytes]]:
    """Helm's output document by document, each with the template it names as its source."""
    for document in re.split(rb"^---[ \t]*\r?$", text, flags=re.MULTILINE):
        match = _SOURCE.search(document)
        yield (match[1].decode(errors="replace") if match else None), document


def _run(command: list[str]) -> bytes:
    name = os.path.basename(command[0])
    environment = {key: os.environ[key] for key in _KEPT if key in os.environ} | _NO_NETWORK
    try:
        done = subprocess.run(  # noqa: S603 # a fixed program with a list of arguments, no shell
            command,
            capture_output=True,
            stdin=subprocess.DEVNULL,
            env=environment,
            timeout=DEADLINE,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise ReadError(f"{name} did not finish within {DEADLINE:.0f} seconds") from error
    except OSError as error:
        raise ReadError(f"{name} could not be started: {error.strerror}") from error
    if done.returncode:
        lines = done.stderr.decode(errors="replace").strip().splitlines()
        cause = next(
            (line for line in lines if line.lower().startswith("error")), lines[-1] if lines else "no reason"
        )
        raise ReadError(f"{name} could not render it: {cause[:500]}")
    return done.stdout
