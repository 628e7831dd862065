"""Sends the written sessions to real model servers and keeps every answer with its timings.

    python3 record.py SESSIONS.jsonl DIRECTORY --stable PORT --shadow PORT --control PORT [--limit N]

Each server has four requests at a time and all three are busy together, so that none has the machine to itself. Stable
goes through the sessions; a later turn carries the answer that stable gave. The shadow has the same bodies in the same
order. The control is a second server of stable's model, which has a session some forty sessions after stable has had it:
in other company, at another moment. DIRECTORY gets requests.jsonl and answers-{stable,shadow,control}.jsonl, line by
line as answers come; started again, it goes on where it stopped. A request that fails is recorded with `error` and what
there was of its answer; after eight failures in a row the recording stops.
"""

import argparse
import collections
import json
import os
import queue
import sys
import threading
import time

from make_traffic import MODEL
from raw_http import Failure, post, text_of

AT_ONCE, LAG = 4, 40
LEGS = ("stable", "shadow", "control")


class Journal:
    """A JSON Lines file that is read at the start and appended to from then on."""

    def __init__(self, path, key):
        self.lock = threading.Lock()
        self.records = {}
        whole = 0
        if os.path.exists(path):
            with open(path, "rb") as file:
                for line in file:
                    if line.endswith(b"\n"):
                        record = json.loads(line)
                        self.records[record[key]] = record
                        whole += len(line)
            os.truncate(path, whole)
        self.key = key
        self.file = open(path, "a", encoding="utf-8")

    def add(self, record):
        with self.lock:
            self.records[record[self.key]] = record
            self.file.write(json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n")
            self.file.flush()


def make_body(session, turn, answers):
    """The body of one turn; `answers` are stable's to the turns before."""
    body = {"model": MODEL}
    system, path = session["system"], session["path"]
    if path == "/v1/completions":
        body["prompt"] = session["turns"][0]
        body["stop"] = ["\n"]
    elif path == "/v1/responses":
        if system:
            body["instructions"] = system
        body["input"] = session["turns"][0]
    else:
        messages = [{"role": "system", "content": system}] if system and path != "/v1/messages" else []
        if system and path == "/v1/messages":
            body["system"] = system
        for position in range(turn + 1):
            messages.append({"role": "user", "content": session["turns"][position]})
            if position < turn:
                messages.append({"role": "assistant", "content": answers[position]})
        body["messages"] = messages
    body["max_output_tokens" if path == "/v1/responses" else "max_tokens"] = session["max_tokens"]
    body["temperature"] = session["temperature"]
    if session["seed"] is not None:
        body["seed"] = session["seed"]
    if session["response_format"]:
        body["response_format"] = session["response_format"]
    if session["stream"]:
        body["stream"] = True
        if session["include_usage"] and path in ("/v1/chat/completions", "/v1/completions"):
            body["stream_options"] = {"include_usage": True}
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


class Recorder:
    def __init__(self, directory, ports):
        self.ports = ports
        self.requests = Journal(os.path.join(directory, "requests.jsonl"), "id")
        self.answers = {leg: Journal(os.path.join(directory, f"answers-{leg}.jsonl"), "request") for leg in LEGS}
        self.failures = 0
        self.stop = threading.Event()

    def ask(self, leg, request):
        """Has the leg answer the request, unless it has done so already."""
        journal = self.answers[leg]
        if request["id"] in journal.records:
            return journal.records[request["id"]]
        headers = {"Content-Type": "application/json", **request["headers"]}
        try:
            answer = post(self.ports[leg], request["path"], headers, request["body"].encode())
            self.failures = 0
        except Failure as failure:
            answer = {**failure.partial, "error": str(failure)}
            self.failures += 1
            if self.failures >= 8:
                self.stop.set()
                return answer
        answer = {"request": request["id"], **answer}
        journal.add(answer)
        return answer

    def converse(self, session, shadow_queue):
        """The stable leg of a session, turn by turn; each request goes to the shadow's queue as it is made."""
        answers = []
        for turn in range(len(session["turns"])):
            if self.stop.is_set():
                return
            name = f"{session['session'][:6]}-{turn + 1}"
            request = self.requests.records.get(name)
            if request is None:
                headers = {"x-session-id": session["session"]}
                if session["names_intent"]:
                    headers["x-intent-class"] = session["intent"]
                request = {"id": name, "intent": session["intent"], "session": session["session"], "turn": turn + 1,
                           "pasted": session["pasted"], "method": "POST", "path": session["path"], "headers": headers,
                           "body": make_body(session, turn, answers)}
                self.requests.add(request)
            shadow_queue.put(request)
            answers.append(text_of(request["path"], self.ask("stable", request)))

    def run(self, sessions):
        """All legs of all sessions."""
        session_queue, shadow_queue, control_queue = queue.Queue(), queue.Queue(), queue.Queue()
        waiting, lock = collections.deque(), threading.Lock()
        for session in sessions:
            session_queue.put(session)

        def converse(session):
            self.converse(session, shadow_queue)
            with lock:
                waiting.append(session)
                if len(waiting) > LAG:
                    control_queue.put(waiting.popleft())

        def again(session):
            for turn in range(len(session["turns"])):
                if not self.stop.is_set():
                    self.ask("control", self.requests.records[f"{session['session'][:6]}-{turn + 1}"])

        def drain(source, work):
            while not self.stop.is_set() and (item := source.get()) is not None:
                work(item)

        def start(source, work):
            threads = [threading.Thread(target=drain, args=(source, work), daemon=True) for _ in range(AT_ONCE)]
            for thread in threads:
                thread.start()
            return threads

        def end(source, threads):
            for _ in threads:
                source.put(None)
            for thread in threads:
                thread.join()

        pools = [start(session_queue, converse), start(shadow_queue, lambda request: self.ask("shadow", request)), start(control_queue, again)]
        end(session_queue, pools[0])
        for session in waiting:
            control_queue.put(session)
        end(shadow_queue, pools[1])
        end(control_queue, pools[2])


def main():
    parser = argparse.ArgumentParser(description="Records the answers of two model servers.")
    parser.add_argument("sessions")
    parser.add_argument("directory")
    for leg in LEGS:
        parser.add_argument(f"--{leg}", type=int, required=True)
    parser.add_argument("--limit", type=int, help="only so many sessions")
    arguments = parser.parse_args()
    with open(arguments.sessions, encoding="utf-8") as file:
        sessions = [json.loads(line) for line in file][:arguments.limit]
    os.makedirs(arguments.directory, exist_ok=True)
    recorder = Recorder(arguments.directory, {leg: getattr(arguments, leg) for leg in LEGS})
    total = sum(len(session["turns"]) for session in sessions)
    start = time.monotonic()

    def tell():
        done = {leg: len(journal.records) for leg, journal in recorder.answers.items()}
        print(f"{time.monotonic() - start:7.0f} s  {done} of {total}", file=sys.stderr, flush=True)

    work = threading.Thread(target=recorder.run, args=(sessions,), daemon=True)
    work.start()
    while work.is_alive():
        work.join(30)
        tell()
        if recorder.stop.is_set():
            sys.exit("Eight requests in a row failed: is the server still there?")


if __name__ == "__main__":
    main()
