"""What a shadow can do to the user: nothing. Latency and throughput while it misbehaves."""

import contextlib
import os
import subprocess
import time

import material
import peers
from harness import FUNNEL, MEASURED, bound, console, load, median, table, wrk
from shadows import KINDS, LIMITS, shadow_of

# Those that do some work for a call and end it, which another process may call as often as mirroring does.
CALLED = ["healthy", "10× slower", "resetting", "status 500", "garbage"]
ROUNDS, SECONDS, WARMUP = 3, 5, 1
# What is due within so many microseconds is asked together: a timer for each would be most of the load's own work.
TICK = 200


def options(in_flight):
    """The shadow's limits, as the configuration has them."""
    return f", timeout: 5s, max_in_flight: {in_flight}, max_queue: 64, max_buffered: 16MiB"


# How many milliseconds both model servers take, the connections that such a load needs, and the calls that the shadow may have
# at once.
# 100 ms is little for a model's whole answer; 1 ms is no model's, and shows a hundred times larger what is added.
STABLES = [(100.0, 2_000, 128), (1.0, 32, 16)]


def faults(bench):
    """Stable's latency at a part of the gateway's capacity beside runs without a shadow, and its throughput, saturated."""
    request = material.chat()
    body = bench.write("fault-request.json", request)
    fast = material.write(bench, "fast-answers.jsonl", [("one", request, material.json_answer())])
    with peers.stand_in(bench, "quick stable", [fast], "stable") as quick:
        with peers.understudy(bench, "capacity", quick.port, 1, 0.0) as server:
            _, capacity = wrk(bench, server.port, body, 3)
        # Half of the capacity is meant, but with two processors the load and the model servers share one, which bears a
        # quarter; beyond it the latency would be theirs.
        rate = round(capacity / (2 if os.cpu_count() > 2 else 4), -2)
        for answer in STABLES:
            Latencies(bench, request, body, rate, *answer).measure()
        throughput(bench, body, fast, quick)


class Latencies:
    """Every kind of shadow between runs without one, by turns."""

    def __init__(self, bench, request, body, rate, milliseconds, connections, in_flight):
        self.bench, self.body, self.rate, self.milliseconds, self.connections = bench, body, rate, milliseconds, connections
        self.in_flight = in_flight
        self.file = material.write(bench, f"fault-answers-{milliseconds:.0f}.jsonl",
                                   [("one", request, material.json_answer(milliseconds))])

    def measure(self):
        with peers.stand_in(self.bench, "stable", [self.file], "stable", speed=1) as self.stable:
            self.expected = load(self.bench, self.stable.port, self.body, seconds=1, warmup=0, rate=100)["bodies"]
            self._measure()

    def _measure(self):
        # A/A: the runs without a shadow, between the others, say what the machine's own noise is.
        # With two processors the shadow shares one with stable and the load. What its work there costs them, whoever makes it
        # work, is seen where another process calls it and nothing is mirrored.
        baseline = [self.run("none", 0.0)]
        found, called = {kind: [] for kind in KINDS}, {kind: [] for kind in CALLED}
        for _ in range(ROUNDS):
            for kind in KINDS:
                place = len(baseline) - 1
                run = self.run(kind, 0.1)
                check(kind, run["funnel"])
                found[kind].append((place, run))
                if kind in CALLED:
                    counts = run["funnel"]
                    calls = (counts["sampled"] - sum(counts["shed"].values())) // (SECONDS + WARMUP)
                    called[kind].append((place, self.run(kind, 0.0, calls)))
                baseline.append(self.run("none", 0.0))
        self.show(baseline, found, called)

    def run(self, kind, sampled, calls=None):
        with shadow_of(self.bench, kind, self.file) as port, \
                peers.understudy(self.bench, "fault", self.stable.port, port, sampled, shadow_options=options(self.in_flight),
                                 more=LIMITS) as server, \
                (contextlib.nullcontext() if calls is None else self.another_caller(port, calls)):
            waited = [one.waited("^NIO-ELT") for one in (server, self.stable)]
            used = server.cpu("^NIO-ELT")
            result = load(self.bench, server.port, self.body, connections=self.connections, rate=self.rate, tick=TICK,
                          seconds=SECONDS, warmup=WARMUP)
            if result["failed"] or set(result["bodies"]) != set(self.expected):
                raise SystemExit(f"With a shadow that is {kind}, {result['failed']} answers failed: {result['bodies']}")
            requests = (SECONDS + WARMUP) * self.rate
            return {**result["total"], "funnel": console(server, FUNNEL),
                    "busy": (server.cpu("^NIO-ELT") - used) / (SECONDS + WARMUP),
                    "waited": [(one.waited("^NIO-ELT") - before) / requests * 1e6
                               for one, before in zip((server, self.stable), waited)]}

    @contextlib.contextmanager
    def another_caller(self, port, rate):
        """Somebody else who calls the shadow so many times a second, from where mirroring does, and gives way."""
        command = [self.bench.load_client, "--port", str(port), "--body", self.body, "--connections", str(self.in_flight),
                   "--rate", str(max(1, rate)), "--seconds", "60", "--warmup", "0"]
        with subprocess.Popen(bound("chrt", "--idle", "0", "taskset", "-c", MEASURED, *command), stdout=subprocess.DEVNULL) as process:
            try:
                yield
                if process.poll() is not None:
                    raise SystemExit("What should have called the shadow beside the load ended early.")
            finally:
                process.kill()

    def show(self, baseline, found, called):
        none = {key: [one[key] for one in baseline] for key in ("p50", "p99")}

        def percent(key, runs):
            return f"{change([(place, run[key]) for place, run in runs], none[key]) * 100:+.1f} %"

        def shown(key, runs):
            added = median([run[key] for _, run in runs]) - median(none[key])
            return f"{median([run[key] for _, run in runs]):,.0f} ({percent(key, runs)}, {added:+.0f} µs)"

        rows = []
        for kind, runs in found.items():
            counts = [run["funnel"] for _, run in runs]
            rows.append(
                [kind] + [shown(key, runs) for key in none] +
                [percent(key, called[kind]) if kind in CALLED else "" for key in none] +
                [f"{median([run['waited'][whose] for _, run in runs]):.1f}" for whose in (0, 1)] +
                [sum(one["sampled"] for one in counts), sum(one["stored"] for one in counts),
                 sum(sum(one["shed"].values()) for one in counts)])
        table(f"Stable answers in {self.milliseconds:.0f} ms: its latency in µs at {self.rate:,.0f} requests a second, 10 % sampled, by "
              f"what the shadow does (median of {ROUNDS}; change against the runs without a shadow before and after, and against "
              f"the median of all of them, p50 {median(none['p50']):,.0f} and p99 {median(none['p99']):,.0f}; the same of those runs "
              f"among themselves, the noise: p50 at most ± {noise(none['p50']) * 100:.1f} %, p99 ± {noise(none['p99']) * 100:.1f} %; "
              f"the gateway's loop is busy for {median([one['busy'] for one in baseline]) * 100:.0f} % of the time without a shadow)",
              ["shadow", "p50", "p99", "p50 where another process calls it as often, and nothing is mirrored", "p99 there"] +
              [f"{whose} without a processor, µs a request (no shadow: {median([one['waited'][place] for one in baseline]):.1f})"
               for place, whose in enumerate(("the gateway's loop", "stable's loop"))] +
              ["sampled", "stored", "shed"], rows)


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


