"""A model server that answers with recorded bytes, in the recorded pieces, and closes as the recorded server did.

Every recorded server closed its connection after the answer, also where it said that it would not.
"""

import socket
import threading

from raw_http import head_and_rest

PATIENCE_SECONDS = 30


class ReplayServer:
    """Answers every request with `pieces`; where `await_piece` is set, it says when the next may be sent."""

    def __init__(self, pieces):
        self.pieces = pieces
        self.await_piece = None
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.listener.close()

    def _accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        with connection:
            try:
                if not read_request(connection):
                    return
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                await_piece, sent = self.await_piece, 0
                for piece in self.pieces:
                    connection.sendall(piece)
                    sent += len(piece)
                    if await_piece and not await_piece(sent):
                        break
            except OSError:
                return  # the client left


def read_request(connection):
    """Reads one request with a Content-Length or none; False where the connection ended before."""
    data = b""
    while (parts := head_and_rest(data)) is None or len(parts[1]) < content_length(parts[0]):
        piece = connection.recv(1 << 16)
        if not piece:
            return False
        data += piece
    return True


def content_length(lines):
    for line in lines[1:]:
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            return int(value)
    return 0


class LockStep:
    """Lets the server send a piece only when the client has the bytes of the one before."""

    def __init__(self, answer):
        self.head = answer.index(b"\r\n\r\n") + 4
        self.changed = threading.Condition()
        self.body_bytes = -1
        self.late = None

    def received(self, data):
        """Told by the client: all the bytes that it has. The gateway's head may have another length."""
        parts = head_and_rest(data)
        if parts:
            with self.changed:
                self.body_bytes = len(parts[1])
                self.changed.notify_all()

    def await_piece(self, sent):
        """Told by the server: the bytes of the answer that it has sent."""
        if sent < self.head:
            return True
        with self.changed:
            there = self.changed.wait_for(lambda: self.body_bytes >= sent - self.head, PATIENCE_SECONDS)
            if not there:
                self.late = f"{self.body_bytes} of {sent - self.head} bytes of the body after {PATIENCE_SECONDS} s"
        return there
