"""Where answers go: several formats in one run, each to a file or one of them to the screen."""

import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from io import TextIOWrapper
from typing import TYPE_CHECKING, Any, BinaryIO, TextIO

import click

from casemate.cli.completion import files

if TYPE_CHECKING:
    from casemate.writers.paint import Paint

_META = "casemate.outputs"


class Outputs(click.Command):
    """A command whose `--output` belongs to the `--format` before it."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Note the pairs in the order given, then parse as usual."""
        pairs: list[list[str | None]] = []
        parser = self.make_parser(ctx)
        opts, _, order = parser.parse_args(list(args))
        taken: dict[str, int] = {}
        for parameter in order:
            name = parameter.name or ""
            if name not in {"formats", "outputs"}:
                continue
            value = opts[name][taken.get(name, 0)]
            taken[name] = taken.get(name, 0) + 1
            if name == "formats":
                pairs.append([value, None])
            elif pairs and pairs[-1][1] is None:
                pairs[-1][1] = value
            else:
                pairs.append([None, value])
        ctx.meta[_META] = pairs
        return super().parse_args(ctx, args)


def outputs(formats: tuple[str, ...]) -> Callable[[Any], Any]:
    """The options `--format` and `--output`; the first of `formats` is the default."""

    def add(command: Any) -> Any:
        command = click.option(
            "--output",
            "outputs",
            multiple=True,
            metavar="FILE",
            help="Write the format before it to a file.",
            shell_complete=files,
        )(command)
        return click.option(
            "--format",
            "formats",
            multiple=True,
            type=click.Choice(formats),
            help=f"Default: {formats[0]}. Repeatable.",
        )(command)

    return add


def chosen(ctx: click.Context, default: str) -> list[tuple[str, str | None]]:
    """The formats asked for with their files; at most one goes to the screen.

    One format and one output belong together in either order. Raises `click.UsageError` for an output
    without its format, and for a file that could not be written, before anything is read.
    """
    pairs: list[list[str | None]] = ctx.meta[_META] or [[default, None]]
    if len(pairs) == 2 and pairs[0][0] is None and pairs[1][1] is None:
        pairs = [[pairs[1][0], pairs[0][1]]]
    found = [(name or default, None if path == "-" else path) for name, path in pairs]
    for name, path in pairs:
        if name is None and len(pairs) > 1:
            raise click.UsageError(f"--output {path} has no --format of its own before it")
    if sum(path is None for _, path in found) > 1:
        raise click.UsageError("Only one format can go to standard output: give the others an --output each")
    paths = [os.path.abspath(path) for _, path in found if path is not None]
    for path in paths:
        check_place(path)
        if paths.count(path) > 1 and (os.path.isfile(path) or not os.path.exists(path)):
            raise click.UsageError(f"Two formats would be written to {path}: name a file for each")
    return found


def check_place(path: str) -> None:
    """Raise `click.UsageError` where no file of that name could be written."""
    folder = os.path.dirname(os.path.abspath(path))
    if os.path.isdir(path):
        raise click.UsageError(f"{path} is a folder: name a file in it for --output")
    if not os.path.isdir(folder):
        raise click.UsageError(f"{path} cannot be written: there is no folder {folder}; make it first")


@contextlib.contextmanager
def save(path: str | None) -> Iterator[BinaryIO]:
    """A stream to standard output, or to a file that appears whole and is its owner's only."""
    if path is None:
        sys.stdout.flush()
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    if os.path.exists(path) and not os.path.isfile(path):
        with open(path, "wb") as file:  # a device or pipe, such as /dev/stderr
            yield file
        return
    import tempfile  # noqa: PLC0415 # start-up: most answers go to the screen

    folder = os.path.dirname(os.path.abspath(path))
    descriptor, name = tempfile.mkstemp(prefix=".casemate-", dir=folder)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
        os.replace(name, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise


@contextlib.contextmanager
def as_text(out: BinaryIO) -> Iterator[TextIO]:
    """Text written to a binary stream, which stays open."""
    text = TextIOWrapper(out, "utf-8", errors="replace")
    try:
        yield text
        text.flush()
    finally:
        text.detach()


def save_bytes(path: str | None, data: bytes) -> None:
    """`save` for an answer that is at hand."""
    with save(path) as out:
        out.write(data)


def paint_for(*, to_screen: bool) -> "Paint":
    """Colour where the answer goes to a terminal that shows it and the user wants it."""
    from casemate.writers.paint import Paint  # noqa: PLC0415 # start-up: only text is painted

    shown = to_screen and sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    return Paint(on=bool(shown) and os.environ.get("TERM") != "dumb")
