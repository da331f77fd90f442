"""The list page: one view class per list of the product."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from wuyou.domains.org.actions import forget_view, save_view
from wuyou.domains.org.models import User
from wuyou.domains.org.queries import saved_views_for
from wuyou.kernel.errors import Missing, WuyouError
from wuyou.ui.pages import Button, Empty
from wuyou.ui.visitor import user_of

from .chips import Chip, address, chips_of, without
from .columns import Column, body
from .export import export_response
from .parts import MOST_IN_BULK, BulkAction, Pages, Preset

BODY = "list-body"
OWN_PARAMETERS = {"page", "sort", "cols", "export", "project"}


class ListPage(View):
    """A list with filters, sorting, columns, views, bulk actions and export, declared by its attributes."""

    code: str
    title: object = ""
    sub: object = ""
    icon = "list"
    columns: Sequence[Column] = ()
    filters: Any = None
    default_sort = ""
    presets: Sequence[Preset] = ()
    bulk: Sequence[BulkAction] = ()
    template_name = "ui/list.html"
    search_label: object = gettext_lazy("Search this list")

    # --- what a face may say

    def rows(self) -> Any:
        """The rows the person may see: a queryset of the domain's queries, or a list."""
        raise NotImplementedError

    def allowed(self) -> None:
        """Raise Denied when the person may not see the list at all."""

    def header_actions(self) -> Sequence[Button]:
        """At most three buttons at the top."""
        return ()

    def empty(self) -> Empty:
        """What to say when there is nothing at all."""
        return Empty(_("Nothing here yet"), icon=self.icon)

    def context(self) -> dict[str, Any]:
        """More values for the template."""
        return {}

    def presets_for(self) -> Sequence[Preset]:
        """Ready-made filters; override to count them."""
        return self.presets

    def bulk_for(self) -> Sequence[BulkAction]:
        """Bulk actions this person may use."""
        return self.bulk

    @property
    def user(self) -> User:
        """Who is asking."""
        return user_of(self.request)

    # --- rows in order

    @cached_property
    def has_search(self) -> bool:
        """Whether the list has a search box: the face wrote `search(rows, text)`."""
        return hasattr(self, "search")

    @cached_property
    def text(self) -> str:
        """What was typed in the search box."""
        return self.request.GET.get("q", "").strip()[:80]

    @cached_property
    def filterset(self) -> Any:
        """The bound filters, or None."""
        return self.filters(self.request.GET, queryset=self.rows(), request=self.request) if self.filters else None

    @cached_property
    def chips(self) -> list[Chip]:
        """The filters at work."""
        return chips_of(self.filterset.form, self.request.GET) if self.filterset and self.filterset.is_bound else []

    @cached_property
    def found(self) -> Any:
        """All rows that fit, in order."""
        rows = self.filterset.qs if self.filterset else self.rows()
        if self.text and self.has_search:
            rows = self.search(rows, self.text)  # type: ignore[attr-defined]
        return self._ordered(rows)

    def _ordered(self, rows: Any) -> Any:
        column = self.by_code.get(self.sort.lstrip("-"))
        if column is None:
            return rows
        down = self.sort.startswith("-")
        if isinstance(rows, QuerySet):
            return rows.order_by(*column.order(is_descending=down), "-pk" if down else "pk")
        return sorted(rows, key=lambda row: (column.value(row) is None, column.value(row)), reverse=down)

    # --- columns and order, from the address

    @cached_property
    def by_code(self) -> dict[str, Column]:
        """Columns by code."""
        return {column.code: column for column in self.columns}

    @cached_property
    def sort(self) -> str:
        """The order asked for, if there is such a column, else the default."""
        asked = self.request.GET.get("sort", "")
        column = self.by_code.get(asked.lstrip("-"))
        return asked if column and column.sort else self.default_sort

    @cached_property
    def chosen(self) -> list[Column]:
        """The columns to show."""
        asked = {code for part in self.request.GET.getlist("cols") for code in part.split(",")} & set(self.by_code)
        if not asked:
            return [column for column in self.columns if column.shown or column.always]
        return [column for column in self.columns if column.code in asked or column.always]

    @property
    def needed(self) -> list[str]:
        """The relations that the columns shown read."""
        return sorted({name for column in self.chosen for name in column.needs})

    def heads(self) -> list[dict[str, Any]]:
        """Column heads with the address that sorts by them."""
        return [self._head(column) for column in self.chosen]

    def _head(self, column: Column) -> dict[str, Any]:
        is_up, is_down = self.sort == column.code, self.sort == f"-{column.code}"
        return {
            "column": column,
            "url": address(self.request.GET, sort=f"-{column.code}" if is_up else column.code) if column.sort else "",
            "sorted": "ascending" if is_up else "descending" if is_down else "",
        }

    # --- answers

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Ask `allowed` before anything else."""
        self.allowed()
        response: HttpResponse = super().dispatch(request, *args, **kwargs)  # type: ignore[assignment]
        patch_vary_headers(response, ["HX-Target"])
        return response

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """The page, its table alone, or the list as a file."""
        if request.GET.get("export"):
            return export_response(self, request.GET["export"])
        is_partial = request.headers.get("HX-Target") == BODY
        context = self.table_context() if is_partial else self.page_context()
        return render(request, "ui/list_body.html" if is_partial else self.template_name, context)

    def table_context(self) -> dict[str, Any]:
        """What the table needs."""
        query = self.request.GET
        pages = Pages(self.found, number=_number(query.get("page", "")))
        bulk = self.bulk_for()
        return {
            "list": self,
            "pages": pages,
            "page_links": [(number, address(query, page=number) if number else "") for number in pages.around],
            "body": body(pages.items, self.chosen, has_ticks=bool(bulk), tick_label=_("Select")),
            "heads": self.heads(),
            "chips": self.chips,
            "bulk": bulk,
            "clear_url": self.clear_url(),
            "is_filtered": bool(self.chips or self.text),
            "nothing": self.empty(),
            "export_urls": {kind: address(query, export=kind) for kind in ("xlsx", "csv")},
            "is_partial": self.request.headers.get("HX-Target") == BODY,
            "most_in_bulk": MOST_IN_BULK,
        }

    def page_context(self) -> dict[str, Any]:
        """What the whole page needs."""
        here = self.request.GET.urlencode()
        return self.table_context() | {
            "title": self.title,
            "sub": self.sub,
            "form": self.filterset.form if self.filterset else None,
            "presets": [(preset, f"?{preset.query}", _same(preset.query, here)) for preset in self.presets_for()],
            "saved_views": self.views(),
            "column_choices": [(column, column in self.chosen) for column in self.columns],
            "kept": [(name, value) for name, value in self.request.GET.items() if name not in {"cols", "page"}],
            "actions": self.header_actions(),
            **self.context(),
        }

    def views(self) -> list[Any]:
        """Saved views of this list: one's own and the shared ones."""
        return list(saved_views_for(self.user, self.code))

    def clear_url(self) -> str:
        """The list without any filter, its order and columns kept."""
        return without(self.request.GET, [name for name in self.request.GET if name not in OWN_PARAMETERS])

    # --- writing

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """A bulk action, or keeping and dropping a view."""
        if "bulk" in request.POST:
            return self.run_bulk(request.POST["bulk"])
        if "save-view" in request.POST:
            self.keep_view()
        if "forget-view" in request.POST:
            self.drop_view(request.POST["forget-view"])
        return redirect(request.get_full_path())

    def keep_view(self) -> None:
        """Save the present address under a name."""
        post, query = self.request.POST, self.request.GET.copy()
        query.pop("page", None)
        is_shared = post.get("shared") == "on"
        try:
            save_view(
                self.user,
                page=self.code,
                name=post.get("name", ""),
                query=query.urlencode(),
                is_shared=is_shared,
            )
        except WuyouError as error:
            messages.error(self.request, str(error))
        else:
            messages.success(self.request, _("The view was saved."))

    def drop_view(self, pk: str) -> None:
        """Forget a view of one's own."""
        views = saved_views_for(self.user, self.code)
        view = next((view for view in views if str(view.pk) == pk), None)
        if view is None:
            raise Missing(_("There is no such view."))
        forget_view(view, by=self.user)

    def picked(self) -> list[Any]:
        """The rows ticked, or all that fit the filters; never more than MOST_IN_BULK."""
        if self.request.POST.get("all"):
            return list(self.found[:MOST_IN_BULK])
        ids = [int(pk) for pk in self.request.POST.getlist("id") if pk.isdecimal()][:MOST_IN_BULK]
        rows = self.rows()
        return list(rows.filter(pk__in=ids)) if isinstance(rows, QuerySet) else [row for row in rows if row.pk in ids]

    def run_bulk(self, code: str) -> HttpResponse:
        """Ask what the action still needs to know, then do it and come back."""
        action = next((action for action in self.bulk_for() if action.code == code), None)
        if action is None:
            raise Missing(_("There is no such action."))
        rows = self.picked()
        if action.form is None:
            return self._done(action, rows, {})
        form = action.form(self.request.POST if "confirmed" in self.request.POST else None)
        if form.is_bound and form.is_valid():
            return self._done(action, rows, form.cleaned_data)
        context = {"list": self, "action": action, "rows": rows, "form": form, "title": action.label}
        return render(self.request, "ui/bulk.html", context, status=422 if form.is_bound else 200)

    def _done(self, action: BulkAction, rows: list[Any], data: dict[str, Any]) -> HttpResponse:
        if not rows:
            messages.error(self.request, _("Nothing was selected."))
            return redirect(self.request.get_full_path())
        try:
            said = action.run(self, rows, data)
        except WuyouError as error:
            messages.error(self.request, str(error))
        else:
            messages.success(self.request, str(said or _("Done.")))
        return redirect(self.request.get_full_path())


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 7 else 1


def _same(query: str, other: str) -> bool:
    return sorted(query.split("&")) == sorted(
        part for part in other.split("&") if not part.startswith(("page=", "sort=", "cols="))
    )
