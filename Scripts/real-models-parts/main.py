"""Runs all checks of Scripts/real-models and says in the end how many failed.

Works in a directory of its own, which is removed when all is well and named when something failed.
"""

import argparse
import pathlib
import shutil
import signal
import sys
import tempfile

import anthropic
import openai

import captured
import live
from checks import Checks
from processes import Processes


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for option in ("understudy", "server-python", "stable-model", "shadow-model", "captures"):
        parser.add_argument(f"--{option}", required=True, type=pathlib.Path)
    options = parser.parse_args()

    # A signal ends the checks as an exception does: what was started is stopped.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    print(f"openai {openai.__version__}, anthropic {anthropic.__version__}, {options.understudy}", flush=True)
    checks = Checks()
    directory = pathlib.Path(tempfile.mkdtemp(prefix="understudy-real-models-"))
    try:
        with Processes(options.understudy.resolve(), directory) as processes:
            live.run(checks, processes, options.server_python, options.stable_model, options.shadow_model)
            if options.captures.is_dir():
                captured.run(checks, processes, options.captures)
            else:
                print(f"skipped: the recorded answers are not here ({options.captures})")
    finally:
        if checks.failed or sys.exc_info()[0]:
            print(f"stores, exports and logs are kept in {directory}", file=sys.stderr)
        else:
            shutil.rmtree(directory)
    print(f"{checks.passed} checks passed, {checks.failed} failed")
    return 1 if checks.failed else 0


sys.exit(main())
