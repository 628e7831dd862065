"""What the official anthropic client asks."""

from asks import MODEL, Ask

# The client's own signature has no temperature for every version; in the body it is what the protocol says.
MESSAGES = {"model": MODEL, "max_tokens": 16, "messages": [{"role": "user", "content": "Name three animals."}],
            "extra_body": {"temperature": 0}}
TOO_LONG = [{"role": "user", "content": "word " * 2500}]
TOOL = {"name": "feed", "description": "Feeds an animal.",
        "input_schema": {"type": "object", "properties": {"animal": {"type": "string"}}}}


def messages(**changes):
    return lambda client, headers: client.messages.create(**{**MESSAGES, **changes}, extra_headers=headers)


ASKS = [
    Ask("messages", messages()),
    Ask("messages_stream", messages(stream=True)),
    Ask("messages_system", messages(system="Answer with one word.")),
    Ask("messages_tools", messages(tools=[TOOL])),
    Ask("messages_count_tokens", lambda client, headers: client.messages.count_tokens(
        model=MODEL, messages=MESSAGES["messages"], extra_headers=headers), mirrored=False),
    Ask("messages_overflow", messages(messages=TOO_LONG), status=400),
    Ask("messages_overflow_stream", messages(messages=TOO_LONG, stream=True), status=400),
    Ask("messages_no_such_path", lambda client, headers: client.post(
        "/v1/nope", cast_to=object, body={}, options={"headers": headers}), mirrored=False, status=404),
]


def long_stream(client, headers):
    """A stream that lasts, for a client that hangs up."""
    body = {"temperature": 0, "ignore_eos": True}
    return messages(stream=True, max_tokens=200, extra_body=body)(client, headers)
