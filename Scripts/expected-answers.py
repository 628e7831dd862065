#!/usr/bin/env python3
"""What the official Python clients make of captured answers.

    Scripts/expected-answers.py CAPTURES > Tests/WireTests/Expected/captures.json

CAPTURES is a folder of `*.response.http` files (raw HTTP as a server sent it) with the `*.request.http` beside each.
Every answer to one of the four mirrored endpoints is served on loopback, byte for byte, to the `openai` or `anthropic`
client, and what the client assembled is printed: hashes and lengths of texts and arguments, never the words themselves.

The clients live in a virtual environment under the cache folder; it is made on the first run (needs pip and a network).
"""

import hashlib
import json
import os
import pathlib
import socket
import subprocess
import sys
import threading

CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "understudy" / "clients"
PACKAGES = ["openai>=2", "anthropic>=0.80"]


def ensure_clients():
    """Starts over inside the virtual environment where the clients are missing."""
    try:
        import anthropic  # noqa: F401
        import openai  # noqa: F401
        return
    except ImportError:
        if os.environ.get("UNDERSTUDY_IN_VENV"):
            raise
    python = CACHE / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(CACHE)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", *PACKAGES], check=True)
    os.execve(str(python), [str(python), *sys.argv], {**os.environ, "UNDERSTUDY_IN_VENV": "1"})


class Replay:
    """Answers each connection with the same bytes, whatever is asked, and closes."""

    def __init__(self, answer):
        self.answer = answer
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            with connection:
                self.read_request(connection)
                connection.sendall(self.answer)

    @staticmethod
    def read_request(connection):
        data = b""
        while b"\r\n\r\n" not in data:
            piece = connection.recv(65536)
            if not piece:
                return
            data += piece
        head, body = data.split(b"\r\n\r\n", 1)
        length = 0
        for line in head.split(b"\r\n")[1:]:
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        while len(body) < length:
            piece = connection.recv(65536)
            if not piece:
                return
            body += piece

    def close(self):
        self.listener.close()


def digest(text):
    data = (text or "").encode()
    return {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}


def call(identifier, name, arguments):
    return {"id": identifier, "name": name, "arguments": digest(arguments)}


def chat_choice(choice):
    message = choice.message
    return {
        "text": digest((message.content or "") + (message.refusal or "")),
        "tool_calls": [call(c.id, c.function.name, c.function.arguments) for c in message.tool_calls or []],
        "finish_reason": choice.finish_reason,
    }


def usage_of(usage, names):
    return {} if usage is None else {key: getattr(usage, name) for key, name in names.items()}


OPENAI_USAGE = {"input_tokens": "prompt_tokens", "output_tokens": "completion_tokens"}
RESPONSES_USAGE = {"input_tokens": "input_tokens", "output_tokens": "output_tokens"}


def chat(client, body, seen):
    if not body.get("stream"):
        answer = client.chat.completions.create(**body)
        seen["choices"] = [chat_choice(choice) for choice in answer.choices]
        seen.update(usage_of(answer.usage, OPENAI_USAGE), model=answer.model)
        return
    if body.get("n", 1) > 1:
        return chat_chunks(client, body, seen)
    from openai.lib.streaming.chat import ChatCompletionStreamState

    state = ChatCompletionStreamState()
    for chunk in client.chat.completions.create(**body):
        state.handle_chunk(chunk)
        snapshot = state.current_completion_snapshot
        seen["choices"] = [chat_choice(choice) for choice in sorted(snapshot.choices, key=lambda c: c.index)]
        seen.update(usage_of(snapshot.usage, OPENAI_USAGE), model=snapshot.model)


def chat_chunks(client, body, seen):
    """Joins the client's chunks by index: its own accumulator fails where choice 1 comes before choice 0."""
    texts, reasons = {}, {}
    for chunk in client.chat.completions.create(**body):
        for choice in chunk.choices:
            assert not choice.delta.tool_calls
            texts[choice.index] = texts.get(choice.index, "") + (choice.delta.content or "")
            reasons[choice.index] = choice.finish_reason or reasons.get(choice.index)
        seen["choices"] = [
            {"text": digest(texts[i]), "tool_calls": [], "finish_reason": reasons[i]} for i in sorted(texts)
        ]
        seen.update(usage_of(chunk.usage, OPENAI_USAGE), model=chunk.model)


def completions(client, body, seen):
    texts, reasons = {}, {}
    answer = client.completions.create(**body)
    for chunk in answer if body.get("stream") else [answer]:
        for choice in chunk.choices:
            texts[choice.index] = texts.get(choice.index, "") + (choice.text or "")
            reasons[choice.index] = choice.finish_reason or reasons.get(choice.index)
        seen["choices"] = [
            {"text": digest(texts[i]), "tool_calls": [], "finish_reason": reasons[i]} for i in sorted(texts)
        ]
        seen.update(usage_of(chunk.usage, OPENAI_USAGE), model=chunk.model)


