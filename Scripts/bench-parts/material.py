"""The requests and recorded answers of the benchmarks, as files that `understudy stand-in` replays."""

import json

PROMPT = "I was billed twice for order LF-48213 last Tuesday and the second payment of 42.50 EUR still shows as pending. " \
    "Could you check what happened to the transfer and tell me when I can expect the money back on my account?"


def chat(prompt=PROMPT, stream=False, max_tokens=None):
    body = {"model": "bench", "messages": [{"role": "system", "content": "You are the assistant of a shop."},
                                           {"role": "user", "content": prompt}], "temperature": 0}
    if max_tokens:
        body["max_tokens"] = max_tokens
    if stream:
        body["stream"] = True
    return json.dumps(body)


def document(words):
    """A chat completion of about 600 bytes for 45 words."""
    return json.dumps({
        "id": "chatcmpl-bench0123456789abcdef", "object": "chat.completion", "created": 1795420783, "model": "bench",
        "choices": [{"index": 0, "message": {"role": "assistant", "content": words}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 52, "completion_tokens": 48, "total_tokens": 100}})


def event(text, finish=None):
    return "data: " + json.dumps({
        "id": "chatcmpl-bench0123456789abcdef", "object": "chat.completion.chunk", "created": 1795420783,
        "model": "bench", "choices": [{"index": 0, "delta": {"content": text} if text else {}, "finish_reason": finish}]})


WORDS = ("Thank you for the details. The second payment of 42.50 EUR was a reservation that your bank has not released "
         "yet; it was never captured by us. It disappears by itself within five working days, and no transfer is needed. "
         "I have put a note on order LF-48213, so please write again if it is still there next week.")


def write(bench, name, requests):
    """A file of requests and answers; `requests` holds (id, body, answer line without its request)."""
    lines = []
    for identity, body, answer in requests:
        lines.append(json.dumps({"id": identity, "path": "/v1/chat/completions", "body": body}))
        lines.append(json.dumps({"request": identity, **answer}))
    return bench.write(name, "\n".join(lines) + "\n")


def json_answer(at=0.0):
    return {"status": 200, "content_type": "application/json", "stream": False, "first_byte_ms": at, "total_ms": at,
            "body": document(WORDS)}


def stream_answer(events, gap, first=None):
    """A stream of so many events, `gap` milliseconds apart."""
    first = gap if first is None else first
    lines = [[first + gap * number, event(f" word{number % 100}")] for number in range(events - 2)]
    end = first + gap * (events - 2)
    lines += [[end, event("", "stop")], [end, "data: [DONE]"]]
    return {"status": 200, "content_type": "text/event-stream", "stream": True, "first_byte_ms": first, "total_ms": end,
            "events": lines}
