"""No secret that the cases of the controls hold is shown by any writer."""

import base64
import io
from datetime import UTC, datetime
from pathlib import Path

import pytest

from casemate.controls.catalogue import family
from casemate.engine.judge import judge
from casemate.engine.report import Report
from casemate.model.estate import Coverage, Entity, Estate
from casemate.model.settings import Settings
from casemate.readers.manifests import read_text
from casemate.readers.places import Sources
from casemate.testing import read_page
from casemate.writers import html, scan_json, scan_text
from casemate.writers.paint import Paint

CASES = Path(__file__).parents[1] / "cases"
PAGES = sorted([*CASES.glob("secrets/*.md"), CASES / "compose" / "build_argument.md"])
VALUES = (
    "Kq7vTz2pLw9", "Zk2vTz2pLw9", "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", "Vq83kdLw02", "a8f5f167f44f4964e6c998dee827110c",
    "wJa3rXUtnFEM1/K7MDkNG", "Zx81-quattro-7", "supersecret", "T03PQ7XK9", "sk_live_4eC39HqLyjWDarjtT1zdp7dc", "$apr1$Hf83kdl2",
    "LS0tLS1CRUdJTiBQUklWQVRFIEtF", "changeme", "c2h2Y0RwTGNUZDJWSG95Y0V4M09YZz0", "eyJhdXRocyI6", "postgres\n",
)  # fmt: skip
"""The secrets in the cases, as they stand there; the encodings follow from them."""


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_no_writer_shows_a_secret(page: Path) -> None:
    cases = [case for case in read_page(page.read_text()).cases if case.expected]
    for number, case in enumerate(cases):
        read = [item for item in read_text(f"{number}.yaml", case.text.encode()) if isinstance(item, Entity)]
        estate = Estate(entities=tuple(read), coverage=Coverage(files=1, documents=len(read)))
        settings = Settings()
        report = Report(("a",), settings, estate, judge(estate, family(page.parent.name), settings))
        text, raw, site = io.StringIO(), io.BytesIO(), io.StringIO()
        scan_text.write(report, Sources(), text, Paint(on=False), 80, verbose=True)
        scan_json.write(report, Sources(), raw)
        html.write(report, Sources(), site, datetime(2026, 1, 1, tzinfo=UTC))
        for written in (text.getvalue(), raw.getvalue().decode(), site.getvalue()):
            assert page.stem.replace("_", "-") in written
            for value in VALUES:
                encoded = base64.b64encode(value.encode()).decode().rstrip("=")[:-1]
                assert value not in written
                assert encoded not in written or len(encoded) < 8
