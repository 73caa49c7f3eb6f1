"""Which files a target holds: a folder, a single file, a glob, an archive, or standard input."""

import os
import stat
from collections.abc import Iterator

from casemate.model.errors import UsageError
from casemate.model.estate import Unreadable
from casemate.readers import files
from casemate.readers.files import ARCHIVES, STDIN, Listing


def expand(targets: tuple[str, ...]) -> Iterator[str]:
    """The targets with globs replaced by what they match.

    Raises `UsageError` for a target that is not there.
    """
    for target in dict.fromkeys(targets):
        if not target:
            raise UsageError("a target is empty: name a path, a glob in quotes, or - for standard input")
        if target == STDIN or os.path.lexists(target):
            yield target
            continue
        found = _matches(target) if any(sign in target for sign in "*?[") else []
        if not found:
            message = (
                f"{target}: no such file or folder; name a path, a glob in quotes, or - for standard input"
            )
            raise UsageError(message)
        yield from found


def list_files(target: str, exclude: tuple[str, ...] = ()) -> Listing:
    """Everything to read in one target; `exclude` holds glob patterns of paths inside it."""
    listing = Listing(target)
    if target == STDIN:
        listing.files.append(files.standard_input())
    elif os.path.isdir(target):
        files.walk(target, exclude, listing)
    elif target.endswith(ARCHIVES):
        from casemate.readers.archives import list_members  # noqa: PLC0415 # start-up: few targets are archives

        list_members(target, exclude, listing)
    else:
        _single(target, listing)
    return listing


def without_repeats(listings: list[Listing]) -> None:
    """Take out of each listing the files that another target holds too, so that each is judged once.

    The outermost folder keeps a file, since what belongs together (a chart, a kustomization) is seen there.
    """
    if len(listings) < 2:
        return
    seen: set[str] = set()
    for listing in sorted(listings, key=_outermost):
        if not listing.is_archive:
            places = [file.path and os.path.realpath(file.path) for file in listing.files]
            kept = [
                (file, place) for file, place in zip(listing.files, places, strict=True) if place not in seen
            ]
            listing.files = [file for file, _ in kept]
            seen.update(place for _, place in kept if place is not None)


def _outermost(listing: Listing) -> tuple[bool, int]:
    return not os.path.isdir(listing.target), len(os.path.realpath(listing.target))


def _matches(pattern: str) -> list[str]:
    import glob  # noqa: PLC0415 # start-up: few runs have a glob left to expand

    return sorted(glob.glob(pattern, recursive=True))


def _single(target: str, listing: Listing) -> None:
    try:
        status = os.stat(target)
    except OSError as error:
        listing.unreadable.append(Unreadable(target, 1, 1, files.reason(error)))
        return
    if not stat.S_ISREG(status.st_mode):
        raise UsageError(
            f"{target} is {files.what(status.st_mode)}; only files, folders and archives are read"
        )
    listing.files.append(files.on_disk(target, os.path.basename(target), status.st_size))
