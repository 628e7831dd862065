"""Prints the shell commands of a README, so that a test can run what a reader would.

    python3 readme-commands.py README.md

Taken are the blocks fenced as `sh`; the two commands that do everything are left out, since they are run by themselves.
"""

import sys

inside = False
with open(sys.argv[1], encoding="utf-8") as file:
    for line in file:
        if line.startswith("```"):
            inside = line.strip() == "```sh" and not inside
        elif inside and not line.startswith(("Scripts/demo", "Scripts/test", "Scripts/bench")):
            print(line, end="")
