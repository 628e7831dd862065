"""The servers that the checks need: llama.cpp's and `understudy serve`; all of them end with the checks."""

import json
import pathlib
import queue
import re
import socket
import subprocess
import threading
import time
import urllib.request

SERVE_MODEL = pathlib.Path(__file__).resolve().parent.parent / "traffic" / "serve_model.py"
START_SECONDS = 180

CONFIGURATION = """\
listen: 127.0.0.1:0
console: 127.0.0.1:0
store: {store}
experiment: {{ name: {name}, horizon: 7d }}
stable: {{ model: smollm2-135m-instruct, version: v1.0.0, url: "{stable}" }}
shadow: {{ model: smollm2-135m-instruct, version: v1.0.1, url: "{shadow}", timeout: 5m }}
sampling: {{ rate: 1.0, target_per_day: 0, control_rate: 0 }}
intents:
  # Each check is a class of its own, so that its pair is found again.
  - {{ from: "header:x-intent-class", classes: {classes} }}
"""


class Gateway:
    """A running `understudy serve`."""

    def __init__(self, process, lines, store, url, console):
        self.process, self.lines = process, lines
        self.store, self.url, self.console = store, url, console

    def funnel(self):
        with urllib.request.urlopen(f"{self.console}/api/v1/funnel", timeout=30) as answer:
            return json.load(answer)

    def stop(self):
        """Sends SIGTERM and gives the exit code and the last line of standard output."""
        self.process.terminate()
        code = self.process.wait(timeout=120)
        last = ""
        while (line := self.lines.get(timeout=30)) is not None:
            last = line
        return code, last


class Processes:
    """Starts processes and stops them when the block ends."""

    def __init__(self, understudy, directory):
        self.understudy, self.directory = understudy, directory
        self.started = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for process in self.started:
            if process.poll() is None:
                process.terminate()
        for process in self.started:
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def model_server(self, name, python, model):
        """Starts llama.cpp's server on a free port and gives its URL once it is ready."""
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port = probe.getsockname()[1]
        process, lines = self._start(name, [python, SERVE_MODEL, model, str(port)])
        self._wait_for(name, process, lines, [r"listening on (\S+)"])
        return f"http://127.0.0.1:{port}"

    def gateway(self, name, stable, shadow, classes):
        """Starts `understudy serve` with an empty store, everything sampled."""
        store = self.directory / f"{name}.sqlite"
        configuration = self.directory / f"{name}.yaml"
        configuration.write_text(CONFIGURATION.format(
            store=json.dumps(str(store)), name=name, stable=stable, shadow=shadow, classes=json.dumps(classes)))
        process, lines = self._start(f"{name}-serve", [self.understudy, "serve", "--config", configuration])
        # The two listen independently of each other, so their lines come in either order.
        console, url = self._wait_for(
            f"{name}-serve", process, lines, [r"console on (http://\S+)", r"gateway on (http://[^\s,]+)"])
        return Gateway(process, lines, store, url, console)

    def export(self, store):
        """The pairs of a store, as `understudy store export` writes them."""
        out = store.with_suffix(".jsonl")
        subprocess.run([self.understudy, "store", "export", "--store", store, "--out", out], check=True)
        with open(out, encoding="utf-8") as file:
            return [json.loads(line) for line in file]

    def _start(self, name, command):
        with open(self.directory / f"{name}.log", "w") as log:
            # A session of its own: Linux shares the processor among sessions first.
            process = subprocess.Popen([str(part) for part in command], stdout=subprocess.PIPE, stderr=log, text=True,
                                       start_new_session=True)
        self.started.append(process)
        lines = queue.Queue()
        threading.Thread(target=_read_lines, args=(process.stdout, lines), daemon=True).start()
        return process, lines

    def _wait_for(self, name, process, lines, patterns):
        """What the first group of each pattern found, once each was found in some line."""
        deadline = time.monotonic() + START_SECONDS
        found = [None] * len(patterns)
        try:
            while (line := lines.get(timeout=max(0.0, deadline - time.monotonic()))) is not None:
                for index, pattern in enumerate(patterns):
                    if match := re.search(pattern, line):
                        found[index] = match[1]
                if None not in found:
                    return found
            reason = f"ended with exit code {process.wait()}"
        except queue.Empty:
            reason = f"was not ready in {START_SECONDS} s"
        raise RuntimeError(f"{name} {reason}; its log is {self.directory / name}.log")


def _read_lines(pipe, lines):
    """Hands each line on, and None at the end, so that a full pipe never blocks the process."""
    for line in pipe:
        lines.put(line.rstrip("\n"))
    lines.put(None)
