"""Writes the recorded requests as configurations of `curl --parallel`, which is the demo's client.

    zstd -dc Fixtures/traffic.jsonl.zst | python3 client-config.py URL DIRECTORY

Every request is sent as it was recorded: method, path, headers and the exact bytes of its body. DIRECTORY/week.conf has
all requests but the last, DIRECTORY/after.conf the last one, which is sent when the horizon has passed. Answers go to
DIRECTORY/answers, one file a request.
"""

import json
import os
import sys


def quoted(text):
    """A value of curl's configuration file: in double quotes, with backslashes before what would end them."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def configuration(request, url, directory):
    """The lines of one request; its body goes to a file beside."""
    body = os.path.join(directory, "requests", request["id"])
    with open(body, "w", encoding="utf-8", newline="") as file:
        file.write(request["body"])
    headers = {"content-type": "application/json", **request["headers"]}
    lines = [
        f"url = {quoted(url + request['path'])}",
        f"data-binary = {quoted('@' + body)}",
        f"output = {quoted(os.path.join(directory, 'answers', request['id']))}",
        *(f"header = {quoted(f'{name}: {value}')}" for name, value in headers.items()),
        "silent",
        "show-error",
        "no-buffer",
        "max-time = 60",
        r'write-out = "%{http_code}\n"',
    ]
    return "\n".join(lines) + "\n"


def main():
    url, directory = sys.argv[1:]
    for name in ("requests", "answers"):
        os.makedirs(os.path.join(directory, name), exist_ok=True)
    requests = [configuration(json.loads(line), url, directory) for line in sys.stdin]
    for name, part in (("week.conf", requests[:-1]), ("after.conf", requests[-1:])):
        with open(os.path.join(directory, name), "w", encoding="utf-8") as file:
            file.write("next\n".join(part))


main()
