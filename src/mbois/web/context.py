"""What every page knows: `site` in templates."""

from functools import cached_property

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from mbois.web import navigation

THEME_COOKIE = "tampilan"
THEMES = ("auto", "light", "dark")
THUMBS = 5
ABREAST = 7


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
    def front(self) -> list[navigation.Entry]:
        """What stands in the head of a wide page: the first ones, and where one is."""
        if len(self.main) <= ABREAST:
            return self.main
        here = [entry for entry in self.main[ABREAST - 1 :] if entry.current]
        return self.main[: ABREAST - 1 - len(here)] + here

    @cached_property
    def behind(self) -> list[navigation.Entry]:
        """What does not fit in the head of a wide page."""
        return [entry for entry in self.main if entry not in self.front]

    @cached_property
    def waiting_behind(self) -> int:
        """How much waits there."""
        return sum(entry.count for entry in self.behind)

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
