"""Two policies, two runs, or a portfolio with and without some of its clients: what differs, who moves, what it is worth."""
