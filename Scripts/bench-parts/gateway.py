"""What the gateway costs: processor time per request and per event, and the latency that it adds, beside its peers."""

import contextlib
import os
import time

import material
import peers
from harness import FUNNEL, OTHERS, console, load, median, table, wrk

ROUNDS = 6


def cost(bench, servers, run):
    """Microseconds of processor per unit: `run(port)` gives how many units there were.

    Rounds are interleaved, every other one the other way round: whoever always came last would inherit the same neighbour.
    """
    names = list(servers)
    used = {name: [] for name in names}
    for name in names:
        run(servers[name].port, 1)
    for number in range(ROUNDS):
        for name in names[::-1 if number % 2 else 1]:
            server = servers[name]
            before = {"process": server.cpu(), "loops": server.cpu("^NIO-ELT")}
            units, speed = run(server.port, 4)
            used[name].append({
                "process": (server.cpu() - before["process"]) / units * 1e6,
                "loops": (server.cpu("^NIO-ELT") - before["loops"]) / units * 1e6,
                "speed": speed,
            })
    return {name: {key: median([one[key] for one in rounds]) for key in rounds[0]} for name, rounds in used.items()}


def stored_share(server):
    """The stored part of what was sampled, once nothing is in flight any more."""
    deadline = time.monotonic() + 60
    while True:
        funnel = console(server, FUNNEL)
        if funnel["in_flight"] == 0 or time.monotonic() > deadline:
            return funnel["stored"] / max(1, funnel["sampled"])
        time.sleep(0.2)


def finish(server):
    """Waits until all that was sampled is stored and scored: it is part of the price, and not of the next one's."""
    stored_share(server)
    time.sleep(1.5)  # Scoring looks each second.


def rows(costs):
    return [[name, f"{cost['process']:.1f}", f"{cost['loops']:.1f}" if cost["loops"] else "", f"{cost['speed']:,.0f}"]
            for name, cost in costs.items()]


def target(title, value, limit):
    return [title, f"{value:.2f}", f"≤ {limit}", "reached" if value <= limit else "NOT reached"]


def answers(bench):
    """JSON answers at saturation: CPU per request."""
    body = bench.write("json-request.json", material.chat())
    file = material.write(bench, "json-answers.jsonl", [("one", material.chat(), material.json_answer())])
    with contextlib.ExitStack() as stack:
        stable = stack.enter_context(peers.stand_in(bench, "stable", [file], "stable"))
        shadow = stack.enter_context(peers.stand_in(bench, "shadow", [file], "shadow"))
        servers = {"(the model server itself)": stable}
        makers = {
            "nginx, plain": lambda name: peers.nginx(bench, name, stable.port),
            "nginx, mirror at 10 %": lambda name: peers.nginx(bench, name, stable.port, shadow.port),
            "HAProxy, plain": lambda name: peers.haproxy(bench, name, stable.port),
            "Envoy, mirror at 10 %": lambda name: peers.envoy(bench, name, stable.port, shadow.port),
            "Understudy, mirroring paused": lambda name: peers.understudy(bench, name, stable.port, shadow.port, 0.1),
            "Understudy, rate 0": lambda name: peers.understudy(bench, name, stable.port, shadow.port, 0.0),
            "Understudy, 10 % mirrored and stored":
                lambda name: peers.understudy(bench, name, stable.port, shadow.port, 0.1),
        }
        for name, make in makers.items():
            servers[name] = stack.enter_context(make(name))
        console(servers["Understudy, mirroring paused"], "/api/v1/sampling", {"paused": True})
        costs = cost(bench, servers, lambda port, seconds: wrk(bench, port, body, seconds))
        share = stored_share(servers["Understudy, 10 % mirrored and stored"])
    table("JSON answers of 600 bytes, 32 connections, saturated", ["server", "process, µs a request", "loop threads", "requests a second"],
          rows(costs))
    print(f"Users have the whole processor here, and mirroring gives way: {share:.0%} of what was sampled was stored, the "
          "rest shed. What everything costs says the table at a fixed rate.")
    ours, off = costs["Understudy, 10 % mirrored and stored"], costs["Understudy, mirroring paused"]
    mirror, plain, envoy = (costs[name]["process"] for name in ("nginx, mirror at 10 %", "nginx, plain", "Envoy, mirror at 10 %"))
    table("Targets", ["ratio", "measured", "target", ""], [
        target("loop threads at 10 % ÷ nginx mirror", ours["loops"] / mirror, 1.0),
        target("process at 10 % ÷ nginx mirror", ours["process"] / mirror, 1.6),
        target("process, mirroring paused ÷ nginx plain", off["process"] / plain, 1.3),
        target("process at 10 % ÷ Envoy mirror", ours["process"] / envoy, 1.0),
    ])


