#!/bin/sh
# The main job on the example agency: check, test, evaluate, one client explained, a change compared, the portfolio simulated, one memo. Run by `make demo`.
set -eu
cd "$(dirname "$0")/.."
program="${1:-selective-sales}"
case "$program" in
  /*) ;;
  */*) program="$PWD/$program" ;;
esac
shown="${1:-selective-sales}"
policy=examples/services-agency/services-agency.yaml
out=out/demo

step() {
  printf '\n$ selective-sales'
  printf ' %s' "$@"
  printf '\n'
  "$program" "$@"
}

rm -rf "$out"
mkdir -p "$out"
step check "$policy"
step test examples/services-agency/services-agency.test.yaml --coverage --mutants
step evaluate "$policy" --data examples/services-agency/data --exceptions examples/services-agency/exceptions.yaml --as-of 2026-11-22 --language en --out "$out/run"
step explain "$out/run" A-0007 --language en
printf '\nA stricter policy, with a lowest margin of 12%% instead of 8%%: whom would it move?\n'
sed 's/minimum_margin: {value: 8%/minimum_margin: {value: 12%/' "$policy" > "$out/stricter.yaml"
step diff "$policy" "$out/stricter.yaml" --data examples/services-agency/data --exceptions examples/services-agency/exceptions.yaml --as-of 2026-11-22 --language en
step simulate "$out/run" --language en
step memo "$out/run" --client A-0007 --language en --to md --out "$out/memos"
printf '\nEverything is in %s: the run folder (evidence) and the memo. Next: %s init my-policy\n' "$out" "$shown"
