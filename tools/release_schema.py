#!/usr/bin/env python3
"""What the last release asks of PostgreSQL: its migrations and its named statements, by which the next one is
held to leave it running (src/apps/server/release_test.cpp).

    release_schema.py --write VERSION [ROOT]   at a release: into tests/golden/last_release.json
    release_schema.py --statements [ROOT]      those of this tree, as JSON
"""

import json
import pathlib
import re
import sys

GOLDEN = "tests/golden/last_release.json"
QUERY = re.compile(
    r'(?<!duckdb::)(?:pg::)?\bQuery\s+k\w+\s*\{\s*"(?P<name>[a-z_]+\.[a-z0-9_]+)",\s*'
    r'(?:R"sql\((?P<raw>.*?)\)sql"|(?P<plain>"(?:[^"\\]|\\.)*"(?:\s*"(?:[^"\\]|\\.)*")*))\s*\}', re.DOTALL)


def module_of(path, root):
    parts = path.relative_to(root / "src").parts
    return "/".join(parts[:2])


def statements(root):
    found = {}
    for file in sorted((root / "src").rglob("*.cpp")) + sorted((root / "src").rglob("*.h")):
        if file.stem.endswith(("_test", "_bench")) or "duckdb" in file.relative_to(root).parts:
            continue
        text = file.read_text()
        for query in QUERY.finditer(text):
            sql = query["raw"]
            if sql is None:
                sql = "".join(json.loads(part) for part in re.findall(r'"(?:[^"\\]|\\.)*"', query["plain"]))
            if text[max(0, query.start() - 8):query.start()].endswith("duckdb::"):
                continue
            found[query["name"]] = {"name": query["name"], "module": module_of(file, root), "sql": sql.strip()}
    return [found[name] for name in sorted(found)]


def migrations(root):
    return [{"module": module_of(file, root), "file": file.name, "sql": file.read_text()}
            for file in sorted((root / "src").glob("*/*/migrations/*.sql"))]


def main():
    root = pathlib.Path(sys.argv[-1] if len(sys.argv) > (3 if "--write" in sys.argv else 2) else ".")
    if sys.argv[1:2] == ["--statements"]:
        json.dump(statements(root), sys.stdout)
    elif sys.argv[1:2] == ["--write"] and len(sys.argv) > 2:
        told = {"version": sys.argv[2], "migrations": migrations(root), "statements": statements(root)}
        pathlib.Path(GOLDEN).write_text(json.dumps(told, indent=1) + "\n")
        print(f"{GOLDEN}: {len(told['migrations'])} migrations, {len(told['statements'])} statements")
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()
