#!/usr/bin/env bash
# campaign — fuzzes every target with libFuzzer, starting from its corpus.
#
#     tests/fuzz/campaign.sh [SECONDS] [TARGET...]
#
# SECONDS is for each target (default 60). What is found lies in build-fuzz/; new inputs stay there
# too (build-fuzz/corpus/), the committed corpus is only read. Needs clang with its runtime.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
seconds=${1:-60}
[ $# -gt 0 ] && shift
out=$root/build-fuzz
flags=(-std=c11 -ffp-contract=off -g -O1 -fno-omit-frame-pointer -I"$root/include" -I"$root/lib"
       -I"$root/tests" -DCSQ_STATIC -fno-sanitize-recover=all)
mkdir -p "$out/lib"

for source in "$root"/lib/*/*.c; do
    module=$(basename "$(dirname "$source")")
    clang "${flags[@]}" -fsanitize=fuzzer-no-link,address,undefined -c "$source" \
        -o "$out/lib/${module}_$(basename "$source" .c).o"
done

failed=0
for source in "$root"/tests/fuzz/fuzz_*.c; do
    name=$(basename "$source" .c)
    entry=${name#fuzz_}
    if [ $# -gt 0 ] && [[ " $* " != *" $entry "* ]]; then
        continue
    fi
    clang "${flags[@]}" -fsanitize=fuzzer,address,undefined "$source" "$out"/lib/*.o -lm \
        -o "$out/$name"
    mkdir -p "$out/corpus/$entry"
    echo "== $entry, $seconds s"
    (cd "$out" && "./$name" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=1024 \
        -print_final_stats=1 "corpus/$entry" "$root/tests/fuzz/corpus/$entry" \
        >"$name.log" 2>&1) || { failed=$((failed + 1)); echo "   FAILED, see build-fuzz/$name.log"; }
    grep -E 'number_of_executed_units|new_units_added|SUMMARY' "$out/$name.log" | sed 's/^/   /'
done
exit $((failed != 0))
