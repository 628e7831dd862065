"""The faults themselves: each is a context that holds while it is entered, or one deed that stays."""

import contextlib
import glob
import os
import shutil
import sqlite3
import subprocess
import sys
import time

from ground import Broken, command


@contextlib.contextmanager
def filled(folder):
    """Every free byte of the file system is taken by one file beside the store."""
    ballast = os.path.join(folder, "ballast")
    with open(ballast, "wb", buffering=0) as file:
        for size in (1 << 20, 4096):
            with contextlib.suppress(OSError):
                while file.write(b"\xa5" * size):
                    pass
    try:
        yield f"{os.path.getsize(ballast) / 1e6:.1f} MB of ballast"
    finally:
        os.remove(ballast)


def unchangeable(words):
    """Why files cannot be made immutable here; an empty string where they can."""
    run = subprocess.run(["chattr", *words], capture_output=True, text=True)
    return run.stderr.strip() if run.returncode else ""


@contextlib.contextmanager
def immutable(store):
    """Neither the database, nor its log, nor the folder can be changed, through open descriptors as well (`chattr +i`).

    A remount would be the thing itself, but the kernel refuses one while a file is open for writing (EBUSY), ext4's own
    emergency remount after an error cannot be undone without unmounting, a loop device set read-only still takes
    the writes of the file system on it, and device-mapper is often not there. The -shm is left alone: it is no data,
    and a write to a mapped page of an immutable file can be a SIGBUS, which no process survives.
    """
    touched = [store, store + "-wal", os.path.dirname(store)]
    touched = [path for path in touched if os.path.exists(path)]
    try:
        if problem := unchangeable(["+i", *touched]):
            raise Broken(f"chattr +i does not work here: {problem}")
        yield "chattr +i on the database, its -wal and the folder"
    finally:
        unchangeable(["-i", *touched])


@contextlib.contextmanager
def locked(store):
    """Another process's write, as a long import or a vacuum would be."""
    with contextlib.closing(sqlite3.connect(store, isolation_level=None, timeout=20)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield "BEGIN IMMEDIATE"
        finally:
            connection.execute("ROLLBACK")


def rightmost_leaf(connection):
    """The page that the next pair goes to, and the size of pages."""
    size, = connection.execute("PRAGMA page_size").fetchone()
    page, = connection.execute(
        "SELECT pageno FROM dbstat WHERE name = 'pair' AND pagetype = 'leaf' ORDER BY path DESC LIMIT 1").fetchone()
    return page, size


def overwrite(store, page, size, garbage):
    """Writes to a page's b-tree header, from a process of its own: closing a descriptor drops our SQLite's locks."""
    program = "import sys; f = open(sys.argv[1], 'r+b'); f.seek(int(sys.argv[2])); f.write(bytes.fromhex(sys.argv[3]))"
    command(sys.executable, "-c", program, store, str((page - 1) * size), garbage.hex())


def damage_live(store):
    """Garbage in the header of the page that the next pair goes to, in the main file of a store that is being written.

    The page must stand in no frame of the log, or the damage would be hidden and then mended by the next checkpoint: so
    the log is emptied, and the write lock taken while it is still empty. A commit of ours then makes the server's
    connections drop the pages that they remember.
    """
    with contextlib.closing(sqlite3.connect(store, isolation_level=None, timeout=20)) as connection:
        deadline = time.monotonic() + 30
        while True:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            connection.execute("BEGIN IMMEDIATE")
            if os.path.getsize(store + "-wal") == 0:
                break
            connection.execute("ROLLBACK")
            if time.monotonic() > deadline:
                raise Broken("The log could not be emptied to damage a page.")
        page, size = rightmost_leaf(connection)
        overwrite(store, page, size, b"\xff" * 8)
        connection.execute("UPDATE store_setting SET value = value")
        connection.execute("COMMIT")
    return f"8 bytes of page {page} (right-most leaf of `pair`), store live"


def damage_at_rest(store):
    """One byte, which says what kind of page it is, while nobody has the store open."""
    with contextlib.closing(sqlite3.connect(store, isolation_level=None)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        page, size = rightmost_leaf(connection)
    overwrite(store, page, size, b"\xf2")
    return f"1 byte of page {page} (right-most leaf of `pair`), between two starts"


def set_aside(store):
    """The damaged files beside the store."""
    return sorted(glob.glob(glob.escape(store) + "*corrupt*"))


def uids_set_aside(ground, store):
    """The pairs that can still be read out of what was set aside, by the index of uids or row by row.

    Not by `sqlite3 .recover`, for which Debian's SQLite lacks what it needs (sqlite_dbpage).
    """
    found, how = set(), []
    for number, path in enumerate(path for path in set_aside(store) if not path_is_companion(path)):
        copy = ground.path(f"set-aside-{number}.sqlite")
        shutil.copy(path, copy)
        # The log's name may be made from the new name or from the old one.
        mark = path[len(store):]
        for log in (path + "-wal", store + "-wal" + mark):
            if os.path.exists(log):
                shutil.copy(log, copy + "-wal")
        with contextlib.closing(sqlite3.connect(copy)) as connection:
            try:
                rows = connection.execute("SELECT uid FROM pair INDEXED BY sqlite_autoindex_pair_1").fetchall()
                found.update(uid for uid, in rows)
                how.append("index")
            except sqlite3.Error:
                found.update(one_by_one(connection))
                how.append("row")
    return found, "+".join(how) or "nothing"


def path_is_companion(path):
    return any(part in os.path.basename(path) for part in ("-wal", "-shm", ".key", ".serve", "-journal"))


def one_by_one(connection):
    """The uids of those rows that lie on sound pages."""
    try:
        highest, = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'pair'").fetchone()
    except (sqlite3.Error, TypeError):
        return
    for number in range(1, highest + 1):
        with contextlib.suppress(sqlite3.Error):
            yield from (uid for uid, in connection.execute("SELECT uid FROM pair WHERE id = ?", (number,)))