def steady(bench):
    """JSON answers at a rate that everyone bears: CPU per request with everything that was sampled stored."""
    body = bench.write("json-request.json", material.chat())
    file = material.write(bench, "json-answers.jsonl", [("one", material.chat(), material.json_answer())])
    rate = 3000
    with contextlib.ExitStack() as stack:
        stable = stack.enter_context(peers.stand_in(bench, "stable", [file], "stable"))
        shadow = stack.enter_context(peers.stand_in(bench, "shadow", [file], "shadow"))
        ours = stack.enter_context(peers.understudy(bench, "steady", stable.port, shadow.port, 0.1))

        def run(port, seconds):
            result = load(bench, port, body, connections=32, rate=rate, seconds=seconds, warmup=0)
            if result["failed"]:
                raise SystemExit(f"{result['failed']} requests on port {port} failed.")
            if port == ours.port:
                finish(ours)
            return result["finished"], result["perSecond"]

        costs = cost(bench, {
            "nginx, plain": stack.enter_context(peers.nginx(bench, "nginx plain steady", stable.port)),
            "nginx, mirror at 10 %": stack.enter_context(peers.nginx(bench, "nginx steady", stable.port, shadow.port)),
            "Envoy, mirror at 10 %": stack.enter_context(peers.envoy(bench, "envoy steady", stable.port, shadow.port)),
            "Understudy, 10 % mirrored, stored and scored": ours,
        }, run)
        share = stored_share(ours)
    table(f"JSON answers at {rate:,} a second: {share:.1%} of what was sampled was stored",
          ["server", "process, µs a request", "loop threads", "requests a second"], rows(costs))
    cost_of_ours, mirror = costs["Understudy, 10 % mirrored, stored and scored"], costs["nginx, mirror at 10 %"]["process"]
    table("Targets", ["ratio", "measured", "target", ""], [
        target("loop threads at 10 % ÷ nginx mirror", cost_of_ours["loops"] / mirror, 1.0),
        target("process at 10 %, all stored and scored ÷ nginx mirror", cost_of_ours["process"] / mirror, 1.6)])


def loops(bench):
    """One loop and two, where both share all processors with the load and the model server."""
    body = bench.write("json-request.json", material.chat())
    file = material.write(bench, "json-answers.jsonl", [("one", material.chat(), material.json_answer())])
    everywhere = "0," + OTHERS
    with contextlib.ExitStack() as stack:
        stable = stack.enter_context(peers.stand_in(bench, "stable", [file], "stable"))
        shadow = stack.enter_context(peers.stand_in(bench, "shadow", [file], "shadow"))
        servers = {f"Understudy, {count} loop{'s' * (count > 1)}": stack.enter_context(peers.understudy(
            bench, f"loops {count}", stable.port, shadow.port, 0.1, threads=count, processors=everywhere)) for count in (1, 2)}
        costs = cost(bench, servers, lambda port, seconds: wrk(bench, port, body, seconds))
    table("One loop and two on the whole machine, 10 % sampled", ["server", "process, µs a request", "loop threads", "requests a second"],
          rows(costs))


def streams(bench):
    """Server-sent events, 128 streams of 200 events a second: CPU per event."""
    request = material.chat(stream=True)
    body = bench.write("stream-request.json", request)
    file = material.write(bench, "stream-answers.jsonl", [("one", request, material.stream_answer(400, 5.0))])
    with contextlib.ExitStack() as stack:
        stable = stack.enter_context(peers.stand_in(bench, "stable", [file], "stable", speed=1))
        shadow = stack.enter_context(peers.stand_in(bench, "shadow", [file], "shadow", speed=1))

        def run(port, seconds):
            result = load(bench, port, body, connections=128, seconds=max(2, seconds), warmup=0, streamed=True)
            if result["failed"]:
                raise SystemExit(f"{result['failed']} streams on port {port} failed.")
            if port == ours.port:
                finish(ours)
            return result["events"], result["events"] / max(2, seconds)

        ours = stack.enter_context(peers.understudy(bench, "understudy streams", stable.port, shadow.port, 0.1))
        servers = {
            "(the model server itself)": stable,
            "nginx, buffering off": stack.enter_context(peers.nginx(bench, "nginx streams", stable.port, buffering=False)),
            "nginx, mirror at 10 %, buffering off":
                stack.enter_context(peers.nginx(bench, "nginx mirror streams", stable.port, shadow.port, buffering=False)),
            "HAProxy": stack.enter_context(peers.haproxy(bench, "haproxy streams", stable.port, "option http-no-delay")),
            "Envoy, mirror at 10 %": stack.enter_context(peers.envoy(bench, "envoy streams", stable.port, shadow.port)),
            "Understudy, 10 % mirrored and stored": ours,
        }
        costs = cost(bench, servers, run)
        funnel = console(ours, FUNNEL)
    table("Streams: 128 at a time, 200 events a second each", ["server", "process, µs an event", "loop threads", "events a second"], rows(costs))
    print(f"Understudy sampled {funnel['sampled'] / funnel['seen']:.1%} of the streams and stored {funnel['stored']:,} of "
          f"{funnel['sampled']:,}.")
    cost_of_ours, nginx = costs["Understudy, 10 % mirrored and stored"], costs["nginx, buffering off"]["process"]
    table("Targets", ["ratio", "measured", "target", ""], [
        target("process at 10 % ÷ nginx", cost_of_ours["process"] / nginx, 1.1),
        target("loop threads at 10 % ÷ nginx", cost_of_ours["loops"] / nginx, 1.0),
    ])


