"""desk — what the tests of service_desk share: running it, and reading the tables it prints."""
import os
import pathlib
import sqlite3
import subprocess
import tempfile
import unittest

PROGRAM = os.environ.get("SERVICE_DESK", "service_desk")
DATA = pathlib.Path(os.environ.get("SERVICE_DESK_DATA",
                                   pathlib.Path(__file__).parents[1] / "data"))
LOG = pathlib.Path(os.environ.get("SERVICE_DESK_LOG", DATA / "incidents.csv"))
RULES = DATA / "servicenow.rules.json"
PAGE = pathlib.Path(__file__).parents[2] / "docs" / "first-run.md"

COLUMNS = ("number", "incident_state", "sys_mod_count", "made_sla", "opened_at", "sys_updated_at",
           "priority", "assignment_group", "assigned_to")
HEADER = ",".join(COLUMNS)


def run(*arguments, **options):
    """Runs service_desk; the result has returncode, stdout and stderr as text."""
    return subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, encoding="utf-8",
                          timeout=300, check=False, **options)


def content(database):
    """All that the database keeps, in an order of its own."""
    with sqlite3.connect(database) as connection:
        return {
            table: connection.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall()
            for table in ("rules", "incident", "event", "import")
        }


class DeskTest(unittest.TestCase):
    """A test with a directory of its own, and a database in it."""

    def check_page(self, section, text):
        """Whether the lines that the page shows stand in the output, in their order."""
        lines = iter(text.splitlines())
        shown = page(section)
        self.assertGreater(len(shown), 5)
        for line in shown:
            self.assertTrue(any(line == found for found in lines), line)

    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = pathlib.Path(directory.name)
        self.database = self.directory / "desk.db"

    def write(self, name, text):
        path = self.directory / name
        if isinstance(text, bytes):
            path.write_bytes(text)
        else:
            path.write_text(text, encoding="utf-8")
        return path

    def do(self, *arguments):
        """Runs a command that has to succeed; its result."""
        result = run(self.database, *arguments)
        self.assertEqual(result.returncode, 0, result.stderr)
        return result

    def fail_with(self, status, words, *arguments):
        """Runs service_desk, which has to fail cleanly and say the words on stderr."""
        result = run(*arguments)
        self.assertEqual(result.returncode, status, result.stderr)
        self.assertEqual(result.stdout, "")
        for line in result.stderr.splitlines():
            self.assertTrue(line.startswith("service_desk: ") or status == 2, line)
        self.assertIn(words, result.stderr)
        return result


def tables(text):
    """The tables of a report: (metric, headings, rows), by the rules of dashes under headings."""
    found = []
    metric = None
    lines = text.splitlines()
    for index, line in enumerate(lines):
        if line.startswith("== "):
            metric = line.strip("= ")
        elif line.startswith("Comparison"):
            metric = None
        if line.startswith("  --") and set(line) <= {" ", "-"}:
            headings = split(lines[index - 1])
            rows = []
            for row in lines[index + 1:]:
                if not row.strip():
                    break
                rows.append(dict(zip(headings, split(row))))
            found.append((metric, headings, rows))
    return found


def page(section):
    """The lines that the page of the first run shows under a heading, without "…"."""
    text = PAGE.read_text(encoding="utf-8").split(f"\n## {section}\n")[1].split("\n## ")[0]
    return [line[4:] for line in text.splitlines()
            if line.startswith("    ") and line.strip() != "…" and "service_desk" not in line]


def split(line):
    """Cells are two blanks apart at least."""
    return [cell.strip() for cell in line.strip().split("  ") if cell.strip()]


def minutes(text):
    """"1,063:59" as minutes."""
    hours, minute = text.replace(",", "").split(":")
    return int(hours) * 60 + int(minute)
