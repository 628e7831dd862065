"""What an evaluation costs, beside a pipeline in Python that computes the same metrics, and how the cost grows.

Cold means that no pair has been scored; the files are in the page cache. UNDERSTUDY_BENCH_PAIRS gives another number of
pairs than 200,000, for a trial; all the others follow from it. Understudy's side also keeps every score in the store; the
pipeline keeps nothing.
"""

import glob
import json
import math
import os
import shutil
import subprocess
import sys
import time

import resample
from harness import bound, table

PAIRS = int(os.environ.get("UNDERSTUDY_BENCH_PAIRS", "200000"))
PACKAGES = ["pandas", "rapidfuzz", "scipy", "numpy", "sacrebleu", "orjson", "jsonschema"]
PARTS = os.path.dirname(os.path.abspath(__file__))
PATIENCE = 15 * 60
PROBE, SHORT = 2_000, 20_000
# What a pair takes on the disk at most: the store, its log while it grows, and the import's.
DISK_PER_PAIR = 6_000


class Run:
    """A finished process: seconds, processor seconds, and the highest memory.

    Memory is the kernel's maximum of the resident set, which a child takes over from this process at first: some 30 MB.
    """

    def __init__(self, bench, command, stdin=None):
        output = bench.path("run.out")
        begin = time.monotonic()
        with open(output, "wb") as file:
            process = subprocess.Popen(bound(*command), stdin=stdin, stdout=file)
            try:
                _, status, usage = os.wait4(process.pid, 0)
            except BaseException:
                process.kill()
                raise
        self.wall = time.monotonic() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise SystemExit(f"{' '.join(command)} ended with {process.returncode}.")
        self.cpu, self.memory = usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024
        with open(output, "rb") as file:
            self.output = file.read()

    def cells(self, pairs):
        """For a table: what a number of pairs took."""
        return (f"{pairs:,}", f"{self.wall:.2f} s", f"{self.cpu:.2f} s", f"{pairs / self.wall:,.0f}", f"{pairs / self.cpu:,.0f}",
                f"{self.cpu / pairs * 1e6:,.0f} µs", f"{self.memory / 1e6:.0f} MB")


HEAD = ["pairs", "wall", "CPU", "pairs/s", "pairs per CPU second", "CPU a pair", "memory"]


def python():
    """The Python that has the pipeline's packages."""
    cache = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    venv = os.path.join(cache, "understudy", "bench", "pipeline")
    program = os.path.join(venv, "bin", "python")
    if not os.path.exists(program):
        subprocess.run([sys.executable, "-m", "venv", venv], check=True)
    if subprocess.run([program, "-c", "import " + ", ".join(PACKAGES)], stderr=subprocess.DEVNULL).returncode:
        subprocess.run([program, "-m", "pip", "install", "--quiet", "--only-binary", ":all:", *PACKAGES], check=True)
    return program


def resampled(count, seed, first=0, day=0.0, days=7.0):
    """The command that writes so many pairs to its standard output."""
    return [sys.executable, os.path.join(PARTS, "resample.py"), *map(str, (count, seed, first, day, days))]


def lines(bench, name, *what):
    with open(bench.path(name), "wb") as file:
        subprocess.run(resampled(*what), stdout=file, check=True)
    return bench.path(name)


def remove(bench, name):
    for file in glob.glob(bench.path(name + "*")):
        os.remove(file)


def verdict(value, limit, at_least):
    return "met" if (value >= limit if at_least else value <= limit) else "NOT met"


def evaluate(bench):
    if not resample.files():
        print(f"evaluate: there is no shared data in {resample.SHARED}, so nothing was measured.")
        return
    program = python()
    source = lines(bench, "pairs.jsonl", PAIRS, 1)
    ours, targets = understudy(bench, source)
    targets += peer(bench, program, source, ours)
    os.remove(source)
    targets += growth(bench)
    table("Targets", ["", "measured", "target", ""], targets)


