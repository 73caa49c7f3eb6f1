"""A conversation with a directory server: always encrypted, always bounded in time and size.

TLS is verified against the system's authorities or those given, the host's name included. Without it only
the machine itself is talked to: a password would be read, and an answer could be anybody's.

Source: RFC 4511 §4, RFC 4513 (bind and TLS), RFC 4516 (addresses).
"""

import contextlib
import socket
import ssl
import time
from collections.abc import Iterable, Iterator
from typing import Self

from casemate.model.errors import ReadError
from casemate.model.identities import Ldap
from casemate.readers.identities import ber, filters, messages
from casemate.readers.identities.address import Address

_LARGEST = 64 * 1024 * 1024
"""Bytes of one message."""
_BLOCK = 64 * 1024
_HEAD = 6
"""Bytes that tell how long a message is."""
_MOST = 5_000_000
"""Entries of one search."""
_WHOLE = 60
"""How often the patience for one answer fits into that for all of them."""
_OK, _TOO_LONG, _TOO_MANY, _ADMIN_LIMIT, _NO_SUCH_OBJECT = 0, 3, 4, 11, 32
_CUT = {
    _TOO_LONG: "the server's time limit ended the search",
    _TOO_MANY: "the server's size limit cut the answer: ask as a user who may read all, or raise the limit",
    _ADMIN_LIMIT: "an administrative limit of the server cut the answer",
}
_WORDS = {
    8: "the server wants a stronger login",
    13: "the server wants TLS first",
    34: "a name (DN) is written wrongly",
    48: "the server allows no login of this form",
    49: "the server refuses the name or the password",
    50: "the user may not read this",
}


class Found:
    """What a search has found: filled while it goes on, so that a cut answer is not lost."""

    def __init__(self) -> None:
        self.entries: list[messages.Entry] = []
        self.cut: str = ""


