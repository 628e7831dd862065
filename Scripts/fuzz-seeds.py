"""Writes a fuzzer's first inputs: small messages of every kind that the parsers tell apart.

    python3 fuzz-seeds.py SUBJECT DIRECTORY

Seeds are few and small: what is not here is found by coverage.
"""

import gzip
import json
import os
import sys
import zlib

HOST = "Host: a\r\n"
SEEDS = {
    "requests": [
        f"GET /v1/models HTTP/1.1\r\n{HOST}\r\n",
        f"POST /v1/chat/completions HTTP/1.1\r\n{HOST}Content-Length: 11\r\n\r\n{{\"stream\":1}}"[:-1],
        f"POST / HTTP/1.1\r\n{HOST}Transfer-Encoding: chunked\r\n\r\n5;q=\"z\"\r\nhello\r\n0\r\nX-T: 1\r\n\r\n",
        f"GET / HTTP/1.1\r\n{HOST}\r\nGET http://h:8/p HTTP/1.0\r\n\r\n",
        f"POST / HTTP/1.1\r\n{HOST}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        f"POST / HTTP/1.1\r\n{HOST}Expect: 100-continue\r\nConnection: close, x\r\nContent-Length: 2\r\n\r\nab",
        "OPTIONS * HTTP/1.1\r\nHost: [::1]:80\r\n\r\n",
    ],
    "answers": [
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
        "HTTP/1.0 404 Not Found\r\nConnection: close\r\n\r\nnot here",
        "HTTP/1.1 204 No Content\r\n\r\n",
        "HTTP/1.1 304 Not Modified\r\nContent-Length: 99\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 2, 2\r\n\r\n{}",
    ],
    "events": [
        "data: {\"choices\":[]}\n\ndata: [DONE]\n\n",
        ": ping\n\nevent: message_start\r\ndata: {}\r\n\r\n",
        "\ufeffid: 1\rdata: a\rdata: b\r\rretry: 10\n\n",
        "data\n\ndata:\n\nevent: x\n\n",
    ],
    "json": [
        json.dumps({"model": "m", "messages": [{"role": "user", "content": "hi"}], "user": "u", "stream": True}),
        json.dumps({"model": "m", "input": [{"type": "message", "role": "user", "content": [{"text": "hi"}]}], "store": True}),
        json.dumps({"model": "m", "max_tokens": 1, "messages": [{"role": "user", "content": [{"type": "text", "text": "a"}]}]}),
        json.dumps({"model": "m", "prompt": ["a", "b"], "metadata": {"session_id": "s"}}),
        json.dumps({"schema": {"anyOf": [{"$ref": "#"}, {"type": "object", "required": ["a"], "properties": {"a": {
            "type": "integer", "minimum": 1, "enum": [1, 2]}}, "additionalProperties": False}]}, "answer": "{\"a\": 1}"}),
        json.dumps({"schema": {"$defs": {"t": {"type": "array", "items": {"$ref": "#/$defs/t"}, "uniqueItems": True,
                    "prefixItems": [True]}}, "$ref": "#/$defs/t"}, "answer": "[[[]],[]]", "tools": [{"type": "function",
                    "function": {"name": "f", "parameters": {"type": "object"}}}]}),
        '{"a":1e400,"b":-0.0,"c":"\\ud834\\udd1e\\u0000","a":[null,true,1.5e-7,12345678901234567890]}',
        json.dumps({"prompt": "Order A-123456 for jane?", "answer": "I'm sorry, but I can't help with that. " * 9, "other": "a b " * 50}),
    ],
    "codings": [
        gzip.compress(b"{\"a\":1}" * 20), zlib.compress(b"hello " * 50), zlib.compress(b"hello " * 50)[2:-4],
        gzip.compress(b"one") + gzip.compress(b"two"), gzip.compress(bytes(200_000)),
    ],
    "redaction": [
        "Write to jane.roe@example.org or +49 171 2345678, card 4111 1111 1111 1111, IBAN DE89 3704 0044 0532 0130 00.",
        "T-123456 <EMAIL_1> password: hunter2 Authorization: Bearer abcdefghijklmnopqrstuvwxyz0123456789",
        "jane&#64;example.org jane%40example.org jane\u200b@\u200bexample.org \uff14\uff11\uff11\uff11 00:1B:44:11:3A:B7 2001:db8::1",
        "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n-----END PRIVATE KEY-----",
    ],
    "files": [
        "item,rater,choice,harm,comment\nx,r1,a,,\"two\nlines \"\"q\"\"\"\ny,r2,both_good,b,=1+1\n",
        "item;rater;choice\r\nx;r1;A\r\n",
        json.dumps({"item": "x", "rater": "r", "choice": "a", "harm": None}) + "\n" + json.dumps({"pair": "p", "rater": "r", "preferred": "tie"}),
        json.dumps([{"id": 1, "data": {"item": "x"}, "annotations": [{"completed_by": 1, "result": [{"from_name": "choice", "type": "choices",
                    "value": {"choices": ["a"]}}]}]}]),
        json.dumps({"id": "1", "time": "2026-11-16T09:00:00Z", "session": "s", "intent": "payment", "prompt": "p",
                    "request": {"temperature": 0.2, "response_format": {}, "tools": []}, "sampling_probability": 0.1,
                    "stable": {"version": "v1", "text": "a", "tool_calls": [{"id": "c", "name": "f", "arguments": "{}"}], "total_ms": 9.5,
                               "scores": {"judge": 0.8}}, "shadow": {"version": "v2", "outcome": "timeout"}}),
        json.dumps({"id": "1", "scores": {"stable": {"x": 0.5}}}),
    ],
    # Bytes that stand for changes; the reader of FuzzStore.swift makes something of any.
    "store": [bytes([n * 37 % 256 for n in range(start, start + 40)]) for start in range(0, 120, 10)],
}


def main():
    kind, directory = sys.argv[1:]
    for number, text in enumerate(SEEDS[kind]):
        with open(os.path.join(directory, f"seed-{number}"), "wb") as file:
            file.write(bytes([number * 37 % 256]) + (text if isinstance(text, bytes) else text.encode()))


if __name__ == "__main__":
    main()
