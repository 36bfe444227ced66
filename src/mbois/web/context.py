"""What every page knows: `site` in templates."""

from functools import cached_property

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from mbois.web import navigation

THEME_COOKIE = "tampilan"
THEMES = ("auto", "light", "dark")
THUMBS = 5
# Widths of a window in rem, as in app.css, from which the head of a page holds more
WIDTHS = (40, 60, 74)
FRAME = 390  # pixels that the mark, the inbox and the menus take of it
MORE = 115  # and "More"


def _wide(entry: navigation.Entry) -> int:
    """About how many pixels it takes there."""
    return 28 + 9 * len(entry.label) + (30 if entry.count else 0)


class Site:
    """The frame of a page: who reads it, where they can go, how it looks. Nothing is computed before
    a template asks for it."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @cached_property
    def person(self) -> object | None:
        user = getattr(self.request, "user", None)
        return user if user is not None and user.is_authenticated else None

    @cached_property
    def theme(self) -> str:
        chosen = self.request.COOKIES.get(THEME_COOKIE, "auto")
        return chosen if chosen in THEMES else "auto"

    @property
    def source(self) -> str:
        """Where the program's source can be had, as its licence asks of whoever runs it for others."""
        return str(settings.SOURCE_URL)

    @property
    def language(self) -> str:
        return get_language() or settings.LANGUAGE_CODE

    @property
    def languages(self) -> list[tuple[str, str]]:
        return [(code, str(name)) for code, name in settings.LANGUAGES]

    @property
    def here(self) -> str:
        return self.request.get_full_path()

    @property
    def address(self) -> str:
        """The page's own full address, without its query."""
        return settings.SITE_URL.rstrip("/") + self.request.path

    @property
    def root(self) -> str:
        return str(settings.SITE_URL).rstrip("/")

    @property
    def demo(self) -> bool:
        return bool(getattr(settings, "DEMO", False))

    @cached_property
    def main(self) -> list[navigation.Entry]:
        return navigation.entries(self.request, "main")

    @cached_property
    def head(self) -> list[tuple[navigation.Entry, int]]:
        """Each destination with the width of window, one of WIDTHS, from which it stands in the head of a
        page; 0: never, it is behind "More". Where one is stands there always."""
        since = [0] * len(self.main)
        here_first = sorted(range(len(self.main)), key=lambda place: not self.main[place].current)
        for width in reversed(WIDTHS):
            room = width * 16 - FRAME
            if sum(map(_wide, self.main)) > room:
                room -= MORE
            for place in here_first:
                room -= _wide(self.main[place])
                if room < 0 and not self.main[place].current:
                    break
                since[place] = width
        return list(zip(self.main, since, strict=True))

    @cached_property
    def whole_from(self) -> int:
        """From which width of window nothing is behind "More"; 0: never."""
        widths = [since for _entry, since in self.head]
        return max(widths, default=WIDTHS[0]) if all(widths) else 0

    @cached_property
    def waiting_behind(self) -> list[tuple[int, int]]:
        """For each width of window how much waits behind "More"."""
        counts = [
            (width, sum(entry.count for entry, since in self.head if not 0 < since <= width))
            for width in WIDTHS
        ]
        return [(width, count) for width, count in counts if count]

    @cached_property
    def public(self) -> list[navigation.Entry]:
        return navigation.entries(self.request, "public")

    @cached_property
    def inbox(self) -> list[navigation.Entry]:
        return navigation.entries(self.request, "inbox")

    @cached_property
    def account(self) -> list[navigation.Entry]:
        return navigation.entries(self.request, "account")

    @cached_property
    def thumbs(self) -> list[navigation.Entry]:
        """What stands in the thumb bar of a phone."""
        fitting = [entry for entry in self.main if entry.item.thumb]
        return fitting if len(fitting) <= THUMBS else fitting[: THUMBS - 1]

    @cached_property
    def more(self) -> list[navigation.Entry]:
        """What does not fit in the thumb bar."""
        return [entry for entry in self.main if entry not in self.thumbs]


def page(request: HttpRequest) -> dict[str, object]:
    return {"site": Site(request)}
