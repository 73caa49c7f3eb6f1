"""What the objects of function platforms mean: durations, visibility, and the language they run in.

Source: knative/serving pkg/apis/config/defaults.go and networking's visibility label; openfaas
of-watchdog's environment variables; kubeless docs/runtimes.md; the end of each language's support as
endoflife.date collects it (products python, nodejs and ruby).
"""

import re
from collections.abc import Iterator
from typing import ClassVar

import msgspec

from casemate.model.estate import Entity, Estate
from casemate.model.functions import FissionPackage, KnativeService, KubelessFunction
from casemate.model.place import Path
from casemate.model.settings import Settings

_VISIBILITY = ("networking.knative.dev/visibility", "serving.knative.dev/visibility")
_PART = re.compile(r"(\d+(?:\.\d+)?)(ms|h|m|s)")
_SECONDS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}


def is_public(service: KnativeService) -> bool:
    """Whether Knative routes calls from outside of the cluster to a service."""
    return service.ref.kind == "Service" and not any(
        service.labels.get(key) == "cluster-local" for key in _VISIBILITY
    )


def seconds(text: str) -> float | None:
    """The seconds that a duration of Go (`1h30m`) or a bare number stands for; None where it is neither."""
    text = text.strip()
    if text.isdecimal():
        return float(text)
    parts = _PART.findall(text)
    if not parts or "".join(number + unit for number, unit in parts) != text:
        return None
    return sum(float(number) * _SECONDS[unit] for number, unit in parts)


_ENDED: dict[str, dict[str, str]] = {
    language: dict(pair.split(":") for pair in releases.split())
    for language, releases in {
        "python": "2.6:2013 2.7:2020 3.3:2017 3.4:2019 3.5:2020 "
        "3.6:2021 3.7:2023 3.8:2024 3.9:2025 3.10:2026",
        "nodejs": "4:2018 5:2016 6:2019 7:2017 8:2019 9:2018 10:2021 11:2019 12:2022 "
        "13:2020 14:2023 15:2021 16:2023 17:2022 18:2025 19:2023 20:2026 21:2024",
        "ruby": "2.0:2016 2.1:2017 2.2:2018 2.3:2019 2.4:2020 "
        "2.5:2021 2.6:2022 2.7:2023 3.0:2024 3.1:2025 3.2:2026",
    }.items()
}
"""Languages, and the year in which each release's support ended."""
_LANGUAGE = re.compile(r"(python|nodejs|node|ruby)(?:-env)?[-:]?(\d+(?:\.\d+)?)")


def ended(runtime: str) -> tuple[str, str] | None:
    """The language release in a runtime's name that is no longer supported, and the year it ended.

    Reads Kubeless runtimes (`python2.7`) and images of Fission's environments (`python-env-3.6`).
    """
    match = _LANGUAGE.search(runtime)
    if match is None:
        return None
    language = "nodejs" if match[1] == "node" else match[1]
    number = match[2].partition(".")[0] if language == "nodejs" else match[2]
    year = _ENDED[language].get(number)
    return None if year is None else (f"{language} {number}", year)


class Code(msgspec.Struct, frozen=True, eq=False):
    """The code of a function as an object holds it: by value, or by an address with its digest."""

    SOURCES: ClassVar[tuple[type[Entity], ...]] = (KubelessFunction, FissionPackage)

    path: Path
    inline: bool
    url: str | None
    digest: str | None

    @classmethod
    def parts_of(cls, entity: Entity, estate: Estate, settings: Settings) -> Iterator["Code"]:  # noqa: ARG003 # engine.judge.Part
        """The code of a Kubeless function, and the archives of a Fission package."""
        if isinstance(entity, KubelessFunction):
            text = entity.spec.function
            if text:
                is_address = (entity.spec.function_content_type or "").startswith("url")
                url = text if is_address else None
                yield cls(("spec", "function"), not is_address, url, entity.spec.checksum)
        if isinstance(entity, FissionPackage):
            for field, archive in (("source", entity.spec.source), ("deployment", entity.spec.deployment)):
                if archive is None:
                    continue
                if archive.literal:
                    yield cls(("spec", field, "literal"), inline=True, url=None, digest=None)
                elif archive.url:
                    digest = archive.checksum.sum if archive.checksum is not None else None
                    yield cls(("spec", field, "url"), inline=False, url=archive.url, digest=digest)
