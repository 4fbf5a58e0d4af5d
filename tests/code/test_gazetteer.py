"""Names in text: boundaries, case, dates, and what an ambiguous name means where it stands."""

from __future__ import annotations

import string
import time
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.code.gazetteer import Gazetteer, Mention

GAZETTEER = Gazetteer.load()


def found(text: str, on: date | None = None) -> list[str]:
    """The mentions of a text, shortly: `Taiwan TWN`, `NATO - IGO`, `Xi CHN GOV`."""
    return [" ".join([m.text, m.country or "-", *([m.sector] if m.sector else [])]) for m in GAZETTEER.find(text, on)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Taiwan’s Ministry spoke", ["Taiwan TWN"]),
        ("The U.S. said; the US agreed; USA", ["U.S. USA", "US USA", "USA USA"]),
        ("anti-China protests, pro-Russian fighters", ["China CHN", "pro-Russian fighters UKR REB"]),
        ("Nigerian troops in Niger", ["Nigerian troops NGA MIL", "Niger NER"]),
        ("Omani and Roman and Romanian", ["Omani OMN", "Romanian ROU"]),
        ("Côte d'Ivoire and Cote d’Ivoire", ["Côte d'Ivoire CIV", "Cote d’Ivoire CIV"]),
        ("Viet Nam, Türkiye and Burma", ["Viet Nam VNM", "Türkiye TUR", "Burma MMR"]),
        ("the Kremlin and the Élysée", ["Kremlin RUS GOV", "Élysée FRA GOV"]),
        ("South Korea, North Korea", ["South Korea KOR", "North Korea PRK"]),
        ("中国外交部和台湾国防部", ["中国外交部 CHN GOV", "台湾国防部 TWN MIL"]),
        (
            "El presidente de Estados Unidos criticó a los rusos y a la armada china",
            ["Estados Unidos USA", "rusos RUS", "china CHN"],
        ),
        ("she served tea on fine china", []),
        ("The Taiwan Strait and the South China Sea", ["Taiwan Strait -", "South China Sea -"]),
        ("", []),
        ("nothing of note happened here", []),
    ],
)  # fmt: skip
def test_names_are_found_as_they_are_written(text: str, expected: list[str]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Trump met Zelenskyy", ["Trump USA GOV", "Zelenskyy UKR GOV"]),
        ("Boris Johnson met Keir Starmer", ["Boris Johnson GBR", "Keir Starmer GBR GOV"]),
        ("Taliban fighters", ["Taliban AFG GOV"]),
        ("Assad fled as Ahmed al-Sharaa took over", ["Assad SYR", "Ahmed al-Sharaa SYR GOV"]),
        ("the Biden administration", ["Biden administration USA GOV"]),
    ],
)
def test_persons_are_read_as_the_office_they_held_on_the_day(text: str, expected: list[str]) -> None:
    assert found(text, date(2025, 12, 1)) == expected


