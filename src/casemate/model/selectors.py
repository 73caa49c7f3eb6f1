"""Label selectors as objects hold them; `analysis.selectors` says what they select.

Source: meta/v1 types.go, `LabelSelector`.
"""

import msgspec


class Requirement(msgspec.Struct, frozen=True, kw_only=True):
    """One expression: In, NotIn, Exists or DoesNotExist."""

    key: str | None = None
    operator: str | None = None
    values: tuple[str, ...] | None = None


class LabelSelector(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Labels that must be so, and expressions that must hold; without either it selects all."""

    match_labels: dict[str, str] | None = None
    match_expressions: tuple[Requirement, ...] | None = None
