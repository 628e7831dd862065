"""Checks a finished recording and packs it into Fixtures; the figures go into Fixtures/README.md between its markers.

    python3 pack.py RECORDING FIXTURES [--partial]

With --partial only the sessions that all three legs have finished are packed; without it all have to be.
"""

import collections
import json
import os
import re
import statistics
import subprocess
import sys

import intents
from raw_http import text_of

LEGS = ("stable", "shadow", "control")
SAMPLE_LIMIT = 320_000
START, END = "<!-- figures: written by Scripts/traffic/pack.py -->", "<!-- end of figures -->"


def read(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def lines(records):
    return "".join(json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n" for record in records)


def write(path, text):
    """Written beside and renamed, so that a stop leaves the old file whole."""
    with open(path + ".part", "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(path + ".part", path)


def compress(path, text):
    subprocess.run(["zstd", "-q", "-f", "-19", "--long=27", "-o", path + ".part"], input=text.encode(), check=True)
    os.replace(path + ".part", path)
    back = subprocess.run(["zstd", "-d", "-q", "--long=27", "-c", path], capture_output=True, check=True).stdout
    if back != text.encode():
        sys.exit(f"{path} does not decode to what was packed.")


def user_text(request):
    """What the user wrote, in all turns so far."""
    body = json.loads(request["body"])
    if "messages" in body:
        return "\n".join(message["content"] for message in body["messages"] if message["role"] == "user")
    return body.get("prompt") or body["input"]


def sample(requests, answers):
    """Some whole sessions of each class, the small ones first: four requests or more a class, each endpoint once."""
    by_session = collections.defaultdict(list)
    for request in requests:
        by_session[request["session"]].append(request)

    def weight(group):
        return sum(len(lines([r])) + sum(len(lines([answers[leg][r["id"]]])) for leg in LEGS) for r in group)

    chosen = {}
    for name in intents.CLASSES:
        ordered = sorted((group for group in by_session.values() if group[0]["intent"] == name), key=weight)
        streams = [group for group in ordered if answers["stable"][group[0]["id"]]["stream"]]
        picked = streams[:1] + [group for group in ordered if not answers["stable"][group[0]["id"]]["stream"]][:3]
        if name in ("payment", "order_status"):
            picked += [group for group in ordered if group[0]["pasted"]][:1]
        if name == "payment":
            picked += [group for group in ordered if not group[0]["pasted"] and len(group) > 1][:1]
        for group in picked:
            chosen[group[0]["session"]] = group
    for path in sorted({request["path"] for request in requests}):
        group = min((group for group in by_session.values() if group[0]["path"] == path
                     and answers["stable"][group[0]["id"]]["stream"]), key=weight, default=None)
        if group:
            chosen[group[0]["session"]] = group
    ids = {request["id"] for group in chosen.values() for request in group}
    return [request for request in requests if request["id"] in ids]


def middle(values):
    values = [value for value in values if value is not None]
    return f"{statistics.median(values):,.0f}" if values else "–"


def first_text_ms(answer):
    """When the first event with text came, of a stream."""
    for at, event in answer.get("events", []):
        if re.search(r'"(content|text|delta)":"[^"]', event):
            return at
    return None


def figures(requests, answers, by_rules, sizes):
    text = {leg: {r["id"]: text_of(r["path"], answers[leg][r["id"]]) for r in requests} for leg in LEGS}
    out = ["| class | sessions | with pasted structure | requests | stable = shadow | stable = control | sessions classified by rules alone |",
           "|---|---:|---:|---:|---:|---:|---:|"]
    total = collections.Counter()
    for name in intents.CLASSES:
        own = [r for r in requests if r["intent"] == name]
        row = {
            "sessions": len({r["session"] for r in own}),
            "pasted": len({r["session"] for r in own if r["pasted"]}),
            "requests": len(own),
            "shadow": sum(text["stable"][r["id"]] == text["shadow"][r["id"]] for r in own),
            "control": sum(text["stable"][r["id"]] == text["control"][r["id"]] for r in own),
            "rules": len({r["session"] for r in own}) - len({r["session"] for r in own if by_rules[r["id"]] != name}),
        }
        total.update(row)
        out.append(f"| {name} | " + " | ".join(str(value) for value in row.values()) + " |")
    out.append("| **all** | " + " | ".join(str(total[key]) for key in ("sessions", "pasted", "requests", "shadow", "control", "rules")) + " |")

    paths = collections.Counter(r["path"] for r in requests)
    bodies = [json.loads(r["body"]) for r in requests]
    out += ["", "Requests: " + ", ".join(f"{count} {path}" for path, count in paths.most_common()) + "; "
            f"{sum('stream' in body for body in bodies)} streamed ({sum('stream_options' in body for body in bodies)} with usage), "
            f"{sum(body['temperature'] == 0 for body in bodies)} at temperature 0, the rest at 0.7 with a seed; "
            f"{sum('response_format' in body for body in bodies)} with `response_format`; "
            f"{sum('x-intent-class' in r['headers'] for r in requests)} with `x-intent-class`; "
            f"{sum(r['turn'] > 1 for r in requests)} are second or third turns."]
    out += ["", "| leg | answered 200 | failed | streamed | median ms to the first byte | to the first text (streamed) | to the end | events | finish `length` |",
            "|---|---:|---:|---:|---:|---:|---:|---:|---:|"]
    for leg in LEGS:
        own = [answers[leg][r["id"]] for r in requests]
        cut = sum(bool(re.search(r'"(finish_reason|stop_reason)":"(length|max_tokens)"|"status":"incomplete"', json_text(a))) for a in own)
        out.append(f"| {leg} | {sum(a['status'] == 200 for a in own)} | {sum('error' in a for a in own)} | {sum(a['stream'] for a in own)} | "
                   f"{middle([a['first_byte_ms'] for a in own])} | {middle([first_text_ms(a) for a in own if a['stream']])} | "
                   f"{middle([a['total_ms'] for a in own])} | {sum(len(a.get('events', [])) for a in own)} | {cut} |")
    out += ["", "Sizes: " + ", ".join(f"`{name}` {size / 1000:,.0f} kB" for name, size in sizes.items()) + "."]
    return "\n".join(out)


def json_text(answer):
    return answer.get("body") or "".join(event for _, event in answer.get("events", []))


def main():
    recording, fixtures, *partial = sys.argv[1:]
    sessions = read(os.path.join(recording, "sessions.jsonl"))
    order = {session["session"]: position for position, session in enumerate(sessions)}
    turns = {session["session"]: len(session["turns"]) for session in sessions}
    requests = sorted(read(os.path.join(recording, "requests.jsonl")), key=lambda r: (order[r["session"]], r["turn"]))
    answers = {leg: {a["request"]: a for a in read(os.path.join(recording, f"answers-{leg}.jsonl"))} for leg in LEGS}
    have = collections.Counter(r["session"] for r in requests if all(r["id"] in answers[leg] for leg in LEGS))
    finished = {name for name, count in turns.items() if have[name] == count}
    if len(finished) < len(sessions) and partial != ["--partial"]:
        sys.exit(f"Not finished: {len(finished)} of {len(sessions)} sessions have all their answers.")
    requests = [r for r in requests if r["session"] in finished]
    if len({r["body"] for r in requests}) != len(requests):
        sys.exit("Two requests have the same body.")
    by_rules = {r["id"]: intents.classify(user_text(r)) for r in requests}
    right = sum(by_rules[r["id"]] == r["intent"] for r in requests) / len(requests)
    if right < 0.98:
        sys.exit(f"The intent rules classify only {right:.1%} of the requests as they were written.")

    os.makedirs(fixtures, exist_ok=True)
    sizes = {}
    for name, records in [("traffic", requests)] + [(f"answers-{leg}", [answers[leg][r["id"]] for r in requests]) for leg in LEGS]:
        path = os.path.join(fixtures, f"{name}.jsonl.zst")
        compress(path, lines(records))
        sizes[os.path.basename(path)] = os.path.getsize(path)
    chosen = sample(requests, answers)
    parts = {"sample-traffic.jsonl": lines(chosen), **{f"sample-answers-{leg}.jsonl": lines([answers[leg][r["id"]] for r in chosen]) for leg in LEGS}}
    if sum(len(text.encode()) for text in parts.values()) > SAMPLE_LIMIT:
        sys.exit(f"The sample has {sum(len(text.encode()) for text in parts.values())} bytes, more than {SAMPLE_LIMIT}.")
    for name, text in parts.items():
        write(os.path.join(fixtures, name), text)
        sizes[name] = len(text.encode())

    shown = figures(requests, answers, by_rules, sizes)
    if len(finished) < len(sessions):
        shown = f"**Not the whole recording:** {len(finished)} of {len(sessions)} sessions.\n\n" + shown
    readme = os.path.join(fixtures, "README.md")
    if os.path.exists(readme):
        with open(readme, encoding="utf-8") as file:
            before, _, rest = file.read().partition(START)
        write(readme, before + START + "\n" + shown + "\n" + END + rest.partition(END)[2])
    print(shown)
    print(f"\n{len(chosen)} requests in the sample; rules alone classify {right:.2%} of the requests as they were written.")


if __name__ == "__main__":
    main()
