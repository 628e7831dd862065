"""Shadows that misbehave, and what serving holds in memory meanwhile."""

import contextlib
import os
import socket
import time

import material
import peers
from harness import FUNNEL, OTHERS, console, free_ports, load, table


class BlackHole:
    """A port whose SYNs the kernel drops: a listener whose backlog is full."""

    def __enter__(self):
        self.listener = socket.socket()
        self.listener.bind(("127.0.0.1", 0))
        self.listener.listen(0)
        self.port = self.listener.getsockname()[1]
        self.fillers = []
        for _ in range(4):
            filler = socket.socket()
            filler.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                filler.connect(("127.0.0.1", self.port))
            self.fillers.append(filler)
        time.sleep(0.2)
        return self

    def __exit__(self, *_):
        for one in [self.listener, *self.fillers]:
            one.close()


@contextlib.contextmanager
def shadow_of(bench, kind, file):
    """A shadow that behaves as its name says; gives its port."""
    if kind == "dead":
        yield free_ports(1)[0]
    elif kind == "black hole":
        with BlackHole() as hole:
            yield hole.port
    else:
        faults = {"healthy": [], "none": [], "10× slower": ["slow:10"], "hung": ["hang"], "resetting": ["reset"], "status 500": ["status:500"],
                  "garbage": ["garbage"], "endless": ["endless"], "1 GiB answer": ["huge"]}[kind]
        with peers.stand_in(bench, f"shadow {kind}", [file], "shadow", speed=1, faults=faults, gives_way=True) as server:
            yield server.port


KINDS = ["healthy", "10× slower", "hung", "dead", "black hole", "resetting", "status 500", "garbage", "endless", "1 GiB answer"]
LIMITS = "limits: { body: 1MiB }"


def memory(bench):
    """Growth with a hung shadow over 12,300 requests of 8 KiB prompts and streamed answers of 2,048 tokens."""
    request = material.chat(prompt=(material.PROMPT + " ") * 38, stream=True)
    body = bench.write("memory-request.json", request)
    file = material.write(bench, "memory-answers.jsonl", [("one", request, material.stream_answer(2048, 0.5))])
    table("Memory with a hung shadow",
          ["max_buffered", "requests", "before, MB", "highest, MB", "growth, MB", "target", "pairs stored after its return"],
          [memory_growth(bench, body, file, budget) for budget in ("8MiB", "4MiB")])


def memory_growth(bench, body, file, budget):
    with contextlib.ExitStack() as stack:
        stable = stack.enter_context(peers.stand_in(bench, "stable", [file], "stable", speed=1))
        shadow = stack.enter_context(peers.stand_in(bench, "hung shadow", [file], "shadow", faults=["hang"], gives_way=True))
        server = stack.enter_context(peers.understudy(bench, "memory", stable.port, shadow.port, 1.0,
                                                      shadow_options=f", timeout: 120s, max_buffered: {budget}", more=LIMITS))
        load(bench, server.port, body, connections=8, seconds=1, warmup=0)
        before, done = server.watch_peak(), 0
        while done < 12_300:
            done += load(bench, server.port, body, connections=64, seconds=5, warmup=0)["finished"]
        highest = server.peak()
        counts = console(server, FUNNEL)
        # The shadow comes back on the same port.
        shadow.stop()
        stack.enter_context(healthy_on(bench, shadow.port, file))
        deadline, stored = time.monotonic() + 180, counts["stored"]
        while time.monotonic() < deadline:
            load(bench, server.port, body, connections=4, seconds=2, warmup=0)
            if console(server, FUNNEL)["stored"] > stored + 8:
                break
        recovered = console(server, FUNNEL)["stored"] - stored
    return [budget, done, f"{before / 1e6:.1f}", f"{highest / 1e6:.1f}", f"{(highest - before) / 1e6:.1f}", "≤ 22", recovered]


def healthy_on(bench, port, file):
    from harness import Server
    return Server(bench, "returned shadow", [bench.understudy, "stand-in", "--port", str(port), "--leg", "shadow", "--speed", "1",
                                             "--answers", file], port, OTHERS)


def slow_streams(bench):
    """5,000 slow streams at once on one loop."""
    request = material.chat(stream=True)
    body = bench.write("slow-request.json", request)
    file = material.write(bench, "slow-answers.jsonl", [("one", request, material.stream_answer(20, 1000.0))])
    with contextlib.ExitStack() as stack:
        stable = stack.enter_context(peers.stand_in(bench, "stable", [file], "stable", speed=1))
        server = stack.enter_context(peers.understudy(bench, "slow streams", stable.port, free_ports(1)[0], 0.0))
        before = server.watch_peak()
        result = load(bench, server.port, body, connections=5_000, seconds=30, warmup=0, streamed=True)
        highest = server.peak()
    table("5,000 slow streams at once on one loop", ["streams finished", "failed", "memory a stream, KiB", "target"], [
        [result["finished"], result["failed"], f"{(highest - before) / 5000 / 1024:.1f}", "≤ 40"]])


