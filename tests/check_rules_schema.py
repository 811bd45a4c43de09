"""check_rules_schema — docs/rules.schema.json says the same as the library.

Members and choices are compared with the tables of lib/rules/shape.c. With python3-jsonschema, the
schema must take every sample document and refuse every wrong one below; without it, that part is
skipped (status 77).
"""

import json
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SCHEMA = json.loads((ROOT / "docs/rules.schema.json").read_text(encoding="utf-8"))
DEFS = SCHEMA["$defs"]
CALENDAR = DEFS["calendar"]["oneOf"]
TEST = DEFS["test"]["anyOf"][1]["properties"]
VERSION = CALENDAR[4]["properties"]["versions"]["items"]["properties"]
METRIC = DEFS["metric"]["properties"]
OPTIONS = DEFS["options"]["properties"]

# Tables of shape.c and where the schema says the same.
MEMBERS = {
    "document": SCHEMA["properties"],
    "calendar": [name for kind in CALENDAR for name in kind["properties"]],
    "version": VERSION,
    "zone": [name for kind in DEFS["zone"]["oneOf"][1:] for name in kind["properties"]],
    "week": DEFS["week"]["properties"],
    "holiday": DEFS["holidays"]["items"]["properties"],
    "override": DEFS["overrides"]["additionalProperties"]["oneOf"][1]["properties"],
    "break": DEFS["breaks"]["additionalProperties"]["oneOf"][1]["properties"],
    "metric": METRIC,
    "options": OPTIONS,
    "step": DEFS["step"]["properties"],
    "policy": DEFS["policy"]["properties"],
    "target": {**DEFS["terms"]["properties"], **DEFS["choice"]["properties"]},
    "ranking": DEFS["ranking"]["properties"],
    "lane": DEFS["lane"]["properties"],
    "part": DEFS["part"]["properties"],
    "used": DEFS["used"]["properties"],
    "left": DEFS["left"]["properties"],
    "condition": DEFS["condition"]["properties"],
    "test": TEST,
}
CHOICES = {name: OPTIONS[name]["enum"] for name in OPTIONS if "enum" in OPTIONS[name]}
CHOICES.update({
    "attribute": SCHEMA["properties"]["attributes"]["additionalProperties"]["enum"],
    "nights": CALENDAR[4]["properties"]["nights"]["enum"],
    "kind": METRIC["kind"]["enum"],
    "preset": DEFS["preset"]["enum"],
    "time": METRIC["time"]["enum"],
    "select": SCHEMA["properties"]["select"]["enum"],
})

METRIC_M = '{"metrics": {"m": {"kind": "first_reply"%s}}%s}'
WRONG = [
    "[]",
    '{"calendar": {}}',
    '{"about": {"title": 1}}',
    '{"attributes": {"a": "text"}}',
    '{"attributes": {"any": "set"}}',
    '{"calendars": {"c": {}}}',
    '{"calendars": {"c": {"always_open": false}}}',
    '{"calendars": {"c": {"always_open": true, "zone": "UTC"}}}',
    '{"calendars": {"c": {"union": []}}}',
    '{"calendars": {"c": {"zone": {"offset": "8"}}}}',
    '{"calendars": {"c": {"zone": "UTC", "years": [2020]}}}',
    '{"calendars": {"c": {"zone": "UTC", "week": {"mo": []}}}}',
    '{"calendars": {"c": {"zone": "UTC", "week": {"mon": ["9-17"]}}}}',
    '{"calendars": {"c": {"zone": "UTC", "holidays": [{"name": "x"}]}}}',
    '{"calendars": {"c": {"zone": "UTC", "overrides": {"tomorrow": []}}}}',
    '{"calendars": {"c": {"zone": "UTC", "versions": [{}]}}}',
    '{"select": "some"}',
    '{"metrics": {"m": {}}}',
    '{"metrics": {"m": {"kind": "clock"}}}',
    '{"metrics": {"m": {"kind": "resolution"}}}',
    '{"metrics": {"m": {"kind": "ownership", "stop": {}}}}',
    METRIC_M % (', "group": "g"', ""),
    METRIC_M % (', "options": {"repeat": true}', ""),
    METRIC_M % (', "options": {"on_change": "cary"}', ""),
    METRIC_M % (', "preset": "zendesc"', ""),
    METRIC_M % (', "preset": []', ""),
    METRIC_M % (', "preset": ["zammad", {}]', ""),
    METRIC_M % (', "steps": [{"name": "s"}]', ""),
    METRIC_M % (', "steps": [{"name": "s", "after": "1h", "percent": 5}]', ""),
    METRIC_M % (', "steps": [{"name": "s", "after": "1w"}]', ""),
    METRIC_M % (', "steps": [{"name": "s", "after": 60}]', ""),
    METRIC_M % (', "start": {"status": {}}', ""),
    METRIC_M % (', "start": {"status": []}', ""),
    METRIC_M % (', "start": {"all": {}}', ""),
    METRIC_M % (', "start": {"status": {"previous": {"changed": true}}}', ""),
]
for target in ('{"within": "0h"}', '{"within": "-1h"}', '{"within": 62}', '{"within": ""}', "{}",
               '{"within": "62"}',
               '{"within": "1h", "workdays": 1}', '{"within": "1h", "end_of_day": true}',
               '{"workdays": 0}', '{"by": "priority"}', '{"by": "priority", "values": {}}',
               '{"values": {"a": {"within": "1h"}}}',
               '{"by": "priority", "within": "1h", "otherwise": {"within": "1h"}}'):
    WRONG.append(METRIC_M % ("", ', "policies": [{"name": "p", "targets": {"m": %s}}]' % target))

