"""Hours at full rate, shortened: does memory, do descriptors, does the log grow?"""

import contextlib
import json
import math
import os
import re
import subprocess
import time

import material
import peers
from client import CLASSES
from ground import Serve, configuration, store_check
from harness import OTHERS, Server, bound, console, free_ports, median, table
from watch import damage, does_not_add_up, stored_funnel

# Documents and streams a second; each document's load has a prompt and a class of its own.
DOCUMENTS, STREAMS = 1440, 60
SESSIONS = 1_000_000
# Shares of errors: of stable, which the client gets and which are mirrored all the same, and of the shadow.
STABLE_FAULTS, SHADOW_FAULTS = ["status:500:0.02"], ["status:500:0.02", "reset:0.01"]
EVERY = 5
# Caches of a fixed size fill meanwhile: what the writer remembers of texts, SQLite's pages, the log that is kept.
WARM_UP = 480
# load-client counts a request wrongly after one of its idle connections was closed, so none is.
PATIENT = "limits: { idle_timeout: 24h }"
# Failed only beyond this; what is below is printed for the reader to judge.
GROWTH_LIMIT = 30
# A slope of less than so many seconds says more about caches that fill than about a leak.
JUDGED_SPAN = 600
# 64 MiB, where the store bounds it, and what one batch writes beyond.
LOG_LIMIT = 72


def run(ground, checks, minutes):
    seconds = minutes * 60
    warm_up = min(WARM_UP, 0.4 * seconds)
    print(f"\nsoak: {minutes:g} minutes at {DOCUMENTS + STREAMS:,} requests a second, every one mirrored; the first "
          f"{warm_up:.0f} s are a warm-up that no slope is taken of", flush=True)
    bodies, file = material_of(ground)
    store = ground.path("soak.sqlite")
    with contextlib.ExitStack() as stack:
        stable = stack.enter_context(peers.stand_in(ground, "stable", [file], "stable", 1, STABLE_FAULTS))
        shadow = stack.enter_context(shadow_of(ground, file))
        written = configuration(ground, "soak", store, stable.port, shadow.port, rate=1.0, control=0.01,
                                more=PATIENT)
        serve = stack.enter_context(Serve(ground, "serve", written))
        loads = stack.enter_context(load_clients(ground, serve.port, bodies, seconds))
        samples = watch(serve, store, seconds, loads)
        results = [result_of(load) for load in loads]
        checks.expect("the process is the same as at the beginning", serve.runs, f"pid {serve.pid}")
        counts = console(serve, "/api/v1/funnel") if serve.runs else {}
        checks.expect("SIGTERM ends it with 0", (code := serve.stop()) == 0, f"exit code {code}")
    after = [one for one in samples if one["time"] >= warm_up]
    users(checks, results, counts)
    growth(checks, samples, after, warm_up)
    stored(ground, checks, store, results)


def shadow_of(ground, file):
    """A shadow with errors at the usual priority: one that starves, as the benchmarks' do, would keep storing idle."""
    port, = free_ports(1)
    words = [ground.understudy, "stand-in", "--port", str(port), "--leg", "shadow", "--answers", file]
    words += [word for fault in SHADOW_FAULTS for word in ("--fault", fault)]
    return Server(ground, "shadow", words, port, OTHERS)


def material_of(ground):
    """A document for each class and one stream, as files for load-client and as answers for the stand-ins."""
    asked = [material.chat(f"{material.PROMPT} ({word.replace('_', ' ')})") for word in CLASSES]
    streamed = material.chat(stream=True)
    lines = [(f"d{number}", body, material.json_answer(1.0)) for number, body in enumerate(asked)]
    lines.append(("s", streamed, material.stream_answer(20, 5.0)))
    file = material.write(ground, "soak-answers.jsonl", lines)
    return [(ground.write(f"body-{number}.json", body), DOCUMENTS / len(asked), False)
            for number, body in enumerate(asked)] + [(ground.write("body-s.json", streamed), STREAMS, True)], file


@contextlib.contextmanager
def load_clients(ground, port, bodies, seconds):
    """A load-client for each body; none outlives the section."""
    running = []
    try:
        for body, rate, streamed in bodies:
            words = bound("taskset", "-c", OTHERS, ground.load_client, "--port", str(port), "--body", body, "--connections",
                          "32", "--rate", str(rate), "--seconds", str(seconds), "--warmup", "0", "--sessions", str(SESSIONS))
            running.append(subprocess.Popen(words + ["--streamed"] * streamed, stdout=subprocess.PIPE, text=True,
                                            stderr=subprocess.PIPE, start_new_session=True))
        yield running
    finally:
        for one in running:
            if one.poll() is None:
                one.kill()
            one.communicate()


