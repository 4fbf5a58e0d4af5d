"""The command line: the one place that wires rooms, sources, store and engine together.

`batch` holds the commands that answer JSON Lines, `workspace` those that work in a folder made by `tocsin init`,
`desk` what the web pages are given. Exit status: 0 done, 1 some input could not be answered, 2 the command could not
do its work (one sentence on standard error says why), 130 interrupted.
"""

from tocsin.cli.main import main

__all__ = ["main"]
