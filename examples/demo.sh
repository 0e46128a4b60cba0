#!/bin/sh
# The main job on the example portfolio: check, test, five reviews with their history, one client explained, a change compared, the portfolio
# simulated, hours shared out, one memo, the letters, one of them read, the report. Run by `make demo`.
set -eu
cd "$(dirname "$0")/.."
program="${1:-selective-sales}"
case "$program" in
  /*) ;;
  */*) program="$PWD/$program" ;;
esac
shown="${1:-selective-sales}"
policy=policies/portfolio.yaml
data=examples/portfolio/data
out=out/demo
last="$out/reviews/2026-09-30"

step() {
  printf '\n$ selective-sales'
  printf ' %s' "$@"
  printf '\n'
  "$program" "$@"
}

rm -rf "$out"
mkdir -p "$out"
step check "$policy"
step test policies/portfolio.test.yaml
printf '\nFive reviews, a quarter apart: nobody is declined who has not had every step before.\n'
sh examples/portfolio/reviews.sh "$program" "$out/reviews"
step explain "$last" P-0002 --language en
printf '\nA stricter policy, with a lowest values fit of 0.40 instead of 0.35: whom would it move?\n'
cp -R policies "$out/stricter"
sed '/^  minimum_values_fit:/,/value:/s/value: 0.35/value: 0.40/' policies/selective-sales/grounds.yaml > "$out/stricter/selective-sales/grounds.yaml"
step diff "$policy" "$out/stricter/portfolio.yaml" --data "$data" --history "$out/reviews" --as-of 2026-09-30 --language en
step simulate "$last" --language en
step allocate "$last" --hours 8000 --language en
step memo "$last" --client P-0002 --language en --to md --out "$out/memos"
printf '\nThe letters, in Polish. For three clients our own marks are missing: that is nothing to ask them, so they get none, and it says so.\n'
# Exit code 1: somebody gets no letter.
step letters "$last" --letterhead templates/letters/letterhead.yaml --language pl --to html --out "$out/letters" || [ $? -eq 1 ]
step preview "$last" --client P-0005 --letterhead templates/letters/letterhead.yaml --language pl --to txt
step report "$last" --hours 8000 --language en --out "$out/report.html"
printf '\nEverything is in %s: the run folders (evidence), the memo, the letters, and report.html for your browser. Next: %s init my-policy\n' "$out" "$shown"
