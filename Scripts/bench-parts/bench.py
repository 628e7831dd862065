"""Runs the named sections and prints their tables; without a name, all of them.

    python3 bench.py BINARIES PEERS [SECTION…]
"""

import resource
import shutil
import sys

import evaluate
import faults
import gateway
import shadows
import statistics_proof
import store
from harness import Bench, end_on_signals

SECTIONS = {
    "answers": gateway.answers, "steady": gateway.steady, "loops": gateway.loops, "streams": gateway.streams,
    "latency": gateway.latency, "litellm": gateway.litellm,
    "store": store.speed, "size": store.size,
    "faults": faults.faults,
    "memory": shadows.memory, "slow-streams": shadows.slow_streams,
    "evaluate": evaluate.evaluate, "statistics": statistics_proof.proof,
}


def main():
    binaries, peers, *names = sys.argv[1:]
    unknown = [name for name in names if name not in SECTIONS]
    if unknown:
        sys.exit(f"Scripts/bench knows {', '.join(SECTIONS)}, not “{unknown[0]}”.")
    end_on_signals()
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    bench = Bench(binaries, peers)
    try:
        for name in names or SECTIONS:
            SECTIONS[name](bench)
    except BaseException as ending:
        if isinstance(ending, KeyboardInterrupt) or isinstance(ending, SystemExit) and isinstance(ending.code, int):
            # Asked to end: nothing is wrong that the logs would tell of.
            shutil.rmtree(bench.directory, ignore_errors=True)
        else:
            print(f"The servers' logs are in {bench.directory}", file=sys.stderr)
        raise
    shutil.rmtree(bench.directory)


if __name__ == "__main__":
    main()
