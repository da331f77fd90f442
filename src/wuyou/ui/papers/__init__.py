"""Papers: described once, rendered as PDF and as Word (spec 12, Reports; decision 0010).

paper = Paper(_("Inspection report"), blocks=[Heading(_("Findings")), Table([…], rows)], meta=[(_("Project"), name)])
to_pdf(paper), to_word(paper), response(paper, form="pdf", name="report")
"""

from .blocks import Block, Figures, Heading, PageBreak, Paper, Picture, Pictures, Signatures, Table, Text
from .pdf import to_pdf
from .sending import FORMS, response
from .word import to_word

__all__ = [
    "FORMS",
    "Block",
    "Figures",
    "Heading",
    "PageBreak",
    "Paper",
    "Picture",
    "Pictures",
    "Signatures",
    "Table",
    "Text",
    "response",
    "to_pdf",
    "to_word",
]
