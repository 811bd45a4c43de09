"""check_presets — docs/clocks.md says of each preset what lib/sla/metric_preset.c sets.

A row of the tables of presets stands for all rows of a preset in the source: the same presets in
the same order, with the same members and values, a value in the words of its enumerator.
"""

import re

import public

ROW = re.compile(r"PRESET_ROW\(([A-Z]\w+), (\w+),\s*(\w+)\)")
ENUMERATIONS = {"start_mode": "START", "reopen_mode": "REOPEN"}


def shown(member, value):
    """A member and its value as the page says them; a flag says nothing but its name."""
    if value == "1":
        return "`%s`" % member
    prefix = "CSQ_%s_" % ENUMERATIONS.get(member, member.upper())
    if not value.startswith(prefix):
        raise SystemExit("%s is no value of %s" % (value, member))
    return "`%s` %s" % (member, value[len(prefix):].lower().replace("_", " "))


def set_by_source():
    """Preset -> what it sets, in the order of the source."""
    text = (public.ROOT / "lib" / "sla" / "metric_preset.c").read_text(encoding="utf-8")
    found = {}
    for preset, member, value in ROW.findall(text):
        found.setdefault(preset.lower(), []).append(shown(member, value))
    return {preset: ", ".join(parts) for preset, parts in found.items()}


def set_by_page():
    """The same of the page."""
    text = (public.ROOT / "docs" / "clocks.md").read_text(encoding="utf-8")
    section = text.split("\n### Presets\n")[1].split("\n### ")[0]
    return dict(re.findall(r"^\| `(\w+)` \| ([^|]+?) \|", section, re.M))


def main():
    source = set_by_source()
    page = set_by_page()
    problems = ["%s: the page says %s, the source %s" % (name, page.get(name), source.get(name))
                for name in sorted(source.keys() | page.keys())
                if page.get(name) != source.get(name)]
    if not problems and list(source) != list(page):
        problems.append("the page has the presets in another order")
    if len(source) < 40:
        problems.append("only %d presets found in the source" % len(source))
    public.report("presets", problems)


if __name__ == "__main__":
    main()
