"""Eyes on a store and on a console while something happens to them."""

import contextlib
import os
import re
import sqlite3
import threading
import time
import urllib.request

REASONS = ["full", "read_only", "io_error", "locked", "corrupt", "unavailable"]


def reading(store):
    """A connection that can change nothing: not even fold the -wal into the file when it is the last to close."""
    return sqlite3.connect(f"file:{store}?mode=ro", uri=True, timeout=10, check_same_thread=False)


class Watcher:
    """A thread that looks again and again until it is told to stop."""

    def __init__(self, every):
        self.every = every
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self._run, daemon=True)

    def _run(self):
        while not self.ended.is_set():
            self.look()
            self.ended.wait(self.every)

    def __enter__(self):
        self.thread.start()
        return self

    def stop(self):
        self.ended.set()
        self.thread.join(15)

    def __exit__(self, *_):
        self.stop()


class CommittedPairs(Watcher):
    """Notes the pairs that a reader sees; whatever a reader saw is committed, and must be there for ever after."""

    def __init__(self, store, every=0.05):
        super().__init__(every)
        self.store, self.connection, self.file, self.last = store, None, None, 0
        self.uids = []
        self.errors = []

    def look(self):
        try:
            file = os.stat(self.store).st_ino
            if self.connection is None or file != self.file:
                self._close()
                self.connection, self.file, self.last = reading(self.store), file, 0
            rows = self.connection.execute("SELECT id, uid FROM pair WHERE id > ? ORDER BY id", (self.last,)).fetchall()
            if rows:
                self.last = rows[-1][0]
                self.uids.extend(uid for _, uid in rows)
        except (sqlite3.Error, OSError) as error:
            self.errors.append(str(error))
            self._close()

    def _close(self):
        if self.connection is not None:
            with contextlib.suppress(sqlite3.Error):
                self.connection.close()
        self.connection = None

    def stop(self):
        super().stop()
        self._close()


class Console(Watcher):
    """The console's metrics over time: which reasons pause the store, and the funnel."""

    def __init__(self, port, every=0.2):
        super().__init__(every)
        self.port = port
        self.seen = []
        self.unanswered = 0

    def look(self):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/metrics", timeout=5) as reply:
                self.seen.append((time.monotonic(), *metrics(reply.read().decode())))
        except OSError:
            self.unanswered += 1

    def since(self, moment):
        return [one for one in self.seen if one[0] >= moment]

    def latest(self):
        return self.seen[-1] if self.seen else (0, {}, {})

    def wait(self, holds, until):
        """The first look from now on of which `holds(time, paused, funnel)` is true; None where the time is over."""
        position = len(self.seen)
        while True:
            while position < len(self.seen):
                if holds(*self.seen[position]):
                    return self.seen[position]
                position += 1
            if time.monotonic() > until:
                return None
            time.sleep(0.05)


def metrics(text):
    """`understudy_store_paused` by reason and `understudy_funnel_total` by (stage, reason)."""
    paused, funnel = {}, {}
    for line in text.splitlines():
        found = re.match(r'(understudy_store_paused|understudy_funnel_total)\{(.*)\} (\S+)$', line)
        if found:
            labels = dict(re.findall(r'(\w+)="([^"]*)"', found[2]))
            if found[1] == "understudy_store_paused":
                paused[labels.get("reason")] = float(found[3])
            else:
                funnel[labels.get("stage"), labels.get("reason", "")] = float(found[3])
    return paused, funnel


def stored_funnel(store):
    """The funnel as the store has it: a sum for each stage, and for each reason of what has one."""
    with contextlib.closing(reading(store)) as connection:
        stages, reasons = {}, {}
        for stage, reason, count in connection.execute("SELECT stage, reason, sum(count) FROM funnel GROUP BY 1, 2"):
            stages[stage] = stages.get(stage, 0) + count
            if reason:
                reasons[f"{stage}: {reason}"] = count
        pairs, = connection.execute("SELECT count(*) FROM pair").fetchone()
    return stages, reasons, pairs


def does_not_add_up(stages):
    """What is wrong with a funnel of sums by stage; an empty string where nothing is."""
    one = {name: stages.get(name, 0) for name in
           ("seen", "not_eligible", "not_sampled", "sampled", "in_flight", "stored", "shed", "failed")}
    wrong = [name for name, count in one.items() if count < 0]
    if one["seen"] != one["not_eligible"] + one["not_sampled"] + one["sampled"]:
        wrong.append("seen ≠ not_eligible + not_sampled + sampled")
    if one["sampled"] != one["in_flight"] + one["stored"] + one["shed"] + one["failed"]:
        wrong.append("sampled ≠ in_flight + stored + shed + failed")
    return f"{', '.join(wrong)}: {one}" if wrong else ""


def damage(store):
    """What SQLite itself finds wrong with a store, without understudy's help; an empty string where nothing is."""
    try:
        with contextlib.closing(reading(store)) as connection:
            found = [row[0] for row in connection.execute("PRAGMA integrity_check") if row[0] != "ok"]
            found += [f"a row of {row[0]} refers to nothing" for row in connection.execute("PRAGMA foreign_key_check")]
    except sqlite3.Error as error:
        found = [str(error)]
    return "; ".join(found[:3])


def uids_in(store):
    with contextlib.closing(reading(store)) as connection:
        return {row[0] for row in connection.execute("SELECT uid FROM pair")}
