"""What strangers send and what a shadow says, beside an innocent client: memory, latency, descriptors, time, the end.

The innocent client is that of the other sections: it knows each answer byte for byte. What floods it is `hostile.py`, in processes of
its own; where a pair's texts are what is tried, stable and shadow are small servers of this process that answer with them.
"""

import contextlib
import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request

import peers
from client import Client, describe, questions
from ground import Broken, Serve, configuration
from harness import OTHERS, TOKEN, bound, table
from hostile import head
from speaker import Speaker

MEBI = 1 << 20
BUFFERED = 64
# Of the issue: what a process may use beside max_buffered, and what an innocent client may feel.
BESIDE = 150e6
FELT = 50.0
DRAIN = 3
WORST_CPU = 0.2
IDLE_CLIENTS = 200


def run(ground, checks):
    memory(ground, checks)
    descriptors(ground, checks)
    worst_texts(ground, checks)
    ends(ground, checks)


# MARK: - Memory and latency under all floods at once


def memory(ground, checks, seconds=40):
    file, asked = questions(ground, "strangers.jsonl")
    slow(file)
    with contextlib.ExitStack() as stack:
        stable = stack.enter_context(peers.stand_in(ground, "strangers-stable", [file], "stable", speed=1))
        shadow = stack.enter_context(Hostile("shadow"))
        settings = configuration(ground, "strangers", ground.path("strangers.sqlite"), stable.port, shadow.port, rate=1.0,
                                 more="limits: { idle_timeout: 20s }")
        add_to(settings, "shadow", f"max_buffered: {BUFFERED}MiB")
        serve = stack.enter_context(Serve(ground, "strangers", settings))
        quiet = client_beside(serve, asked, seconds / 2)
        with Hostile("attack", serve.port) as attack:
            felt = client_beside(serve, asked, seconds)
        peak = watermark(serve.pid)
        funnel = json.load(urllib.request.urlopen(f"http://127.0.0.1:{serve.console}/api/v1/funnel", timeout=10))
    table(f"An innocent client beside {attack.said} (max_buffered {BUFFERED} MiB)",
          ["", "answers", "p50", "p99", "wrong or lost"],
          [[name, one.answered, f"{one.quantile(0.5):.1f} ms", f"{one.quantile(0.99):.1f} ms", one.failures]
           for name, one in (("quiet", quiet), ("beside", felt))])
    checks.expect("nothing is answered wrongly beside the floods", not felt.failures and felt.answered > 100,
                  f"{felt.answered} answered, {felt.failures} not: {describe(felt.wrong + felt.lost)}")
    checks.expect(f"p99 is the quiet run's + {FELT:.0f} ms at most", felt.quantile(0.99) <= quiet.quantile(0.99) + FELT,
                  f"{quiet.quantile(0.99):.1f} → {felt.quantile(0.99):.1f} ms")
    checks.expect(f"peak memory is {BUFFERED} MiB + 150 MB at most", peak <= BUFFERED * MEBI + BESIDE,
                  f"{peak / 1e6:.0f} MB of {(BUFFERED * MEBI + BESIDE) / 1e6:.0f}; shed {funnel['shed']}, sent {attack.said}")


class Hostile:
    """`hostile.py` as a process of its own, which takes only what stable and the client beside it leave (SCHED_IDLE)."""

    def __init__(self, *words):
        program = os.path.join(os.path.dirname(os.path.abspath(__file__)), "hostile.py")
        self.said = ""
        self.process = subprocess.Popen(bound("taskset", "-c", OTHERS, sys.executable, "-B", program,
                                              *map(str, words)), stdout=subprocess.PIPE, text=True)
        said = self.process.stdout.readline()
        if not said.strip().isdigit():
            self.process.kill()
            code = self.process.wait()
            self.process.stdout.close()
            raise Broken(f"hostile.py {' '.join(map(str, words))} did not begin (exit code {code}): it said {said.strip()!r}")
        self.port = int(said)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.said = self.process.communicate(timeout=20)[0].strip()
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def slow(path):
    """Lets each recorded answer begin after 100 ms."""
    lines = []
    with open(path, encoding="utf-8") as text:
        for line in map(json.loads, text):
            if "first_byte_ms" in line:
                late = 100.0 - line["first_byte_ms"]
                line["first_byte_ms"] += late
                line["total_ms"] += late
                for event in line.get("events", []):
                    event[0] += late
            lines.append(json.dumps(line))
    with open(path, "w", encoding="utf-8") as text:
        text.write("\n".join(lines) + "\n")


