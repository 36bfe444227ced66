"""How a rule says no: one exception with a sentence for people."""


class Refused(Exception):
    """A rule refused the command; nothing was written.

    `message` is a translated sentence for the person who asked, `field` names the input it
    belongs to (a form field or a JSON key), `code` is a stable word for programs, `status` the
    HTTP status an API answers with.
    """

    def __init__(
        self, message: object, *, field: str | None = None, code: str = "refused", status: int = 422
    ) -> None:
        super().__init__(message)
        self._message = message
        self.field = field
        self.code = code
        self.status = status

    @property
    def message(self) -> str:
        """The sentence, in the language that is active when it is read."""
        return str(self._message)

    def __str__(self) -> str:
        return self.message


def require(allowed: bool, message: object = None) -> None:
    """Refuse (403) unless a policy allows it."""
    if not allowed:
        from django.utils.translation import gettext as _

        raise Refused(message or _("You may not do this."), code="forbidden", status=403)