class Connection:
    """One conversation, opened with `with`; raises `ReadError` for whatever fails."""

    def __init__(self, address: Address, setting: Ldap) -> None:
        self._address = address
        self._setting = setting
        self._number = 0
        self._buffer = bytearray()
        self._end = time.monotonic() + setting.timeout * _WHOLE
        self._socket: socket.socket | None = None

    def __enter__(self) -> Self:
        with self._clear():
            self._socket = self._open()
        return self

    def __exit__(self, *_: object) -> None:
        if self._socket is not None:
            with contextlib.suppress(OSError):
                self._socket.sendall(messages.unbind(self._number + 1))
            self._socket.close()

    def bind(self, name: str, password: str) -> None:
        """Log in; with both empty as nobody in particular."""
        with self._clear():
            self._number += 1
            self._send(messages.bind(self._number, name, password))
            sort, body, controls = self._receive()
            self._expect(sort, messages.BIND_RESPONSE)
            self._succeed(messages.result(body, controls), "the login")

    def search(
        self, base: str, wanted: str, attributes: Iterable[str], scope: int = messages.SUBTREE
    ) -> Found:
        """All entries below a base that a filter lets through, page by page."""
        names, encoded = tuple(attributes), filters.encode(wanted)
        found = Found()
        cookie, size = b"", self._setting.page_size if scope == messages.SUBTREE else 0
        with self._clear():
            while True:
                self._number += 1
                self._send(messages.search(self._number, base, scope, encoded, names, size, cookie))
                result = self._answers(found)
                if result.code in _CUT:
                    found.cut = _CUT[result.code]
                elif result.code == _NO_SUCH_OBJECT:
                    raise ReadError(f"there is no entry {base or '(root)'}, or the user may not see it")
                else:
                    self._succeed(result, f"the search below {base}")
                cookie = result.cookie
                if found.cut or not cookie or not size:
                    return found

    def _answers(self, found: Found) -> messages.Result:
        for sort, body, controls in self._messages():
            if sort == messages.ENTRY:
                found.entries.append(messages.entry(body))
                if len(found.entries) > _MOST:
                    raise ReadError(f"more than {_MOST:,} entries: narrow the base or the filter")
            elif sort == messages.REFERENCE:
                elsewhere = [url for url in messages.reference(body) if not _holds_no_accounts(url)]
                if elsewhere:
                    found.cut = f"a part of the directory is at {elsewhere[0]}, which was not asked"
            else:
                self._expect(sort, messages.DONE)
                return messages.result(body, controls)
        raise ReadError("the server ended the answer early")  # pragma: no cover # `_messages` has no end

    def _messages(self) -> Iterator[tuple[int, bytes, bytes]]:
        while True:
            yield self._receive()

    def _open(self) -> socket.socket:
        address, setting = self._address, self._setting
        plain = socket.create_connection((address.host, address.port), setting.timeout)
        try:
            plain.settimeout(setting.timeout)
            if address.tls:
                return self._secured(plain)
            if setting.start_tls is False and address.is_here:
                return plain
            if setting.start_tls is False:
                raise ReadError("start-tls: false is for this machine only; use ldaps:// or StartTLS")
            self._socket = plain
            self._number += 1
            self._send(messages.start_tls(self._number))
            sort, body, controls = self._receive()
            self._expect(sort, messages.EXTENDED_RESPONSE)
            self._succeed(messages.result(body, controls), "StartTLS")
            if self._buffer:
                raise ReadError("the server speaks before TLS has begun, which somebody in between may do")
            return self._secured(plain)
        except BaseException:
            plain.close()
            self._socket = None
            raise

    def _secured(self, plain: socket.socket) -> socket.socket:
        file = self._setting.ca_file or None
        try:
            context = ssl.create_default_context(cafile=file)
        except (OSError, ssl.SSLError) as error:
            raise ReadError(f"ca-file {file}: no certificates can be read from it ({error})") from error
        return context.wrap_socket(plain, server_hostname=self._address.host)

    def _send(self, data: bytes) -> None:
        assert self._socket is not None  # noqa: S101 # opened by `with`
        self._socket.settimeout(self._patience())
        self._socket.sendall(data)

    def _receive(self) -> tuple[int, bytes, bytes]:
        """The next message to the present number: its sort, body and controls."""
        until = time.monotonic() + self._patience()
        while True:
            number, sort, body, controls = messages.opened(self._read(until))
            if number == self._number:
                return sort, body, controls
            if number == 0:
                notice = messages.result(body, b"")
                raise ReadError(f"the server ends the conversation: {notice.message or notice.code}")

    def _read(self, until: float) -> bytes:
        """The content of one whole message."""
        while True:
            head = ber.header(bytes(self._buffer[:_HEAD]))
            if head is not None:
                tag, start, size = head
                if tag != ber.SEQUENCE or size > _LARGEST:
                    raise ReadError("the server does not speak LDAP, or sends too large a message")
                if len(self._buffer) >= start + size:
                    content = bytes(self._buffer[start : start + size])
                    del self._buffer[: start + size]
                    return content
            self._more(until)

    def _more(self, until: float) -> None:
        assert self._socket is not None  # noqa: S101 # opened by `with`
        left = until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._socket.settimeout(left)
        block = self._socket.recv(_BLOCK)
        if not block:
            raise ReadError("the server ended the conversation")
        self._buffer += block

    def _patience(self) -> float:
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return min(self._setting.timeout, left)

    @staticmethod
    def _expect(sort: int, wanted: int) -> None:
        if sort != wanted:
            raise ReadError("the server answers something else than was asked")

    @staticmethod
    def _succeed(result: messages.Result, what: str) -> None:
        if result.code != _OK:
            words = _WORDS.get(result.code, f"result code {result.code}")
            said = f" ({result.message.strip()[:200]})" if result.message.strip() else ""
            raise ReadError(f"{what} failed: {words}{said}")

    @contextlib.contextmanager
    def _clear(self) -> Iterator[None]:
        """Turns what may go wrong on the way into one sentence."""
        try:
            yield
        except ssl.SSLCertVerificationError as error:
            raise ReadError(
                f"the server's certificate is not trusted ({error.verify_message}): "
                "name its authority in ca-file"
            ) from error
        except ssl.SSLError as error:
            raise ReadError(f"TLS failed: {error.reason or error}") from error
        except TimeoutError as error:
            raise ReadError(f"the server gave no answer within {self._setting.timeout:g} seconds") from error
        except ber.BerError as error:
            raise ReadError(f"the server's answer is no LDAP: {error}") from error
        except OSError as error:
            raise ReadError((error.strerror or str(error)).lower()) from error


def _holds_no_accounts(url: str) -> bool:
    """Whether a continuation of Active Directory leads to its own records of names and settings."""
    path = url.lower().replace("%20", " ")
    return any(
        f"/{start}" in path for start in ("dc=forestdnszones,", "dc=domaindnszones,", "cn=configuration,")
    )
