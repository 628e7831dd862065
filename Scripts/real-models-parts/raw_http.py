"""One HTTP/1.1 exchange over a plain socket, taken apart by the simplest means."""

import dataclasses
import socket
import typing

# RFC 9110 section 7.6.1, and the one field that the gateway adds.
NOT_END_TO_END = {b"connection", b"keep-alive", b"proxy-connection", b"te", b"trailer", b"transfer-encoding",
                  b"upgrade", b"x-model-version"}


@dataclasses.dataclass
class Answer:
    """An answer as its bytes say; `whole` is whether its framing came to its end."""

    status_line: bytes
    fields: typing.List[typing.Tuple[bytes, bytes]]
    raw_body: bytes
    body: bytes
    whole: bool

    @property
    def end_to_end(self):
        """Status line, fields with their order and duplicates, de-chunked body."""
        kept = [(name, value) for name, value in self.fields if name.lower() not in NOT_END_TO_END]
        return {"status": self.status_line, "fields": kept, "body": self.body, "whole": self.whole}

    def value(self, name):
        return next((value for key, value in self.fields if key.lower() == name), None)


def head_and_rest(data):
    """The lines of a head and what follows it; None where the head is not complete."""
    head, mark, rest = data.partition(b"\r\n\r\n")
    return (head.split(b"\r\n"), rest) if mark else None


def parse(data, to_head=False):
    """The answer that begins with these bytes; `whole` is False where more must come or nothing more came."""
    lines, rest = head_and_rest(data)
    fields = [(name, value.strip()) for name, _, value in (line.partition(b":") for line in lines[1:])]
    answer = Answer(lines[0], fields, rest, rest, True)
    status = int(lines[0].split(b" ")[1])
    length = answer.value(b"content-length")
    if to_head or status in (204, 304):
        answer.raw_body = answer.body = b""
    elif (answer.value(b"transfer-encoding") or b"").lower() == b"chunked":
        answer.body, used, answer.whole = dechunk(rest)
        answer.raw_body = rest[:used] if answer.whole else rest
    elif length is not None:
        answer.raw_body = answer.body = rest[:int(length)]
        answer.whole = len(rest) >= int(length)
    return answer


def dechunk(data):
    """Payload, bytes used, and whether the last chunk came (these servers send no trailers)."""
    payload, at = b"", 0
    while (end := data.find(b"\r\n", at)) >= 0:
        size = int(data[at:end].split(b";")[0], 16)
        piece = data[end + 2:end + 2 + size]
        payload += piece
        at = end + 2 + size + 2
        if len(piece) < size or len(data) < at:
            break
        if size == 0:
            return payload, at, True
    return payload, len(data), False


def exchange(port, request, received=None):
    """Sends a request on a connection of its own and reads to the end of the connection.

    `received` is told of every read: the whole of what came so far.
    """
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        connection.sendall(request)
        data = b""
        while True:
            try:
                piece = connection.recv(1 << 16)
            except ConnectionResetError:
                piece = b""
            if not piece:
                break
            data += piece
            if received:
                received(data)
    return parse(data, to_head=request.startswith(b"HEAD "))
