"""Write the table of public holidays the product ships, from the `holidays` library; run when a year is announced.

    python scripts/seed_calendar.py 2026 2027

The last announced year is CONFIRMED: later years carry statutory days only and are provisional,
because swapped working days are announced each autumn for the next year.
"""

import csv
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import holidays

CONFIRMED = 2026
TARGET = Path(__file__).resolve().parents[1] / "src" / "wuyou" / "kernel" / "clocks" / "data" / "days.csv"
HEAD = ["day", "kind", "name", "confirmed", "source"]
ANNOUNCED = "国务院办公厅关于{year}年部分节假日安排的通知"
BY_LAW = "全国年节及纪念日放假办法"


def rows(year: int) -> Iterator[list[str]]:
    """The days of a year that differ from plain weeks, in order."""
    listed = holidays.country_holidays("CN", years=year)
    statutory = {day: _festival(name) for day, name in listed.items() if not _is_instead(name)}
    for day in (date(year, 1, 1) + timedelta(days=number) for number in range(366)):
        if day.year != year:
            continue
        kind = _kind(day, listed, statutory)
        if kind and (year <= CONFIRMED or kind == "holiday"):
            yield [day.isoformat(), kind, _nearest(day, listed, statutory), str(int(year <= CONFIRMED)), _source(year)]


def _is_instead(name: str) -> bool:
    return "substituted" in name or "observed" in name


def _festival(name: str) -> str:
    return "Spring Festival" if name.startswith("Chinese New Year") else name


def _kind(day: date, listed: holidays.HolidayBase, statutory: dict[date, str]) -> str:
    if day in statutory:
        return "holiday"
    if day in listed:
        return "rest"
    return "workday" if day.isoweekday() > 5 and listed.is_working_day(day) else ""


def _nearest(day: date, listed: holidays.HolidayBase, statutory: dict[date, str]) -> str:
    """The festival a day belongs to; a swapped working day belongs to the festival of the day off it pays for."""
    swapped = (rest for rest, name in listed.items() if f"substituted from {day:%m/%d/%Y}" in name)
    day = next(swapped, day)
    return statutory[min(statutory, key=lambda festival: abs((festival - day).days))]


def _source(year: int) -> str:
    return ANNOUNCED.format(year=year) if year <= CONFIRMED else BY_LAW


def main(years: list[int]) -> None:
    """Write the file."""
    with TARGET.open("w", encoding="utf8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEAD)
        writer.writerows(row for year in years for row in rows(year))


if __name__ == "__main__":
    main([int(year) for year in sys.argv[1:]])
