"""Form pages: what was typed stays, errors stand at their fields, one way for page, drawer and dialog."""

import pytest
from django import forms
from django.template import Context, Template
from django.utils import translation

from wuyou.kernel import errors
from wuyou.ui.forms import Section, add_errors, field_errors, layout_of

IN_DRAWER = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "drawer-body"}


@pytest.fixture
def english(web):
    web.cookies["django_language"] = "en"
    return web


def test_the_form_is_shown_with_its_draft_key(english, user):
    page = english.get("/name?back=/people").text
    assert f'data-draft="{user.pk}:test.name"' in page
    assert 'href="/people" data-cancel' in page


@pytest.mark.parametrize("back", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)"])
def test_cancelling_leads_nowhere_else(english, back):
    assert "elsewhere" not in english.get("/name", {"back": back}).text.split("data-cancel")[0].rsplit("<a", 1)[1]


def test_what_is_missing_is_said_at_the_field_and_the_rest_is_kept(english):
    response = english.post("/name", {"name": "", "note": "typed before"})
    assert response.status_code == 422
    assert "typed before" in response.text
    assert response.text.count('aria-invalid="true"') == 1
    assert 'id="id_name_error"' in response.text
    assert "One field needs another look." in response.text


@pytest.mark.parametrize(
    ("name", "field", "said"),
    [
        ("taken", "name", "This name is taken."),
        ("elsewhere", "__all__", "Something else is wrong."),
        ("conflict", "__all__", "Somebody was faster."),
    ],
)
def test_errors_of_the_action_land_on_the_form(english, name, field, said):
    response = english.post("/name", {"name": name})
    assert response.status_code == 422
    assert response.context["form"].errors == {field: [said]}
    assert f'value="{name}"' in response.text


def test_being_refused_is_a_page_of_its_own(english):
    assert english.post("/name", {"name": "denied"}).status_code == 403


def test_what_was_done_is_said_on_the_next_page(english):
    response = english.post("/name", {"name": "World"}, follow=True)
    assert response.redirect_chain == [("/people", 302)]
    assert "Hello World" in response.text


def test_in_a_drawer_the_form_comes_alone_and_a_redirect_moves_the_page(english):
    page = english.get("/name", **IN_DRAWER)
    assert "<html" not in page.text
    assert 'data-panel-title="A name"' in page.text
    done = english.post("/name", {"name": "World"}, **IN_DRAWER)
    assert (done.status_code, done["HX-Redirect"]) == (204, "/people")
    assert "Hello World" in english.get("/people").text


def test_an_error_in_a_drawer_is_shown_there(english):
    response = english.post("/name", {"name": "denied"}, **IN_DRAWER)
    assert response.status_code == 403
    assert "<html" not in response.text
    assert "Not yours." in response.text


class Laid(forms.Form):
    layout = (Section("Basics", "name", ("start", "end")),)
    name = forms.CharField(help_text="short")
    start = forms.DateField()
    end = forms.DateField()
    kind = forms.ChoiceField(choices=[("a", "A")], widget=forms.RadioSelect)
    agree = forms.BooleanField()
    secret = forms.CharField(widget=forms.HiddenInput)


def test_a_layout_names_sections_and_rows_and_forgets_no_field():
    parts = [(title, [[bound.name for bound in row] for row in rows]) for title, rows in layout_of(Laid())]
    assert parts == [("Basics", [["name"], ["start", "end"]]), ("", [["kind"], ["agree"]])]


def test_a_form_renders_labels_groups_and_hidden_fields():
    with translation.override("en"):
        page = str(Laid())
    assert page.count("<legend>Kind</legend>") == 1
    assert '<label for="id_name">Name</label>' in page
    assert 'id="id_name_helptext"' in page
    assert 'type="hidden" name="secret"' in page
    assert page.count('class="field check"') == 1


def test_a_whole_form_by_the_tag():
    with translation.override("en"):
        page = Template('{% load ui %}{% form f action="/x" submit="Go" cancel="/y" %}').render(Context({"f": Laid()}))
    assert 'action="/x"' in page
    assert ">Go</button>" in page
    assert "data-draft" not in page


def test_field_errors_gives_the_result_of_what_went_well():
    form = Laid({})
    with field_errors(form) as outcome:
        outcome.result = 7
    assert (outcome.ok, outcome.result, outcome.error) == (True, 7, None)


def test_field_errors_does_not_swallow_what_is_not_for_the_form():
    for error in (errors.Missing("gone"), RuntimeError("a bug")):
        with pytest.raises(type(error)), field_errors(Laid({})):
            raise error


def test_a_json_pointer_names_a_field():
    form = Laid({"name": "x"})
    form.full_clean()
    add_errors(form, errors.Invalid(fields={"/name": "wrong", "/start/0": "too early"}))
    assert "wrong" in form.errors["name"]
    assert "too early" in form.errors["start"]