def result_of(load):
    """What a load-client printed; what it complained of, where it did not come to its end."""
    out, err = load.communicate(timeout=60)
    return json.loads(out) if load.returncode == 0 else {"failure": err.strip() or f"exit code {load.returncode}"}


def watch(serve, store, seconds, loads):
    """A sample every few seconds until the loads end."""
    samples, began, tick = [], time.monotonic(), 0
    while (now := time.monotonic() - began) < seconds and serve.runs and all(one.poll() is None for one in loads):
        with contextlib.suppress(OSError):
            samples.append({"time": now, **sample(serve, store)})
        tick += 1
        time.sleep(max(0.0, began + tick * EVERY - time.monotonic()))
    return samples


def sample(serve, store):
    with open(f"/proc/{serve.pid}/smaps_rollup") as file:
        lines = re.findall(r"^(\w+):\s+(\d+) kB", file.read(), re.M)
    memory = {name: int(kilobytes) * 1024 / 1e6 for name, kilobytes in lines}
    counts = console(serve, "/api/v1/funnel")
    files, sockets = descriptors(serve.pid)
    return {
        "rss": memory["Rss"], "pss": memory["Pss"], "anonymous": memory["Anonymous"],
        "files": files, "sockets": sockets, "threads": len(os.listdir(f"/proc/{serve.pid}/task")),
        "log": size_of(store + "-wal"), "file": size_of(store), "stored": counts["stored"], "seen": counts["seen"],
        "shed": sum(counts["shed"].values()), "failed": sum(counts["failed"].values()),
    }


def descriptors(pid):
    """Open files and open sockets: the number of sockets follows the load up and down, the number of files does not."""
    kinds = []
    for one in os.listdir(f"/proc/{pid}/fd"):
        # One that was closed since it was listed.
        with contextlib.suppress(FileNotFoundError):
            kinds.append(os.readlink(f"/proc/{pid}/fd/{one}").startswith("socket:"))
    return len(kinds) - sum(kinds), sum(kinds)


def size_of(path):
    return os.path.getsize(path) / 1e6 if os.path.exists(path) else 0.0


def slope(samples, key):
    """Least squares over time: the growth an hour and its standard error."""
    count = len(samples)
    if count < 3:
        return float("nan"), float("nan")
    hours, values = [one["time"] / 3600 for one in samples], [one[key] for one in samples]
    mid_hour, mid_value = sum(hours) / count, sum(values) / count
    spread = sum((hour - mid_hour) ** 2 for hour in hours)
    rise = sum((hour - mid_hour) * (value - mid_value) for hour, value in zip(hours, values)) / spread
    rest = sum((value - mid_value - rise * (hour - mid_hour)) ** 2 for hour, value in zip(hours, values))
    return rise, math.sqrt(rest / (count - 2) / spread)


def users(checks, results, counts):
    """No answer breaks off; only the errors that stable gives arrive."""
    complaints = [one["failure"] for one in results if "failure" in one]
    if not checks.expect("every load runs to its end", not complaints, "; ".join(complaints) or "ok"):
        return
    statuses = {}
    for one in results:
        for status, count in one["statuses"].items():
            statuses[status] = statuses.get(status, 0) + count
    total = sum(statuses.values())
    missing = asked_by(results) - total
    checks.expect("no user's answer is lost; errors are stable's own",
                  not statuses.keys() - {"200", "500"} and not missing, f"{statuses}, {missing} without an answer")
    share = statuses.get("500", 0) / max(1, total)
    checks.expect("users get the share of errors that stable gives", 0.015 < share < 0.025, f"{share * 100:.2f} %")
    wrong = does_not_add_up({name: sum(value.values()) if isinstance(value, dict) else value
                             for name, value in counts.items()})
    checks.expect("the console's funnel adds up", not wrong, wrong or "ok")
    table("Soak: load", ["load", "a second", "answers", "p50, ms", "p99, ms", "p99.9, ms"], [
        ["stream" if one["events"] else "document", f"{sum(one['statuses'].values()) / one_seconds(one):,.0f}",
         f"{sum(one['statuses'].values()):,}", *(f"{one['total'][key] / 1e3:.1f}" for key in ("p50", "p99", "p999"))]
        for one in results])


def asked_by(results):
    """How many requests were sent; what load-client calls failed are errors, and requests that nobody answered."""
    return sum(one["finished"] + one["failed"] for one in results)


