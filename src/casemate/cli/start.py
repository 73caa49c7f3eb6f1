"""The entry point: finds the command, turns errors into one sentence and a status."""

import contextlib
import gc
import os
import sys

from casemate import __version__

USAGE = 2
BUG = 70
INTERRUPTED = 130


def main() -> None:
    """Run the command line and leave with its status."""
    _open_streams()
    if sys.argv[1:] in (["--version"], ["-V"]):
        sys.stdout.write(f"casemate {__version__}\n")
        return
    # Answers are held until the end of the run; collecting while they grow only costs time.
    gc.set_threshold(100_000, 50, 100)
    status = _run(sys.argv[1:])
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _close_stdout()
    sys.stderr.flush()
    if os.environ.get("CASEMATE_TRACEBACK"):
        sys.exit(status)
    os._exit(status)  # everything is written and closed; tearing the heap down would only take time


def _run(arguments: list[str]) -> int:
    import click  # noqa: PLC0415 # start-up: --version needs none of it

    from casemate.cli.commands import casemate  # noqa: PLC0415
    from casemate.model.errors import CasemateError, UsageError  # noqa: PLC0415

    try:
        return int(casemate.main(arguments, "casemate", standalone_mode=False) or 0)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return error.exit_code
    except click.ClickException as error:
        from casemate.cli.slips import in_one_line  # noqa: PLC0415 # only for a slip

        sys.stderr.write(f"casemate: {in_one_line(error)}\n")
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        sys.stderr.write("casemate: interrupted\n")
        return INTERRUPTED
    except BrokenPipeError:
        _close_stdout()
        return 0
    except UsageError as error:
        sys.stderr.write(f"casemate: {error}\n")
        return USAGE
    except CasemateError as error:
        sys.stderr.write(f"casemate: {error}\n")
        return 3
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        sys.stderr.write(f"casemate: {where}{(error.strerror or str(error)).lower()}\n")
        return 3
    except Exception as error:  # the contract: a bug ends with status 70 and says so
        if os.environ.get("CASEMATE_TRACEBACK"):
            raise
        sys.stderr.write(
            f"casemate: a bug in casemate ({type(error).__name__}: {error}). "
            "Please report it with the output of the same command under CASEMATE_TRACEBACK=1.\n"
        )
        return BUG


def _open_streams() -> None:
    """Give a stream that the caller closed (`<&-`, `>&-`) the null device, so that nothing trips over it."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            with contextlib.suppress(OSError):
                os.dup2(os.open(os.devnull, os.O_RDWR), number)
            setattr(sys, name, open(number, "r" if number == 0 else "w", encoding="utf-8", closefd=False))  # noqa: SIM115 # it lives as long as the run


def _close_stdout() -> None:
    """The reader of our output is gone: keep Python from complaining about it at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
