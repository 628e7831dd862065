"""The same upstream bytes directly and through the gateway: equal to a client, and equal on the wire."""

import concurrent.futures
import inspect
import re

import capture_files
from accounts import by_class, settle
from live import anthropic_client, openai_client
from observing import observe, texts, tool_calls
from raw_http import exchange
from replay_server import LockStep, ReplayServer

# Of one client in a row, and of eight threads at a time.
KEPT_REQUESTS, PARALLEL_REQUESTS, THREADS = 30, 80, 8
# What the clients' signatures demand, for recorded requests that lack it.
REQUIRED = {
    "/v1/chat/completions": {"model": "m", "messages": []},
    "/v1/completions": {"model": "m", "prompt": ""},
    "/v1/responses": {"model": "m", "input": ""},
    "/v1/messages": {"model": "m", "messages": [], "max_tokens": 1},
}


def run(checks, processes, folder):
    captures = capture_files.load(folder)
    print(f"{len(captures)} recorded answers", flush=True)
    plain = next(capture for capture in captures if capture.name.endswith("/chat_nonstream"))
    asked = [capture for capture in captures if client_can_ask(capture)]
    with ReplayServer(plain.pieces) as stable, ReplayServer(plain.pieces) as shadow:
        gateway = processes.gateway("captured", stable.url, shadow.url, [class_of(capture) for capture in asked])
        port = int(gateway.url.rpartition(":")[2])
        for capture in captures:
            compare_bytes(checks, capture, stable, port)
        got = {capture.name: compare_objects(checks, capture, stable, gateway.url) for capture in asked}
        kept = next(capture for capture in captures if "keepalive_closed" in capture.name)
        keep_asking(checks, kept, stable, gateway.url)
        settle(checks, gateway, "captured", seen=len(captures) + len(asked) + KEPT_REQUESTS + PARALLEL_REQUESTS)
    pairs = by_class(processes.export(gateway.store))
    for capture in asked:
        compare_pair(checks, capture, got[capture.name], pairs.get(class_of(capture), []))


def class_of(capture):
    return re.sub(r"[^a-z0-9]+", "_", capture.name.lower())


def client_can_ask(capture):
    return capture.method == "POST" and capture.path in REQUIRED and isinstance(capture.body, dict)


def compare_bytes(checks, capture, stable, port):
    """The recorded request over plain sockets; streams in lock step, so that nothing may be held back."""
    stable.pieces = capture.pieces
    stable.await_piece = None
    request = capture.request
    direct = exchange(stable.port, request)
    step = LockStep(capture.response) if capture.is_stream else None
    if step:
        stable.await_piece = step.await_piece
    through = exchange(port, request, step.received if step else None)
    stable.await_piece = None
    if checks.equal(f"{capture.name}: same bytes ({len(direct.body)})", through.end_to_end, direct.end_to_end):
        checks.equal(f"{capture.name}: X-Model-Version", through.value(b"x-model-version"), b"v1.0.0")
        checks.equal(f"{capture.name}: the chunks are stable's own", through.raw_body, direct.raw_body)
    if step:
        checks.check(f"{capture.name}: each of {len(capture.pieces)} pieces reaches the client before the next is sent",
                     step.late is None, step.late)


def compare_objects(checks, capture, stable, url):
    """The official client, directly and through the gateway."""
    stable.pieces = capture.pieces
    make_client = anthropic_client if capture.path == "/v1/messages" else openai_client
    headers = {"x-intent-class": class_of(capture)}
    with make_client(stable.url) as client:
        expected = observe(lambda: ask(client, capture, headers))
    with make_client(url) as client:
        seen = observe(lambda: ask(client, capture, headers))
    what = seen.error["type"] if seen.error else f"{len(seen.objects)} objects"
    checks.equal(f"{capture.name}: same objects ({what})", seen.plain, expected.plain)
    return seen


def ask(client, capture, headers):
    """The recorded request by the client's own method; members that its signature lacks travel as `extra_body`."""
    method = {
        "/v1/chat/completions": lambda: client.chat.completions.create,
        "/v1/completions": lambda: client.completions.create,
        "/v1/responses": lambda: client.responses.create,
        "/v1/messages": lambda: client.messages.create,
    }[capture.path]()
    body = {**REQUIRED[capture.path], **capture.body}
    known = set(inspect.signature(method).parameters)
    return method(**{key: value for key, value in body.items() if key in known}, extra_headers=headers,
                  extra_body={key: value for key, value in body.items() if key not in known})


def keep_asking(checks, capture, stable, url):
    """A client that keeps its connection, and a server that closes after every answer although it says it will not."""
    stable.pieces = capture.pieces
    with openai_client(url) as client:
        def once(_):
            return observe(lambda: ask(client, capture, {}))

        in_a_row = [once(number) for number in range(KEPT_REQUESTS)]
        with concurrent.futures.ThreadPoolExecutor(THREADS) as pool:
            at_a_time = list(pool.map(once, range(PARALLEL_REQUESTS)))
    for how, seen in (("in a row", in_a_row), (f"{THREADS} at a time", at_a_time)):
        failed = [one.error or "another answer" for one in seen if one.error or one.objects != in_a_row[0].objects]
        checks.check(f"{capture.name}: {len(seen)} requests of one client, {how}", not failed, failed)


def compare_pair(checks, capture, seen, found):
    """The pair has the text that the client got."""
    if not checks.equal(f"{capture.name}: pairs in the export", len(found), 1):
        return
    stable = found[0]["stable"]
    checks.equal(f"{capture.name}: the pair has what the client got ({stable['outcome']})", {
        "texts": [stable["text"], *stable.get("other_choices", [])] if "text" in stable else [],
        "tool_calls": [{key: call[key] for key in ("name", "arguments")} for call in stable.get("tool_calls", [])],
    }, {"texts": texts(seen), "tool_calls": tool_calls(seen)})
