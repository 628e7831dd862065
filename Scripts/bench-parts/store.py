"""How fast pairs become durable, beside the sqlite3 shell with the same rows, and what they take on the disk."""

import glob
import json
import os
import subprocess
import time

from harness import bound, table

SHARED = os.environ.get("UNDERSTUDY_SHARED_DATA", "../shared/data")


def texts(bench):
    """A file of real words: answers and prompts of the recorded traffic, and of the shared data where it is there."""
    found = []

    def walk(value, key=""):
        if isinstance(value, dict):
            for name, member in value.items():
                walk(member, name)
        elif isinstance(value, list):
            for member in value:
                walk(member, key)
        elif isinstance(value, str) and key in ("text", "content", "prompt"):
            found.append(value)
        elif isinstance(value, str) and key == "body" and value.startswith("{"):
            walk(json.loads(value))

    for path in sorted(glob.glob("Fixtures/*.jsonl.zst")):
        lines = subprocess.run(["zstdcat", path], capture_output=True, check=True).stdout
        for line in lines.splitlines():
            walk(json.loads(line))
    for path in sorted(glob.glob(f"{SHARED}/*pro*.jsonl")):
        with open(path, encoding="utf-8") as file:
            for line in file:
                walk(json.loads(line))
    return bench.write("texts.txt", "\n".join(found))


def fill(bench, name, source, pairs, *flags):
    """What store-load measured while it filled a new store."""
    store = bench.path(name)
    run = subprocess.run([*bound(bench.store_load), "--store", store, "--texts", source, "--pairs", str(pairs), *flags],
                         capture_output=True, text=True, check=True)
    return store, json.loads(run.stdout)


def shell(bench, name, script, source=None):
    """Seconds that the sqlite3 shell takes for a script, and what is then in its database."""
    database = bench.path(name)
    begin = time.monotonic()
    with open(source or os.devnull, "rb") as stdin:
        subprocess.run(["sqlite3", *script, database], stdin=stdin, check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - begin


def speed(bench, pairs=100_000, many=1_000_000):
    """Durable pairs a second, beside the shell's own bulk insert of the same rows."""
    source = texts(bench)
    rounds = []
    for number in range(3):
        store, plain = fill(bench, f"plain-{number}.sqlite", source, pairs, "--full")
        redacted = fill(bench, f"redacted-{number}.sqlite", source, pairs)[1]
        scored = fill(bench, f"scored-{number}.sqlite", source, pairs // 10, "--scored")[1]
        dump = bench.path("dump.sql")
        with open(dump, "wb") as file:
            file.write(b"PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;\n")
            file.flush()
            subprocess.run(["sqlite3", store, ".dump"], stdout=file, check=True)
        same = pairs / shell(bench, f"same-{number}.sqlite", ["-bail"], dump)
        os.remove(dump)
        rounds.append((plain, redacted, scored, same))
        for file in glob.glob(bench.path("*.sqlite*")):
            os.remove(file)

    def middle(values):
        return sorted(values)[len(values) // 2]

    rows = []
    for index, name in enumerate(["texts as they are", "redacted (the default)", "redacted and scored, as `serve` does"]):
        rate = middle([entry[index]["pairs_per_second"] for entry in rounds])
        ratio = middle([entry[index]["pairs_per_second"] / entry[3] for entry in rounds])
        cpu = middle([entry[index]["cpu_microseconds_per_pair"] for entry in rounds])
        p99 = middle([entry[index]["commit_milliseconds"]["p99"] for entry in rounds])
        taken = middle([entry[index]["bytes_per_pair"] for entry in rounds])
        rows.append((name, f"{rate:,.0f}", f"{ratio:.2f}", f"{cpu:.0f} µs", f"{p99:.1f} ms", f"{taken:,.0f}"))
    rows.append(("sqlite3 shell, the first line's rows", f"{middle([entry[3] for entry in rounds]):,.0f}", "1", "", "", ""))
    table(f"Durable pairs of 2 KiB prompt and two 2 KiB answers, {pairs:,} pairs, median of {len(rounds)} rounds",
          ["writer", "pairs/s", "÷ shell", "CPU per pair", "commit p99", "bytes per pair"], rows)
    store, million = fill(bench, "million.sqlite", source, many)
    table(f"{many:,} pairs", ["size", "bytes per pair", "commit p50", "p99", "max", "time to open"],
          [(f"{os.path.getsize(store) / 1e9:.2f} GB", f"{million['bytes_per_pair']:,.0f}",
            *(f"{million['commit_milliseconds'][name]:.1f} ms" for name in ("p50", "p99", "max")),
            f"{million['open_milliseconds']:.0f} ms")])
    for file in glob.glob(bench.path("*.sqlite*")):
        os.remove(file)


def size(bench):
    """Bytes per pair beside the same pairs as JSON lines, each file in a store of its own and all in one."""
    rows, lines = [], []
    for path in sorted(glob.glob(f"{SHARED}/*p*.jsonl")):
        if path.endswith("ratings.jsonl"):
            continue
        name = os.path.basename(path)
        with open(path, encoding="utf-8") as file:
            pairs = [json.loads(line) for line in file]
        # Three of the files have the same ids.
        lines += [json.dumps({**pair, "id": f"{name} {pair['id']}"}, ensure_ascii=False) + "\n" for pair in pairs]
        rows.append(sizes(bench, name, path, len(pairs)))
    if lines:
        rows.append(sizes(bench, "all of them", bench.write("all.jsonl", "".join(lines)), len(lines)))
    table("Bytes per pair", ["pairs", "count", "JSON line", "in the store", "÷ JSON", "÷ JSON after vacuum"], rows)


def sizes(bench, name, path, count):
    """A row for the pairs of one file."""
    store = bench.path("size.sqlite")
    taken = []
    for words in (["import", "--store", store, path], ["store", "vacuum", "--store", store]):
        subprocess.run([bench.understudy, *words], check=True, stdout=subprocess.DEVNULL)
        taken.append(os.path.getsize(store))
    for file in glob.glob(bench.path("size.*")):
        os.remove(file)
    raw = os.path.getsize(path)
    return (name, f"{count:,}", f"{raw / count:,.0f}", f"{taken[0] / count:,.0f}", *(f"{size / raw:.2f}" for size in taken))
