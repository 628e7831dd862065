"""The recorded exchanges of real servers."""

import dataclasses
import json
import typing

from raw_http import head_and_rest


@dataclasses.dataclass
class Capture:
    """One exchange: both messages as bytes, and the sizes in which the answer came."""

    name: str
    request: bytes
    response: bytes
    pieces: typing.List[bytes]

    @property
    def method(self):
        return self.request.split(b" ", 1)[0].decode()

    @property
    def path(self):
        return self.request.split(b" ", 2)[1].decode().partition("?")[0]

    @property
    def body(self):
        """The request's body; None where it is no JSON object."""
        try:
            return json.loads(head_and_rest(self.request)[1])
        except ValueError:
            return None

    @property
    def is_stream(self):
        return b"text/event-stream" in b"\r\n".join(head_and_rest(self.response)[0])


def load(folder):
    """All recorded exchanges below a folder, by name."""
    captures = []
    for path in sorted(folder.rglob("*.response.http")):
        stem = path.name[:-len(".response.http")]
        # The capture of a connection that was closed although it was to be kept has the plain stream's request.
        asked = path.with_name(f"{stem.partition('_keepalive')[0]}.request.http")
        if asked.exists():
            name = str(path.relative_to(folder))[:-len(".response.http")]
            response = path.read_bytes()
            timing = path.with_name(f"{stem}.timing.json")
            captures.append(Capture(name, asked.read_bytes(), response, cut(response, timing)))
    return captures


def cut(response, timing):
    """The answer in the pieces in which it was received; in one where that is not known."""
    sizes = [size for _, size in json.loads(timing.read_text()).get("recv", [])] if timing.exists() else []
    pieces, at = [], 0
    for size in sizes:
        pieces.append(response[at:at + size])
        at += size
    return [piece for piece in [*pieces, response[at:]] if piece]
