"""A directory server of a few lines, for what a real one does not do: hang, lie, or be Active Directory."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from casemate.readers.identities import ber, messages

Answer = Callable[[int, int, bytes], Iterator[bytes]]
"""From the number, the sort and the body of a request to the bytes that are sent."""
BIND, SEARCH, EXTENDED = 0x60, 0x63, 0x77


def message(number: int, *parts: bytes) -> bytes:
    return ber.sequence(ber.integer(number), *parts)


def result(number: int, sort: int, code: int = 0, text: str = "") -> bytes:
    body = ber.sequence(ber.integer(code, ber.ENUMERATED), ber.text(""), ber.text(text), tag=sort)
    return message(number, body)


def entry(number: int, dn: str, **attributes: list[str | bytes]) -> bytes:
    pairs = (
        ber.sequence(
            ber.text(name),
            ber.sequence(
                *(ber.tlv(ber.OCTETS, v.encode() if isinstance(v, str) else v) for v in values), tag=ber.SET
            ),
        )
        for name, values in attributes.items()
    )
    return message(number, ber.sequence(ber.text(dn), ber.sequence(*pairs), tag=messages.ENTRY))


def reference(number: int, *urls: str) -> bytes:
    return message(number, ber.sequence(*map(ber.text, urls), tag=messages.REFERENCE))


@contextmanager
def serving(answer: Answer) -> Iterator[int]:
    """The port of a server that answers so; it ends with the block."""
    listener = socket.create_server(("127.0.0.1", 0))
    done = threading.Event()
    thread = threading.Thread(target=_serve, args=(listener, answer, done), daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        done.set()
        with suppress(OSError):  # wakes whoever still waits for a connection
            listener.shutdown(socket.SHUT_RDWR)
        thread.join(10)
        listener.close()


def _serve(listener: socket.socket, answer: Answer, done: threading.Event) -> None:
    try:
        listener.settimeout(10)
        connection, _ = listener.accept()
    except OSError:
        return
    with connection:
        connection.settimeout(0.05)
        buffer = b""
        while not done.is_set():
            try:
                block = connection.recv(65536)
            except TimeoutError:
                continue
            except OSError:
                return
            if not block:
                return
            buffer += block
            try:
                buffer = _answered(connection, buffer, answer)
            except (OSError, ber.BerError):  # gone, or what comes is TLS
                return


def _answered(connection: socket.socket, buffer: bytes, answer: Answer) -> bytes:
    """What is left of the bytes when each whole request in them is answered."""
    while (head := ber.header(buffer)) and len(buffer) >= head[1] + head[2]:
        content = buffer[head[1] : head[1] + head[2]]
        buffer = buffer[head[1] + head[2] :]
        number, sort, body, _ = messages.opened(content)
        for data in answer(number, sort, body):
            connection.sendall(data)
    return buffer
