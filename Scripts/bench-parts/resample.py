"""Any number of pairs of real text: the pairs of the shared data, drawn with replacement, one JSON object a line.

    python3 resample.py COUNT SEED [FIRST [DAY DAYS]] > pairs.jsonl

Texts, prompts, intents and scores are as they were recorded. What the recordings lack is drawn: times over the days,
sessions of 1 to 4 pairs, times to the first token and in all (log-normal, with a load that both legs share), token
counts (a quarter of the characters). FIRST is the number of the first pair, by which the ids of two files differ.
The recordings are of ten models; here they stand for one stable and one shadow, so that the experiment has one version
a leg. Lines are put together from texts that were serialised once: constant memory, some 10 µs a line.
"""

import datetime
import glob
import json
import random
import sys

from store import SHARED

START = datetime.datetime(2026, 11, 16, tzinfo=datetime.timezone.utc)
VERSIONS = {"stable": "v1.0.0", "shadow": "v1.1.0"}
# Milliseconds: the median to the first token, and from one token to the next.
FIRST_TOKEN, GAP = {"stable": 180.0, "shadow": 186.0}, {"stable": 12.0, "shadow": 12.2}


def files():
    """The recordings; none where the shared data is absent."""
    return sorted(glob.glob(f"{SHARED}/mmlu-pro-*.jsonl") + glob.glob(f"{SHARED}/pandalm-pairs.jsonl"))


class Leg:
    """A recorded leg as the beginning of a JSON object, to which its times are added where they are absent."""

    def __init__(self, name, leg, prompt):
        self.name = name
        leg = {**leg, "version": VERSIONS[name]}
        leg.setdefault("input_tokens", len(prompt) // 4 + 1)
        leg.setdefault("output_tokens", len(leg.get("text", "")) // 4 + 1)
        self.tokens = leg["output_tokens"]
        self.is_timed = "total_ms" in leg
        self.text = json.dumps(leg, ensure_ascii=False)

    def line(self, generator, load):
        if self.is_timed:
            return self.text
        first = FIRST_TOKEN[self.name] * load * generator.lognormvariate(0, 0.4)
        total = first + self.tokens * GAP[self.name] * load * generator.lognormvariate(0, 0.2)
        return f'{self.text[:-1]}, "first_token_ms": {first:.1f}, "total_ms": {total:.1f}}}'


def recordings():
    """What is constant of each recorded pair: (members before the legs, stable, shadow)."""
    found = []
    for path in files():
        with open(path, encoding="utf-8") as file:
            for line in file:
                pair = json.loads(line)
                legs = [Leg(name, pair.pop(name), pair.get("prompt", "")) for name in ("stable", "shadow")]
                for name in ("id", "time", "session"):
                    pair.pop(name, None)
                pair.setdefault("request", {"stream": True})
                found.append((json.dumps(pair, ensure_ascii=False)[1:-1], *legs))
    return found


def lines(count, seed, first=0, day=0.0, days=7.0):
    """The lines of `count` pairs; sessions begin evenly over the days."""
    generator = random.Random(seed)
    pairs = recordings()
    number = 0
    while number < count:
        session = f"s-{first + number}"
        time = START + datetime.timedelta(days=day + days * (number + generator.random()) / count)
        for _ in range(min(generator.randint(1, 4), count - number)):
            members, stable, shadow = generator.choice(pairs)
            load = generator.lognormvariate(0, 0.3)
            yield (f'{{"id": "r-{first + number}", "time": "{time:%Y-%m-%dT%H:%M:%SZ}", "session": "{session}", {members}, '
                   f'"stable": {stable.line(generator, load)}, "shadow": {shadow.line(generator, load)}}}\n')
            time += datetime.timedelta(seconds=generator.randint(20, 180))
            number += 1


def main():
    count, seed, first, day, days = [*sys.argv[1:], *("0", "0", "7")[len(sys.argv) - 3:]]
    if not files():
        sys.exit(f"There is no shared data in {SHARED}; UNDERSTUDY_SHARED_DATA says where it is.")
    with open(sys.stdout.fileno(), "w", encoding="utf-8", buffering=1 << 20, closefd=False) as out:
        out.writelines(lines(int(count), int(seed), int(first), float(day), float(days)))


if __name__ == "__main__":
    main()
