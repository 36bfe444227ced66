"""What forms are made of: a base that takes a rule's refusal, and fields for money, phones, days,
papers, photos, signatures, points on a map and long lists."""

from mbois.web.forms.base import Form, Refusing
from mbois.web.forms.choices import SearchChoiceField
from mbois.web.forms.fields import (
    DayField,
    MomentField,
    MomentInput,
    MoneyField,
    PhoneField,
    PhoneInput,
    SentOnceField,
)
from mbois.web.forms.files import (
    DrawnSignature,
    FilesField,
    PaperField,
    PhotoField,
    PhotosField,
    SignatureField,
)
from mbois.web.forms.point import Point, PointField

__all__ = [
    "DayField",
    "DrawnSignature",
    "FilesField",
    "Form",
    "MomentField",
    "MomentInput",
    "MoneyField",
    "PaperField",
    "PhoneField",
    "PhoneInput",
    "PhotoField",
    "PhotosField",
    "Point",
    "PointField",
    "Refusing",
    "SearchChoiceField",
    "SentOnceField",
    "SignatureField",
]
