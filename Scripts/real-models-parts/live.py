"""The official clients against real models: directly and through the gateway, with the same outcome."""

import json
import time
import urllib.request

import anthropic
import openai

import asks_anthropic
import asks_openai
from accounts import by_class, settle
from observing import lasting, observe, plain, texts, Observed, tool_calls

CANCEL_SECONDS = 60


def run(checks, processes, python, stable_model, shadow_model):
    stable = processes.model_server("stable", python, stable_model)
    shadow = processes.model_server("shadow", python, shadow_model)
    print(f"stable {stable_model.name}, shadow {shadow_model.name}", flush=True)
    families = [(openai_client, asks_openai), (anthropic_client, asks_anthropic)]
    hang_ups = {"openai_hangs_up": families[0], "anthropic_hangs_up": families[1]}
    asks = [ask for _, module in families for ask in module.ASKS]
    gateway = processes.gateway("live", stable, shadow, [ask.name for ask in asks] + list(hang_ups))

    got = {}
    for make_client, module in families:
        with make_client(stable) as direct, make_client(gateway.url) as through:
            for ask in module.ASKS:
                got[ask.name] = compare(checks, ask, direct, through)
    partial = {}
    for name, (make_client, module) in hang_ups.items():
        with make_client(gateway.url) as client:
            partial[name] = hang_up(checks, name, module.long_stream(client, {"x-intent-class": name}), stable)

    mirrored = sum(ask.mirrored for ask in asks) + len(hang_ups)
    settle(checks, gateway, "live", seen=len(asks) + len(hang_ups), sampled=mirrored)
    pairs = by_class(processes.export(gateway.store))
    for ask in asks:
        found = pairs.get(ask.name, [])
        if not checks.equal(f"{ask.name}: pairs in the export", len(found), 1 if ask.mirrored else 0) or not found:
            continue
        stored(checks, ask, got[ask.name], found[0])
    for name, text in partial.items():
        found = pairs.get(name, [])
        if checks.equal(f"{name}: pairs in the export", len(found), 1):
            side = found[0]["stable"]
            checks.equal(f"{name}: stable's outcome", side["outcome"], "client_cancelled")
            checks.check(f"{name}: the stored text begins with what the client saw",
                         text and side.get("text", "").startswith(text), [side.get("text"), text])
            checks.equal(f"{name}: the shadow answers to the end", found[0]["shadow"]["outcome"], "ok")


def openai_client(url):
    return openai.OpenAI(api_key="none", base_url=f"{url}/v1", max_retries=0, timeout=300)


def anthropic_client(url):
    return anthropic.Anthropic(api_key="none", base_url=url, max_retries=0, timeout=300)


def compare(checks, ask, direct, through):
    """Asks directly, then through the gateway; ids and times apart, the client must see the same."""
    headers = {"x-intent-class": ask.name}
    expected = observe(lambda: ask.call(direct, headers))
    seen = observe(lambda: ask.call(through, headers))
    events = f", {len(seen.objects)} objects" if len(seen.objects) > 1 else ""
    checks.equal(f"{ask.name}: as directly (status {seen.status}{events})",
                 lasting(seen.plain), lasting(expected.plain))
    checks.equal(f"{ask.name}: answered with {ask.status}", seen.status, ask.status)
    return seen


def stored(checks, ask, seen, pair):
    """The pair says what the client got."""
    stable, shadow = pair["stable"], pair["shadow"]
    expected = texts(seen)
    checks.equal(f"{ask.name}: the pair has what the client got", {
        "outcome": stable["outcome"], "status": stable.get("status"),
        "texts": [stable["text"], *stable.get("other_choices", [])] if "text" in stable else [],
        "tool_calls": [{key: call[key] for key in ("name", "arguments")} for call in stable.get("tool_calls", [])],
    }, {
        "outcome": "ok" if ask.status == 200 else "http_error", "status": ask.status, "texts": expected,
        "tool_calls": tool_calls(seen),
    })
    checks.equal(f"{ask.name}: the shadow's outcome is of the same kind", shadow["outcome"], stable["outcome"])


def hang_up(checks, name, stream, stable):
    """Reads the first words of a long stream, leaves, and waits until stable's model has stopped; gives the words."""
    seen = Observed([])
    for item in stream:
        seen.objects.append(plain(item))
        if sum(map(len, texts(seen))) > 8:
            break
    busy = [slot for slot in slots(stable) if slot["is_processing"]]
    stream.close()
    if not checks.equal(f"{name}: stable generates while the client reads", len(busy), 1):
        return None
    deadline = time.monotonic() + CANCEL_SECONDS
    while True:
        slot = next(slot for slot in slots(stable) if slot["id"] == busy[0]["id"])
        if not slot["is_processing"] or time.monotonic() > deadline:
            break
        time.sleep(0.02)
    # llama.cpp keeps this flag for a slot whose task was cancelled, and clears it where the answer came to its end.
    checks.check(f"{name}: stable's generation is cancelled",
                 not slot["is_processing"] and slot["id_task"] == busy[0]["id_task"]
                 and slot["next_token"][0]["has_next_token"], slot)
    return texts(seen)[0]


def slots(url):
    with urllib.request.urlopen(f"{url}/slots", timeout=60) as answer:
        return json.load(answer)
