"""One HTTP/1.1 exchange over a socket, with the arrival time of every piece of the answer's body."""

import json
import socket
import time


class Failure(Exception):
    """The exchange did not come to its end; what there is of an answer is in `partial`."""

    def __init__(self, reason, partial):
        super().__init__(reason)
        self.partial = partial


class _Body:
    """Undoes the transfer coding as bytes come in."""

    def __init__(self, headers):
        self.chunked = "chunked" in headers.get("transfer-encoding", "").lower()
        self.left = int(headers["content-length"]) if "content-length" in headers else None
        self.pending = b""
        self.done = self.left == 0 and not self.chunked

    def feed(self, data):
        if not self.chunked:
            if self.left is not None:
                self.left -= len(data)
                self.done = self.left <= 0
            return data
        self.pending += data
        out = b""
        while not self.done:
            line, found, rest = self.pending.partition(b"\r\n")
            if not found:
                break
            size = int(line.split(b";")[0], 16)
            if size == 0:
                self.done = True
            elif len(rest) < size + 2:
                break
            else:
                out += rest[:size]
                self.pending = rest[size + 2:]
        return out


def post(port, path, headers, body, timeout=300):
    """Sends the body and returns the answer as Fixtures/README.md describes it, without `request`."""
    lines = [f"POST {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", f"Content-Length: {len(body)}", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    request = ("\r\n".join(lines) + "\r\n\r\n").encode() + body
    answer = {"status": 0, "content_type": "", "stream": False, "first_byte_ms": None, "total_ms": None}
    pieces = []
    start = time.perf_counter()

    def now():
        return round((time.perf_counter() - start) * 1000, 1)

    try:
        with socket.create_connection(("127.0.0.1", port), timeout=timeout) as connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            start = time.perf_counter()
            connection.sendall(request)
            head = b""
            while b"\r\n\r\n" not in head:
                data = connection.recv(65536)
                if answer["first_byte_ms"] is None:
                    answer["first_byte_ms"] = now()
                if not data:
                    raise Failure("closed before the end of the head", answer)
                head += data
            head, _, rest = head.partition(b"\r\n\r\n")
            status, *fields = head.decode("latin-1").split("\r\n")
            answer["status"] = int(status.split(" ")[1])
            named = {name.strip().lower(): value.strip() for name, _, value in (field.partition(":") for field in fields)}
            answer["content_type"] = named.get("content-type", "")
            decoder = _Body(named)
            while True:
                if rest:
                    piece = decoder.feed(rest)
                    if piece:
                        pieces.append((now(), piece))
                if decoder.done:
                    break
                rest = connection.recv(65536)
                if not rest:
                    if decoder.chunked or decoder.left:
                        raise Failure("closed before the end of the body", answer)
                    break
            answer["total_ms"] = now()
    except (OSError, ValueError, IndexError) as error:
        raise Failure(type(error).__name__, answer) from error
    finally:
        _shape(answer, pieces)
    return answer


def _shape(answer, pieces):
    """Puts the body into the answer: whole, or event by event with the time at which the event was complete."""
    if not answer["content_type"].startswith("text/event-stream"):
        answer["body"] = b"".join(data for _, data in pieces).decode("utf-8")
        return
    answer["stream"] = True
    events, buffer = [], b""
    for at, data in pieces:
        buffer += data
        while b"\n\n" in buffer:
            event, _, buffer = buffer.partition(b"\n\n")
            events.append([at, event.decode("utf-8")])
    answer["events"] = events
    if buffer:
        answer["tail"] = buffer.decode("utf-8")


def text_of(path, answer):
    """The text of an answer, for the history of the next turn."""
    if answer.get("status") != 200:
        return ""
    if not answer["stream"]:
        document = json.loads(answer["body"])
        if path == "/v1/messages":
            return "".join(part.get("text", "") for part in document["content"])
        if path == "/v1/responses":
            return "".join(part.get("text", "") for item in document["output"] for part in item.get("content", []))
        choice = document["choices"][0]
        return choice["text"] if path == "/v1/completions" else choice["message"]["content"] or ""
    text = ""
    for _, event in answer["events"]:
        data = "\n".join(line[5:].strip() for line in event.split("\n") if line.startswith("data:"))
        if not data or data == "[DONE]":
            continue
        document = json.loads(data)
        if path == "/v1/messages":
            text += document.get("delta", {}).get("text", "") if document.get("type") == "content_block_delta" else ""
        elif path == "/v1/responses":
            text += document.get("delta", "") if document.get("type") == "response.output_text.delta" else ""
        else:
            for choice in document.get("choices", []):
                text += choice.get("text", "") if path == "/v1/completions" else choice["delta"].get("content") or ""
    return text
