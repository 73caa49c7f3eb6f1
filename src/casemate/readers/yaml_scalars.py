"""What a YAML scalar means to Kubernetes.

Source: sigs.k8s.io/yaml with its goyaml.v2, `resolve.go`, and the key conversion of
`yaml.go` (`convertToJSONableObject`). That reader follows YAML 1.1 for booleans and octals,
reads dates as text, and turns every key into text.
"""

import base64
import math
import re
import struct

from casemate.model.errors import ReadError

Scalar = str | int | float | bool | None

_WORDS: dict[str, Scalar] = {
    **dict.fromkeys(("y", "Y", "yes", "Yes", "YES", "on", "On", "ON", "true", "True", "TRUE"), True),
    **dict.fromkeys(("n", "N", "no", "No", "NO", "off", "Off", "OFF", "false", "False", "FALSE"), False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), float("inf")),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), float("-inf")),
}
_INTEGER = re.compile(r"([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[oO]?([0-7]+)|0[bB]([01]+)|(0|[1-9][0-9]*))\Z")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")
_NUMERIC_START = frozenset("0123456789+-.")
_LONGEST_INTEGER = 80
_TYPES: dict[str, tuple[type, ...]] = {
    "bool": (bool,),
    "int": (int,),
    "float": (int, float),
    "null": (type(None),),
}
_TAG = "tag:yaml.org,2002:"


def resolve(text: str) -> Scalar:
    """The value of a plain scalar without a tag."""
    if text in _WORDS:
        return _WORDS[text]
    return _number(text) if text[0] in _NUMERIC_START else text


def tagged(text: str, tag: str) -> Scalar:
    """The value of a scalar with an explicit tag; a tag that is not YAML's own makes it text.

    Raises `ReadError` where the text is no value of that type.
    """
    kind = tag.removeprefix(_TAG)
    if kind == "binary":
        try:
            return base64.b64decode(text.replace("\n", ""), validate=True).decode("utf-8", "replace")
        except ValueError as error:  # binascii.Error is one
            raise ReadError(f"!!binary holds no base64: {error}") from error
    expected = _TYPES.get(kind)
    if kind == tag or expected is None:
        return text
    value = resolve(text)
    if not isinstance(value, expected) or (kind != "bool" and isinstance(value, bool)):
        raise ReadError(f"!!{kind} is given to {text[:40]!r}, which is none")
    return float(value) if kind == "float" and isinstance(value, int) else value


def json_value(value: Scalar) -> Scalar:
    """A number without a fraction is a whole one once Go has written it as JSON: `1e3` is 1000."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**63:
        return int(value)
    return value


def key_text(value: Scalar) -> str:
    """A key as text. Raises `ReadError` for null, which Kubernetes refuses as a key."""
    if isinstance(value, str):
        return value
    if value is None:
        raise ReadError("a key is null, which Kubernetes refuses")
    if isinstance(value, bool):
        return "true" if value else "false"
    return _float_text(value) if isinstance(value, float) else str(value)


def _float_text(value: float) -> str:
    """A float as Go writes it with the fewest digits of 32 bits: `strconv.FormatFloat(f, 'g', -1, 32)`."""
    (short,) = struct.unpack("f", struct.pack("f", value))
    if not math.isfinite(short):
        return {float("inf"): ".inf", float("-inf"): "-.inf"}.get(short, ".nan")
    digits = next(n for n in range(9) if struct.pack("f", float(f"{short:.{n}e}")) == struct.pack("f", short))
    scientific = f"{short:.{digits}e}"
    exponent = int(scientific.partition("e")[2])
    return f"{short:.{max(digits - exponent, 0)}f}" if -4 <= exponent < 6 else scientific


def _number(text: str) -> Scalar:
    plain = text.replace("_", "")
    match = _INTEGER.match(plain)
    if match is not None and len(plain) <= _LONGEST_INTEGER:
        sign, hexadecimal, octal, binary, decimal = match.groups()
        digits, base = next(
            (d, b) for d, b in ((hexadecimal, 16), (octal, 8), (binary, 2), (decimal, 10)) if d
        )
        value = int(digits, base)
        if -(2**63) <= (-value if sign == "-" else value) < 2**64:
            return -value if sign == "-" else value
    if _FLOAT.match(plain):
        number = float(plain)
        return text if number in {float("inf"), float("-inf")} else number
    return text