def test_the_same_name_is_read_otherwise_on_another_day() -> None:
    assert found("Trump met Boris Johnson and Taliban envoys", date(2020, 2, 1)) == [
        "Trump USA GOV", "Boris Johnson GBR GOV", "Taliban AFG REB",
    ]  # fmt: skip
    assert found("Trump met Boris Johnson", date(2022, 10, 30)) == ["Trump USA", "Boris Johnson GBR"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Taiwan’s Lai travels to Paraguay", ["Taiwan TWN", "Lai TWN GOV", "Paraguay PRY"]),
        ("President Lai spoke", ["Lai TWN GOV"]),
        ("Lai Ching-te spoke. Lai then left", ["Lai Ching-te TWN GOV", "Lai TWN GOV"]),
        ("Lai sells flowers", []),
        ("Mr. Wang, a Chinese activist, was jailed", ["Chinese CHN"]),
        ("India's Jaishankar spoke", ["India IND", "Jaishankar IND GOV"]),
        ("Jimmy Lai stood trial in Hong Kong", ["Hong Kong HKG"]),
        ("Melania Trump smiled while Trump spoke", ["Trump USA GOV"]),
        ("South Korea's Lee visits Tokyo", ["South Korea KOR", "Lee KOR GOV", "Tokyo JPN GOV"]),
        ("Foreign Minister Wang Yi and Jet Li", ["Wang Yi CHN GOV"]),
        ("Anwar asks Israel to stop", ["Anwar MYS GOV", "Israel ISR"]),
        ("A court in Germany jailed Anwar Raslan for life", ["Germany DEU"]),
        ("Poland's PiS and Malaysia's PAS", ["Poland POL", "PiS POL PTY", "Malaysia MYS", "PAS MYS OPP"]),
    ],
)
def test_a_surname_alone_needs_support(text: str, expected: list[str]) -> None:
    assert found(text, date(2025, 12, 1)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Georgia’s parliament in Tbilisi", ["Georgia GEO", "Tbilisi GEO GOV"]),
        ("Georgia Gov. Brian Kemp spoke in Atlanta", ["Georgia USA", "Atlanta USA"]),
        ("Michael Jordan retired", []),
        ("Jordan sends aid to Gaza", ["Jordan JOR", "Gaza PSE"]),
        ("Chad Smith played the drums", []),
        ("Chad closes its border with Sudan", ["Chad TCD", "Sudan SDN"]),
        ("Turkey shells Kurdish fighters in Syria", ["Turkey TUR", "Kurdish fighters -", "Syria SYR"]),
        ("Turkey sandwich recipe for Thanksgiving", []),
        ("Paris Hilton sang in Paris", ["Paris FRA GOV"]),
        ("Cuba Gooding won; Cuba protests", ["Cuba CUB"]),
        ("Washington state troopers left Seattle", ["Washington state USA", "Seattle USA"]),
        ("Washington sanctions Moscow", ["Washington USA GOV", "Moscow RUS GOV"]),
        ("Congo accuses Rwanda of backing M23", ["Congo COD", "Rwanda RWA", "M23 COD REB"]),
        ("In Brazzaville, Congo’s president was sworn in", ["Brazzaville COG GOV", "Congo COG"]),
        ("They told us in May that Polish soldiers polish boots", ["Polish POL"]),
        ("GIVE US PEACE, SAY CROWDS", []),
        ("US TROOPS LEAVE IRAQ", ["US TROOPS USA MIL", "IRAQ IRQ"]),
        ("CAR BOMB KILLS NINE; WHO IS TO BLAME?", []),
        ("the Paris Agreement and the Warsaw Pact", ["Warsaw Pact - IGO"]),
        ("New Mexico, Papua New Guinea", ["New Mexico USA", "Papua New Guinea PNG"]),
        ("Northern Ireland and Ireland", ["Northern Ireland GBR", "Ireland IRL"]),
        ("Indian tribes run casinos on the reservation", []),
        ("Indian troops at the Line of Control", ["Indian IND", "Line of Control -"]),
        ("Peru's president tried to shut Congress", ["Peru PER"]),
        ("Congress votes to sanction Chinese firms", ["Congress USA LEG", "Chinese CHN"]),
        ("Peruvians ask Congress in Washington", ["Peruvians PER", "Congress USA LEG", "Washington USA GOV"]),
        ("Nigeria's president asked the Senate for troops", ["Nigeria NGA"]),
        ("Police in Georgia guard the presidential palace", ["Georgia GEO"]),
        ("Managua jails the opposition's Chamorro", ["Managua NIC GOV"]),
        ("Riots in Barcelona, Venezuela", ["Venezuela VEN"]),
        ("Argentine miners marched in San Juan", ["Argentine ARG"]),
        ("Cuban exiles urged San Juan to act", ["Cuban exiles CUB ACT", "San Juan PRI GOV"]),
        ("Lebanese police warned Tripoli", ["Lebanese LBN", "Tripoli LBY GOV"]),
        ("US steel tariffs hit Canada", ["US USA", "Canada CAN"]),
        ("Nippon Steel buys US Steel", ["Nippon Steel JPN BUS", "US Steel USA BUS"]),
        ("Iraq buys Korean air defences", ["Iraq IRQ", "Korean KOR"]),
        ("A Korean Air jet lands in Hanoi", ["Korean Air KOR BUS", "Hanoi VNM GOV"]),
        ("Apple growers protest in Kashmir", ["Kashmir IND"]),
        ("EU court tells Apple to pay Ireland", ["EU - IGO", "Apple USA BUS", "Ireland IRL"]),
        ("Amazon workers strike in Germany", ["Amazon USA BUS", "Germany DEU"]),
        ("Fires burn in the Amazon", ["Amazon -"]),
        ("Venezuela scolds Trinidad PM", ["Venezuela VEN", "Trinidad TTO"]),
        ("Wellington rebukes Cooks over China pact", ["Wellington NZL GOV", "Cooks COK", "China CHN"]),
        ("Cooks and waiters strike", []),
        ("India shells Pak army posts", ["India IND", "Pak PAK"]),
        ("Bandits of the CPC rebels hold a road near Bangui", ["CPC CAF REB", "Bangui CAF GOV"]),
        ("The CPC leadership met in Beijing", ["CPC CHN PTY", "Beijing CHN GOV"]),
        ("Drones hit the CPC pipeline terminal", ["CPC KAZ BUS"]),
        ("Argentina's CGT marches on Congress", ["Argentina ARG", "CGT ARG LAB"]),
        ("The CGT marches in Lyon", ["CGT FRA LAB", "Lyon FRA"]),
        ("France's State Council upholds the ban", ["France FRA"]),
        ("Libya's High State Council meets", ["Libya's High State Council LBY GOV"]),
        ("The State Council eases export rules", ["State Council CHN GOV"]),
        ("Tajik police and the GKNB jail a blogger", ["Tajik TJK", "GKNB TJK SPY"]),
        ("Diet drinks sell well in Japan", ["Japan JPN"]),
        ("Hanoi builds on Barque Canada Reef", ["Hanoi VNM GOV", "Barque Canada Reef -"]),
        ("Three South American envoys and an American", ["South American -", "American USA"]),
        ("Inner Mongolian herders march", ["Inner Mongolian CHN"]),
        ("Ministers of the southern African bloc meet", ["southern African bloc - IGO"]),
        ("Jaishankar was seen in Islamabad", ["Jaishankar IND GOV", "Islamabad PAK GOV"]),
        ("Police in Berlin hold Kim Dotcom", ["Berlin DEU GOV"]),
        ("A Danish firm eats a Danish pastry", ["Danish DNK"]),
        ("Malé asks Indian troops to go; male voters", ["Malé MDV GOV", "Indian IND"]),
        ("African ministers met African American groups", ["African -"]),
        ("Pyongyang fires a rocket into the East Sea", ["Pyongyang PRK GOV", "East Sea -"]),
        ("Pet shops in Denmark close", ["Denmark DNK"]),
        ("Denmark's PET jails a spy", ["Denmark DNK", "PET DNK SPY"]),
        ("Pyongyang fires a rocket, says the JCS", ["Pyongyang PRK GOV", "JCS KOR MIL"]),
        ("US bombers took off, says the JCS", ["US USA"]),
        ("Burkina Faso's army and Mali's FLA clash", ["Burkina Faso's army BFA MIL", "Mali MLI", "FLA MLI REB"]),
        ("Kenyan police shot a marcher", ["Kenyan police KEN COP"]),
        ("He wrote on Telegram that Iran had attacked", ["Telegram ARE BUS", "Iran IRN"]),
    ],
)  # fmt: skip
def test_an_ambiguous_name_is_decided_by_context(text: str, expected: list[str]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kenya briefs African Union envoys", ["Kenya KEN", "African Union - IGO"]),
        ("Rwanda thanks African Development Bank", ["Rwanda RWA", "African Development Bank - IGO"]),
        ("The army attacks Sudan Liberation Movement camps", ["Sudan Liberation Movement SDN REB"]),
        ("Moscow arms Korean People's Army units", ["Moscow RUS GOV", "Korean People's Army PRK MIL"]),
        ("Seoul hails Korean Air deal", ["Seoul KOR GOV", "Korean Air KOR BUS"]),
        ("Lesotho rejoins Southern African Development Community",
         ["Lesotho LSO", "Southern African Development Community - IGO"]),
        ("Gabon and African Union sign; Africa waits", ["Gabon GAB", "African Union - IGO", "Africa -"]),
        ("Protests Africa-wide after South African vote", ["Africa -", "South African ZAF"]),
    ],
)  # fmt: skip
def test_a_match_that_runs_into_another_word_hides_no_longer_name(text: str, expected: list[str]) -> None:
    assert found(text) == expected


def test_refused_matches_take_no_more_than_linear_time() -> None:
    text = "welcomes Democratic Republic of the Congos africans africa "
    times = []
    for size in (500, 4000):
        begin = time.process_time()
        GAZETTEER.find(text * size)
        times.append(time.process_time() - begin)
    assert times[1] < 40 * times[0]


@given(st.text(max_size=300) | st.text(alphabet=string.ascii_letters + " .,'-中俄\u200f\x00é", max_size=300))
@settings(max_examples=200, deadline=None)
def test_mentions_are_in_order_apart_and_true_to_the_text(text: str) -> None:
    end = 0
    for m in GAZETTEER.find(text):
        assert end <= m.start < m.end
        assert text[m.start : m.end] == m.text
        end = m.end


def test_a_mention_carries_name_kind_and_key() -> None:
    (m,) = GAZETTEER.find("Beijing objected")
    assert m == Mention(0, 7, "Beijing", "Beijing", "CHN", "GOV", "capital", "CHN.capital")


def test_the_gazetteer_is_built_once() -> None:
    assert Gazetteer.load() is GAZETTEER
