#!/usr/bin/env python3
"""Checks that migrations of PostgreSQL can be applied while the program before them still runs: none may hold
a table that is in use for as long as its rows take to be read or written, or take away what that program asks
for. What is to be otherwise is reasoned in the file, before the statement:

    -- safe: the table has a row a company         it is quick, whatever it looks like
    -- contract: nobody has asked for it since 0.3  the program before can no longer run; it is kept out

    migration_lint.py [FOLDER]    of src/, else
"""

import pathlib
import re
import sys

# What is done to a table that was there before: the pattern, what is wrong with it, what to do instead.
# {t} is the table. Those of CONTRACTS want `-- contract:`, the others `-- safe:`.
ALTER = r"ALTER\s+TABLE\s+(?:IF\s+EXISTS\s+)?(?:ONLY\s+)?(?P<t>[\w.]+)\b.*?"
FAULTS = [
    (ALTER + r"\bRENAME\b", "renames what the program before asks for",
     "add the new name, fill it, and take the old one away a release later"),
    (ALTER + r"\bALTER\s+(?:COLUMN\s+)?\w+\s+(?:SET\s+DATA\s+)?TYPE\b", "writes every row anew",
     "add a column of the new type, fill it, and change over"),
    (ALTER + r"\bALTER\s+(?:COLUMN\s+)?\w+\s+SET\s+NOT\s+NULL\b", "reads every row while nobody else may",
     "ADD CONSTRAINT ... CHECK (... IS NOT NULL) NOT VALID, and VALIDATE it in the next file"),
    (ALTER + r"\bADD\s+(?:COLUMN\s+)?(?!CONSTRAINT\b|CHECK\b|FOREIGN\b|UNIQUE\b|PRIMARY\b)\w+(?:(?!,\s*ADD\b).)*?"
     r"\bDEFAULT\s+(?:\(?\s*)?(?:gen_random_uuid|clock_timestamp|random|nextval|uuid_generate\w*|"
     r"statement_timestamp|timeofday)\s*\(", "writes every row anew, for its default differs from row to row",
     "add it without a default, fill it in batches, then SET DEFAULT"),
    (ALTER + r"\bADD\s+(?:COLUMN\s+)?\w+\s+(?:\w*serial\b|(?:(?!,\s*ADD\b).)*?\bGENERATED\b)",
     "writes every row anew", "add it plain, and fill it in batches"),
    (ALTER + r"\bADD\s+(?:COLUMN\s+)?(?!CONSTRAINT\b|CHECK\b|FOREIGN\b|UNIQUE\b|PRIMARY\b)\w+\s+"
     r"(?:(?!,\s*ADD\b|\bDEFAULT\b).)*?\bNOT\s+NULL\b(?!(?:(?!,\s*ADD\b).)*?\bDEFAULT\b)",
     "fails where there are rows, and the program before does not fill it",
     "add it with a constant default, or without NOT NULL"),
    (ALTER + r"\bADD\s+(?:CONSTRAINT\s+\w+\s+)?(?:CHECK|FOREIGN\s+KEY)\b(?!.*\bNOT\s+VALID\b)",
     "reads every row while nobody else may write", "add it NOT VALID, and VALIDATE it in the next file"),
    (ALTER + r"\bADD\s+(?:COLUMN\s+)?(?!CONSTRAINT\b|FOREIGN\b)\w+\s+[^;]*?\bREFERENCES\b",
     "reads both tables while nobody else may write", "add the column, then the constraint NOT VALID"),
    (ALTER + r"\bADD\s+(?:CONSTRAINT\s+\w+\s+)?(?:PRIMARY\s+KEY|UNIQUE)\b(?!\s+USING\s+INDEX)",
     "builds an index while nobody else may write",
     "CREATE UNIQUE INDEX CONCURRENTLY in a file of its own, then ADD CONSTRAINT ... USING INDEX"),
    (r"CREATE\s+(?:UNIQUE\s+)?INDEX\s+(?!CONCURRENTLY\b)(?:IF\s+NOT\s+EXISTS\s+)?\w*\s*ON\s+(?:ONLY\s+)?(?P<t>[\w.]+)",
     "builds an index while nobody else may write",
     "CREATE INDEX CONCURRENTLY in a file of its own, whose first line is `-- outside a transaction`"),
    (r"(?:UPDATE\s+(?:ONLY\s+)?(?P<t>[\w.]+)\s+(?:\w+\s+)?SET|DELETE\s+FROM\s+(?P<t2>[\w.]+))\b",
     "holds every row that it touches to its end", "fill in batches, by a job"),
    (r"(?:LOCK\s+(?:TABLE\s+)?(?P<t>[\w.]+)|CLUSTER\s+(?P<t2>[\w.]+)|VACUUM\s+FULL\s+(?P<t3>[\w.]+)|"
     r"REINDEX\s+(?:TABLE|INDEX)\s+(?!CONCURRENTLY)(?P<t4>[\w.]+))", "keeps everybody else out", "do without"),
]
CONTRACTS = [
    (ALTER + r"\bDROP\s+(?:COLUMN\s+)?(?!CONSTRAINT\b|DEFAULT\b|NOT\b|EXPRESSION\b|IDENTITY\b)(?:IF\s+EXISTS\s+)?\w+",
     "takes a column away that the program before asks for", "do it a release after nobody asks for it"),
    (r"(?:DROP\s+TABLE|TRUNCATE(?:\s+TABLE)?)\s+(?:IF\s+EXISTS\s+)?(?P<t>[\w.]+)",
     "takes a table away that the program before asks for", "do it a release after nobody asks for it"),
    (r"DROP\s+(?:SCHEMA|VIEW|MATERIALIZED\s+VIEW|FUNCTION|PROCEDURE|TYPE|SEQUENCE|ROLE)\s+(?:IF\s+EXISTS\s+)?(?P<t>[\w.]+)",
     "takes away what the program before asks for", "do it a release after nobody asks for it"),
    (r"REVOKE\s+(?!GRANT\s+OPTION)(?!CREATE\s+ON\s+SCHEMA\b)(?!.*\bFROM\s+PUBLIC\b)[\w\s,]*\bON\s+(?:TABLE\s+|FUNCTION\s+|SEQUENCE\s+)?(?P<t>[\w.]+)",
     "takes a right away that the program before uses", "do it a release after nobody uses it"),
]


