"""One line for each check."""

import json


class Checks:
    """Prints and counts what held and what did not."""

    def __init__(self):
        self.passed = 0
        self.failed = 0

    def check(self, name, holds, detail=""):
        """`detail` says what was seen instead, and is shown only where the check fails."""
        if holds:
            self.passed += 1
            print(f"ok    {name}", flush=True)
        else:
            self.failed += 1
            print(f"FAIL  {name}" + (f": {detail}" if detail else ""), flush=True)
        return holds

    def equal(self, name, seen, expected):
        """Whether two values are equal; the first place where they differ is shown if not."""
        return self.check(name, seen == expected, first_difference(seen, expected))


def first_difference(seen, expected, place=""):
    """Where two values differ first, in words."""
    if isinstance(seen, dict) and isinstance(expected, dict):
        for key in [*expected, *(key for key in seen if key not in expected)]:
            if seen.get(key) != expected.get(key) or (key in seen) != (key in expected):
                return first_difference(seen.get(key), expected.get(key), f"{place}.{key}")
    if isinstance(seen, (list, tuple)) and isinstance(expected, (list, tuple)) and len(seen) == len(expected):
        for index, (one, other) in enumerate(zip(seen, expected)):
            if one != other:
                return first_difference(one, other, f"{place}[{index}]")
    if type(seen) is type(expected) and isinstance(seen, (bytes, str)):
        shorter = min(len(seen), len(expected))
        at = next((i for i in range(shorter) if seen[i] != expected[i]), shorter)
        if at > 40:
            place, seen, expected = f"{place} from {at - 20} on", seen[at - 20:], expected[at - 20:]
    return f"{(place + ' ') if place else ''}is {shown(seen)}, expected {shown(expected)}"


def shown(value):
    """A value in one line of a bearable length."""
    text = repr(value) if isinstance(value, bytes) else json.dumps(value, default=repr, ensure_ascii=False)
    return text if len(text) <= 300 else f"{text[:300]} …"
