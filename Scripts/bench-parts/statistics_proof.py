"""What the statistics must prove about themselves: every simulated figure beside its target."""

import subprocess
import time


def proof(bench):
    """Tables on standard output; the same figures on every machine, since all seeds are fixed."""
    begin = time.monotonic()
    print("\n## What the statistics prove about themselves\n", flush=True)
    subprocess.run([bench.statistics_proof], check=True)
    print(f"\n{time.monotonic() - begin:.0f} s of wall time", flush=True)
