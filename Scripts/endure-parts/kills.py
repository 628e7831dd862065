"""kill -9 at random moments under load, many times over one store that lives on."""

import contextlib
import os
import random
import subprocess
import time

import peers
from client import Client, describe, questions
from ground import Broken, Serve, configuration, store_check
from harness import TOKEN, bound, console, median, table
from watch import CommittedPairs, damage, does_not_add_up, stored_funnel, uids_in

RATE = 400
# Beyond so many seconds a whole check is made each 20th round only.
QUICK_CHECK = 1.0


class Tally:
    """What clients and readers know, over all rounds."""

    def __init__(self):
        self.answered = self.under_way = self.interrupted = 0
        self.committed = set()
        self.seen_before, self.round_bounds = 0, None
        self.starts, self.widest_below, self.widest_above = [], 0, 0
        self.check_seconds = 0.0


def run(ground, checks, rounds, seed):
    print(f"\nkills: {rounds} rounds, seed {seed} (ENDURE_SEED={seed} repeats the moments)", flush=True)
    file, asked = questions(ground, "answers.jsonl")
    store, tally = ground.path("kills.sqlite"), Tally()
    with contextlib.ExitStack() as stack:
        stable = stack.enter_context(peers.stand_in(ground, "stable", [file], "stable", speed=1))
        shadow = stack.enter_context(peers.stand_in(ground, "shadow", [file], "shadow", speed=1))
        file = configuration(ground, "kills", store, stable.port, shadow.port, rate=0.5, control=0.1)
        for number in range(rounds):
            chance = random.Random(f"{seed}-{number}")
            place = f"round {number + 1} of {rounds}, seed {seed}"
            try:
                one_round(ground, checks, tally, store, file, asked, chance, place, whole=number % 20 == 19)
            except Broken as problem:
                checks.expect("it starts again after each kill", False, f"{place}: {problem}")
                return
            if checks.failed.keys() & {"the store is sound", "what was committed is there"}:
                print("  No further rounds, so that the store can be looked at as it is.", flush=True)
                break
        with Serve(ground, "serve", file) as serve:
            stages, reasons, pairs = after_start(checks, tally, store, serve, "after the last round")
            code = serve.stop()
        checks.expect("SIGTERM ends it with 0", code == 0, f"exit code {code}")
    sound(ground, checks, tally, store, "at the end", whole=True)
    missing = tally.committed - uids_in(store)
    checks.expect("what was committed is there", tally.committed and not missing,
                  f"{len(missing)} of {len(tally.committed)} are missing")
    show(tally, number + 1, seed, stages, reasons, pairs)


def one_round(ground, checks, tally, store, file, asked, chance, place, whole):
    """Start, look, load, kill, look."""
    if chance.random() < 0.2:
        interrupted_start(ground, file, chance.uniform(0.005, 0.1))
        tally.interrupted += 1
    with Serve(ground, "serve", file) as serve:
        tally.starts.append(serve.start_seconds)
        after_start(checks, tally, store, serve, place)
        # Half of the time the first to open the store after a kill is the next serve, half of the time the check.
        if chance.random() < 0.5:
            sound(ground, checks, tally, store, f"{place}, while served", whole)
        load = chance.uniform(0.05, 1.5)
        client = Client(serve.port, asked, RATE, chance.random(), ends_at_loss=True)
        with CommittedPairs(store) as committed, client:
            time.sleep(load)
            killed = time.monotonic()
            serve.kill()
            client.stopping = True
    early = [one for one in client.lost if one[0] < killed]
    checks.expect("no answer is lost or wrong before the kill", not early and not client.wrong,
                  f"{place}: {len(early)} lost, {len(client.wrong)} wrong: {describe(early + client.wrong)}")
    under_way = len(client.lost) - len(early)
    tally.answered += client.answered
    tally.under_way += under_way
    tally.round_bounds = (client.answered, client.answered + under_way)
    tally.committed.update(committed.uids)
    if chance.random() < 0.5:
        sound(ground, checks, tally, store, f"{place}, after the kill", whole)
        missing = tally.committed - uids_in(store)
        checks.expect("what was committed is there", not missing,
                      f"{place}, killed after {load:.3f} s: {len(missing)} of {len(tally.committed)} are missing")


