"""One row of an event file as an `Event`, for each family of files. What is no PLOVER event gives None."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import date
from typing import cast

from tocsin.collect import codebook
from tocsin.collect.codebook import Coding, Format
from tocsin.records import Actor, Event, EventType, Place, Quantity, Quote

Row = Mapping[str, str]


def event_of(row: Row, form: Format) -> Event | None:
    """The event that `row` codes.

    Raises:
        ValueError: a field does not hold what its column says (a date that is none, a number that is none).
        KeyError: a column is missing.
    """
    return _FAMILIES[form.family](row, form)


def _gdelt(row: Row, form: Format) -> Event | None:
    coding = codebook.cameo(row["EventCode"])
    day = _day(row["SQLDATE"])
    source = _words(row["Actor1Name"], row["Actor1CountryCode"], row["Actor1Type1Code"], row["Actor1Type2Code"])
    target = _words(row["Actor2Name"], row["Actor2CountryCode"], row["Actor2Type1Code"], row["Actor2Type2Code"])
    if coding is None or not (source or target):
        return None
    quote = _Quoted(f"{form.coder} {row['GLOBALEVENTID']}: ")
    actor1 = quote.actor(source, codebook.country(row["Actor1CountryCode"]), _cameo_sector(row, "Actor1"))
    quote.add(f" [{row['EventCode']}] ")
    actor2 = quote.actor(target, codebook.country(row["Actor2CountryCode"]), _cameo_sector(row, "Actor2"))
    quote.add(f" {row.get('SOURCEURL', '')}".rstrip())
    place = _place(
        row["ActionGeo_FullName"],
        codebook.fips(row["ActionGeo_CountryCode"]),
        row["ActionGeo_Lat"],
        row["ActionGeo_Long"],
    )
    return _event(form, coding, row["EventCode"], day, quote, actor1, actor2, place)


def _icews(row: Row, form: Format) -> Event | None:
    code = row["CAMEO Code"].strip()
    coding = codebook.cameo(code.zfill(3) if len(code) == 2 else code)
    if coding is None:
        return None
    quote = _Quoted(f"{form.coder} {row['Event ID']}: ")
    source = quote.actor(
        row["Source Name"],
        codebook.country(row["Source Country"]),
        codebook.sector("icews", row["Source Sectors"] or ""),
    )
    quote.add(f" — {row['Event Text']} — ")
    target = quote.actor(
        row["Target Name"],
        codebook.country(row["Target Country"]),
        codebook.sector("icews", row["Target Sectors"] or ""),
    )
    quote.add(f" ({row['Publisher']})" if row.get("Publisher") else "")
    named = next(
        (
            row[part]
            for part in ("City", "District", "Province", "Country")
            if row.get(part) not in (None, "", "NA", "NULL")
        ),
        "",
    )
    place = _place(named, codebook.country(row["Country"] or ""), row["Latitude"], row["Longitude"])
    return _event(form, coding, code, _day(row["Event Date"]), quote, source, target, place)


def _polecat(row: Row, form: Format) -> Event | None:
    kind = row["Event Type"].strip().upper()
    if kind not in codebook.TYPES:
        return None
    contexts = tuple(part.strip() for part in (row.get("Contexts") or "").replace(",", ";").split(";") if part.strip())
    coding = Coding(kind, (row.get("Event Mode") or "").strip() or None, contexts)
    quote = _Quoted(f"{form.coder} {row['Event ID']}: ")
    source = quote.actor(
        _first(row["Actor Name"]),
        codebook.country(_first(row.get("Actor Country"))),
        _first(row.get("Actor Primary Sector")) or None,
    )
    quote.add(f" — {kind} — ")
    target = quote.actor(
        _first(row["Recipient Name"]),
        codebook.country(_first(row.get("Recipient Country"))),
        _first(row.get("Recipient Primary Sector")) or None,
    )
    quote.add(f" ({row['Source']})" if row.get("Source") else "")
    named = row.get("Placename") or row.get("City") or row.get("Country") or ""
    place = _place(
        named,
        codebook.country(row.get("Country") or ""),
        row.get("Latitude", ""),
        row.get("Longitude", ""),
        row.get("GeoNames ID", ""),
    )
    return _event(form, coding, kind, _day(row["Event Date"]), quote, source, target, place)


def _acled(row: Row, form: Format) -> Event | None:
    coding = codebook.acled(row["event_type"], row["sub_event_type"])
    if coding is None:
        return None
    quote = _Quoted(f"{form.coder} {row.get('event_id_cnty') or row.get('data_id', '')}: ")
    home = codebook.country(_whole(row.get("iso", ""))) or codebook.country(row["country"])
    source = quote.actor(row["actor1"], home, codebook.sector("acled", _whole(row.get("inter1", ""))))
    quote.add(f" — {row['sub_event_type']} — ")
    target = quote.actor(
        row["actor2"], home if row["actor2"] else None, codebook.sector("acled", _whole(row.get("inter2", "")))
    )
    quote.add(f". {row['notes']}" if row.get("notes") else "")
    dead = quote.quantity("killed", row.get("fatalities", ""))
    place = _place(row["location"], home, row["latitude"], row["longitude"])
    return _event(form, coding, row["sub_event_type"], _day(row["event_date"]), quote, source, target, place, dead)


def _ucdp(row: Row, form: Format) -> Event | None:
    quote = _Quoted(f"{form.coder} {row.get('id', '')}: ")
    home = codebook.country(row.get("country", ""))
    government = _government(row["side_a"])
    source = quote.actor(row["side_a"], government or home, "GOV" if government else "REB")
    quote.add(" — armed force — ")
    other = _government(row["side_b"])
    target = quote.actor(
        row["side_b"], other or home, "GOV" if other else "CVL" if row["type_of_violence"].strip() == "3" else "REB"
    )
    quote.add(f". {row['source_headline']}" if row.get("source_headline") else "")
    dead = quote.quantity("killed", row.get("best", ""))
    place = _place(
        row.get("where_coordinates") or row.get("country", ""), home, row.get("latitude", ""), row.get("longitude", "")
    )
    return _event(
        form,
        Coding("ASSAULT"),
        f"violence {row['type_of_violence']}",
        _day(row["date_start"]),
        quote,
        source,
        target,
        place,
        dead,
    )


_FAMILIES: dict[str, Callable[[Row, Format], Event | None]] = {
    "gdelt": _gdelt, "icews": _icews, "polecat": _polecat, "acled": _acled, "ucdp": _ucdp,
}  # fmt: skip


class _Quoted:
    """The row in words, as it is put together: actors and quantities know where in it they stand."""

    def __init__(self, beginning: str) -> None:
        self.text = beginning

    def add(self, words: str) -> None:
        self.text += words

    def actor(self, name: str, country: str | None, sector: str | None) -> Actor | None:
        name = name.strip()
        if not name or name.upper() == "NULL":
            self.add("nobody named")
            return None
        start = len(self.text)
        self.add(name)
        return Actor(name=name, country=country, sector=sector, start=start, end=len(self.text))

    def quantity(self, what: str, stated: str) -> tuple[Quantity, ...]:
        value = _number(stated)
        if value is None:
            return ()
        self.add(f" ({what}: ")
        start = len(self.text)
        self.add(f"{value:g}")
        end = len(self.text)
        self.add(")")
        return (Quantity(what=what, value=value, start=start, end=end),)


def _event(
    form: Format, coding: Coding, rule: str, day: date, quote: _Quoted, source: Actor | None, target: Actor | None,
    place: Place | None, quantities: tuple[Quantity, ...] = (),
) -> Event:  # fmt: skip
    return Event(
        type=cast(EventType, coding.type),
        mode=coding.mode,
        contexts=coding.contexts,
        source=(source,) if source else (),
        target=(target,) if target else (),
        status="happened",
        place=place,
        date=day,
        quantities=quantities,
        confidence=form.confidence,
        quote=Quote(start=0, end=len(quote.text), text=quote.text),
        rule=f"{form.name} {rule}",
        coder=form.coder,
    )


def _words(name: str, *codes: str) -> str:
    return name or next((code for code in codes if code), "")


def _cameo_sector(row: Row, actor: str) -> str | None:
    return codebook.sector("cameo", ",".join(row[f"{actor}Type{n}Code"] for n in (1, 2, 3)))


def _place(name: str, country: str | None, lat: str, lon: str, geonames_id: str = "") -> Place | None:
    name = name.strip()
    if not name:
        return None
    known = _whole(geonames_id)
    return Place(
        name=name,
        country=country,
        lat=_number(lat),
        lon=_number(lon),
        geonames_id=int(known) if known.isdigit() else None,
    )


def _day(stated: str) -> date:
    digits = stated.strip()[:10]
    return date(int(digits[:4]), int(digits[4:6]), int(digits[6:8])) if digits.isdigit() else date.fromisoformat(digits)


def _number(stated: str) -> float | None:
    stated = stated.strip()
    if stated in ("", "NA", "NULL", "None"):
        return None
    value = float(stated)
    if not math.isfinite(value):
        raise ValueError(f"{stated!r} is not a finite number")
    return value


def _whole(stated: str | None) -> str:
    return (stated or "").strip().removesuffix(".0")


def _first(stated: str | None) -> str:
    return (stated or "").split(";")[0].strip().removeprefix("None")


def _government(side: str) -> str | None:
    return (
        codebook.country(side.removeprefix("Government of ").split(" (")[0])
        if side.startswith("Government of ")
        else None
    )
