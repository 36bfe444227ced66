"""What people fill in about an enterprise; what stewards fill in is in `stewards`."""

from mbois.enterprises.forms.records import CaptionForm, ChangeForm, ReviewForm, UnmaskForm
from mbois.enterprises.forms.steps import (
    BusinessForm,
    LicenceForm,
    OwnerForm,
    PhotosForm,
    PlaceForm,
    SendForm,
    SizeForm,
    StepForm,
    plain,
)

__all__ = [
    "BusinessForm",
    "CaptionForm",
    "ChangeForm",
    "LicenceForm",
    "OwnerForm",
    "PhotosForm",
    "PlaceForm",
    "ReviewForm",
    "SendForm",
    "SizeForm",
    "StepForm",
    "UnmaskForm",
    "plain",
]
