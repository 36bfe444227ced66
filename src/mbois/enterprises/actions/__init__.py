"""What one does in the registry. Each verb is one transaction that checks policy and rules."""

from mbois.enterprises.actions.addresses import add_address
from mbois.enterprises.actions.classification import load_kbli, load_words
from mbois.enterprises.actions.licences import add_licence, change_licence, remove_licence
from mbois.enterprises.actions.photos import MOST_PHOTOS, add_photo, remove_photo
from mbois.enterprises.actions.registration import (
    Registration,
    register_enterprise,
    resubmit,
    update_enterprise,
)
from mbois.enterprises.actions.review import review_enterprise

__all__ = [
    "MOST_PHOTOS",
    "Registration",
    "add_address",
    "add_licence",
    "add_photo",
    "change_licence",
    "load_kbli",
    "load_words",
    "register_enterprise",
    "remove_licence",
    "remove_photo",
    "resubmit",
    "review_enterprise",
    "update_enterprise",
]
