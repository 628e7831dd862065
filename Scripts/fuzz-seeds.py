"""Writes a fuzzer's first inputs: small messages of every kind that the parsers tell apart.

    python3 fuzz-seeds.py requests|answers|events DIRECTORY
"""

import os
import sys

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
}


def main():
    kind, directory = sys.argv[1:]
    for number, text in enumerate(SEEDS[kind]):
        with open(os.path.join(directory, f"seed-{number}"), "wb") as file:
            file.write(bytes([number * 37 % 256]) + text.encode())


if __name__ == "__main__":
    main()
