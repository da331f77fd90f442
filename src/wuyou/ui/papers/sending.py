"""A paper as an answer to a browser."""

from collections.abc import Callable, Mapping

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _

from wuyou.kernel.errors import Missing

from .blocks import Paper
from .pdf import to_pdf
from .word import to_word

FORMS: Mapping[str, tuple[str, str, Callable[[Paper], bytes]]] = {
    "pdf": ("pdf", "application/pdf", to_pdf),
    "word": ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", to_word),
}


def response(paper: Paper, *, form: str, name: str) -> HttpResponse:
    """The paper as a file called `name` (without ending) to download; `form` is pdf or word.

    Raises Missing for another form, and what to_pdf and to_word raise.
    """
    if form not in FORMS:
        raise Missing(_("A paper comes as PDF or as Word."))
    ending, kind, render = FORMS[form]
    answer = HttpResponse(render(paper), content_type=kind)
    answer["Content-Disposition"] = content_disposition_header(True, f"{name}.{ending}") or "attachment"
    return answer
