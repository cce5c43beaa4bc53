#!/usr/bin/env python3
"""Checks docs/security.md: that every requirement of ASVS 5.0, levels 1 and 2, has its line; that what a
line names as its proof is in the tree; that the counts at its top are those of its lines. Prints the
counts, or what is wrong. Run it from the root."""

import collections
import pathlib
import re
import sys

DOCUMENT = pathlib.Path("docs/security.md")
STATES = ["met", "partly", "not met", "not applicable"]
CHAPTERS = ["Encoding and sanitization", "Validation and business logic", "Web frontend", "API and web service",
            "Files", "Authentication", "Sessions", "Authorization", "Self-contained tokens", "OAuth and OIDC",
            "Cryptography", "Secure communication", "Configuration", "Data protection",
            "Secure coding and architecture", "Logging and error handling", "WebRTC"]
# How many requirements of levels 1 and 2 a section has: they come first in it. Of level 1: those before.
SECTIONS = {
    "1.1": (2, 0), "1.2": (9, 5), "1.3": (11, 2), "1.4": (3, 0), "1.5": (2, 1),
    "2.1": (3, 1), "2.2": (3, 2), "2.3": (4, 1), "2.4": (1, 0),
    "3.2": (2, 2), "3.3": (4, 1), "3.4": (6, 2), "3.5": (5, 3), "3.7": (2, 0),
    "4.1": (3, 1), "4.2": (1, 0), "4.3": (2, 0), "4.4": (4, 1),
    "5.1": (1, 0), "5.2": (3, 2), "5.3": (2, 2), "5.4": (3, 0),
    "6.1": (3, 1), "6.2": (12, 8), "6.3": (4, 2), "6.4": (4, 2), "6.5": (5, 0), "6.6": (3, 0), "6.8": (4, 0),
    "7.1": (3, 0), "7.2": (4, 4), "7.3": (2, 0), "7.4": (5, 2), "7.5": (2, 0), "7.6": (2, 0),
    "8.1": (2, 1), "8.2": (3, 2), "8.3": (1, 1), "8.4": (1, 0),
    "9.1": (3, 3), "9.2": (4, 1),
    "10.1": (2, 0), "10.2": (2, 0), "10.3": (4, 0), "10.4": (11, 5), "10.5": (5, 0), "10.6": (2, 0), "10.7": (3, 0),
    "11.1": (2, 0), "11.2": (3, 0), "11.3": (3, 2), "11.4": (4, 1), "11.5": (1, 0), "11.6": (1, 0),
    "12.1": (3, 1), "12.2": (2, 2), "12.3": (4, 0),
    "13.1": (1, 0), "13.2": (5, 0), "13.3": (2, 0), "13.4": (5, 1),
    "14.1": (2, 0), "14.2": (4, 1), "14.3": (3, 1),
    "15.1": (3, 1), "15.2": (3, 1), "15.3": (7, 1),
    "16.1": (1, 0), "16.2": (5, 0), "16.3": (4, 0), "16.4": (3, 0), "16.5": (3, 0),
    "17.1": (1, 0), "17.2": (4, 0), "17.3": (2, 0),
}
REFERENCE = re.compile(r"`([\w.-]+(?:/[\w.-]+)*\.\w+): ([^`]+)`")
Line = collections.namedtuple("Line", "number level what state proof")


def required():
    """(number, level) of every requirement, in order."""
    for section, (count, of_level_1) in SECTIONS.items():
        for i in range(1, count + 1):
            yield f"{section}.{i}", 1 if i <= of_level_1 else 2


def lines(text):
    for row in re.findall(r"^\| (\d+\.\d+\.\d+ \|.*) \|$", text, re.MULTILINE):
        cells = [cell.strip() for cell in row.split(" | ")]
        if len(cells) == 5:
            yield Line(*cells)


def is_there(root, path, what):
    """Whether the file has the test, the heading or the words."""
    file = root / path
    if not file.is_file():
        return False
    text = file.read_text()
    if path.endswith("_test.cpp") and (found := re.fullmatch(r"(\w+)\.(\w+)", what)):
        suite, name = found.groups()
        return re.search(rf"^TEST(?:_F|_P)?\(\s*{suite},\s*{name}\)", text, re.MULTILINE) is not None
    if path.endswith(".py") and re.fullmatch(r"[\w.]+", what):
        return re.search(rf"^\s*def {what.rsplit('.', 1)[-1]}\(", text, re.MULTILINE) is not None
    if path.endswith(".md"):
        return re.search(rf"^#+ {re.escape(what)}$", text, re.MULTILINE) is not None
    return what in " ".join(text.split())


def is_proof(path):
    """A test, or a document where a document is what is asked for."""
    return re.search(r"_test\.(cpp|py)$|\.spec\.ts$|\.test\.tsx?$|\.md$", path) is not None


def counts(all_lines):
    out = ["| chapter | met | partly | not met | not applicable | of |", "|---|---|---|---|---|---|"]
    total = collections.Counter()
    for number, chapter in enumerate(CHAPTERS, 1):
        of_it = collections.Counter(line.state for line in all_lines if line.number.startswith(f"{number}."))
        total += of_it
        cells = [of_it[state] for state in STATES]
        out.append(f"| {number} {chapter} | " + " | ".join(map(str, cells)) + f" | {sum(cells)} |")
    cells = [total[state] for state in STATES]
    out.append("| all | " + " | ".join(map(str, cells)) + f" | {sum(cells)} |")
    return "\n".join(out)


def faults(root, text):
    all_lines = list(lines(text))
    said = [line.number for line in all_lines]
    wanted = list(required())
    for number, _ in wanted:
        if said.count(number) != 1:
            yield f"{number}: {'no line' if number not in said else 'more than one line'}"
    levels = dict(wanted)
    for line in all_lines:
        if line.number not in levels:
            yield f"{line.number}: is no requirement of level 1 or 2"
        elif line.level != str(levels[line.number]):
            yield f"{line.number}: is of level {levels[line.number]}"
        if line.state not in STATES:
            yield f"{line.number}: {line.state}: is none of {', '.join(STATES)}"
        if line.state == "met" and not any(is_proof(path) for path, _ in REFERENCE.findall(line.proof)):
            yield f"{line.number}: is said to be met, but no test shows it"
        if line.state != "met" and len(line.proof) < 5:
            yield f"{line.number}: does not say why"
    for path, what in sorted(set(REFERENCE.findall(text))):
        if not is_there(root, path, what):
            yield f"{path}: there is no {what}"
    if counts(all_lines) not in text:
        yield "the counts are not those of the lines:\n" + counts(all_lines)


def main():
    text = DOCUMENT.read_text()
    found = list(faults(pathlib.Path("."), text))
    print("\n".join(found) or counts(list(lines(text))))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
