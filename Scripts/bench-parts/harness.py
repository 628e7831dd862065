"""Processes on loopback, pinned to processors, with their own accounting of time and memory.

CPU is read from /proc/PID/task/*/schedstat (nanoseconds, kernel's Documentation/scheduler/sched-stats), not sampled. Processor
0 belongs to what is measured; the load generator, the model servers and the shadow share the others.
"""

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

MEASURED = "0"
TOKEN = "bench-token-of-16"
FUNNEL = "/api/v1/funnel"
OTHERS = ",".join(str(number) for number in range(1, os.cpu_count() or 2)) or "0"


def end_on_signals():
    """Whatever asks this process to end raises in it, so that it ends what it started."""
    # Ctrl-C must raise even where a shell started this in the background.
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)

    def end(received, _):
        # A second one would raise in the middle of what the first one cleans up. No SIG_IGN, which children would inherit.
        for number in numbers:
            signal.signal(number, lambda *_: None)
        if received == signal.SIGINT:
            raise KeyboardInterrupt
        sys.exit(128 + received)

    for number in numbers:
        signal.signal(number, end)


def bound(*command):
    """A command that gets SIGTERM when this process is gone, for the one signal that nothing can be done about (SIGKILL).

    prctl(2), PR_SET_PDEATHSIG; it holds for the program itself, which ends its own workers.
    """
    return ["setpriv", "--pdeathsig", "TERM", *command]


class Bench:
    """Where everything is, and what is running."""

    def __init__(self, binaries, peers):
        self.understudy = os.path.join(binaries, "understudy")
        self.store_load = os.path.join(binaries, "store-load")
        self.load_client = os.path.join(binaries, "load-client")
        self.statistics_proof = os.path.join(binaries, "statistics-proof")
        self.envoy = os.path.join(peers, "envoy-binary")
        self.litellm = os.path.join(peers, "litellm")
        self.directory = tempfile.mkdtemp(prefix="understudy-bench-")
        # How many requests `load` has sent to each port.
        self.sent = {}

    def path(self, name):
        return os.path.join(self.directory, name)

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)
        return self.path(name)


class Server:
    """A child process that listens, with the processor time that its threads have used."""

    def __init__(self, bench, name, command, port, processors=MEASURED, patience=30):
        self.name, self.port = name, port
        self.log = open(bench.path(name.replace(" ", "-") + ".log"), "ab")
        self.process = subprocess.Popen(bound("taskset", "-c", processors, *command), stdout=self.log, stderr=self.log,
                                        start_new_session=True, env={**os.environ, "UNDERSTUDY_TOKEN": TOKEN})
        deadline = time.monotonic() + patience
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    raise SystemExit(f"{name} does not listen on port {port}; its log is {self.log.name}")
                time.sleep(0.05)

    def pids(self):
        """The process and its children (nginx's workers)."""
        all_pids, found = [self.process.pid], [self.process.pid]
        while found:
            parent = found.pop()
            for task in os.listdir(f"/proc/{parent}/task"):
                with contextlib.suppress(OSError), open(f"/proc/{parent}/task/{task}/children") as file:
                    children = [int(pid) for pid in file.read().split()]
                    all_pids += children
                    found += children
        return all_pids

    def cpu(self, threads=""):
        """Seconds used by the threads whose name matches the pattern; all without one."""
        return self._scheduled(threads)[0]

    def waited(self, threads=""):
        """Seconds for which they were ready and had no processor."""
        return self._scheduled(threads)[1]

    def _scheduled(self, threads):
        used = waited = 0.0
        for pid in self.pids():
            for task in os.listdir(f"/proc/{pid}/task"):
                with contextlib.suppress(OSError):
                    with open(f"/proc/{pid}/task/{task}/comm") as file:
                        name = file.read().strip()
                    if re.search(threads, name):
                        with open(f"/proc/{pid}/task/{task}/schedstat") as file:
                            figures = file.read().split()
                            used += int(figures[0]) / 1e9
                            waited += int(figures[1]) / 1e9
        return used, waited

    def watch_peak(self):
        """Begins `peak` anew, and says what it begins with."""
        for pid in self.pids():
            with open(f"/proc/{pid}/clear_refs", "w") as file:
                file.write("5")
        return self.peak()

    def peak(self):
        """The most memory in use since `watch_peak`, as the kernel kept it (VmHWM, proc(5)): of each process its own."""
        total = 0
        for pid in self.pids():
            with open(f"/proc/{pid}/status") as file:
                total += int(re.search(r"^VmHWM:\s+(\d+) kB", file.read(), re.M)[1]) * 1024
        return total

    def stop(self):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGTERM)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.log.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


def free_ports(count):
    """Ports that nobody listens on just now."""
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def wrk(bench, port, body, seconds, connections=32):
    """Saturating load; requests answered in a second, and how many in all."""
    script = bench.write("wrk.lua", f"""
local file = io.open({json.dumps(body)}, "rb")
local body = file:read("*a")
file:close()
local requests = {{}}
local number = 0
init = function(args)
  for session = 1, 5000 do
    requests[session] = wrk.format("POST", "/v1/chat/completions",
      {{ ["Content-Type"] = "application/json", ["Authorization"] = "Bearer sk-bench", ["X-Session-Id"] = "s-" .. session }}, body)
  end
end
request = function()
  number = number % 5000 + 1
  return requests[number]
end
done = function(summary, latency, all)
  print(string.format("RESULT %d %d %d", summary.requests, summary.duration, summary.errors.connect + summary.errors.read +
    summary.errors.write + summary.errors.status + summary.errors.timeout))
end
""")
    run = subprocess.run(bound("taskset", "-c", OTHERS, "wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "-s", script,
                               f"http://127.0.0.1:{port}"), capture_output=True, text=True, check=True)
    requests, microseconds, errors = (int(word) for word in re.search(r"RESULT (\d+) (\d+) (\d+)", run.stdout).groups())
    if errors:
        raise SystemExit(f"wrk saw {errors} errors on port {port}.")
    return requests, requests / (microseconds / 1e6)


def load(bench, port, body, **options):
    """What load-client measured, as it printed it.

    Sessions go on where the last load of that port ended: each run of a few hundred streams would otherwise draw the sample from
    the same few sessions, which may be 8 or 12 % of them for good.
    """
    command = bound("taskset", "-c", OTHERS, bench.load_client, "--port", str(port), "--body", body,
                    "--first-session", str(bench.sent.get(port, 0)))
    for name, value in options.items():
        command += ["--" + name] if value is True else ["--" + name, str(value)]
    result = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    bench.sent[port] = bench.sent.get(port, 0) + result["started"]
    return result


def console(server, path, change=None):
    """What Understudy's console answers; with a change, after making it."""
    request = urllib.request.Request(f"http://127.0.0.1:{server.console}{path}", method="PUT" if change else "GET",
                                     data=json.dumps(change).encode() if change else None,
                                     headers={"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=10) as reply:
        return json.load(reply)


def median(values):
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def table(title, head, rows):
    """A Markdown table on standard output."""
    print(f"\n### {title}\n")
    print("| " + " | ".join(head) + " |")
    print("|" + "---|" * len(head))
    for row in rows:
        print("| " + " | ".join(str(cell) for cell in row) + " |")
    print(flush=True)
