-- The decisions of online_retail.yaml as somebody who knows DuckDB would write them, for this policy only.
-- $clients, $orders, $as_of and $decisions are filled in by online_retail_by_hand.py.

CREATE TABLE clients AS SELECT client_id::BIGINT AS client_id FROM read_parquet($clients);

CREATE TABLE orders AS
SELECT CustomerID::BIGINT AS client_id, trim(InvoiceNo) AS invoice, InvoiceDate::DATE AS ordered_on, Quantity AS quantity,
       UnitPrice::DECIMAL(18, 4) AS unit_price
FROM read_parquet($orders)
WHERE CustomerID IS NOT NULL;

-- The contract: keys are there and once, every line's client exists.
SELECT CASE WHEN count(*) > 0 THEN error('a client twice or without id') END
FROM (SELECT client_id FROM clients GROUP BY client_id HAVING count(*) > 1 OR client_id IS NULL);
SELECT CASE WHEN count(*) > 0 THEN error('an order of nobody') END FROM orders ANTI JOIN clients USING (client_id);
SELECT CASE WHEN count(*) > 0 THEN error('a number that is none') END
FROM read_parquet($orders) WHERE NOT isfinite(UnitPrice) OR abs(UnitPrice) >= 1e14;

COPY (
  WITH per_client AS (
    SELECT client_id,
           coalesce(sum((quantity * unit_price)::DECIMAL(18, 4)), 0)::DECIMAL(18, 4) AS net,
           coalesce(sum((quantity * unit_price)::DECIMAL(18, 4)) FILTER (quantity > 0), 0)::DECIMAL(18, 4) AS gross,
           count(*) AS lines,
           count(DISTINCT invoice) FILTER (quantity > 0) AS invoices,
           count(DISTINCT invoice) FILTER (quantity < 0) AS credit_notes,
           max(ordered_on) FILTER (quantity > 0) AS last_order,
           bool_or(quantity IS NULL OR unit_price IS NULL) AS blank
    FROM orders GROUP BY client_id
  ), costed AS (
    SELECT clients.client_id, coalesce(net, 0) AS net, coalesce(gross, 0) AS gross, coalesce(lines, 0) AS lines,
           coalesce(invoices, 0) AS invoices, coalesce(credit_notes, 0) AS credit_notes, last_order, coalesce(blank, FALSE) AS blank,
           coalesce(gross - net, 0)::DOUBLE / NULLIF(gross, 0) AS share_returned,
           (coalesce(invoices, 0) * 14 + coalesce(lines, 0) * 0.4 + coalesce(credit_notes, 0) * 22)::DOUBLE AS service_minutes
    FROM clients LEFT JOIN per_client USING (client_id)
  ), profits AS (
    SELECT *, (0.65 * service_minutes::DECIMAL(18, 4))::DECIMAL(18, 4) AS cost_to_serve,
           ((net * 0.4)::DECIMAL(18, 4) - (0.65 * service_minutes::DECIMAL(18, 4))::DECIMAL(18, 4))::DECIMAL(18, 4) AS profit
    FROM costed
  ), ruled AS (
    SELECT *,
           net < 0 AS r0,
           profit < 0 AND NOT (last_order >= $as_of::DATE - 30 AND invoices = 1) AS r1,
           floor(share_returned * 1e9 + 0.5) / 1e9 > 0.3 AS r2,
           net = 0 AS r3,
           profit > 500 AND last_order < $as_of::DATE - 180 AS r4,
           profit > 1000 AND last_order >= $as_of::DATE - 60 AND floor(share_returned * 1e9 + 0.5) / 1e9 <= 0.05 AS r5
    FROM profits
  ), based AS (
    SELECT *, CASE WHEN r0 THEN 0 WHEN r1 THEN 1 WHEN r2 THEN 2 WHEN r3 THEN 3 WHEN r4 THEN 4 WHEN r5 THEN 5 ELSE 6 END AS worst,
           CASE WHEN r0 THEN 1 WHEN r1 OR r2 THEN 2 WHEN r3 OR r4 THEN 3 WHEN r5 THEN 4 ELSE 5 END AS level,
           list_filter([CASE WHEN r0 IS NULL THEN 1 END, CASE WHEN r1 IS NULL THEN 2 END, CASE WHEN r2 IS NULL THEN 2 END,
                        CASE WHEN r3 IS NULL THEN 3 END, CASE WHEN r4 IS NULL THEN 3 END], lambda x: x < level) AS open
    FROM ruled
  ), named AS (
    SELECT *, ['decline', 'renegotiate', 'flag', 'develop', 'keep'] AS names,
           ['brings-less-than-nothing', 'costs-more-than-it-leaves', 'sends-back', 'nothing-left', 'fell-silent', 'worth-more-attention'] AS ids
    FROM based
  )
  SELECT client_id,
         CASE WHEN len(open) > 0 THEN 'undetermined' ELSE names[level] END AS decision,
         CASE WHEN len(open) > 0 THEN 'undetermined' ELSE names[level] END AS policy_decision,
         CASE WHEN len(open) > 0 THEN 'unknown' WHEN worst < 6 THEN ids[worst + 1] ELSE 'default' END AS decided_by,
         list_where(ids, [coalesce(r, FALSE) FOR r IN [r0, r1, r2, r3, r4, r5]]) AS fired,
         []::VARCHAR[] AS applied,
         list_where(ids, [r IS NULL FOR r IN [r0, r1, r2, r3, r4, r5]]) AS unknown,
         CASE WHEN len(open) > 0 AND blank THEN ['orders.quantity or orders.unit_price'] WHEN len(open) > 0 THEN ['no sale'] ELSE []::VARCHAR[] END
           AS missing_because,
         CASE WHEN len(open) > 0 THEN [names[x] FOR x IN list_sort(list_distinct(list_append(open, level)))] ELSE []::VARCHAR[] END AS possible_decisions,
         net, gross, lines, invoices, credit_notes, floor(share_returned * 1e9 + 0.5) / 1e9 AS share_returned, service_minutes,
         cost_to_serve, profit, last_order
  FROM named
  ORDER BY client_id
) TO $decisions (FORMAT parquet, COMPRESSION zstd);

SELECT sum(hash(COLUMNS(*))::HUGEINT % 1000000007) FROM read_parquet($decisions);
