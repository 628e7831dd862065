"""A scorer from outside: does every number of the answer stand in the prompt?

    understudy score --store FILE --command 'python3 Scripts/demo-parts/keeps-numbers.py'
"""

import json
import re
import sys


def numbers(text):
    return set(re.findall(r"\d+(?:[.,]\d+)*", text))


for line in sys.stdin:
    pair = json.loads(line)
    asked = numbers(pair.get("prompt", ""))
    legs = [leg for leg in ("stable", "shadow", "control") if leg in pair]
    scores = {leg: float(numbers(pair[leg].get("text", "")) <= asked) for leg in legs}
    print(json.dumps({"id": pair["id"], "scorer": "keeps_numbers", "version": 1, **scores}))
