"""What the checks of the layout read: the modules of the manifest, the `import` lines and the declarations of their sources.

The declarations come from a reader of braces, not from a compiler: it is exact for code that `swift format` has laid out.
"""

import json
import os
import pathlib
import re
import subprocess
from dataclasses import dataclass

ROOT = pathlib.Path(__file__).resolve().parents[2]

IMPORT = re.compile(
    r"^[ \t]*(?:@\w+(?:\([^)]*\))? +)*(?:(?:public|package|internal|fileprivate|private) +)?"
    r"import +(?:(?:struct|class|enum|protocol|typealias|func|let|var) +)?(\w+)",
    re.MULTILINE,
)


@dataclass(frozen=True)
class Module:
    """A target of the package."""
    name: str
    kind: str
    dependencies: frozenset
    folder: pathlib.Path

    def files(self):
        return sorted(self.folder.rglob("*.swift"))

    def imports(self):
        """Names of modules that its sources import, of any package, each with the files that do."""
        found = {}
        for file in self.files():
            for name in IMPORT.findall(without_comments(file.read_text())):
                found.setdefault(name, []).append(file)
        return found


def modules():
    """All targets that the manifest describes, the fuzzer's too."""
    described = subprocess.run(
        ["swift", "package", "describe", "--type", "json"], cwd=ROOT, env={**os.environ, "UNDERSTUDY_FUZZ": "1"},
        stdout=subprocess.PIPE, text=True, check=True).stdout
    return [
        Module(it["name"], it["type"], frozenset(it.get("target_dependencies", [])), ROOT / it["path"])
        for it in json.loads(described)["targets"]
    ]


TOKEN = re.compile(
    r"//[^\n]*|/\*|(#*)\"\"\"|(#*)\"", re.DOTALL)


def _blank(text):
    return re.sub(r"[^\n]", " ", text)


def _scan(source, keep_strings):
    """The source with comments blanked out, and strings too unless they are kept; lines and columns stay."""
    out, at = [], 0
    while found := TOKEN.search(source, at):
        start = found.start()
        out.append(source[at:start])
        opening = found.group()
        if opening.startswith("//"):
            at = found.end()
            out.append(_blank(opening))
            continue
        if opening == "/*":
            depth, at = 1, found.end()
            while depth and at < len(source):
                if source.startswith("/*", at):
                    depth, at = depth + 1, at + 2
                elif source.startswith("*/", at):
                    depth, at = depth - 1, at + 2
                else:
                    at += 1
            out.append(_blank(source[start:at]))
            continue
        hashes = "#" * opening.count("#")
        at = _end_of_string(source, found.end(), opening.strip("#") + hashes, "\\" + hashes)
        text = source[start:at]
        out.append(text if keep_strings else _blank(text))
    out.append(source[at:])
    return "".join(out)


def _end_of_string(source, at, closing, escape):
    """The place behind the string's end; interpolations are stepped over."""
    while at < len(source):
        if source.startswith(closing, at):
            return at + len(closing)
        if source.startswith(escape + "(", at):
            at = _end_of_interpolation(source, at + len(escape) + 1)
        elif source.startswith(escape, at):
            at += len(escape) + 1
        else:
            at += 1
    return at


def _end_of_interpolation(source, at):
    depth = 1
    while depth and at < len(source):
        found = re.compile(r"(#*)\"\"\"|(#*)\"|[()]").search(source, at)
        if not found:
            return len(source)
        mark, at = found.group(), found.end()
        if mark == "(":
            depth += 1
        elif mark == ")":
            depth -= 1
        else:
            hashes = "#" * mark.count("#")
            at = _end_of_string(source, at, mark.strip("#") + hashes, "\\" + hashes)
    return at


def without_comments(source):
    return _scan(source, keep_strings=True)


def code(source):
    """The source without comments and strings."""
    return _scan(source, keep_strings=False)


def block(code, start):
    """What follows `start`, up to the brace that closes the one before it."""
    depth, at = 1, start
    while depth and (brace := re.compile(r"[{}]").search(code, at)):
        depth, at = depth + (1 if brace.group() == "{" else -1), brace.end()
    return code[start:at]


@dataclass(frozen=True)
class Declaration:
    """A declaration of a type, or of a function or constant that no instance is needed for."""
    name: str
    # Names of the types around it, outermost first.
    inside: tuple
    keyword: str
    access: str
    file: pathlib.Path
    line: int

    @property
    def path(self):
        return ".".join((*self.inside, self.name))


ACCESS = ("open", "public", "package", "internal", "fileprivate", "private")
MODIFIERS = re.compile(
    r"(?:(?:open|public|package|internal|fileprivate|private|static|final|indirect|nonisolated|mutating|lazy|override|"
    r"class|@\w+(?:\([^()]*\))?)\s+)+$")
TYPES = ("struct", "class", "enum", "actor", "protocol", "typealias")


MARK = re.compile(r"[{}]|\b(?:struct|class|enum|actor|protocol|typealias|extension|func|let|var)\b(?=[ \t]+[\w`])")
NAME = re.compile(r"[ \t]+(`[^`]+`|[\w.]+)")


def declarations(file):
    """Types, and functions and constants that no instance is needed for, each with the access that is written at it."""
    source = code(file.read_text())
    found = []
    # What each open brace belongs to: a type's name and, in an extension, its members' access; None for anything else.
    scopes, pending = [], None
    for mark in MARK.finditer(source):
        word = mark.group()
        if word == "{":
            scopes.append(pending)
            pending = None
            continue
        if word == "}":
            if scopes:
                scopes.pop()
            continue
        before = MODIFIERS.search(source, max(0, mark.start() - 200), mark.start())
        words = before.group().split() if before else []
        if word == "class" and re.match(r"class\s+(?:func|let|var)\b", source[mark.start():mark.start() + 80]):
            continue
        name = NAME.match(source, mark.end()).group(1).strip("`")
        inside_types = all(scope is not None for scope in scopes)
        access = next((it for it in ACCESS if it in words), None)
        if access is None and scopes and scopes[-1]:
            access = scopes[-1][1]
        is_type = word in TYPES
        if inside_types and (is_type or (word != "extension" and (not scopes or "static" in words))):
            inside = tuple(part for scope in scopes for part in scope[0].split("."))
            line = source.count("\n", 0, mark.start()) + 1
            found.append(Declaration(name, inside, word, access or "internal", file, line))
        if word == "extension":
            pending = (name, access)
        elif is_type and word != "typealias":
            pending = (name, None)
    return found