def check(kind, counts):
    """That every sampled request is on its way, stored, shed for a reason or failed for one."""
    sampled = counts["sampled"]
    there = counts["in_flight"] + counts["stored"] + sum(counts["shed"].values()) + sum(counts["failed"].values())
    if sampled != there:
        raise SystemExit(f"With a shadow that is {kind}, the funnel does not add up: {counts}")


def throughput(bench, body, fast, quick):
    """With a hung shadow beside a healthy one, nginx's, too."""
    with contextlib.ExitStack() as servers:
        ours = {}
        for kind in ("healthy", "hung"):
            port = servers.enter_context(shadow_of(bench, kind, fast))
            ours[kind] = servers.enter_context(
                peers.understudy(bench, f"saturated, {kind}", quick.port, port, 0.1, shadow_options=options(16), more=LIMITS))
            wrk(bench, ours[kind].port, body, 1)
        # By turns, and the other way round the next time, so that nothing befalls one of them only.
        rounds = []
        for kinds in (("healthy", "hung"), ("hung", "healthy")) * 4:
            one = {}
            for kind in kinds:
                one[kind] = wrk(bench, ours[kind].port, body, 3)[1]
                settle(ours[kind])
            rounds.append(one)
        found = {kind: median([one[kind] for one in rounds]) for kind in ours}
    for kind in ("healthy", "hung"):
        with shadow_of(bench, kind, fast) as port, peers.nginx(bench, "nginx saturated", quick.port, port) as server:
            found["nginx " + kind] = wrk_or_nothing(bench, server.port, body)
    table("Throughput, saturated, with a hung shadow ÷ a healthy one", ["server", "healthy", "hung", "ratio"], [
        [name, f"{found[prefix + 'healthy']:,.0f}", f"{found[prefix + 'hung']:,.0f}",
         f"{found[prefix + 'hung'] / found[prefix + 'healthy']:.3f}"]
        for name, prefix in (("Understudy (target ≥ 0.98)", ""), ("nginx mirror", "nginx "))])


def settle(server):
    """Waits until nothing is being played any more, which would go on beside the next."""
    deadline = time.monotonic() + 20
    while console(server, FUNNEL)["in_flight"] and time.monotonic() < deadline:
        time.sleep(0.1)


def wrk_or_nothing(bench, port, body):
    """nginx's requests a second; it may answer nothing at all, which wrk counts as time-outs."""
    try:
        return wrk(bench, port, body, 5)[1]
    except SystemExit:
        return load(bench, port, body, seconds=5, warmup=0)["perSecond"]
