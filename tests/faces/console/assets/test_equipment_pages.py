"""Equipment in the console."""

from django.urls import reverse
from faces.console.estates import Estate
from faces.console.pages import PageTest

from wuyou.domains.assets.choices import AssetState


class TestEquipment(PageTest):
    pages = {
        "console:assets:list": lambda e: [],
        "console:assets:new": lambda e: [],
        "console:assets:asset": lambda e: [e.asset],
        "console:assets:change": lambda e: [e.asset],
        "console:assets:move": lambda e: [e.asset],
    }


def test_a_device_is_entered_at_a_place(db):
    estate = Estate()
    given = {"code": "D9", "name": "水泵", "category": "生活水泵", "quantity": "2", "place_code": estate.spot.code}
    answer = estate.web.post(reverse("console:assets:new"), given)
    asset = estate.project.assets.get(code="D9")
    assert answer["Location"] == reverse("console:assets:asset", args=[asset.pk])
    assert (asset.place, asset.quantity, asset.system) == (estate.spot, 2, "生活水泵")


def test_an_unknown_place_is_shown_at_its_field(db):
    estate = Estate()
    assert estate.site.level == "site"
    given = {"code": "D9", "name": "水泵", "category": "生活水泵", "quantity": "1", "place_code": "nowhere"}
    answer = estate.web.post(reverse("console:assets:new"), given)
    assert answer.status_code == 422
    assert answer.context["form"].errors["place_code"] == ["There is no place with this code here."]
    assert not estate.project.assets.exists()


def test_a_step_needs_its_reason(db):
    estate = Estate()
    url = reverse("console:assets:step", args=[estate.asset.pk, "report_fault"])
    estate.web.post(url, {"reason": ""})
    estate.asset.refresh_from_db()
    assert estate.asset.state == AssetState.IN_SERVICE
    estate.web.post(url, {"reason": "flickers"})
    estate.asset.refresh_from_db()
    assert estate.asset.state == AssetState.FAULTY


def test_a_sticker_is_a_pdf(db):
    estate = Estate()
    answer = estate.web.post(reverse("console:assets:label", args=[estate.asset.pk]))
    assert (answer["Content-Type"], answer.content[:5]) == ("application/pdf", b"%PDF-")
