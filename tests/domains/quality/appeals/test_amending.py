"""What a finding or an inspection can be amended to (spec 05: Appeal)."""

import pytest

from wuyou.domains.quality.rules.amending import FindingChange, finding_change, inspection_changes
from wuyou.kernel.errors import Invalid

FINDINGS = {5: "major", 6: "minor"}


def change(given):
    """An amendment of finding 5, major, “积灰”."""
    return finding_change(given, finding=5, severity="major", text="积灰")


class TestAFinding:
    @pytest.mark.parametrize(
        ("given", "expected"),
        [
            ({"severity": "minor"}, FindingChange(5, severity="minor")),
            ({"text": " 少量积灰 "}, FindingChange(5, text="少量积灰")),
            ({"severity": "minor", "text": "少量积灰"}, FindingChange(5, severity="minor", text="少量积灰")),
            ({"severity": "major", "text": "少量积灰"}, FindingChange(5, text="少量积灰")),
            ({"severity": "minor", "text": "积灰"}, FindingChange(5, severity="minor")),
        ],
    )
    def test_gets_another_severity_or_wording(self, given, expected):
        assert change(given) == expected

    @pytest.mark.parametrize(
        "given",
        [
            {},
            {"severity": "major"},
            {"severity": "grave"},
            {"text": "  "},
            {"text": "长" * 501},
            {"points": "3"},
            {"severity": 3},
            {"severity": "major", "text": "积灰"},
        ],
    )
    def test_refuses_anything_else(self, given):
        with pytest.raises(Invalid) as caught:
            change(given)
        assert [one.field for one in caught.value.fields] == ["amended_to"]

    def test_takes_a_text_of_the_greatest_length(self):
        assert change({"text": "长" * 500}).text == "长" * 500


class TestAnInspection:
    def test_names_its_findings(self):
        given = {"findings": [{"id": 5, "void": True}, {"id": 6, "severity": "major"}]}
        assert inspection_changes(given, findings=FINDINGS) == [
            FindingChange(5, is_void=True),
            FindingChange(6, severity="major"),
        ]

    @pytest.mark.parametrize(
        "given",
        [
            {},
            {"findings": []},
            {"findings": "all"},
            {"findings": 5},
            {"findings": ["5"]},
            {"findings": [{"id": 7, "void": True}]},
            {"findings": [{"void": True}]},
            {"findings": [{"id": [5], "void": True}]},
            {"findings": [{"id": "5", "void": True}]},
            {"findings": [{"id": 5}]},
            {"findings": [{"id": 5, "void": False}]},
            {"findings": [{"id": 5, "severity": "major"}]},
            {"findings": [{"id": 5, "severity": "grave"}]},
            {"findings": [{"id": 5, "void": True, "severity": "minor"}]},
            {"findings": [{"id": 5, "void": True}, {"id": 5, "severity": "minor"}]},
            {"findings": [{"id": 5, "void": True}], "score": "90"},
        ],
    )
    def test_refuses_anything_else(self, given):
        with pytest.raises(Invalid) as caught:
            inspection_changes(given, findings=FINDINGS)
        assert [one.field for one in caught.value.fields] == ["amended_to"]
