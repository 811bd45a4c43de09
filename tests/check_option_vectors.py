"""check_option_vectors — every value of every option changes a vector.

    check_option_vectors.py CSQ_VECTORS TZ FILE...

For each value that is not the default, some case of the files must have another answer once the
option is left out of it: by the oracle, and then by the library, which runs both cases.
"""

import copy
import json
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE / "oracle"))

from business_time import Zones  # noqa: E402
from check_sla_cases import Tool  # noqa: E402
from sla_cases import OPTIONS, OWN_OPTIONS, expected  # noqa: E402


def wanted():
    """(option, value) of all values but the defaults, which stand first."""
    options = {**OPTIONS, **OWN_OPTIONS}
    found = [(name, value) for name, values in options.items() for value in values[1:]]
    found += [("target_days", None), ("end_of_day", True)]
    return found + [("business_hours", False), ("run_statuses", None)]


def holder(case, name):
    """The object in which an option stands."""
    return case["policy"] if name in ("business_hours", "run_statuses") else case["policy"].get("options", {})


def without(case, name):
    """The case as it is by default."""
    made = copy.deepcopy(case)
    if name == "business_hours":
        made["policy"][name] = True
    elif name == "run_statuses":
        del made["policy"][name]
    else:
        del made["policy"]["options"][name]
    if name == "target_days":
        made["policy"]["target_seconds"] = 3600
        made["policy"]["options"].pop("end_of_day", None)
        made["policy"].pop("escalations", None)
    made["id"] += "-without"
    return made


def pairs(cases, zones):
    """For each option and value the first case that it changes, and that case without it."""
    found = {}
    for case in cases:
        for name, value in wanted():
            has = name in holder(case, name) and value in (None, holder(case, name)[name])
            if not has or (name, value) in found:
                continue
            other = without(case, name)
            other["expect"] = expected(other, zones)
            if other["expect"] != expected(case, zones):
                found[name, value] = (case, other)
    return found


def main():
    program, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    cases = []
    for path in sys.argv[3:]:
        cases += [json.loads(line) for line in open(path, encoding="utf-8")]
    for case in cases:
        case["policy"].setdefault("options", {})
    found = pairs(cases, Zones(folder))
    missing = [pair for pair in wanted() if pair not in found]
    for name, value in missing:
        print("no vector changes with %s %s" % (name, "" if value is None else value))
    failed = {}
    for case, other in found.values():
        failed.update(Tool(program, folder).run([case, other])[0])
    for lines in failed.values():
        print("\n".join(lines))
    print("%d options and values, %d without a vector, %d answered otherwise"
          % (len(wanted()), len(missing), len(failed)))
    sys.exit(1 if missing or failed else 0)


if __name__ == "__main__":
    main()
