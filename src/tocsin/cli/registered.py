"""Every module that registers commands: a new one is added here, and main and the reference know it."""

from tocsin.cli import (  # noqa: F401 - imported for the commands they register
    archive,
    backtests,
    baselines,
    batch,
    evaluation,
    hooks,
    partners,
    releases,
    scoreboard,
    sharing,
    workspace,
)