def understudy(bench, source):
    """The evaluation of a store that nothing was scored in, of the same again, and of a hundredth more."""
    store = bench.path("evaluate.sqlite")
    report = [bench.understudy, "evaluate", "--store", store, "--format", "json"]
    imported = Run(bench, [bench.understudy, "import", "--store", store, source])
    cold = Run(bench, report)
    again = Run(bench, report)
    more = max(1, PAIRS // 100)
    new = lines(bench, "new.jsonl", more, 2, PAIRS, 7, 0.07)
    imported_new = Run(bench, [bench.understudy, "import", "--store", store, new])
    incremental = Run(bench, report)
    figures, later = (json.loads(run.output)["overall"] for run in (cold, incremental))
    if (figures["pairs"], later["pairs"]) != (PAIRS, PAIRS + more):
        raise SystemExit(f"{PAIRS} and then {more} pairs were imported; {figures['pairs']} and {later['pairs']} were evaluated.")
    table(f"{PAIRS:,} pairs of real text, {figures['sessions']:,} sessions, {os.path.getsize(source) / 1e6:,.0f} MB of JSON lines, "
          f"{os.path.getsize(store) / 1e6:,.0f} MB in the store", ["Understudy", *HEAD], [
              ("import (no part of the evaluation)", *imported.cells(PAIRS)), ("evaluate, cold", *cold.cells(PAIRS)),
              ("evaluate, nothing new", *again.cells(PAIRS)),
              (f"import of {more:,} more", *imported_new.cells(more)),
              (f"evaluate with 1 % new, by all {PAIRS + more:,} pairs", *incremental.cells(PAIRS + more)),
              ("the same, by the new pairs", *incremental.cells(more))])
    remove(bench, "evaluate.sqlite")
    os.remove(new)
    per_core, memory = PAIRS / cold.cpu, max(cold.memory, incremental.memory) / 1e6
    return (cold, figures), [
        ("pairs per CPU second, cold", f"{per_core:,.0f}", "≥ 10,000", verdict(per_core, 10_000, True)),
        ("memory, the highest of the evaluations", f"{memory:.0f} MB", "≤ 300 MB", verdict(memory, 300, False))]


class Peer:
    """What the pipeline took for all pairs, or for the first of them where all would take too long."""

    def __init__(self, bench, program, source, chrf):
        command = [program, os.path.join(PARTS, "pipeline.py"), source, "--chrf", chrf]
        self.measured = PAIRS
        if PAIRS > SHORT:
            probe = json.loads(Run(bench, [*command, "--count", str(PROBE)]).output)
            if probe["wall_seconds"] / PROBE * PAIRS > PATIENCE:
                self.measured = SHORT
        run = Run(bench, [*command, "--count", str(self.measured)])
        self.found = json.loads(run.output)
        self.scale = PAIRS / self.found["pairs"]
        # The imports are paid once, however many pairs there are.
        start = self.found["phases"]["start (imports)"]
        self.cpu = start + (self.found["cpu_seconds"] - start) * self.scale
        self.wall = run.wall + self.found["wall_seconds"] * (self.scale - 1)

    def row(self, name, cold):
        note = f", scaled from its first {self.measured:,} pairs" if self.scale > 1 else ""
        return (name + note, f"{self.wall:.1f} s", f"{self.cpu:.1f} s", f"{PAIRS / self.wall:,.0f}", f"{PAIRS / self.cpu:,.0f}",
                f"{self.cpu / PAIRS * 1e6:,.0f} µs", f"{self.found['memory_bytes'] / 1e6:.0f} MB in {self.found['processes']} processes",
                f"{self.cpu / cold.cpu:.1f}", f"{self.wall / cold.wall:.1f}")


def peer(bench, program, source, ours):
    """The pipeline on the same lines: its cost, where it goes, and whether it computes the same."""
    cold, figures = ours
    names = {"sacrebleu": "Python, chrF by sacrebleu", "numpy": "Python, chrF by numpy", "none": "Python, chrF left out"}
    peers = {chrf: Peer(bench, program, source, chrf) for chrf in names}
    table("The same metrics by pandas, rapidfuzz, scipy, numpy", [
        "pipeline", "wall", "CPU", "pairs/s", "pairs per CPU second", "CPU a pair", "memory", "÷ Understudy, CPU", "÷ wall"],
        [peers[chrf].row(name, cold) for chrf, name in names.items()])
    phases = dict.fromkeys(phase for one in peers.values() for phase in one.found["phases"])
    table("The pipeline's CPU by phase, µs a pair", ["phase", *names.values()], [
        (phase, *(f"{one.found['phases'][phase] / one.found['pairs'] * 1e6:,.1f}" if phase in one.found["phases"] else ""
                  for one in peers.values())) for phase in phases])
    agreement(figures, peers["sacrebleu"])
    return [(f"CPU of {name} ÷ Understudy's, cold", f"{peers[chrf].cpu / cold.cpu:.1f}", "≥ 10",
             verdict(peers[chrf].cpu / cold.cpu, 10, True)) for chrf, name in names.items()]


def agreement(figures, peer):
    """Figures that both compute, side by side."""
    if peer.scale > 1:
        print("The pipeline saw fewer pairs, so its figures are not compared.")
        return
    metrics = {metric["name"]: metric for metric in figures["metrics"]}
    rows = []

    def compare(name, mine, theirs):
        apart = abs(mine - theirs)
        rows.append((name, f"{mine:.9f}", f"{theirs:.9f}", f"{apart:.1e}", "the same" if apart <= 1e-6 else "DIFFERENT"))

    for name, rate in peer.found["churn"].items():
        if f"churn.{name}" in metrics:
            compare(f"1 − {name}", metrics[f"churn.{name}"]["shadow"]["rate"], rate)
    ratio = metrics["total_time"]["ratio"]["p99"]["estimate"]
    if ratio is not None and peer.found["p99_ratio"] is not None:
        compare("total_time.p99, shadow ÷ stable", ratio, peer.found["p99_ratio"])
    table("Do they agree? Means over sessions", ["figure", "Understudy", "Python", "apart", ""], rows)


def growth(bench):
    """Cold evaluations of more and more pairs, and the exponent of the line through them."""
    rows, points = [], []
    for count in (PAIRS // 20, PAIRS // 2, PAIRS * 5):
        if shutil.disk_usage(bench.directory).free < count * DISK_PER_PAIR:
            print(f"{count:,} pairs are left out: {bench.directory} has less than {count * DISK_PER_PAIR / 1e9:.1f} GB free.")
            continue
        store = bench.path("growth.sqlite")
        with subprocess.Popen(bound(*resampled(count, 3)), stdout=subprocess.PIPE) as writer:
            imported = Run(bench, [bench.understudy, "import", "--store", store, "-"], stdin=writer.stdout)
        if writer.returncode:
            raise SystemExit(f"resample.py ended with {writer.returncode}.")
        cold = Run(bench, [bench.understudy, "evaluate", "--store", store, "--format", "json"])
        if json.loads(cold.output)["overall"]["pairs"] != count:
            raise SystemExit(f"{count} pairs were imported, but not as many evaluated.")
        rows.append((*cold.cells(count), f"{imported.wall:.1f} s", f"{os.path.getsize(store) / 1e6:,.0f} MB"))
        points.append((math.log(count), math.log(cold.cpu), math.log(cold.wall)))
        remove(bench, "growth.sqlite")
    table("Cold evaluation of more and more pairs", [*HEAD, "import", "store"], rows)
    if len(points) < 2:
        return []
    cpu, wall = (slope([(point[0], point[axis]) for point in points]) for axis in (1, 2))
    return [(f"exponent of time over pairs, {rows[0][0]} to {rows[-1][0]}: {name}", f"{value:.3f}", "≤ 1.05",
             verdict(value, 1.05, False)) for name, value in (("CPU", cpu), ("wall", wall))]


def slope(points):
    """Least squares."""
    middle = [sum(axis) / len(points) for axis in zip(*points)]
    return sum((x - middle[0]) * (y - middle[1]) for x, y in points) / sum((x - middle[0]) ** 2 for x, _ in points)
