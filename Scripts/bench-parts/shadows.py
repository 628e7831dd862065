"""What a shadow can do to the user: nothing. Latency, throughput and memory while it misbehaves."""

import contextlib
import os
import socket
import subprocess
import time

import material
import peers
from harness import MEASURED, OTHERS, console, free_ports, load, median, table, wrk


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
# Those that do some work for every call and are through with it.
WORKING = ["healthy", "10× slower", "resetting", "status 500", "garbage"]
ROUNDS = 3
LIMITS = "limits: { body: 1MiB }"
OPTIONS = ", timeout: 5s, max_in_flight: 16, max_queue: 64, max_buffered: 16MiB"


@contextlib.contextmanager
def another_caller(bench, port, body, rate):
    """Somebody else who calls the shadow so many times a second, from where mirroring does it, and gives way."""
    command = ["chrt", "--idle", "0", "taskset", "-c", MEASURED, bench.load_client, "--port", str(port), "--body", body,
               "--connections", "16", "--rate", str(rate), "--seconds", "60", "--warmup", "0"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        try:
            yield
            if process.poll() is not None:
                raise SystemExit("What should have called the shadow beside the load ended early.")
        finally:
            process.kill()


def change(runs, none):
    """The median change of runs against the mean of the two without a shadow around them.

    `none` holds the runs without a shadow in the order of time, `runs` each run with the number of the one before it.
    """
    return median([2 * run / (none[place] + none[place + 1]) - 1 for place, run in runs])


def noise(none):
    """What the same comes to at most where nothing differs: for each run without a shadow between the two next to it."""
    changes = [2 * none[place] / (none[place - 1] + none[place + 1]) - 1 for place in range(1, len(none) - 1)]
    # As many together as a kind has runs, and as far apart; of the last kind's one less, at the end.
    return max(abs(median(changes[place::len(KINDS)])) for place in range(len(KINDS)))


def funnel(server):
    return console(server, "/api/v1/funnel")


def faults(bench):
    """Stable's latency at a part of the gateway's capacity beside runs without a shadow, and its throughput, saturated."""
    request = material.chat()
    body = bench.write("fault-request.json", request)
    file = material.write(bench, "fault-answers.jsonl", [("one", request, material.json_answer(1.0))])
    fast = material.write(bench, "fast-answers.jsonl", [("one", request, material.json_answer())])
    shown = []
    with contextlib.ExitStack() as stack:
        stable = stack.enter_context(peers.stand_in(bench, "stable", [file], "stable", speed=1))
        quick = stack.enter_context(peers.stand_in(bench, "quick stable", [fast], "stable"))
        with peers.understudy(bench, "capacity", quick.port, 1, 0.0) as server:
            _, capacity = wrk(bench, server.port, body, 3)
        # Half of the capacity is meant, but with two processors the load and the model servers share one, which bears a
        # quarter; beyond it the latency would be theirs.
        rate = round(capacity / (2 if os.cpu_count() > 2 else 4), -2)
        expected = load(bench, stable.port, body, seconds=1, warmup=0, rate=100)["bodies"]

        seconds, warmup = 5, 1

        def measure(kind, sampled, calls=0):
            with shadow_of(bench, kind, file) as port, \
                    peers.understudy(bench, "fault", stable.port, port, sampled, shadow_options=OPTIONS, more=LIMITS) as server, \
                    (another_caller(bench, port, body, calls) if calls else contextlib.nullcontext()):
                before = [one.waited("^NIO-ELT") for one in (server, stable)]
                result = load(bench, server.port, body, connections=32, rate=rate, seconds=seconds, warmup=warmup)
                after = [one.waited("^NIO-ELT") for one in (server, stable)]
                if result["failed"] or set(result["bodies"]) != set(expected):
                    raise SystemExit(f"With a shadow that is {kind}, {result['failed']} answers failed: {result['bodies']}")
                return result["total"], funnel(server), [(b - a) / ((seconds + warmup) * rate) * 1e6 for a, b in zip(before, after)]

        def check(kind, counts):
            sampled = counts["sampled"]
            there = counts["in_flight"] + counts["stored"] + sum(counts["shed"].values()) + sum(counts["failed"].values())
            if sampled != there:
                raise SystemExit(f"With a shadow that is {kind}, the funnel does not add up: {counts}")

        # A/A: the runs without a shadow, between the others, say what the machine's own noise is.
        # With two processors the shadow shares one with stable and the load. What its work there costs them, whoever makes it
        # work, is seen where another process calls it and nothing is mirrored.
        baseline, waits = [measure("none", 0.0)[0]], []
        found, called = {kind: [] for kind in KINDS}, {kind: [] for kind in WORKING}
        for _ in range(ROUNDS):
            for kind in KINDS:
                place = len(baseline) - 1
                total, counts, wait = measure(kind, 0.1)
                check(kind, counts)
                found[kind].append((place, total, wait, counts))
                if kind in WORKING:
                    calls = (counts["sampled"] - sum(counts["shed"].values())) // (seconds + warmup)
                    called[kind].append((place, measure(kind, 0.0, calls)[0]))
                total, _, wait = measure("none", 0.0)
                baseline.append(total)
                waits.append(wait)
        none = {key: [one[key] for one in baseline] for key in ("p50", "p99")}

        def percent(key, runs):
            return f"{change([(place, total[key]) for place, total, *_ in runs], none[key]) * 100:+.1f} %"

        for kind, runs in found.items():
            shown.append(
                [kind] + [f"{median([total[key] for _, total, *_ in runs]):.0f} ({percent(key, runs)})" for key in none] +
                [percent(key, called[kind]) if kind in WORKING else "" for key in none] +
                [f"{median([wait[whose] for *_, wait, _ in runs]):.1f}" for whose in (0, 1)] +
                [sum(counts["sampled"] for *_, counts in runs), sum(counts["stored"] for *_, counts in runs),
                 sum(sum(counts["shed"].values()) for *_, counts in runs)])
        with contextlib.ExitStack() as servers:
            ours = {}
            for kind in ("healthy", "hung"):
                port = servers.enter_context(shadow_of(bench, kind, fast))
                ours[kind] = servers.enter_context(
                    peers.understudy(bench, f"saturated, {kind}", quick.port, port, 0.1, shadow_options=OPTIONS, more=LIMITS))
                wrk(bench, ours[kind].port, body, 1)
            # By turns, and the other way round the next time, so that nothing befalls one of them only.
            rounds = []
            for kinds in (("healthy", "hung"), ("hung", "healthy")) * 2:
                one = {}
                for kind in kinds:
                    one[kind] = wrk(bench, ours[kind].port, body, 3)[1]
                    settle(ours[kind])
                rounds.append(one)
            throughput = {kind: median([one[kind] for one in rounds]) for kind in ours}
        for kind in ("healthy", "hung"):
            with shadow_of(bench, kind, fast) as port, peers.nginx(bench, "nginx saturated", quick.port, port) as server:
                throughput["nginx " + kind] = wrk_or_nothing(bench, server.port, body)
    table(f"Stable's latency in µs at {rate:,.0f} requests a second, 10 % sampled, by what the shadow does "
          f"(median of {ROUNDS}; change against the runs without a shadow before and after; the same of those runs among themselves, "
          f"the noise: p50 at most ± {noise(none['p50']) * 100:.1f} %, p99 ± {noise(none['p99']) * 100:.1f} %)",
          ["shadow", "p50", "p99", "p50 where another process calls it as often, and nothing is mirrored", "p99 there"] +
          [f"{whose} without a processor, µs a request (no shadow: {median([wait[place] for wait in waits]):.1f})"
           for place, whose in enumerate(("the gateway's loop", "stable's loop"))] +
          ["sampled", "stored", "shed"], shown)
    table("Throughput, saturated, with a hung shadow ÷ a healthy one", ["server", "healthy", "hung", "ratio"], [
        [name, f"{throughput[prefix + 'healthy']:,.0f}", f"{throughput[prefix + 'hung']:,.0f}",
         f"{throughput[prefix + 'hung'] / throughput[prefix + 'healthy']:.3f}"]
        for name, prefix in (("Understudy (target ≥ 0.98)", ""), ("nginx mirror", "nginx "))])


def settle(server):
    """Waits until nothing is being played any more, which would go on beside the next."""
    deadline = time.monotonic() + 20
    while funnel(server)["in_flight"] and time.monotonic() < deadline:
        time.sleep(0.1)


def wrk_or_nothing(bench, port, body):
    """nginx's requests a second; it may answer nothing at all, which wrk counts as time-outs."""
    try:
        return wrk(bench, port, body, 5)[1]
    except SystemExit:
        return load(bench, port, body, seconds=5, warmup=0)["perSecond"]


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
        counts = funnel(server)
        # The shadow comes back on the same port.
        shadow.stop()
        stack.enter_context(healthy_on(bench, shadow.port, file))
        deadline, stored = time.monotonic() + 180, counts["stored"]
        while time.monotonic() < deadline:
            load(bench, server.port, body, connections=4, seconds=2, warmup=0)
            if funnel(server)["stored"] > stored + 8:
                break
        recovered = funnel(server)["stored"] - stored
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