for ranking in ("{}", '{"lanes": []}', '{"lanes": [{"name": "a"}]}', '{"lanes": [{"match": {}}]}',
                '{"parts": [{"name": "a"}]}', '{"parts": [{"name": "a", "used": []}]}',
                '{"parts": [{"name": "a", "match": {}}]}',
                '{"parts": [{"name": "a", "match": {}, "points": 1, "by": "b"}]}',
                '{"parts": [{"name": "a", "match": {}, "points": 0.5}]}',
                '{"parts": [{"name": "a", "by": "b"}]}',
                '{"parts": [{"name": "a", "by": "b", "values": {}}]}',
                '{"parts": [{"name": "a", "by": "b", "otherwise": 1, "points": 1}]}',
                '{"parts": [{"name": "a", "used": [{"percent": -1, "points": 1}]}]}',
                '{"parts": [{"name": "a", "left": [{"within": 5, "points": 1}]}]}',
                '{"parts": [{"name": "a", "left": [{"within": "5m"}], "values": {}}]}'):
    WRONG.append('{"ranking": %s}' % ranking)


def compare_with_tables():
    """What the schema says otherwise than shape.c, a line each."""
    source = (ROOT / "lib/rules/shape.c").read_text(encoding="utf-8")
    problems = []
    for form, pattern, expected in (("members", r'\{"([a-z_]+)"', MEMBERS),
                                    ("names", r'"([a-z_]+)"', CHOICES)):
        tables = re.findall(r"%s_([a-z_]+)\[\] = \{(.*?)\};" % form, source, re.S)
        for name, body in tables:
            found = re.findall(pattern, body)
            if sorted(found) != sorted(expected.get(name, [])):
                problems.append("%s_%s: shape.c has %s" % (form, name, ", ".join(found)))
            if form == "names" and found != expected.get(name):
                problems.append("names_%s: another order than the schema's" % name)
        missing = set(expected) - {name for name, _ in tables}
        problems += ["shape.c has no table %s_%s" % (form, name) for name in sorted(missing)]
    return problems


def samples():
    """Name and text of every valid document of the project."""
    for path in sorted((ROOT / "examples").rglob("*.json")):
        yield path.name, path.read_text(encoding="utf-8")
    page = (ROOT / "docs/rules.md").read_text(encoding="utf-8")
    for number, block in enumerate(re.findall(r"```json\n(.*?)```", page, re.S)):
        yield "docs/rules.md #%d" % number, block
    for name in ("about", "conditions", "deep", "empty", "everything", "options", "union",
                 "versions", "workdays", "zone_posix"):
        path = ROOT / "tests/fuzz/corpus/rules" / (name + ".json")
        yield path.name, path.read_text(encoding="utf-8")


def validate():
    """Runs the schema over all documents; what is wrong, a line each."""
    import jsonschema
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    validator = jsonschema.Draft202012Validator(SCHEMA)
    problems = []
    for name, text in samples():
        for error in validator.iter_errors(json.loads(text)):
            problems.append("%s: %s: %s" % (name, error.json_path, error.message[:200]))
    for text in WRONG:
        if validator.is_valid(json.loads(text)):
            problems.append("taken, but wrong: %s" % text)
    return problems


def main():
    problems = compare_with_tables()
    try:
        problems += validate()
        skipped = False
    except ImportError:
        print("python3-jsonschema is not installed: documents were not validated")
        skipped = True
    print("\n".join(problems))
    raise SystemExit(1 if problems else 77 if skipped else 0)


if __name__ == "__main__":
    main()