def interrupted_start(ground, file, seconds):
    """A start that is killed as well: recovery must be able to begin anew."""
    process = subprocess.Popen(bound(ground.understudy, "serve", "--config", file), stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL, start_new_session=True,
                               env={**os.environ, "UNDERSTUDY_TOKEN": TOKEN})
    try:
        time.sleep(seconds)
    finally:
        process.kill()
        process.wait()


def sound(ground, checks, tally, store, place, whole):
    if whole or tally.check_seconds < QUICK_CHECK:
        holds, said, tally.check_seconds = store_check(ground, store)
        checks.expect("`store check` finds nothing", holds, f"{place}: {said}")
    wrong = damage(store)
    checks.expect("the store is sound", not wrong, f"{place}: {wrong or 'ok'}")


def after_start(checks, tally, store, serve, place):
    """The funnel once the process that recovered it listens, before any request."""
    deadline = time.monotonic() + 3
    while True:
        stages, reasons, pairs = stored_funnel(store)
        if (not does_not_add_up(stages) and not stages.get("in_flight")) or time.monotonic() > deadline:
            break
        time.sleep(0.1)
    wrong = does_not_add_up(stages)
    checks.expect("the store's funnel adds up after a start", not wrong, f"{place}: {wrong or 'ok'}")
    checks.expect("nothing is in flight after a start", not stages.get("in_flight"),
                  f"{place}: {stages.get('in_flight', 0)}")
    checks.expect("`stored` counts the pairs that are there", stages.get("stored", 0) == pairs,
                  f"{place}: {stages.get('stored', 0)} counted, {pairs} there")
    shown = console(serve, "/api/v1/funnel")
    summed = {name: sum(value.values()) if isinstance(value, dict) else value for name, value in shown.items()}
    wrong = does_not_add_up(summed) or (summed["in_flight"] and f"{summed['in_flight']} in flight")
    checks.expect("the console's funnel adds up after a start", not wrong, f"{place}: {wrong or 'ok'}")
    seen, least, most = stages.get("seen", 0), tally.answered, tally.answered + tally.under_way
    checks.expect("`seen` is what clients got, over all rounds", least <= seen <= most,
                  f"{place}: {seen} seen, {least} answered and {tally.under_way} under way at the kills")
    if tally.round_bounds:
        new = seen - tally.seen_before
        low, high = tally.round_bounds
        checks.expect("`seen` is what clients got, of each round", low <= new <= high,
                      f"{place}: {new} more seen, {low} answered and {high - low} under way at the kill before")
        tally.widest_below = max(tally.widest_below, low - new)
        tally.widest_above = max(tally.widest_above, new - high)
    tally.seen_before = seen
    return stages, reasons, pairs


def show(tally, rounds, seed, stages, reasons, pairs):
    seen = stages.get("seen", 0)
    recovered = tally.starts[1:] or [0]
    table("kill -9 under load", ["", "measured"], [
        ["rounds (seed)", f"{rounds} ({seed})"],
        ["starts that were killed too", tally.interrupted],
        ["answers that clients got", f"{tally.answered:,}"],
        ["requests under way at the kills", tally.under_way],
        ["`seen` in the store − answers", f"{seen - tally.answered:+,} (right: 0 … {tally.under_way})"],
        ["widest deviation of a round outside its bounds", f"{tally.widest_below} below, {tally.widest_above} above"],
        ["pairs in the store", f"{pairs:,}"],
        ["of them seen committed by a reader", f"{len(tally.committed):,}"],
        ["`failed: crash`", reasons.get("failed: crash", 0)],
        ["other losses", {name: count for name, count in reasons.items() if name != "failed: crash"} or "none"],
        ["start after a kill, median / max", f"{median(recovered) * 1e3:,.0f} / {max(recovered) * 1e3:,.0f} ms"],
        ["last `store check`", f"{tally.check_seconds:.2f} s"],
    ])
