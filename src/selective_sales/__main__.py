"""`python -m selective_sales`."""

from .cli.app import run

run()
