"""How results and findings are printed: a module per form. Each takes values and gives text; `report` and the commands print it."""
