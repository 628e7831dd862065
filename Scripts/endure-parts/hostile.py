"""Strangers who flood a gateway, and a shadow that floods what listens to it; a program of its own.

    python3 hostile.py attack PORT     prints its word, floods until SIGTERM, then prints what it sent
    python3 hostile.py shadow          prints its port, answers until SIGTERM
"""

import contextlib
import gzip
import json
import os
import random
import signal
import socket
import sys
import threading

from speaker import Speaker

MEBI = 1 << 20


def floods_of_words(body):
    """F4: a shadow whose finish reason, model and error code are each a text of megabytes, never twice the same."""
    word = "%030x" % random.getrandbits(120)
    return json.dumps({"id": "x", "object": "chat.completion", "model": word * 20_000, "choices": [
        {"index": 0, "message": {"role": "assistant", "content": "hello"}, "finish_reason": word * 20_000}]})


class Attack:
    """F2, F3 and F5 and forty slow uploads, from threads that end with `close`; F4 is the shadow's part."""

    def __init__(self, port):
        self.port, self.ended = port, threading.Event()
        self.counts, self.lock = {}, threading.Lock()
        deeds = [self.bomb, self.bomb, self.format_leak, self.format_leak, *[self.unfinished] * 4, *[self.slow_upload] * 40]
        self.threads = [threading.Thread(target=self._again, args=(deed,), daemon=True) for deed in deeds]
        for thread in self.threads:
            thread.start()

    def described(self):
        return ", ".join(f"{count} × {name}" for name, count in sorted(self.counts.items()))

    def close(self):
        self.ended.set()
        for thread in self.threads:
            thread.join(10)

    def _again(self, deed):
        while not self.ended.is_set():
            with contextlib.suppress(OSError):
                deed()
            self.ended.wait(0.05)

    def _count(self, name):
        with self.lock:
            self.counts[name] = self.counts.get(name, 0) + 1

    def _post(self, body, more=""):
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as one:
            one.sendall(head(len(body), more + "Connection: close\r\n") + body)
            while one.recv(65536):
                pass

    def bomb(self):
        """F2: a list of 31 million numbers in 63 kilobytes."""
        self._post(BOMB, "Content-Encoding: gzip\r\n")
        self._count("list bombs")

    def format_leak(self):
        """F3: tools of 27 megabytes in 58 kilobytes, each another."""
        self._post(tools(), "Content-Encoding: gzip\r\n")
        self._count("requests with 27 MB of tools")

    def unfinished(self):
        """F5: all of a body of 31 MiB but its last byte, kept open."""
        length = 31 * MEBI
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as one:
            one.sendall(head(length) + b'{"model":"bench","messages":[{"role":"user","content":"')
            block, sent = b"a" * MEBI, 60
            while sent < length - MEBI and not self.ended.is_set():
                one.sendall(block)
                sent += len(block)
            self._count("unfinished uploads of 31 MiB")
            self.ended.wait(8)

    def slow_upload(self):
        """A body of 31 MiB, 256 KiB a second."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as one:
            one.sendall(head(31 * MEBI))
            self._count("slow uploads")
            while not self.ended.wait(0.25):
                one.sendall(b"a" * 65536)


def tools():
    """A body of 27 megabytes that was never sent before; gzip's members are joined as they are (RFC 1952 §2.2)."""
    number = str(random.getrandbits(60)).encode()
    return (gzip.compress(b'{"model":"bench","messages":[{"role":"user","content":"q"}],"tools":[{"type":"function","function":'
                          b'{"name":"f","description":"' + number) + FILLING + gzip.compress(b'"}}]}'))


def head(length, more="", path="/v1/chat/completions"):
    return (f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n{more}"
            f"Content-Length: {length}\r\n\r\n").encode()


FILLING = gzip.compress(b"abcdefgh " * 3_000_000, 6)
BOMB = gzip.compress(b'{"model":"bench","messages":[' + b"0," * (31 * MEBI) + b'{"role":"user","content":"hi"}]}', 6)


def main():
    asked = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: asked.set())
    # Only what others leave, as if it were another machine (sched(7)).
    os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
    if sys.argv[1] == "shadow":
        with Speaker(floods_of_words) as shadow:
            print(shadow.port, flush=True)
            asked.wait()
    else:
        with contextlib.closing(Attack(int(sys.argv[2]))) as attack:
            print(0, flush=True)
            asked.wait()
        print(attack.described(), flush=True)


if __name__ == "__main__":
    main()
