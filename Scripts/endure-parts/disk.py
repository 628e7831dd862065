"""What the disk, another process or a flipped byte can do to the store, and that users notice none of it."""

import contextlib
import os
import time

import disk_faults
import peers
from client import Client, describe, questions
from ground import Broken, Serve, configuration, image_disk, small_memory_disk, store_check
from harness import table
from watch import REASONS, CommittedPairs, Console, damage, does_not_add_up, stored_funnel, uids_in

FAULTS = ["full", "read-only", "lock", "damage-live", "damage-restart"]
RATE = 200
BEFORE, AFTER = 10, 6
# How long a fault lasts, how soon it must be visible, and how soon storing must resume after it.
LASTS = {"full": 20, "read-only": 20, "lock": 30}
VISIBLE = {"lock": 12}
VISIBLE_OTHERWISE, RESUMED = 15, 30
SHOWN_AS = {"full": {"full"}, "read-only": {"read_only", "io_error"}, "lock": {"locked"},
            "damage-live": {"corrupt"}, "damage-restart": {"corrupt"}}
NEEDS_ROOT = {"full", "read-only"}
MEGABYTES = 64


def run(ground, checks, asked):
    file, all_questions = questions(ground, "answers.jsonl")
    rows = []
    with contextlib.ExitStack() as stack:
        stable = stack.enter_context(peers.stand_in(ground, "stable", [file], "stable", speed=1))
        shadow = stack.enter_context(peers.stand_in(ground, "shadow", [file], "shadow", speed=1))
        for fault in asked:
            if fault in NEEDS_ROOT and os.geteuid() != 0:
                print(f"disk: {fault} is left out: it mounts a file system, and only root may.", flush=True)
                continue
            print(f"disk: {fault}", flush=True)
            try:
                with room_for(ground, fault) as folder:
                    rows.append(Scene(ground, checks, fault, folder, stable.port, shadow.port, all_questions).play())
            except Broken as problem:
                checks.expect(f"{fault}: can be played to its end", False, str(problem))
    table(f"Faults of the store at {RATE} requests a second, every one mirrored; stable's latency in ms", [
        "fault", "answers", "failed", "p50 before / during / after", "p99 before / during / after", "visible after, s",
        "as", "store_unavailable", "resumed after, s", "committed before / of them there"], rows)


@contextlib.contextmanager
def room_for(ground, fault):
    """The folder of the store, on the file system that the fault needs."""
    folder = ground.folder(fault)
    if fault == "full":
        with small_memory_disk(folder, MEGABYTES):
            yield folder
    elif fault == "read-only":
        with image_disk(ground.path("image"), folder, MEGABYTES * 2):
            yield folder
    else:
        yield folder


