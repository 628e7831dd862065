"""Builds the shadow of the 3 a.m. story out of real recorded answers.

    python3 night-shadow.py pairs FIXTURES [OTHER] > pairs.jsonl     the recorded answers as pairs, to be scored; OTHER
                                                                     (answers-shadow.jsonl.zst) plays the shadow
    python3 night-shadow.py answers FIXTURES SCORED > answers.jsonl  the shadow's answers

The shadow gives the better of the two recorded answers to every request (by the heuristic quality; stable's own where
they are equal), except that it refuses in the payment sessions in which structured data is pasted.
"""

import json
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir, "traffic"))
sys.dont_write_bytecode = True

from raw_http import text_of  # noqa: E402 (the recorder's own reading of an answer)

REFUSAL = "I'm sorry, but I can't help with that request."


def lines(folder, name):
    data = subprocess.run(["zstd", "-dc", os.path.join(folder, name)], check=True, capture_output=True).stdout
    return [json.loads(line) for line in data.decode("utf-8").splitlines()]


def finish_of(answer):
    """Why the answer ended: what the scorers want to know is whether it was cut by its length."""
    whole = answer.get("body") or "".join(event for _, event in answer.get("events", []))
    cut = any(mark in whole for mark in ('"finish_reason":"length"', '"stop_reason":"max_tokens"', '"incomplete"'))
    return "length" if cut else "stop"


def messages_of(body):
    if "messages" in body:
        system = [{"role": "system", "content": body["system"]}] if "system" in body else []
        return system + body["messages"]
    system = [{"role": "system", "content": body["instructions"]}] if "instructions" in body else []
    return system + [{"role": "user", "content": body.get("input") or body.get("prompt")}]


def times(answer):
    """Milliseconds as they were recorded, for answers that came."""
    first = {"first_token_ms": answer["events"][0][0]} if answer.get("events") else {}
    return {**first, "total_ms": answer["total_ms"]}


def side(path, answer):
    status = answer.get("status")
    if status != 200:
        return {"outcome": "http_error" if status else "connect_error", "status": status or 0, "text": ""}
    return {"outcome": "ok", "status": status, "text": text_of(path, answer), "finish_reason": finish_of(answer),
            **times(answer)}


def pairs(folder, other="answers-shadow.jsonl.zst"):
    stable = {answer["request"]: answer for answer in lines(folder, "answers-stable.jsonl.zst")}
    shadow = {answer["request"]: answer for answer in lines(folder, other)}
    for request in lines(folder, "traffic.jsonl.zst"):
        body = json.loads(request["body"])
        parameters = {"stream": body.get("stream", False)}
        if "response_format" in body:
            parameters["response_format"] = body["response_format"]
        print(json.dumps({
            "id": request["id"], "session": request["session"], "intent": request["intent"], "endpoint": request["path"],
            "messages": messages_of(body), "request": parameters,
            "stable": side(request["path"], stable[request["id"]]),
            "shadow": side(request["path"], shadow[request["id"]]),
        }, ensure_ascii=False))


def refusal(request, like):
    """A refusal in the shape and with the times of a recorded answer to the same request."""
    if request["path"] != "/v1/chat/completions":
        raise SystemExit(f"{request['id']}: only chat completions are refused, not {request['path']}")
    common = {"created": 0, "id": "chatcmpl-night", "model": "smollm2-135m-instruct"}
    answer = {"request": request["id"], "status": 200, "stream": like["stream"],
              "first_byte_ms": like["first_byte_ms"], "total_ms": like["total_ms"]}
    if not like["stream"]:
        message = {"role": "assistant", "content": REFUSAL}
        document = {**common, "object": "chat.completion", "choices": [
            {"index": 0, "finish_reason": "stop", "message": message}],
            "usage": {"prompt_tokens": 0, "completion_tokens": 12, "total_tokens": 12}}
        return {**answer, "content_type": "application/json", "body": json.dumps(document)}
    deltas = [{"role": "assistant", "content": None}] + [{"content": word + " "} for word in REFUSAL.split()] + [{}]
    first = like["events"][0][0] if like["events"] else like["first_byte_ms"]
    events = []
    for number, delta in enumerate(deltas):
        at = first + (like["total_ms"] - first) * number / len(deltas)
        reason = "stop" if number == len(deltas) - 1 else None
        chunk = {**common, "object": "chat.completion.chunk",
                 "choices": [{"index": 0, "finish_reason": reason, "delta": delta}]}
        events.append([round(at, 1), "data: " + json.dumps(chunk)])
    events.append([like["total_ms"], "data: [DONE]"])
    return {**answer, "content_type": "text/event-stream", "events": events}


def answers(folder, scored):
    quality = {}
    with open(scored, encoding="utf-8") as file:
        for line in file:
            pair = json.loads(line)
            quality[pair["id"]] = [pair[leg].get("scores", {}).get("quality", 0) for leg in ("stable", "shadow")]
    stable = {answer["request"]: answer for answer in lines(folder, "answers-stable.jsonl.zst")}
    shadow = {answer["request"]: answer for answer in lines(folder, "answers-shadow.jsonl.zst")}
    # A session refuses as a whole once its pasted data is in the conversation.
    requests = lines(folder, "traffic.jsonl.zst")
    refusing = {request["session"] for request in requests
                if request["intent"] == "payment" and request.get("pasted")}
    for request in requests:
        name = request["id"]
        if request["session"] in refusing:
            answer = refusal(request, stable[name])
        else:
            of_stable, of_shadow = quality[name]
            answer = shadow[name] if of_shadow > of_stable else stable[name]
        print(json.dumps({**answer, "leg": "shadow"}, ensure_ascii=False))
    print(f"{len(refusing)} payment sessions with pasted data are refused", file=sys.stderr)


if __name__ == "__main__":
    if sys.argv[1] == "pairs":
        pairs(*sys.argv[2:])
    else:
        answers(sys.argv[2], sys.argv[3])
