"""The Basic Encoding Rules as far as LDAP and X.509 use them: definite lengths, short tags.

Source: ITU-T X.690 §8; RFC 4511 §5.1 (LDAP: definite form only). What is read is bounded by the bytes at
hand, never by what a length claims.
"""

from collections.abc import Iterator

BOOLEAN, INTEGER, OCTETS, ENUMERATED, SEQUENCE, SET = 0x01, 0x02, 0x04, 0x0A, 0x30, 0x31
_LONG = 0x80
_MOST_LENGTH_BYTES = 4


class BerError(ValueError):
    """Bytes that are no BER as it is used here."""


def tlv(tag: int, content: bytes) -> bytes:
    """One element: tag, length and content."""
    size = len(content)
    if size < _LONG:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, _LONG | len(length))) + length + content


def integer(value: int, tag: int = INTEGER) -> bytes:
    """A whole number, or with another tag an enumerated one."""
    return tlv(tag, value.to_bytes(value.bit_length() // 8 + 1, "big", signed=True))


def text(value: str, tag: int = OCTETS) -> bytes:
    """A text in UTF-8."""
    return tlv(tag, value.encode())


def boolean(value: bool) -> bytes:
    """True or false."""
    return tlv(BOOLEAN, b"\xff" if value else b"\x00")


def sequence(*parts: bytes, tag: int = SEQUENCE) -> bytes:
    """Elements one after the other."""
    return tlv(tag, b"".join(parts))


def header(data: bytes) -> tuple[int, int, int] | None:
    """The tag of the first element, where its content begins and how long it is.

    None where the bytes end before that is known. Raises `BerError` for an indefinite or monstrous length.
    """
    if len(data) < 2:
        return None
    size = data[1]
    if size < _LONG:
        return data[0], 2, size
    count = size & 0x7F
    if not 0 < count <= _MOST_LENGTH_BYTES:
        raise BerError("a length of a form that is not used")
    if len(data) < 2 + count:
        return None
    return data[0], 2 + count, int.from_bytes(data[2 : 2 + count], "big")


def elements(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The elements of a content as tags and contents. Raises `BerError` where one is cut short."""
    at = 0
    while at < len(data):
        found = header(data[at : at + 2 + _MOST_LENGTH_BYTES])
        if found is None:
            raise BerError("an element is cut short")
        tag, start, size = found
        end = at + start + size
        if end > len(data):
            raise BerError("an element is longer than what holds it")
        yield tag, data[at + start : end]
        at = end


def number(content: bytes) -> int:
    """The value of an integer's content."""
    if not content:
        raise BerError("a number without a value")
    return int.from_bytes(content, "big", signed=True)


class Elements:
    """The elements of a content, taken one by one."""

    def __init__(self, data: bytes) -> None:
        self._left = list(elements(data))
        self._left.reverse()

    def take(self, tag: int) -> bytes:
        """The content of the next element. Raises `BerError` where it has another tag."""
        content = self.maybe(tag)
        if content is None:
            raise BerError(f"an element with the tag {tag:#04x} is expected")
        return content

    def maybe(self, tag: int) -> bytes | None:
        """The content of the next element if it has that tag."""
        return self._left.pop()[1] if self._left and self._left[-1][0] == tag else None

    def any(self) -> tuple[int, bytes]:
        """The next element whatever it is."""
        if not self._left:
            raise BerError("an element is missing")
        return self._left.pop()
