"""The command line: arguments -> pipeline -> printed result -> exit code. Only this room knows click."""
