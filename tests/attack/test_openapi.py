"""Whatever the descriptions of the HTTP interfaces allow, and some of what they do not, is answered without error."""

from __future__ import annotations

from datetime import date

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings

from tests.attack.conftest import SECRET_WORD, Target, an_app
from tests.web.conftest import STRAIT, measure, store
from tocsin.records import Article
from tocsin.share.publish import mark_record
from tocsin.share.rule import Marking
from tocsin.store import Store, pieces
from tocsin.web import Desk, Door, SeenStore, create_app

__all__ = ["store"]  # the fixture of the sample workspace

CALM = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def bearer(target: Target) -> str:
    """The key of somebody of the house."""
    from tocsin.share.accounts import Account

    target.share.accounts.add(Account("bob", "home", "admin"), by="test")
    return target.share.keys.issue("bob", ["read", "write", "release"], by="test")


@pytest.fixture(scope="module")
def desk_app(target: Target, store: Store) -> FastAPI:
    """The pages and the API, with every route in the description, and something hidden from everybody."""
    door = Door(target.share)
    seen = SeenStore(store, door.sight)
    for article in store.select(Article):
        mark_record(target.share, article.id, Marking(tlp="red", releasable_to=frozenset({"person:ada"})), by="test")
        break
    desk = Desk(
        measure=measure,
        today=lambda: date(2024, 1, 1),
        export=lambda what, form, select, watch: pieces(seen, what, form, select=select, watch=watch),
        reader=lambda: sight.name if (sight := door.sight()) else "",
    )
    include = FastAPI.include_router
    with pytest.MonkeyPatch.context() as patch:  # every route is described, also the pages
        patch.setattr(FastAPI, "include_router", lambda self, router, **more: include(self, router))
        return create_app(seen, [STRAIT], desk, door)


def ask_everything(app: FastAPI, keys: list[str]) -> int:
    """Ask every operation of the description, with each key and with none. Returns how many operations there are."""
    schema = schemathesis.openapi.from_dict(app.openapi())
    schema.app = app
    asked = 0
    for found in schema.get_all_operations():
        operation = found.ok()

        @given(operation.as_strategy())
        @CALM
        def answers(case: schemathesis.Case) -> None:
            for headers in [*({"Authorization": f"Bearer {key}"} for key in keys), {}]:
                answer = case.call(headers=headers)
                assert answer.status_code < 500, f"{case.method} {case.formatted_path} {answer.text[:300]}"
                assert SECRET_WORD not in answer.text

        answers()
        asked += 1
    return asked


def test_sharing_answers_every_question(target: Target) -> None:
    assert ask_everything(an_app(target.share), [target.key]) >= 17


def test_the_pages_and_the_api_answer_every_question(desk_app: FastAPI, target: Target, bearer: str) -> None:
    assert ask_everything(desk_app, [bearer, target.key]) >= 40
