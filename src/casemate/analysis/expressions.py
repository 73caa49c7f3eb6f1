"""Regular expressions that are compiled when they are first used: most runs need few of many."""

import re
from collections.abc import Callable, Iterator
from functools import cached_property

Found = re.Match[str]


class Expression:
    """A regular expression with the methods of a compiled one."""

    def __init__(self, form: str, flags: int = 0) -> None:
        self.form = form
        self.flags = flags

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The expression, compiled."""
        return re.compile(self.form, self.flags)

    @cached_property
    def search(self) -> Callable[..., Found | None]:
        """`re.Pattern.search`."""
        return self.pattern.search

    @cached_property
    def match(self) -> Callable[[str], Found | None]:
        """`re.Pattern.match`."""
        return self.pattern.match

    @cached_property
    def finditer(self) -> Callable[[str], Iterator[Found]]:
        """`re.Pattern.finditer`."""
        return self.pattern.finditer

    @cached_property
    def findall(self) -> Callable[[str], list[str]]:
        """`re.Pattern.findall`."""
        return self.pattern.findall
