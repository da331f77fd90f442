"""Equipment as search knows it (spec 02: search)."""

from collections.abc import Collection

from wuyou.domains.assets.models import Asset
from wuyou.domains.registry.documents import chunks
from wuyou.kernel import search

ASSET, ASSET_PAGE = "assets.asset", "console:assets:asset"


def index_assets(ids: Collection[int]) -> None:
    """Make devices findable by name, number, kind, model and place."""
    for lot in chunks(ids):
        rows = Asset.objects.filter(pk__in=lot).select_related("place")
        search.bulk_index(_entry(row) for row in rows)


def _entry(row: Asset) -> search.Entry:
    where = row.place.name if row.place else ""
    return search.Entry(
        ASSET, row.pk, row.project_id, row.name, f"{row.code} {row.category} {row.model} {row.serial} {where}",
        subtitle=f"{row.category} {row.code} {where}".strip(), url_name=ASSET_PAGE, url_args=[row.pk],
    )  # fmt: skip


def forget_missing(project_id: int) -> None:
    """Take out of the search what an undone import removed."""
    known = {str(pk) for pk in Asset.objects.filter(project=project_id).values_list("pk", flat=True)}
    gone = [one for one in search.indexed_ids(ASSET, project_id=project_id) if one not in known]
    search.remove_many(ASSET, gone)
