"""A table of rows: searched, filtered, sorted and paged by the query of its URL.

    table = Table(
        request,
        rows=Enterprise.objects.visible_to(request.user).select_related("village"),
        columns=[
            Column("name", _("Business"), link=Enterprise.get_absolute_url, sort="name",
                   note=lambda row: row.village.name),
            Column("sales", _("Sales a year"), value="annual_sales", show=show.rupiah, number=True,
                   sort="annual_sales"),
            Column("state", _("State"), html=lambda row: badge(State(row.state))),
            Column("since", _("Registered"), value="registered_at", show=show.tanggal, sort="registered_at",
                   phone=False),
        ],
        search=lambda rows, text: rows.filter(name__icontains=text),
        search_label=_("Search name or village"),
        filters=[Filter("state", _("State"), [
            Choice("verified", _("Verified"), Q(state=State.VERIFIED)),
            Choice("mine", _("My turn"), Q(officer=request.user)),
        ])],
        order="-since",
        empty=Empty(_("No business yet"), _("Register the first one."), reverse("new"), _("Register")),
        download="usaha",
    )
    return table.answer("enterprises/list.html", {"title": …})

with `{% include "web/table.html" with table=table %}` in the page. `answer` gives the whole page, only
the table when htmx asks for it, or the file when a download is wanted. Two queries whatever the number
of rows: one counts (the rows and every chip together), one reads the page. A page, sort or filter that
does not exist is ignored, never an error. On a phone each row is a card that names its cells.

`rows` may also be a list (then `Choice.where` is a function of a row and `sort` an attribute).
"""

from mbois.web.tables.parts import Choice, Column, Empty, Filter
from mbois.web.tables.table import Table

__all__ = ["Choice", "Column", "Empty", "Filter", "Table"]
