"""What the program says of the state of things: a sentence for each cause, and what to do."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from app import translations
from core.feed.health import Trouble
from widgets import messages

CAUSES = ["dns", "refused", "tls", "proxy", "timeout", "closed", "server", "rate", "ban", "auth", "network"]
CAUSES += ["refused_request"]


@pytest.fixture(params=["en", "ko"], autouse=True)
def lang(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[str]:
    translations.install(qapp, request.param)
    yield request.param
    translations.install(qapp, "en")


def test_the_language_in_force_is_known(lang: str) -> None:
    assert messages.is_korean() == (lang == "ko")


@pytest.mark.parametrize("is_demo", [True, False])
def test_each_cause_has_a_sentence_of_its_own(is_demo: bool) -> None:
    said = {messages.trouble(Trouble(cause, "", 0.0), is_demo=is_demo) for cause in CAUSES}
    assert len(said) >= len(CAUSES) - 1
    assert all(title and text for title, text in said)


def test_the_next_try_is_counted_down_only_if_there_is_one() -> None:
    assert "7" in messages.trouble(Trouble("dns", "", 7.2), is_demo=False)[1]
    assert "0" not in messages.trouble(Trouble("dns", "", 0.0), is_demo=False)[1]


def test_who_is_meant_is_named(lang: str) -> None:
    real, demo = (messages.trouble(Trouble("dns", "", 0.0), is_demo=x)[0] for x in (False, True))
    assert ("업비트" if lang == "ko" else "Upbit") in real
    assert ("데모" if lang == "ko" else "demo") in demo


def test_the_demo_is_offered_where_it_is_a_way_on() -> None:
    assert [key for key, _ in messages.actions(is_demo=False)] == [messages.RETRY, messages.DEMO]
    assert [key for key, _ in messages.actions(is_demo=True)] == [messages.RETRY]


def test_a_silent_symbol_and_an_old_price_are_told_with_what_they_are_of(lang: str) -> None:
    title, text = messages.unknown("KRW-LTC")
    assert "KRW-LTC" in title
    assert text
    assert ("2분" if lang == "ko" else "2 min") in messages.no_data_for(125.0)
