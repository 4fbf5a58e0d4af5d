"""Row-level security in PostgreSQL: the rule of access once more, in the database itself, as a second layer.

Whatever is read for a subject is read as the role `tocsin_partner`, which owns nothing, after the subject's names were
set for the length of the transaction. The policies here, written apart from `compiled`, let that role see the rows that
the subject may see: a statement that forgot the rule returns no other. Fields of an object that are marked apart lie
inside a row; they are cut out by `handling.redact` alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from tocsin.share.rule import AUDIENCES

ROLE = "tocsin_partner"


def install(connection: sa.Connection) -> None:
    """Make the role and the policies, or make them anew. Raises what the server says where it may not."""
    schema = str(connection.execute(sa.text("SELECT current_schema()")).scalar_one())
    for statement in _statements(connection.dialect.identifier_preparer.quote(schema)):
        connection.exec_driver_sql(statement)


def become(connection: sa.Connection, asking: Mapping[str, Any]) -> None:
    """Be nobody but the subject of `compiled.asking` until the transaction ends."""
    said = {f"tocsin.{name}": value if isinstance(value, str) else "\n".join(value) for name, value in asking.items()}
    calls = ", ".join(f"set_config(:k{n}, :v{n}, true)" for n in range(len(said)))
    values = {f"{part}{n}": word for n, pair in enumerate(said.items()) for part, word in zip("kv", pair, strict=True)}
    schema = connection.execute(sa.text(f"SELECT current_schema(), {calls}"), values).scalar_one()
    own = connection.dialect.identifier_preparer.quote(str(schema))
    connection.exec_driver_sql(f"SET LOCAL search_path = {_apart(own)}, {own}")
    connection.exec_driver_sql(f"SET LOCAL ROLE {ROLE}")


def _apart(schema: str) -> str:
    """The schema that holds what the role sees instead of a table."""
    return f'"{schema.strip(chr(34))}_{ROLE}"'


def _names(setting: str) -> str:
    return f"string_to_array(current_setting('tocsin.{setting}', true), E'\\n')"


def _visible(item: str, schema: str) -> str:
    """`rule.visible` for the row `item`. A setting that was never made is NULL, and what is compared with it hidden."""
    at = "current_setting('tocsin.asked_at', true)"
    reached = " OR ".join(
        f"({item}.tlp = '{level}' AND given.name = ANY({_names('names_' + level.replace('+', '_'))}))"
        for level in AUDIENCES
    )
    given = f"EXISTS (SELECT 1 FROM {schema}.share_release given WHERE given.o = {item}.o AND ({reached}))"
    return (
        f"(({item}.not_before IS NULL OR {item}.not_before <= {at})"
        f" AND ({item}.not_after IS NULL OR {item}.not_after > {at})"
        f" AND (({item}.listed AND {given}) OR (NOT {item}.listed AND {item}.tlp = ANY({_names('unnamed')}))))"
    )


def _statements(schema: str) -> list[str]:
    apart = _apart(schema)
    policies = {
        "share_item": _visible("share_item", schema),
        "share_entry": f"EXISTS (SELECT 1 FROM {schema}.share_item WHERE share_item.o = share_entry.o)",
        "share_release": f"share_release.name = ANY({_names('names_clear')})",  # CLEAR reaches by every name one has
    }
    made = [
        f"DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{ROLE}') THEN CREATE ROLE {ROLE} NOLOGIN;"
        " END IF; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$",
        f"DO $$ BEGIN IF NOT pg_has_role(CURRENT_USER, '{ROLE}', 'MEMBER') THEN GRANT {ROLE} TO CURRENT_USER;"
        " END IF; END $$",
        f"GRANT USAGE ON SCHEMA {schema} TO {ROLE}",
        f"CREATE SCHEMA IF NOT EXISTS {apart}",
        f"GRANT USAGE ON SCHEMA {apart} TO {ROLE}",
    ]
    for table, using in policies.items():
        made += [
            f"ALTER TABLE {schema}.{table} ENABLE ROW LEVEL SECURITY",
            f"DROP POLICY IF EXISTS tocsin_rule ON {schema}.{table}",
            f"CREATE POLICY tocsin_rule ON {schema}.{table} FOR SELECT TO {ROLE} USING ({using})",
            f"GRANT SELECT ON {schema}.{table} TO {ROLE}",
        ]
    # What an object refers to decides whether it can be shown, also where the other may not be known: the role learns
    # that there is a reference, and of the hidden ones no more.
    other = f"EXISTS (SELECT 1 FROM {schema}.share_item far WHERE far.id = held.ref AND {_visible('far', schema)})"
    return [
        *made,
        f"CREATE OR REPLACE VIEW {apart}.share_reference WITH (security_barrier) AS"
        f" SELECT held.o, CASE WHEN {other} THEN held.ref ELSE '' END AS ref, held.need"
        f" FROM {schema}.share_reference held JOIN {schema}.share_item near ON near.o = held.o"
        f" WHERE {_visible('near', schema)}",
        f"GRANT SELECT ON {apart}.share_reference TO {ROLE}",
    ]