def responses(client, body, seen):
    def keep(response):
        calls = [i for i in response.output if i.type == "function_call"]
        seen["choices"] = [{
            "text": digest(response.output_text),
            "tool_calls": [call(c.call_id, c.name, c.arguments) for c in calls],
            "finish_reason": response.incomplete_details.reason if response.incomplete_details else response.status,
        }]
        seen.update(usage_of(response.usage, RESPONSES_USAGE), model=response.model)

    answer = client.responses.create(**body)
    if not body.get("stream"):
        return keep(answer)
    deltas = ""
    for event in answer:
        if event.type == "response.output_text.delta":
            deltas += event.delta
        elif event.type in ("response.completed", "response.incomplete"):
            keep(event.response)
    if "choices" in seen:
        assert seen["choices"][0]["text"] == digest(deltas), "the deltas and the final response differ"


def messages(client, body, seen):
    def keep(message):
        seen["choices"] = [{
            "text": digest("".join(b.text for b in message.content if b.type == "text")),
            "tool_calls": [call(b.id, b.name, json.dumps(b.input)) for b in message.content if b.type == "tool_use"],
            "finish_reason": message.stop_reason,
        }]
        usage = message.usage
        cached = (usage.cache_read_input_tokens or 0) + (usage.cache_creation_input_tokens or 0)
        seen.update(input_tokens=usage.input_tokens + cached, output_tokens=usage.output_tokens, model=message.model)

    if body.pop("stream", False):
        with client.messages.stream(**body) as stream:
            for _ in stream:
                keep(stream.current_message_snapshot)
    else:
        keep(client.messages.create(**body))


ENDPOINTS = {
    "/v1/chat/completions": chat,
    "/v1/completions": completions,
    "/v1/responses": responses,
    "/v1/messages": messages,
}


# What the clients' signatures demand, for captures of requests that lack it.
REQUIRED = {
    "/v1/chat/completions": {"model": "m", "messages": []},
    "/v1/completions": {"model": "m", "prompt": ""},
    "/v1/responses": {"model": "m", "input": ""},
    "/v1/messages": {"model": "m", "messages": [], "max_tokens": 1},
}


def split_request(path):
    head, _, body = path.read_bytes().partition(b"\r\n\r\n")
    method, target, _ = head.split(b"\r\n")[0].decode().split(" ")
    return method, target.partition("?")[0], body


def observe(path):
    """One capture as its client sees it; None where the request is not one of ours."""
    import anthropic
    import openai

    request = path.with_name(path.name.replace(".response.http", ".request.http"))
    stream = b"text/event-stream" in path.read_bytes().split(b"\r\n\r\n", 1)[0]
    endpoint, body = "/v1/chat/completions", {"model": "m", "messages": [], "stream": stream}
    if request.exists():
        method, endpoint, raw = split_request(request)
        if method != "POST" or endpoint not in ENDPOINTS:
            return None
        try:
            body = json.loads(raw)
        except ValueError:
            pass
    # Members that the client's signature lacks travel as `extra_body`; what is asked does not matter to a replay.
    known = {"model", "messages", "prompt", "input", "max_tokens", "max_output_tokens", "stream", "tools", "n",
             "response_format", "stream_options", "logprobs", "top_logprobs", "temperature", "stop"}
    extra = {key: value for key, value in body.items() if key not in known}
    body = {key: value for key, value in body.items() if key in known}
    for name, value in REQUIRED[endpoint].items():
        body.setdefault(name, value)
    if extra:
        body["extra_body"] = extra
    server = Replay(path.read_bytes())
    seen = {"endpoint": endpoint, "streamed": stream}
    try:
        if endpoint == "/v1/messages":
            body.pop("extra_body", None)
            client = anthropic.Anthropic(api_key="none", base_url=f"http://127.0.0.1:{server.port}", max_retries=0)
        else:
            client = openai.OpenAI(api_key="none", base_url=f"http://127.0.0.1:{server.port}/v1", max_retries=0)
        ENDPOINTS[endpoint](client, body, seen)
    except Exception as error:  # what a client raises is what is observed
        seen["error"] = type(error).__name__
        status = getattr(error, "status_code", None)
        if status:
            seen["status"] = status
    finally:
        server.close()
    return seen


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: expected-answers.py CAPTURES")
    ensure_clients()
    import anthropic
    import openai

    root = pathlib.Path(sys.argv[1])
    result = {"clients": {"openai": openai.__version__, "anthropic": anthropic.__version__}, "captures": {}}
    for path in sorted(root.rglob("*.response.http")):
        seen = observe(path)
        if seen is not None:
            result["captures"][str(path.relative_to(root)).removesuffix(".response.http")] = seen
    json.dump(result, sys.stdout, indent=1, sort_keys=True)
    print()


if __name__ == "__main__":
    main()
