#!/bin/sh
# The five quarterly reviews of the example portfolio, each with the earlier ones as its history: reviews.sh [PROGRAM [FOLDER]]
set -eu
cd "$(dirname "$0")/../.."
program="${1:-selective-sales}"
out="${2:-out/portfolio}"
data=examples/portfolio/data
rm -rf "$out"
mkdir -p "$out"
for day in 2025-09-30 2025-12-31 2026-03-31 2026-06-30; do
  "$program" evaluate policies/portfolio.yaml --as-of "$day" --history "$out" --out "$out/$day" --quiet \
    --data clients="$data/earlier/$day/clients.csv" --data orders="$data/orders.csv" \
    --data service_log="$data/service_log.csv" --data criteria="$data/criteria.csv" > /dev/null 2>&1
  echo "reviewed on $day"
done
"$program" evaluate policies/portfolio.yaml --as-of 2026-09-30 --history "$out" --out "$out/2026-09-30" --data "$data" --language en
