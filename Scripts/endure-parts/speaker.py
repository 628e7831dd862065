"""A model server of this process that says whatever a function of the request says, also badly."""

import contextlib
import socket
import threading


class Speaker:
    """Threads, one a connection; `says` is given the request's body and gives a JSON document.

    `drips` answers with an event stream that never ends, `hangs` with nothing.
    """

    def __init__(self, says, drips=False, hangs=False):
        self.says, self.drips, self.hangs = says, drips, hangs
        self.ended = threading.Event()
        self.listener = socket.socket()
        self.listener.bind(("127.0.0.1", 0))
        self.listener.listen(256)
        self.port = self.listener.getsockname()[1]
        self.connections = set()
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.ended.set()
        for one in [self.listener, *self.connections]:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self.listener.accept()
                self.connections.add(connection)
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        with contextlib.suppress(OSError, ValueError), connection:
            reader = connection.makefile("rb")
            while True:
                fields = {}
                if not reader.readline():
                    break
                while (line := reader.readline().strip()):
                    name, _, value = line.decode("latin-1").partition(":")
                    fields[name.lower()] = value.strip()
                body = self._body(reader, fields)
                self._answer(connection, body)
        self.connections.discard(connection)

    @staticmethod
    def _body(reader, fields):
        if fields.get("transfer-encoding") != "chunked":
            return reader.read(int(fields.get("content-length", 0)))
        body = b""
        while (size := int(reader.readline().split(b";")[0], 16)):
            body += reader.read(size)
            reader.readline()
        reader.readline()
        return body

    def _answer(self, connection, body):
        if self.hangs:
            self.ended.wait()
            return
        if not self.drips:
            said = self.says(body).encode()
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(said) + said)
            return
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
        event = b'data: {"choices":[{"index":0,"delta":{"content":"x"}}]}\n\n'
        while not self.ended.wait(0.05):
            connection.sendall(b"%x\r\n%s\r\n" % (len(event), event))
