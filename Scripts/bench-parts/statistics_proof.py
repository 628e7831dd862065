"""What the statistics must prove about themselves: every simulated figure beside its target."""

import os
import subprocess
import sys
import time

from harness import bound
from store import SHARED


def recorded(bench):
    """Options that name the recorded pairs; what is absent is left out."""
    options = []
    same = os.path.join(bench.directory, "same-model.jsonl")
    script = os.path.join(os.path.dirname(__file__), os.pardir, "demo-parts", "night-shadow.py")
    with open(same, "wb") as file:
        subprocess.run([sys.executable, script, "pairs", "Fixtures", "answers-control.jsonl.zst"], check=True, stdout=file)
    options += ["--same-model", same]
    key = os.path.join(SHARED, "mmlu-pro-flash-to-pro.jsonl")
    if os.path.exists(key):
        options += ["--answer-key", key]
    else:
        print(f"{key} is not here: nothing is shown on answers with a key.")
    return options


def proof(bench):
    """Tables on standard output; the same figures on every machine, since all seeds are fixed."""
    begin = time.monotonic()
    print("\n## What the statistics prove about themselves\n", flush=True)
    subprocess.run(bound(bench.statistics_proof, *recorded(bench)), check=True)
    print(f"\n{time.monotonic() - begin:.0f} s of wall time", flush=True)
