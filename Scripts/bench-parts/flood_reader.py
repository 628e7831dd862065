"""Reads answers that never end, at the pace at which mirroring takes them, and gives way.

    python3 flood_reader.py PORT BODY CONNECTIONS BYTES_A_SECOND BYTES_FREE BYTES_AN_ANSWER

Each connection asks, takes the first BYTES_FREE at once, the rest in its turn, and is closed and begun anew at BYTES_AN_ANSWER.
"""

import collections
import selectors
import socket
import sys
import time


def main():
    port, body, connections, pace, free, most = sys.argv[1], sys.argv[2], *(int(word) for word in sys.argv[3:])
    with open(body, "rb") as file:
        body = file.read()
    request = (f"POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
               f"Content-Length: {len(body)}\r\n\r\n").encode() + body
    taken, waiting, ready = {}, collections.deque(), selectors.DefaultSelector()

    def begin():
        one = socket.create_connection(("127.0.0.1", int(port)))
        one.sendall(request)
        taken[one] = 0
        ready.register(one, selectors.EVENT_READ)

    for _ in range(connections):
        begin()
    paid_until = time.monotonic()
    while True:
        for key, _ in ready.select(max(0, paid_until - time.monotonic()) if waiting else None):
            one = key.fileobj
            if taken[one] >= free and paid_until > time.monotonic():
                ready.unregister(one)
                waiting.append(one)
                continue
            count = len(one.recv(16_384))
            if taken[one] >= free:
                paid_until = max(paid_until, time.monotonic() - 1 / 4) + count / pace
            taken[one] += count
            if not count or taken[one] > most:
                ready.unregister(one)
                del taken[one]
                one.close()
                begin()
        if waiting and paid_until <= time.monotonic():
            ready.register(waiting.popleft(), selectors.EVENT_READ)


if __name__ == "__main__":
    main()
