"""Papers, photos and signatures."""

import base64
import binascii
import io
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _
from PIL import Image

from mbois.web import show

MEGABYTE = 1024 * 1024
LARGEST = 10 * MEGABYTE
PAPERS = ".pdf,.jpg,.jpeg,.png,.webp,application/pdf,image/jpeg,image/png,image/webp"
PHOTOS = "image/jpeg,image/png,image/webp,image/*"
MOST_DRAWN = 4_000  # pixels a side of a drawn signature
SHORTEST_DRAWN = 0.04  # of the longer side of the box
_PNG = b"\x89PNG\r\n\x1a\n"


class Upload(forms.FileInput):
    """A large place to drop or choose a file, which then shows a preview."""

    template_name = "web/widgets/upload.html"
    several = False

    def __init__(self, attrs: dict[str, Any] | None = None, *, icon: str = "upload") -> None:
        self.icon = icon
        super().__init__(attrs)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        context["widget"]["icon"] = self.icon
        context["widget"]["several"] = self.several
        context["widget"]["camera"] = "capture" in self.attrs
        return context


class SeveralUploads(Upload):
    allow_multiple_selected = True
    several = True


def _check_size(file: UploadedFile, largest: int) -> None:
    if file.size is not None and file.size > largest:
        raise ValidationError(
            _("“%(name)s” is larger than %(limit)s MB."),
            code="too_large",
            params={"name": file.name, "limit": show.angka(largest // MEGABYTE)},
        )


class PaperField(forms.FileField):
    """One file, PDF or picture, up to 10 MB. The room `people` checks its content."""

    widget = Upload

    def __init__(self, *, accept: str = PAPERS, largest: int = LARGEST, **kwargs: Any) -> None:
        self.accept, self.largest = accept, largest
        kwargs.setdefault("widget", Upload(icon="file-text"))
        super().__init__(**kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "accept": self.accept, "data-largest": str(self.largest)}

    def clean(self, data: Any, initial: Any = None) -> Any:
        file = super().clean(data, initial)
        if isinstance(file, UploadedFile):
            _check_size(file, self.largest)
        return file


class PhotoField(PaperField):
    """A photo, taken now with the phone's camera or chosen."""

    def __init__(self, *, camera: bool = True, **kwargs: Any) -> None:
        kwargs.setdefault("accept", PHOTOS)
        kwargs.setdefault("widget", Upload({"capture": "environment"} if camera else None, icon="camera"))
        super().__init__(**kwargs)


class FilesField(forms.FileField):
    """Several files; cleans to a list."""

    def __init__(
        self, *, accept: str = PAPERS, largest: int = LARGEST, most: int = 12, **kwargs: Any
    ) -> None:
        self.accept, self.largest, self.most = accept, largest, most
        kwargs.setdefault("widget", SeveralUploads(icon="file-text"))
        super().__init__(**kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "accept": self.accept, "data-largest": str(self.largest)}

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        given = data if isinstance(data, (list, tuple)) else [data] if data else []
        if not given:
            super().clean(None, initial)
            return []
        if len(given) > self.most:
            raise ValidationError(
                _("At most %(most)s files at once."), code="too_many", params={"most": show.angka(self.most)}
            )
        files = [super(FilesField, self).clean(one, None) for one in given]
        for file in files:
            _check_size(file, self.largest)
        return files


class PhotosField(FilesField):
    """Several photos; cleans to a list."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("accept", PHOTOS)
        kwargs.setdefault("widget", SeveralUploads(icon="camera"))
        super().__init__(**kwargs)


class SignaturePad(forms.Widget):
    """A place to sign with a finger; without JavaScript, a photo of the signature or thumb."""

    template_name = "web/widgets/signature.html"
    needs_multipart_form = True
    use_fieldset = True

    def value_from_datadict(
        self, data: Mapping[str, Any], files: MultiValueDict[str, UploadedFile], name: str
    ) -> Any:
        return files.get(f"{name}_photo") or data.get(name) or None

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in data and f"{name}_photo" not in files

    def id_for_label(self, id_: str) -> str:
        return ""


class DrawnSignature(SimpleUploadedFile):
    """A signature that was drawn on the screen, not photographed."""


def _is_blank(drawn: bytes) -> bool:
    """Whether nothing is drawn on it: no line darker than the paper, or no more than the dot of a finger
    that only touched it. What is no picture is none."""
    try:
        with Image.open(io.BytesIO(drawn)) as picture:
            if max(picture.size) > MOST_DRAWN:
                return True
            seen = picture.convert("RGBA")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return True
    paper = Image.new("RGBA", seen.size, "white")
    dark = Image.alpha_composite(paper, seen).convert("L").point(lambda shade: 255 * (shade < 200))
    if (drawn_in := dark.getbbox()) is None:
        return True
    left, top, right, bottom = drawn_in
    return max(right - left, bottom - top) < max(seen.size) * SHORTEST_DRAWN


class SignatureField(forms.Field):
    """A signature drawn on the screen (PNG) or a photo of one; cleans to an UploadedFile
    (DrawnSignature where it was drawn) or None."""

    widget = SignaturePad
    largest = 2 * MEGABYTE
    default_error_messages = {
        "required": _("Sign in the box, or add a photo of the signature or thumb print."),
        "invalid": _("The signature did not arrive whole. Please sign again."),
    }

    def to_python(self, value: Any) -> UploadedFile | None:
        if not value:
            return None
        if isinstance(value, UploadedFile):
            _check_size(value, LARGEST)
            return value
        head, _comma, body = str(value).partition(",")
        try:
            drawn = base64.b64decode(body, validate=True)
        except (binascii.Error, ValueError):
            drawn = b""
        if head != "data:image/png;base64" or not drawn.startswith(_PNG) or len(drawn) > self.largest:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        if _is_blank(drawn):
            raise ValidationError(self.error_messages["required"], code="required")
        return DrawnSignature("signature.png", drawn, "image/png")
