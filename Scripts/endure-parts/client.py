"""A client that knows every answer in advance: it counts, times and compares each one byte for byte.

load-client is faster but ends at the first refused connection and tells two hashes apart, not two answers; here a kill
must leave an exact count of what arrived and of what was under way.
"""

import asyncio
import dataclasses
import json
import random
import threading
import time

import material

CLASSES = ["order_status", "returns", "payment"]
SESSIONS = 3000
# A request that nobody answers for so long has failed.
PATIENCE = 30


@dataclasses.dataclass
class Question:
    """A request and the one right answer."""

    body: bytes
    status: int
    answer: bytes


def questions(ground, name, count=12):
    """Documents and streams in equal numbers of prompts, with the file that a stand-in replays them from."""
    lines, asked = [], []
    for number in range(count):
        prompt, streamed = f"{material.PROMPT} (case {number})", number % 3 == 2
        body = material.chat(prompt, stream=streamed)
        answer = material.stream_answer(12, 1.0) if streamed else material.json_answer(2.0)
        if not streamed:
            answer["body"] = material.document(f"{material.WORDS} ({number})")
        lines.append((f"q{number}", body, answer))
        whole = "".join(event + "\n\n" for _, event in answer["events"]) if streamed else answer["body"]
        asked.append(Question(body.encode(), 200, whole.encode()))
    return material.write(ground, name, lines), asked


class Client:
    """Keep-alive connections in a thread of their own, at a fixed rate over all of them.

    A request's time counts from when it was due, so that a stall is felt by everything that it delays.
    """

    def __init__(self, port, asked, rate, seed, connections=16, ends_at_loss=False):
        self.port, self.asked, self.rate, self.connections = port, asked, rate, connections
        # Whether a broken connection ends its worker (the server was killed) or is a failure and opened anew.
        self.ends_at_loss = ends_at_loss
        self.random = random.Random(seed)
        self.answered, self.wrong, self.lost = 0, [], []
        self.times = []
        self.stopping = False
        self.slot = 0
        self.thread = threading.Thread(target=lambda: asyncio.run(self._run()), daemon=True)

    def start(self):
        self.begin = time.monotonic()
        self.thread.start()
        return self

    def stop(self):
        """Starts nothing more, and waits for what is under way."""
        self.stopping = True
        self.thread.join(PATIENCE + 10)

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()

    @property
    def failures(self):
        return len(self.wrong) + len(self.lost)

    def quantile(self, share, since=0.0, until=float("inf")):
        """Milliseconds, of requests that were due in a stretch of time."""
        found = sorted(took for due, took in self.times if since <= due < until)
        return found[min(len(found) - 1, int(share * len(found)))] * 1e3 if found else float("nan")

    async def _run(self):
        await asyncio.gather(*(self._worker() for _ in range(self.connections)))

    async def _worker(self):
        reader = writer = None
        try:
            while not self.stopping:
                due = self.begin + self.slot / self.rate
                self.slot += 1
                if (pause := due - time.monotonic()) > 0:
                    await asyncio.sleep(pause)
                if self.stopping:
                    return
                question = self.random.choice(self.asked)
                asks = False
                try:
                    if writer is None:
                        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
                        if self.stopping:
                            return
                    asks = True
                    writer.write(self._head(question) + question.body)
                    status, body = await asyncio.wait_for(answer_from(reader), PATIENCE)
                except (OSError, asyncio.IncompleteReadError, asyncio.TimeoutError, ValueError) as error:
                    if asks or not self.ends_at_loss:
                        self.lost.append((time.monotonic(), f"{type(error).__name__}: {error}"))
                    if writer is not None:
                        writer.close()
                    reader = writer = None
                    if self.ends_at_loss:
                        return
                    continue
                self.answered += 1
                self.times.append((due, time.monotonic() - due))
                if (status, body) != (question.status, question.answer):
                    self.wrong.append((time.monotonic(), f"{status} and {len(body)} bytes: {body[:80]!r}"))
        finally:
            if writer is not None:
                writer.close()

    def _head(self, question):
        intent, session = self.random.choice(CLASSES), self.random.randrange(SESSIONS)
        return (f"POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
                f"Authorization: Bearer sk-endure\r\nX-Session-Id: s-{session}\r\nX-Intent-Class: {intent}\r\n"
                f"Content-Length: {len(question.body)}\r\n\r\n").encode()


async def answer_from(reader):
    """One answer: its status and its body without chunk framing; raises where the connection ends before it does."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower().split("\r\n")
    status = int(head[0].split()[1])
    fields = dict(line.split(":", 1) for line in head[1:] if ":" in line)
    if fields.get("transfer-encoding", "").strip() == "chunked":
        body = b""
        while True:
            size = int((await reader.readuntil(b"\r\n")).split(b";")[0], 16)
            body += (await reader.readexactly(size + 2))[:-2]
            if size == 0:
                return status, body
    if "content-length" not in fields:
        raise ValueError("an answer with neither Content-Length nor chunks")
    return status, await reader.readexactly(int(fields["content-length"]))


def describe(failures):
    """The first few failures, for a table."""
    return json.dumps([text for _, text in failures[:3]], ensure_ascii=False) if failures else "none"
