"""What an official client made of an answer, as plain values that can be compared."""

import dataclasses
import typing

import anthropic
import openai


@dataclasses.dataclass
class Observed:
    """The parsed objects in order (one, or one per event), and the exception that ended them, if one did."""

    objects: typing.List[dict]
    error: typing.Optional[dict] = None

    @property
    def plain(self):
        return {"objects": self.objects, "error": self.error}

    @property
    def status(self):
        return (self.error or {}).get("status") or 200


def observe(call):
    """Makes the call and keeps what came of it."""
    seen = Observed([])
    try:
        result = call()
        if isinstance(result, (openai.Stream, anthropic.Stream, openai.pagination.SyncPage)):
            for item in result:
                seen.objects.append(plain(item))
        else:
            seen.objects.append(plain(result))
    except Exception as error:  # whatever a client raises is what is compared
        seen.error = {"type": type(error).__name__, "status": getattr(error, "status_code", None),
                      "body": getattr(error, "body", None), "text": str(error)}
    return seen


def plain(item):
    return item if isinstance(item, (dict, list, str)) else item.model_dump(mode="json", exclude_unset=True)


# Differ from one answer to the next even where the model says the same.
PASSING = {"id", "item_id", "created", "created_at", "completed_at", "timings"}


def lasting(value):
    """A value without ids and times.

    A server counts cached input apart, and what is cached depends on the request before: it is added to the rest.
    """
    if isinstance(value, list):
        return [lasting(item) for item in value]
    if not isinstance(value, dict):
        return value
    value = {key: lasting(item) for key, item in value.items() if key not in PASSING}
    if "cache_read_input_tokens" in value:
        value["input_tokens"] = value.get("input_tokens", 0) + value.pop("cache_read_input_tokens")
    return value


def texts(observed):
    """The text of each choice by its index, whatever the endpoint, streamed or not."""
    found = {}

    def add(index, text):
        found[index] = found.get(index, "") + (text or "")

    for item in observed.objects:
        for choice in item.get("choices") or []:
            part = choice.get("message") or choice.get("delta") or choice
            add(choice["index"], part.get("content") or part.get("text"))
        for output in item.get("output") or []:
            for part in output.get("content") or []:
                add(0, part.get("text"))
        if item.get("type") == "message":
            for block in item.get("content") or []:
                add(0, block.get("text"))
        if item.get("type") == "response.output_text.delta":
            add(0, item["delta"])
        if item.get("type") == "content_block_delta":
            add(0, item["delta"].get("text"))
    return [found[index] for index in sorted(found)]


def tool_calls(observed):
    """Names and arguments of the tool calls of a chat's first choice."""
    calls = {}
    for item in observed.objects:
        for choice in item.get("choices") or []:
            if choice["index"] != 0:
                continue
            part = choice.get("message") or choice.get("delta") or {}
            for position, call in enumerate(part.get("tool_calls") or []):
                kept = calls.setdefault(call.get("index", position), {"name": "", "arguments": ""})
                function = call.get("function") or {}
                kept["name"] += function.get("name") or ""
                kept["arguments"] += function.get("arguments") or ""
    return [calls[index] for index in sorted(calls)]