def one_seconds(result):
    """How long a load lasted, from what it says of itself."""
    return result["finished"] / result["perSecond"] if result["perSecond"] else float("inf")


def growth(checks, samples, after, warm_up):
    if not checks.expect("there are samples enough", 3 <= len(after) < len(samples),
                         f"{len(samples)}, {len(after)} after the warm-up"):
        return
    units = {"anonymous": "MB", "rss": "MB", "pss": "MB", "files": "", "sockets": "", "threads": "", "log": "MB",
             "file": "MB", "stored": "pairs", "shed": "", "failed": ""}
    places = [after[round(share * (len(after) - 1))] for share in (0, 0.25, 0.5, 0.75, 1)]
    rows = []
    for key, unit in units.items():
        rise, error = slope(after, key)
        digits = 1 if unit == "MB" else 0
        rows.append([key + (f", {unit}" if unit == "MB" else ""), *(f"{one[key]:,.{digits}f}" for one in places),
                     f"{max(one[key] for one in after):,.{digits}f}",
                     f"{rise:+,.2f} ± {error:,.2f}" if key not in ("file", "stored") else ""])
    table(f"Soak: growth after a warm-up of {warm_up:.0f} s, {len(after)} samples over "
          f"{(after[-1]['time'] - after[0]['time']) / 60:.1f} minutes",
          ["", "begin", "1/4", "1/2", "3/4", "end", "highest", "slope an hour ± standard error"], rows)
    print("The standard error takes samples for independent; memory's are not, so the true one is larger.\n")
    span = after[-1]["time"] - after[0]["time"]
    rise, error = slope(after, "anonymous")
    if span >= JUDGED_SPAN:
        checks.expect(f"anonymous memory does not grow by more than {GROWTH_LIMIT} MB an hour",
                      rise - 2 * error <= GROWTH_LIMIT, f"{rise:+.2f} ± {error:.2f} MB an hour")
    else:
        print(f"Too short for a verdict on memory, which takes {JUDGED_SPAN // 60} minutes after the warm-up.\n")
    warm = [one for one in samples if one["time"] < warm_up]
    before, most = max(one["files"] for one in warm), max(one["files"] for one in after)
    checks.expect("open files do not grow", most <= before + 2, f"at most {most} after the warm-up, {before} within")
    # Their number follows the load, so the highest of many samples lies above that of a few; a leak lifts the middle.
    before, late = max(one["sockets"] for one in warm), median([one["sockets"] for one in after[-len(after) // 4:]])
    checks.expect("open sockets do not grow", late <= before + max(2, before // 10),
                  f"in the middle of the last quarter {late:.0f}, at most {before} within the warm-up")
    highest = max(one["log"] for one in samples)
    checks.expect(f"the -wal stays below {LOG_LIMIT} MB", highest <= LOG_LIMIT, f"at most {highest:.1f} MB")
    stored, seen = (after[-1][key] - after[0][key] for key in ("stored", "seen"))
    checks.expect("storing works all the time", all(later["stored"] > earlier["stored"]
                                                    for earlier, later in zip(samples, samples[1:])),
                  f"{stored / span:,.0f} pairs a second of {seen / span:,.0f} requests")


def stored(ground, checks, store, results):
    """The store at the end."""
    holds, said, took = store_check(ground, store)
    checks.expect("`store check` finds nothing at the end", holds, f"{said} ({took:.1f} s)")
    wrong = damage(store)
    checks.expect("the store is sound at the end", not wrong, wrong or "ok")
    stages, reasons, pairs = stored_funnel(store)
    wrong = does_not_add_up(stages) or (stages.get("in_flight") and f"{stages['in_flight']} in flight")
    checks.expect("the store's funnel adds up at the end", not wrong, wrong or "ok")
    checks.expect("`stored` counts the pairs that are there", stages.get("stored", 0) == pairs,
                  f"{stages.get('stored', 0):,} counted, {pairs:,} there; {reasons or 'no losses'}")
    if all("failure" not in one for one in results):
        asked = asked_by(results)
        checks.expect("`seen` is what clients asked", stages.get("seen", 0) == asked,
                      f"{stages.get('seen', 0):,} seen, {asked:,} asked")
    if pairs:
        size = os.path.getsize(store)
        print(f"{pairs:,} pairs in {size / 1e6:,.1f} MB: {size / pairs:,.0f} bytes a pair, of this material: four "
              f"prompts, and near a session for each document.", flush=True)
