"""The manifests to read: a folder, or one whose archives are unpacked for the time being."""

import contextlib
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
CORPUS = CHECKOUT.parent / "shared" / "corpora" / "pods" / "manifests"
HELP = "a folder of manifests, or of *.tar.gz that hold them"


@contextlib.contextmanager
def manifests(folder: Path) -> Iterator[Path]:
    """The folder itself, or a temporary one with everything its archives hold."""
    if not folder.is_dir():
        raise SystemExit(f"bench: {folder} is no folder: name one with --manifests")
    archives = sorted(folder.glob("*.tar.gz"))
    if not archives:
        yield folder.resolve()
        return
    with tempfile.TemporaryDirectory() as unpacked:
        for archive in archives:
            with tarfile.open(archive) as tar:
                tar.extractall(unpacked, filter="data")
        yield Path(unpacked)
