"""`python -m selective_sales`."""

from .cli.app import main

main(prog_name="selective-sales")
