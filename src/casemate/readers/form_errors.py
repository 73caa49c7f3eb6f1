"""What is wrong with a value in a file of settings, in words that people use."""

import re

import msgspec

_WRONG = re.compile(
    r"Expected `(?P<wanted>[^`]+)`, got `(?P<got>[^`]+)`(?: - at `(?:key in )?\$\.?(?P<at>[^`]*)`)?"
)
_UNKNOWN = re.compile(r"contains unknown field `([^`]*)`")
_WORDS = {
    "array": "a list",
    "object": "a map",
    "str": "text",
    "int": "a number",
    "float": "a number",
    "bool": "true or false",
    "null": "nothing",
}


def in_words(error: msgspec.ValidationError) -> str:
    """`disable: a list is expected, not text` for what msgspec says of a wrong type; else its own words."""
    wrong, unknown = _WRONG.search(str(error)), _UNKNOWN.search(str(error))
    if unknown is not None:
        return f"there is no key {unknown[1]}"
    if wrong is None:
        return str(error)
    wanted = " or ".join(dict.fromkeys(_word(name) for name in wrong["wanted"].split(" | ")))
    place = (wrong["at"] or "").replace("[...]", "")
    return f"{place}{': ' if place else ''}{wanted} is expected, not {_word(wrong['got'])}"


def _word(name: str) -> str:
    return _WORDS.get(name, name)