def without_bodies(text):
    """Strings and bodies of functions as blanks: what they say is no statement of this file."""
    def blank(found):
        return re.sub(r"[^\n]", " ", found.group())
    text = re.sub(r"\$(\w*)\$.*?\$\1\$", blank, text, flags=re.DOTALL)
    return re.sub(r"'(?:[^']|'')*'", lambda found: "'" + " " * (len(found.group()) - 2) + "'", text)


def statements(text):
    """Each with the number of its first line and the comments before and within it."""
    comments = {}

    def keep(found):
        comments[found.start()] = found.group()
        return " " * len(found.group())
    bare = without_bodies(re.sub(r"--[^\n]*", keep, text))
    start = 0
    for end in [*(found.start() for found in re.finditer(";", bare)), len(bare)]:
        statement = bare[start:end]
        if statement.strip():
            first = start + len(statement) - len(statement.lstrip())
            said = [comment for at, comment in comments.items() if start <= at < end]
            yield text.count("\n", 0, first) + 1, statement.strip(), said
        start = end + 1


def reasons(comments, word):
    return any(re.search(rf"--\s*{word}:\s*\S.{{9,}}", comment) for comment in comments)


def faults(text):
    """(line, what) of all that is wrong in a migration."""
    bare = without_bodies(re.sub(r"--[^\n]*", "", text))
    made = set(re.findall(r"CREATE\s+(?:UNLOGGED\s+)?(?:TABLE|VIEW|FUNCTION|SEQUENCE)\s+"
                          r"(?:IF\s+NOT\s+EXISTS\s+)?([\w.]+)", bare, re.IGNORECASE))
    if re.search(r"\bCONCURRENTLY\b", bare, re.IGNORECASE):
        if not text.startswith("-- outside a transaction"):
            yield 1, "CONCURRENTLY does not go within a transaction: begin with `-- outside a transaction`"
        if len(list(statements(text))) != 1:
            yield 1, "what is outside a transaction is one statement a file"
    for line, statement, said in statements(text):
        for rules, word in ((FAULTS, "safe"), (CONTRACTS, "contract")):
            for pattern, wrong, instead in rules:
                found = re.match(pattern, statement, re.IGNORECASE | re.DOTALL)
                table = found and next((t for t in found.groupdict().values() if t), "")
                if found and table not in made and not reasons(said, word):
                    yield line, f"{wrong}: {instead}; or say why it may, -- {word}: ..."


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "src")
    files = [file for file in sorted(root.glob("**/migrations/*.sql")) if file.parent.parent.name != "duckdb"]
    found = [f"{file}:{line}: {what}" for file in files for line, what in faults(file.read_text())]
    print("\n".join(found) or f"{len(files)} migrations can be applied while the program before them runs")
    return 1 if found or not files else 0


if __name__ == "__main__":
    sys.exit(main())
