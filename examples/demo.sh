#!/bin/sh
# The main job on the example agency: check, test, evaluate, then one client explained and one memo. Run by `make demo`.
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
step test examples/services-agency/services-agency.test.yaml
step evaluate "$policy" --data examples/services-agency/data --exceptions examples/services-agency/exceptions.yaml --as-of 2026-11-22 --language en --out "$out/run"
step explain "$out/run" A-0007 --language en
step memo "$out/run" --client A-0007 --language en --to md --out "$out/memos"
printf '\nEverything is in %s: the run folder (evidence) and the memo. Next: %s init my-policy\n' "$out" "$shown"
