"""Answers as JSON: what is no text, such as an odd file name, is shown with replacement characters."""

import re
from typing import Any

import msgspec

_encode = msgspec.json.Encoder(enc_hook=str).encode
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def as_json(value: Any) -> bytes:
    """The value as JSON in UTF-8."""
    try:
        return _encode(value)
    except UnicodeEncodeError:
        return _encode(_text(msgspec.to_builtins(value, enc_hook=str)))


def _text(value: Any) -> Any:
    """The value with half characters replaced, which stand for bytes of a name that is no UTF-8."""
    if isinstance(value, str):
        return _LONE_SURROGATE.sub("\ufffd", value)
    if isinstance(value, dict):
        return {_text(key): _text(item) for key, item in value.items()}
    return [_text(item) for item in value] if isinstance(value, (list, tuple)) else value
