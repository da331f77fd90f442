"""An independent reader of explained values: works from the JSON and docs/reference/explain.md alone.

It shares nothing with the product, not even its arithmetic: numbers are exact fractions, rounded where the page says.
"""

from fractions import Fraction
from math import floor

QUOTIENT_PLACES = 12


def half_up(number: Fraction, places: int) -> Fraction:
    """To the nearest, away from zero at the half."""
    scale = 10**places
    size = Fraction(floor(abs(number) * scale + Fraction(1, 2)), scale)
    return size if number >= 0 else -size


def quotient(number: Fraction, by: Fraction) -> Fraction:
    """Half up to twelve places."""
    return half_up(number / by, QUOTIENT_PLACES)


def mean(numbers: list[Fraction]) -> Fraction:
    """The plain mean."""
    return quotient(sum(numbers, Fraction(0)), Fraction(len(numbers)))


class Page:
    """One node's operation."""

    def __init__(self, node: dict) -> None:
        self.node = node
        self.detail = node.get("detail", {})
        self.inputs = node.get("inputs", [])
        self.all = [value_of(child) for child in self.inputs]
        self.rated = [number for number in self.all if number is not None]

    def number(self, name: str) -> Fraction | None:
        return Fraction(self.detail[name]) if name in self.detail else None

    def numbered(self, prefix: str) -> list[str]:
        """Parameters `prefix.1`, `prefix.2` … in order."""
        found = {int(name.split(".")[1]): text for name, text in self.detail.items() if name.startswith(f"{prefix}.")}
        return [found[index] for index in sorted(found)]

    def given(self):
        assert not self.inputs
        return None if self.node["value"] is None else Fraction(self.node["value"])

    def none(self):
        return None

    list = act = none

    def zero(self):
        return Fraction(0)

    withheld = zero

    def same(self):
        return self.all[0]

    money = same

    def sum(self):
        return sum(self.rated, Fraction(0)) if self.rated or not self.inputs else None

    def difference(self):
        found = self.all[0] - sum(self.all[1:], Fraction(0))
        if "floor" in self.detail:
            found = max(found, self.number("floor"))
        return half_up(found, int(self.detail["places"])) if "places" in self.detail else found

    def product(self):
        found = Fraction(1)
        for number in self.all:
            found *= number
        return found

    def quotient(self):
        return half_up(self.all[0] / self.all[1], int(self.detail["places"]))

    def percent(self):
        if len(self.rated) < 2 or not self.rated[1]:
            return None
        return half_up(100 * self.rated[0] / self.rated[1], int(self.detail["places"]))

    def veto(self):
        return Fraction(0)

    def limit(self):
        found = self.all[0]
        if "high" in self.detail:
            found = min(found, self.number("high"))
        if "low" in self.detail:
            found = max(found, self.number("low"))
        return found

    def round(self):
        return half_up(self.all[0], int(self.detail["places"]))

    def mean(self):
        return mean(self.all)

    def weighted_mean(self):
        weights, points = Fraction(0), Fraction(0)
        for child, number in zip(self.inputs, self.all, strict=True):
            if number is None and self.detail.get(f"missing.{child['key']}") != "redistribute":
                return None
            if number is not None:
                weight = self.number(f"weight.{child['key']}")
                weights, points = weights + weight, points + weight * number
        return quotient(points, weights) if weights else None

    def trimmed_mean(self):
        ordered = sorted(self.all)
        high, low = int(self.detail["drop_high"]), int(self.detail["drop_low"])
        return mean(ordered[low : len(ordered) - high])

    def median(self):
        ordered = sorted(self.all)
        half = len(ordered) // 2
        return ordered[half] if len(ordered) % 2 else mean(ordered[half - 1 : half + 1])

    def min(self):
        return min(self.all)

    def last(self):
        return self.all[-1]

    def share_above(self):
        above = len([number for number in self.all if number >= self.number("threshold")])
        return quotient(Fraction(100 * above), Fraction(len(self.all)))

    def share(self):
        return quotient(100 * self.all[0], self.all[1])

    def linear(self):
        zero, full = self.number("zero"), self.number("full")
        return max(Fraction(0), min(Fraction(100), quotient(100 * (self.all[0] - zero), full - zero)))

    def between(self):
        now, start, end = self.all
        return max(self.number("low"), min(self.number("high"), quotient(100 * (now - start), end - start)))

    def ease(self):
        return 100 - quotient(100 - self.all[0], self.number("factor"))

    def money_share(self):
        share = self.all[0] * self.number("percent") / 100 * self.number("days") / self.number("of")
        return half_up(share, 0)

    def ruled(self):
        return self.number("ruling")

    def condition(self):
        tests = [text.split(" ") for text in self.numbered("test")]
        return Fraction(int(any(not tests or any(self.passes(case, *test) for test in tests) for case in self.inputs)))

    def passes(self, case: dict, fact: str, operator: str, number: str) -> bool:
        found = [value_of(one) for one in case.get("inputs", []) if one["key"] == fact]
        if not found or found[0] is None:
            return False
        than = Fraction(number)
        return {">": found[0] > than, ">=": found[0] >= than, "<": found[0] < than, "<=": found[0] <= than}[operator]

    def run(self):
        months = {name[6:]: band for name, band in self.detail.items() if name.startswith("month.")}
        length = 0
        for month in sorted(months, reverse=True):
            if months[month] in self.detail["bands"].split(" "):
                length += 1
            elif months[month] or self.detail["unrated"] == "breaks":
                break
        return Fraction(length)

    def outcome(self):
        bands = [text.split(" ") for text in self.numbered("band")]
        by_points = self.band_of(bands, self.all[0])
        assert self.detail["band_by_points"] == by_points
        assert self.detail["band"] == self.worst([code for code, *_ in bands], by_points)
        return self.all[0]

    @staticmethod
    def band_of(bands: "list[list[str]]", points: Fraction | None) -> str:
        if points is None:
            return ""
        for code, *bounds in bands:
            if bounds == ["gap"]:
                continue
            low, high = bounds
            if (low == "-" or points >= Fraction(low)) and (high == "-" or points < Fraction(high)):
                return code
        return next((code for code, *bounds in bands if bounds == ["gap"]), "")

    def worst(self, order: "list[str]", by_points: str) -> str:
        vetoes = next((child for child in self.inputs if child["key"] == "vetoes"), {"inputs": []})
        found = [self.detail[f"at_most.{one['key']}"] for one in vetoes.get("inputs", []) if value_of(one) == 1]
        found += [by_points] if by_points else []
        return max(found, key=order.index, default="")


def value_of(node: dict) -> Fraction | None:
    """The value of a node worked out from below; raises AssertionError where the tree says something else."""
    page = Page(node)
    found = getattr(page, node["op"])()
    said = None if node["value"] is None else Fraction(node["value"])
    assert found == said, f"{node['key']}: {node['op']} gives {found}, the tree says {said}"
    keys = [child["key"] for child in page.inputs]
    assert len(keys) == len(set(keys)), f"{node['key']}: {keys}"
    return found
