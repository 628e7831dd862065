"""What the official openai client asks: every mirrored endpoint, streamed and not, and what a server refuses."""

from asks import MODEL, Ask

QUESTION = [{"role": "user", "content": "Name three colours."}]
# Without the server's prompt cache an answer does not depend on the request before.
FRESH = {"cache_prompt": False}
CHAT = {"model": MODEL, "temperature": 0, "max_tokens": 16, "messages": QUESTION, "extra_body": FRESH}
UNICODE = [{"role": "user", "content": "Répète : « ça va, 你好 😀 »"}]
TOO_LONG = [{"role": "user", "content": "word " * 2500}]
TOOL = {"type": "function", "function": {
    "name": "mix_colours", "description": "Mixes two colours.",
    "parameters": {"type": "object", "properties": {"first": {"type": "string"}, "second": {"type": "string"}}}}}
SCHEMA = {"type": "json_schema", "json_schema": {"name": "answer", "strict": True, "schema": {
    "type": "object", "properties": {"colour": {"type": "string", "enum": ["red", "blue"]}},
    "required": ["colour"], "additionalProperties": False}}}
RESPONSE = {"model": MODEL, "input": "Say hello.", "temperature": 0, "max_output_tokens": 12, "extra_body": FRESH}
COMPLETION = {"model": MODEL, "prompt": "The sea is", "temperature": 0, "max_tokens": 12, "extra_body": FRESH}


def chat(**changes):
    return lambda client, headers: client.chat.completions.create(**{**CHAT, **changes}, extra_headers=headers)


def response(**changes):
    return lambda client, headers: client.responses.create(**{**RESPONSE, **changes}, extra_headers=headers)


def completion(**changes):
    return lambda client, headers: client.completions.create(**{**COMPLETION, **changes}, extra_headers=headers)


def post(path, **what):
    return lambda client, headers: client.post(
        path, cast_to=object, options={"headers": {"content-type": "application/json", **headers}}, **what)


ASKS = [
    Ask("chat", chat()),
    Ask("chat_stream", chat(stream=True)),
    Ask("chat_stream_usage", chat(stream=True, stream_options={"include_usage": True})),
    Ask("chat_two_choices", chat(n=2)),
    Ask("chat_two_choices_stream", chat(n=2, stream=True)),
    Ask("chat_logprobs", chat(logprobs=True, top_logprobs=2, max_tokens=4)),
    Ask("chat_tools", chat(tools=[TOOL])),
    Ask("chat_tools_stream", chat(tools=[TOOL], stream=True)),
    Ask("chat_schema", chat(response_format=SCHEMA)),
    Ask("chat_unicode_stream", chat(messages=UNICODE, stream=True)),
    Ask("completion", completion()),
    Ask("completion_stream", completion(stream=True)),
    Ask("response", response()),
    Ask("response_stream", response(stream=True)),
    Ask("models", lambda client, headers: client.models.list(extra_headers=headers), mirrored=False),
    Ask("embeddings", lambda client, headers: client.embeddings.create(
        model=MODEL, input="a colour", extra_headers=headers), mirrored=False, status=501),
    Ask("no_such_path", post("/nope", body={}), mirrored=False, status=404),
    Ask("no_messages", post("/chat/completions", body={"model": MODEL}), mirrored=False, status=400),
    Ask("broken_json", post("/chat/completions", content=b'{"messages": ['), mirrored=False, status=400),
    Ask("messages_of_wrong_type", chat(messages="colours"), mirrored=False, status=400),
    Ask("temperature_of_wrong_type", chat(temperature="hot"), status=400),
    Ask("unknown_fields", chat(max_tokens=4, extra_body={**FRESH, "understudy_unknown": {"a": [None, 1.50, "é"]}})),
    Ask("context_overflow", chat(messages=TOO_LONG), status=400),
    Ask("context_overflow_stream", chat(messages=TOO_LONG, stream=True), status=400),
]


def long_stream(client, headers):
    """A stream that lasts, for a client that hangs up."""
    return chat(stream=True, max_tokens=200, extra_body={**FRESH, "ignore_eos": True})(client, headers)