def latency(bench):
    """Latency added over asking the model server directly, at a fixed rate."""
    request, streamed = material.chat(), material.chat(stream=True)
    body, stream_body = bench.write("json-request.json", request), bench.write("stream-request.json", streamed)
    file = material.write(bench, "latency-answers.jsonl", [
        ("one", request, material.json_answer(2.0)), ("two", streamed, material.stream_answer(100, 10.0))])
    shown = []
    with contextlib.ExitStack() as stack:
        stable = stack.enter_context(peers.stand_in(bench, "stable", [file], "stable", speed=1))
        shadow = stack.enter_context(peers.stand_in(bench, "shadow", [file], "shadow", speed=1))
        servers = {
            "direct": stable,
            "nginx, mirror at 10 %": stack.enter_context(peers.nginx(bench, "nginx", stable.port, shadow.port, buffering=False)),
            "Envoy, mirror at 10 %": stack.enter_context(peers.envoy(bench, "envoy", stable.port, shadow.port)),
            "Understudy, 10 % mirrored and stored":
                stack.enter_context(peers.understudy(bench, "understudy", stable.port, shadow.port, 0.1)),
        }
        found = {name: [] for name in servers}
        for _ in range(ROUNDS):
            for name, server in servers.items():
                whole = load(bench, server.port, body, connections=32, rate=1000, seconds=5)
                events = load(bench, server.port, stream_body, connections=32, rate=20, seconds=5, streamed=True)
                found[name].append({
                    "p50": whole["total"]["p50"], "p99": whole["total"]["p99"],
                    "first": events["firstEvent"]["p50"], "gap": events["gap"]["p50"],
                    "gap99": events["gap"]["p99"], "failed": whole["failed"] + events["failed"]})
        middle = {name: {key: median([one[key] for one in all_rounds]) for key in all_rounds[0]} for name, all_rounds in found.items()}
    direct = middle["direct"]
    for name, one in middle.items():
        if name != "direct":
            shown.append([name] + [f"{(one[key] - direct[key]) / 1000:+.3f}" for key in ("p50", "p99", "first", "gap", "gap99")] + [f"{one['failed']:.0f}"])
    table("Latency added over direct, ms (1,000 requests a second on 32 connections; streams of 100 events)",
          ["server", "p50", "p99", "first event, p50", "gap, p50", "gap, p99", "failed"], shown)
    ours = middle["Understudy, 10 % mirrored and stored"]
    added = {key: (ours[key] - direct[key]) / 1000 for key in direct}
    table("Targets", ["added, ms", "measured", "target", ""], [
        target("p50", added["p50"], 0.3), target("p99", added["p99"], 1.0),
        target("first event, p50", added["first"], 0.3), target("gap, p50", added["gap"], 0.3)])


def litellm(bench):
    """LiteLLM's proxy with its silent model at 30 requests a second, which it can bear, and Understudy at the same rate."""
    if not os.path.exists(bench.litellm):
        print("\nLiteLLM is not installed here.")
        return
    body = bench.write("json-request.json", material.chat())
    file = material.write(bench, "litellm-answers.jsonl", [("one", material.chat(), material.json_answer(2.0))])
    with contextlib.ExitStack() as stack:
        stable = stack.enter_context(peers.stand_in(bench, "stable", [file], "stable", speed=1))
        shadow = stack.enter_context(peers.stand_in(bench, "shadow", [file], "shadow", speed=1))
        servers = {
            "LiteLLM, every request mirrored": stack.enter_context(peers.litellm(bench, "litellm", stable.port, shadow.port)),
            "Understudy, every request mirrored and stored":
                stack.enter_context(peers.understudy(bench, "understudy", stable.port, shadow.port, 1.0)),
        }
        direct = load(bench, stable.port, body, connections=16, rate=30, seconds=5)["total"]
        shown = []
        for name, server in servers.items():
            load(bench, server.port, body, connections=16, rate=30, seconds=2)
            before = server.cpu()
            result = load(bench, server.port, body, connections=16, rate=30, seconds=10, warmup=0)
            used = (server.cpu() - before) / max(1, result["finished"])
            shown.append([name, f"{used * 1e6:,.0f}", f"{(result['total']['p50'] - direct['p50']) / 1000:+.2f}",
                          f"{(result['total']['p99'] - direct['p99']) / 1000:+.2f}", result["failed"]])
    table("Beside LiteLLM's silent model, 30 requests a second",
          ["server", "process, µs a request", "p50 added, ms", "p99 added, ms", "failed"], shown)