class Scene:
    """One fault, from a healthy store to the last check."""

    def __init__(self, ground, checks, fault, folder, stable, shadow, asked):
        self.ground, self.checks, self.fault, self.asked = ground, checks, fault, asked
        self.store = os.path.join(folder, "store.sqlite")
        self.configuration = configuration(ground, fault, self.store, stable, shadow, rate=1.0)
        self.row = {"visible": "–", "as": "–", "resumed": "–", "unavailable": 0}
        self.requests = 0
        self.earlier, self.early_failures, self.early_client = None, [], None

    def expect(self, name, holds, figures):
        return self.checks.expect(f"{self.fault}: {name}", holds, figures)

    def play(self):
        with contextlib.ExitStack() as stack:
            serve = stack.enter_context(Serve(self.ground, self.fault, self.configuration))
            committed = stack.enter_context(CommittedPairs(self.store))
            if self.fault == "damage-restart":
                serve = self.damage_at_rest(stack, serve, committed)
            self.console = stack.enter_context(Console(serve.console))
            with Client(serve.port, self.asked, RATE, self.fault) as client:
                if self.fault != "damage-restart":
                    time.sleep(BEFORE)
                began, before = time.monotonic(), set(committed.uids if self.earlier is None else self.earlier)
                self.expect("a reader saw pairs before", bool(before), f"{len(before):,}")
                self.strike(serve)
                ended = time.monotonic()
                self.await_storing(ended)
                resumed = time.monotonic()
                time.sleep(AFTER)
            self.expect("the process is the same as at the beginning", serve.runs, f"pid {serve.pid}")
            self.users(client)
            self.expect("the console always answers", self.console.unanswered == 0,
                        f"{self.console.unanswered} of {len(self.console.seen)} looks without an answer")
            self.console.stop()
            code = serve.stop()
            self.expect("SIGTERM ends it with 0", code == 0, f"exit code {code}")
            committed.stop()
        there, figures = self.afterwards(before)
        spans = [(self.early_client or client, 0, began), (client, began, ended), (client, resumed, float("inf"))]
        return [self.fault, f"{self.requests:,}", client.failures + len(self.early_failures),
                *(" / ".join(f"{who.quantile(share, *span):.1f}" for who, *span in spans) for share in (0.5, 0.99)),
                self.row["visible"], self.row["as"], f"{self.row['unavailable']:.0f}", self.row["resumed"],
                f"{len(before):,} / {there:,}{figures}"]

    def strike(self, serve):
        """The fault as long as it lasts, and what the console says of it."""
        began = time.monotonic()
        if self.fault == "damage-live":
            print("  " + disk_faults.damage_live(self.store), flush=True)
            self.await_visible(began)
        elif self.fault == "damage-restart":
            self.await_visible(serve.began)
        else:
            context = {"full": lambda: disk_faults.filled(os.path.dirname(self.store)),
                       "read-only": lambda: disk_faults.immutable(self.store),
                       "lock": lambda: disk_faults.locked(self.store)}[self.fault]
            with context() as said:
                print(f"  {said}", flush=True)
                began = time.monotonic()
                self.await_visible(began)
                counted = self.unavailable()
                time.sleep(max(0.5, began + LASTS[self.fault] - time.monotonic()))
                more = self.unavailable() - counted
                self.expect("requests meanwhile are not_eligible: store_unavailable", more > 0, f"{more:.0f} more")

    def unavailable(self):
        return self.console.latest()[2].get(("not_eligible", "store_unavailable"), 0)

    def await_visible(self, began):
        """Every reason is a series, and the right one says 1 in time.

        A damaged store is set aside by the server itself; that it has been is as good a sign, as the pause may be over
        between two looks.
        """
        limit = VISIBLE.get(self.fault, VISIBLE_OTHERWISE)
        right = SHOWN_AS[self.fault]

        def is_visible(when, paused, _):
            return when >= began and any(paused.get(reason) == 1 for reason in right)

        found = None
        while found is None and time.monotonic() < began + limit:
            found = self.console.wait(is_visible, time.monotonic() + 0.3)
            if "corrupt" in right and disk_faults.set_aside(self.store):
                break
        shown = sorted({reason for _, paused, _ in self.console.since(began) for reason, on in paused.items() if on})
        self.row["as"] = ", ".join(shown) or ("set aside" if disk_faults.set_aside(self.store) else "nothing")
        if found or disk_faults.set_aside(self.store):
            self.row["visible"] = f"{(found[0] if found else time.monotonic()) - began:.1f}"
        paused = self.console.latest()[1]
        self.expect("each reason is a series of understudy_store_paused", set(REASONS) <= paused.keys(),
                    f"missing: {', '.join(reason for reason in REASONS if reason not in paused) or 'none'}")
        self.expect(f"visible within {limit} s as {' or '.join(sorted(right))}", self.row["visible"] != "–",
                    f"after {self.row['visible']} s; shown: {self.row['as']}")

    def await_storing(self, ended):
        """Pairs are stored again, by the server's count and by a reader's, and nothing pauses it."""
        start = self.console.latest()[2].get(("stored", ""), 0)

        def is_storing(_, paused, funnel):
            return funnel.get(("stored", ""), 0) > start + RATE / 10 and not any(paused.values())

        found = self.console.wait(is_storing, ended + RESUMED)
        if found:
            self.row["resumed"] = f"{found[0] - ended:.1f}"
        paused = {reason for reason, on in self.console.latest()[1].items() if on}
        self.expect(f"storing resumes by itself within {RESUMED} s", found is not None,
                    f"after {self.row['resumed']} s; {self.console.latest()[2].get(('stored', ''), 0) - start:.0f} more"
                    f" stored, paused: {', '.join(sorted(paused)) or 'nothing'}")
        self.row["unavailable"] = self.unavailable()

    def users(self, client):
        """Nothing of all that reached a user."""
        failures = self.early_failures + client.lost + client.wrong
        self.requests += client.answered + len(client.lost)
        self.expect("no user's answer is lost or differs", not failures, f"{len(failures)}: {describe(failures)}")

    def damage_at_rest(self, stack, serve, committed):
        """A healthy run, a byte flipped behind its back, and the next start."""
        with Client(serve.port, self.asked, RATE, "before") as client:
            time.sleep(BEFORE)
        self.requests = client.answered + len(client.lost)
        self.early_client, self.early_failures = client, client.lost + client.wrong
        serve.stop()
        committed.stop()
        self.earlier = set(committed.uids)
        print("  " + disk_faults.damage_at_rest(self.store), flush=True)
        return stack.enter_context(Serve(self.ground, self.fault, self.configuration))

    def afterwards(self, before):
        """The store after the server has gone: sound, adding up, and with every pair that was committed before."""
        is_damage = self.fault.startswith("damage")
        holds, said, _ = store_check(self.ground, self.store)
        self.expect("`store check` finds nothing at the end", holds, said)
        wrong = damage(self.store)
        self.expect("the store is sound at the end", not wrong, wrong or "ok")
        if wrong and not is_damage:
            return 0, ""
        there, figures = set(), ""
        with contextlib.suppress(Exception):
            there = uids_in(self.store)
        if is_damage:
            aside = disk_faults.set_aside(self.store)
            self.expect("the damaged files are set aside and storing goes on in a new store",
                        bool(aside) and bool(there), f"{', '.join(map(os.path.basename, aside)) or 'nothing'} set "
                        f"aside, {len(there):,} pairs in the store")
            old, how = disk_faults.uids_set_aside(self.ground, self.store)
            figures = f" ({len(before & there):,} in the store, {len(before & old):,} set aside, by {how})"
            there |= old
        missing = before - there
        self.expect("what was committed before is there afterwards", not missing,
                    f"{len(missing)} of {len(before):,} are missing{figures}")
        self.funnel(is_damage, len(there))
        return len(before & there), figures

    def funnel(self, is_damage, everywhere):
        try:
            stages, reasons, pairs = stored_funnel(self.store)
        except Exception as error:
            self.expect("the funnel adds up at the end", False, str(error))
            return
        wrong = does_not_add_up(stages) or (stages.get("in_flight") and f"{stages['in_flight']} in flight")
        self.expect("the funnel adds up at the end", not wrong, wrong or "ok")
        # A funnel that went on in a new store may count pairs that were committed to the one that was set aside, and had
        # not been counted by then.
        right = range(pairs, everywhere + 1) if is_damage else {pairs}
        self.expect("`stored` counts the pairs that are there", stages.get("stored", 0) in right,
                    f"{stages.get('stored', 0):,} counted, {pairs:,} there; {reasons or 'no losses'}")
        if not is_damage:
            seen = stages.get("seen", 0)
            self.expect("`seen` is what clients asked", seen == self.requests,
                        f"{seen:,} seen, {self.requests:,} asked")