def add_to(path, section, words):
    """Adds settings to a section that is written on one line."""
    with open(path, encoding="utf-8") as file:
        lines = file.read().splitlines()
    lines = [line[:line.rindex("}")].rstrip() + f", {words} }}" if line.startswith(section + ":") else line for line in lines]
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")


def client_beside(serve, asked, seconds):
    client = Client(serve.port, asked, rate=40, seed=1)
    with client:
        time.sleep(seconds)
    return client


def watermark(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        return next(int(line.split()[1]) * 1024 for line in file if line.startswith("VmHWM"))


# MARK: - Descriptors


def descriptors(ground, checks):
    file, asked = questions(ground, "descriptors.jsonl")
    with contextlib.ExitStack() as stack:
        stable = stack.enter_context(peers.stand_in(ground, "descriptors-stable", [file], "stable", speed=1))
        shadow = stack.enter_context(peers.stand_in(ground, "descriptors-shadow", [file], "shadow", speed=1))
        settings = configuration(ground, "descriptors", ground.path("descriptors.sqlite"), stable.port, shadow.port, rate=0.1)
        add_to(settings, "shadow", "max_queue: 4")
        with open(settings, encoding="utf-8") as text:
            words = text.read().replace("max_in_flight: 64", "max_in_flight: 2")
        with open(settings, "w", encoding="utf-8") as text:
            text.write(words)
        serve = stack.enter_context(Serve(ground, "descriptors", settings, files=64))
        established = stack.enter_context(Client(serve.port, asked, rate=20, seed=2, connections=2))
        time.sleep(1)
        before = log_lines(serve)
        idle = [stack.enter_context(contextlib.closing(socket.socket())) for _ in range(IDLE_CLIENTS)]
        for one in idle:
            one.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                one.connect(("127.0.0.1", serve.port))
        time.sleep(1)
        established.stopping = True
        established.thread.join(5)
        used, began = processor_time(serve.pid), time.monotonic()
        time.sleep(5)
        share = (processor_time(serve.pid) - used) / (time.monotonic() - began)
        health = reply(serve.console, "/healthz")
        said = log_lines(serve) - before
        open_files = len(os.listdir(f"/proc/{serve.pid}/fd"))
    checks.expect("an established client goes on under nofile=64 and 200 idle clients",
                  established.answered > 20 and not established.failures,
                  f"{established.answered} answered, {established.failures} not: {describe(established.wrong + established.lost)}")
    checks.expect("nothing spins (≤ 5 % of a processor)", share <= 0.05, f"{share * 100:.1f} %, {open_files} files open")
    checks.expect("/healthz answers", health == 200, f"{health}")
    checks.expect("it is said once", said == 1, f"{said} lines of the log")


def log_lines(serve):
    with open(serve.log.name, encoding="utf-8", errors="replace") as file:
        return sum(1 for _ in file)


def processor_time(pid):
    """Seconds of a process (proc(5), stat)."""
    with open(f"/proc/{pid}/stat", encoding="ascii") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def reply(port, path):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            return answer.status
    except OSError as error:
        return str(error)


# MARK: - The worst texts


def worst_texts(ground, checks):
    texts = worst()
    with contextlib.ExitStack() as stack:
        stable = stack.enter_context(Speaker(lambda body: completion(texts[number_of(body)][1])))
        shadow = stack.enter_context(Speaker(lambda body: completion(texts[number_of(body)][2])))
        settings = configuration(ground, "worst", ground.path("worst.sqlite"), stable.port, shadow.port, rate=1.0)
        serve = stack.enter_context(Serve(ground, "worst", settings))
        figures = []
        for number, (name, _, _, more) in enumerate(texts):
            before, stored = processor_time(serve.pid), funnel(serve)["stored"]
            ask(serve.port, number, more)
            until = time.monotonic() + 30
            while funnel(serve)["stored"] == stored and time.monotonic() < until:
                time.sleep(0.02)
            figures.append((processor_time(serve.pid) - before, funnel(serve)["stored"] - stored, name))
        began = time.monotonic()
        code = serve.stop()
        ended = time.monotonic() - began
    figures.sort(reverse=True)
    table("The dearest pairs, with all that a pair costs (seconds of processor time)", ["pair", "seconds", "stored"],
          [[name, f"{seconds:.2f}", stored] for seconds, stored, name in figures[:10]])
    dear = sum(seconds > WORST_CPU for seconds, _, _ in figures)
    checks.expect(f"each of the worst pairs takes {WORST_CPU} s at most", dear == 0,
                  f"{dear} of {len(figures)} take more; the dearest {figures[0][0]:.2f} s ({figures[0][2]})")
    checks.expect("each of the worst pairs is stored", all(stored == 1 for _, stored, _ in figures),
                  f"{sum(stored != 1 for _, stored, _ in figures)} of {len(figures)} are not")
    checks.expect("it ends afterwards", code == 0, f"exit {code} after {ended:.1f} s")


def funnel(serve):
    with urllib.request.urlopen(f"http://127.0.0.1:{serve.console}/api/v1/funnel", timeout=20) as answer:
        return json.load(answer)


def ask(port, number, more):
    body = json.dumps({"model": "bench", "messages": [{"role": "user", "content": f"question {number}"}], "n_of_test": number,
                       **more}).encode()
    with socket.create_connection(("127.0.0.1", port), timeout=30) as one:
        one.sendall(head(len(body), "Connection: close\r\n") + body)
        while one.recv(1 << 20):
            pass


def number_of(body):
    return json.loads(body)["n_of_test"]


def completion(text):
    return json.dumps({"id": "x", "object": "chat.completion", "model": "bench", "choices": [
        {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "length"}]})


def worst():
    """(name, stable's text, shadow's text, more of the request): 300 pairs."""
    chance = random.Random(24)
    words = ["".join(chance.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(chance.randint(2, 9))) for _ in range(3000)]

    def loop(period, unit, size):
        part = unit.join(words[:period]) + unit
        return (part * (size // len(part) + 1))[:size]

    normal = " ".join(chance.choice(words) for _ in range(4000))
    pairs = []
    for period in range(1, 201):
        size = (20_000, 60_000, 200_000, 1_000_000)[period % 4]
        other = loop(period, " ", size) if period % 3 == 0 else loop(period % 7 + 1, " ", size) if period % 3 == 1 else normal
        pairs.append((f"loop of {period} words, {size:,} bytes", loop(period, " ", size), other[::-1] if period % 2 else other, {}))
    for name, unit in (("a", "a"), ("digits", "0123456789"), ("spaces", " "), ("newlines", "\n"), ("emoji", "👩‍👩‍👧‍👦"), ("marks", "e\u0301"),
                       ("brackets", "[{"), ("quotes", "\"'"), ("at signs", "a@"), ("fences", "```\n"), ("sentences", "Let me think about it again. "),
                       ("refusals", "I'm sorry, but I can't help with that. "), ("ideographs", "對不起我不能"), ("tags", "<think>"),
                       ("dots", "."), ("placeholders", "<EMAIL_1> "), ("escapes", "\\u0041"), ("percent", "%20"), ("colons", "a:"),
                       ("slashes", "//"), ("dashes", "-----BEGIN "), ("zero width", "a\u200b"), ("numbered", "1. "), ("pipes", "| a ")):
        for size in (100_000, 1_000_000):
            text = (unit * (size // len(unit.encode()) + 1))[: size // max(1, len(unit.encode()) // len(unit))]
            pairs.append((f"{name}, {size:,} bytes", text, text[1:] + "x", {}))
            pairs.append((f"{name}, {size:,} bytes, and prose", text, normal, {}))
    def schema(value):
        return {"response_format": {"type": "json_schema", "json_schema": {"name": "x", "schema": value}}}
    many = json.dumps({f"k{number}": number for number in range(20_000)})
    names = json.dumps({"n" * 40_000 + str(number): number for number in range(23)})

    def marked(letter):
        return [letter * 340 + str(number) for number in range(80)]
    composed = json.dumps(marked("\u00e9") * 10, ensure_ascii=False)
    pairs += [
        ("a schema that is itself twice", "{}", "{}", schema({"anyOf": [{"$ref": "#"}] * 2})),
        ("a schema that is itself fifty times", "{}", many, schema({"allOf": [{"$ref": "#"}] * 50})),
        ("an enum of 100,000", many, many, schema({"enum": [f"k{number}" for number in range(100_000)]})),
        ("unique items", json.dumps(list(range(50_000))), json.dumps([[]] * 50_000), schema({"type": "array", "uniqueItems": True})),
        ("long names", names, names, schema({"anyOf": [{"required": [f"r{number}" for number in range(23)]}] * 3000})),
        ("an enum of decomposed texts", composed, composed, schema({"items": {"enum": marked("e\u0301")}})),
    ]
    return pairs[:294] + pairs[-6:]


# MARK: - Every end is in time


def ends(ground, checks):
    """SIGTERM while something will not end by itself: it ends within `limits.drain` + 2 s all the same."""
    for name, hold in (("a stream to a user that goes on", endless_stream), ("an upload that goes on", dripping_upload),
                       ("a stalled PUT to the console", stalled_put), ("a shadow that never ends", hung_shadow),
                       ("schemas that refer to themselves", schema_bombs)):
        with contextlib.ExitStack() as stack:
            stable = stack.enter_context(Speaker(lambda body: completion("{}"), drips=name == "a stream to a user that goes on"))
            shadow = stack.enter_context(Speaker(lambda body: completion("{}"), hangs=name == "a shadow that never ends"))
            settings = configuration(ground, "ends", ground.path(f"ends-{len(name)}.sqlite"), stable.port, shadow.port, rate=1.0,
                                     more=f"limits: {{ drain: {DRAIN}s }}")
            serve = stack.enter_context(Serve(ground, f"ends-{len(name)}", settings))
            stack.enter_context(hold(serve))
            time.sleep(1)
            began = time.monotonic()
            os.kill(serve.pid, signal.SIGTERM)
            code = serve.stop(DRAIN + 30)
            took = time.monotonic() - began
        checks.expect("SIGTERM ends it within limits.drain + 2 s", took <= DRAIN + 2, f"{name}: {took:.1f} s, exit {code}")


@contextlib.contextmanager
def endless_stream(serve):
    with socket.create_connection(("127.0.0.1", serve.port)) as one:
        body = b'{"model":"bench","stream":true,"messages":[{"role":"user","content":"hi"}]}'
        one.sendall(head(len(body)) + body)
        one.recv(1000)
        yield


@contextlib.contextmanager
def dripping_upload(serve):
    ended = threading.Event()
    with socket.create_connection(("127.0.0.1", serve.port)) as one:
        one.sendall(head(10 * MEBI))

        def drip():
            with contextlib.suppress(OSError):
                while not ended.wait(0.1):
                    one.sendall(b"a" * 1000)
        thread = threading.Thread(target=drip, daemon=True)
        thread.start()
        yield
        ended.set()
        thread.join(5)


@contextlib.contextmanager
def stalled_put(serve):
    with socket.create_connection(("127.0.0.1", serve.console)) as one:
        one.sendall(f"PUT /api/v1/sampling HTTP/1.1\r\nHost: 127.0.0.1:{serve.console}\r\nAuthorization: Bearer {TOKEN}\r\n"
                    "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{".encode())
        yield


@contextlib.contextmanager
def hung_shadow(serve):
    for number in range(20):
        ask(serve.port, number, {})
    yield


@contextlib.contextmanager
def schema_bombs(serve):
    for number in range(20):
        ask(serve.port, number, {"response_format": {"type": "json_schema", "json_schema": {"name": "x", "schema": {
            "anyOf": [{"$ref": "#"}] * 2}}}})
    yield
