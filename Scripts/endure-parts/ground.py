"""What every section stands on: a folder, a server that announces itself, checks, and file systems to break."""

import contextlib
import os
import queue
import shutil
import signal
import subprocess
import tempfile
import threading
import time

from harness import MEASURED, TOKEN, Bench, bound, table


class Broken(Exception):
    """A section cannot go on: what it needs does not start or does not work here."""


class Ground(Bench):
    """The binaries and a folder for all that a section writes."""

    def __init__(self, binaries):
        self.understudy = os.path.abspath(os.path.join(binaries, "understudy"))
        self.load_client = os.path.abspath(os.path.join(binaries, "load-client"))
        self.directory = tempfile.mkdtemp(prefix="understudy-endure-")

    def folder(self, name):
        os.makedirs(self.path(name), exist_ok=True)
        return self.path(name)

    def clear(self, keep):
        """Removes the folder, or says where it is for whoever looks into a failure."""
        if keep:
            print(f"Kept for inspection: {self.directory}", flush=True)
        else:
            shutil.rmtree(self.directory, ignore_errors=True)


class Checks:
    """Claims that hold or do not; a failed one is said at once and never stops the run by itself."""

    SHOWN = 5

    def __init__(self, section):
        self.section, self.held, self.failed, self.last = section, {}, {}, {}

    def expect(self, name, holds, figures):
        counts = self.held if holds else self.failed
        counts[name] = counts.get(name, 0) + 1
        if not holds:
            self.last[name] = figures
            if counts[name] <= self.SHOWN:
                print(f"  FAILED {self.section}: {name}: {figures}", flush=True)
        elif name not in self.failed:
            self.last[name] = figures
        return holds

    def summary(self):
        """Prints the table; gives the names of what failed."""
        names = list(dict.fromkeys([*self.last]))
        table(f"Checks of {self.section}", ["check", "held", "failed", "figures (of the last failure, if any)"], [
            [name, self.held.get(name, 0), f"**{self.failed[name]}**" if name in self.failed else 0, self.last[name]]
            for name in names])
        return [f"{self.section}: {name} ({self.last[name]})" for name in self.failed]


class Serve:
    """A real `understudy serve` on ports of the system's choice, known by what it announces on standard output."""

    def __init__(self, ground, name, configuration, patience=60, files=None):
        """`files`: as many descriptors as it may have (`ulimit -n`)."""
        self.name = name
        limit = ["prlimit", f"--nofile={files}:{files}"] if files else []
        self.log = open(ground.path(name + ".log"), "ab")
        self.began = time.monotonic()
        self.process = subprocess.Popen(
            bound("taskset", "-c", MEASURED, *limit, ground.understudy, "serve", "--config", configuration), stdout=subprocess.PIPE,
            stderr=self.log, start_new_session=True, text=True, env={**os.environ, "UNDERSTUDY_TOKEN": TOKEN})
        self.lines = queue.Queue()
        self.said = []
        self.reading = threading.Thread(target=self._read, daemon=True)
        self.reading.start()
        self.port = self.console = None
        while self.port is None or self.console is None:
            try:
                when, line = self.lines.get(timeout=max(0.01, self.began + patience - time.monotonic()))
            except queue.Empty:
                line = None
            if line is None:
                self.kill()
                raise Broken(f"{name} did not start (exit code {self.process.returncode}): {self.last_words()}")
            if line.startswith("gateway on"):
                self.port, self.start_seconds = int(line.split(",")[0].rsplit(":", 1)[1]), when - self.began
            elif line.startswith("console on"):
                self.console = int(line.rsplit(":", 1)[1])

    def _read(self):
        for line in self.process.stdout:
            self.said.append(line.rstrip())
            self.lines.put((time.monotonic(), line.rstrip()))
        self.lines.put((time.monotonic(), None))

    def last_words(self):
        """The end of its log."""
        with open(self.log.name, encoding="utf-8", errors="replace") as file:
            return " / ".join(file.read().splitlines()[-2:])[-300:] or "nothing is in its log"

    @property
    def pid(self):
        return self.process.pid

    @property
    def runs(self):
        return self.process.poll() is None

    def kill(self):
        """As a power cut would, for the process; the kernel keeps what was written."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.process.pid, signal.SIGKILL)
        self._reap(10)

    def stop(self, patience=90):
        """SIGTERM; the exit code, or None where it had to be killed."""
        if self.runs:
            self.process.terminate()
        return self._reap(patience)

    def _reap(self, patience):
        try:
            code = self.process.wait(patience)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            code = None
        self.reading.join(5)
        self.process.stdout.close()
        self.log.close()
        return code

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.runs:
            self.kill()


def configuration(ground, name, store, stable, shadow, rate, control=0.0, more=""):
    """A configuration file; intents by the caller's word, so that the funnel has several classes."""
    return ground.write(name + ".yaml", f"""
listen: 127.0.0.1:0
console: 127.0.0.1:0
threads: 1
store: "{store}"
experiment: {{ name: endure, horizon: 7d }}
stable: {{ model: bench, version: v1.0.0, url: "http://127.0.0.1:{stable}" }}
shadow: {{ model: bench, version: v1.0.1, url: "http://127.0.0.1:{shadow}", max_in_flight: 64 }}
sampling: {{ rate: {rate}, target_per_day: 0, control_rate: {control} }}
intents:
  - {{ from: header:x-intent-class, classes: [order_status, returns, payment] }}
{more}
""")


def store_check(ground, store):
    """`understudy store check`: whether it found nothing, what it said, and how long it took."""
    began = time.monotonic()
    run = subprocess.run([ground.understudy, "store", "check", "--store", store], capture_output=True, text=True,
                         timeout=600)
    said = (run.stdout + run.stderr).strip().replace(store, "STORE")
    return run.returncode == 0, f"exit {run.returncode}: {said[:300]}", time.monotonic() - began


# MARK: - File systems to break


def command(*words):
    """Runs a command of the system; its complaint ends what needed it."""
    run = subprocess.run(words, capture_output=True, text=True)
    if run.returncode:
        raise Broken(f"{' '.join(words)}: {(run.stdout + run.stderr).strip()}")
    return run.stdout.strip()


def unmount(folder):
    """Waits for the last user of a mount; takes it away lazily where one does not let go."""
    for _ in range(50):
        if subprocess.run(["umount", folder], capture_output=True).returncode == 0:
            return
        time.sleep(0.1)
    subprocess.run(["umount", "-l", folder], capture_output=True)


@contextlib.contextmanager
def small_memory_disk(folder, megabytes):
    """A tmpfs of a given size."""
    command("mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=700", "understudy-endure", folder)
    try:
        yield folder
    finally:
        unmount(folder)


@contextlib.contextmanager
def image_disk(image, folder, megabytes):
    """An ext4 in a file, so that the machine's own file system decides nothing."""
    command("truncate", "-s", f"{megabytes}M", image)
    device = command("losetup", "--find", "--show", image)
    try:
        command("mkfs.ext4", "-q", device)
        command("mount", device, folder)
        try:
            yield folder
        finally:
            unmount(folder)
    finally:
        subprocess.run(["losetup", "-d", device], capture_output=True)
        with contextlib.suppress(OSError):
            os.remove(image)
