"""Chooses and runs the sections of Scripts/endure; says at the end which checks failed, with their figures."""

import os
import random
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "bench-parts"))

import disk  # noqa: E402
import kills  # noqa: E402
import soak  # noqa: E402
import strangers  # noqa: E402
from ground import Broken, Checks, Ground  # noqa: E402
from harness import end_on_signals  # noqa: E402

USAGE = "usage: Scripts/endure [kills [ROUNDS]] [disk [" + "|".join(disk.FAULTS) + "]…] [soak [MINUTES]] [strangers]"


def plan(words):
    """What is asked for: section, and its own words."""
    asked = []
    for word in words:
        if word in ("kills", "disk", "soak", "strangers"):
            asked.append((word, []))
        elif asked and (word in disk.FAULTS if asked[-1][0] == "disk" else word.replace(".", "", 1).isdigit()):
            asked[-1][1].append(word)
        else:
            raise SystemExit(f"“{word}” is not understood; {USAGE}")
    return asked or [("kills", []), ("disk", []), ("soak", []), ("strangers", [])]


def main():
    if len(sys.argv) < 2:
        raise SystemExit(USAGE)
    end_on_signals()
    failed = []
    for section, words in plan(sys.argv[2:]):
        ground, checks = Ground(sys.argv[1]), Checks(section)
        try:
            if section == "kills":
                seed = int(os.environ.get("ENDURE_SEED", random.SystemRandom().randrange(1 << 32)))
                kills.run(ground, checks, rounds=int(words[0]) if words else 200, seed=seed)
            elif section == "disk":
                disk.run(ground, checks, words or disk.FAULTS)
            elif section == "strangers":
                strangers.run(ground, checks)
            else:
                soak.run(ground, checks, minutes=float(words[0]) if words else 20)
        except KeyboardInterrupt:
            print("Interrupted; cleaning up.", file=sys.stderr)
            sys.exit(130)
        except Broken as problem:
            checks.expect("the section can be played", False, str(problem))
        finally:
            ground.clear(keep=bool(checks.failed))
        failed += checks.summary()
    if failed:
        print("FAILED:\n" + "\n".join(f"  {one}" for one in failed), file=sys.stderr)
        sys.exit(1)
    print("Everything that was checked held.")


main()
