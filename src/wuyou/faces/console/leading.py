"""Where notices lead: they point at a record by `kind:id`, and only the console knows the addresses of pages."""

from collections.abc import Mapping

from django.urls import reverse

PAGES: Mapping[str, str] = {
    "task": "console:work:task",
    "problem": "console:work:problem",
    "finding": "console:quality:finding",
    "inspection": "console:quality:inspection",
    "campaign": "console:quality:campaign",
    "appeal": "console:quality:appeal",
    "improvement": "console:quality:improvement",
    "appraisal_period": "console:appraisal:month",
    "appraisal_consequence": "console:appraisal:consequence",
}


def address_of(url: str) -> str:
    """The page a notice points at: an address as it is, `kind:id` by the table; empty for what has no page."""
    if url.startswith("/"):
        return url
    kind, _colon, pk = url.partition(":")
    return reverse(PAGES[kind], args=[int(pk)]) if kind in PAGES and pk.isdecimal() else ""
