"""selective_sales: which relationship can a company afford with each client, and why."""
