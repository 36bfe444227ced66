"""The photos of a product: added, ordered, removed; what that brings its listings is said."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from mbois.market import forms, quality
from mbois.market.actions import photos as photo_actions
from mbois.market.models import Product, ProductPhoto
from mbois.market.views.common import posted, selling_product, signed_in, tell_mended
from mbois.refused import Refused
from mbois.web.confirm import ask_first


@login_required
@require_http_methods(["GET", "POST"])
def product_photos(request: HttpRequest, enterprise: str, product: str) -> HttpResponse:
    """Add photos, see and order those there are."""
    row = selling_product(request, enterprise, product)
    form = forms.PhotosForm(*posted(request))
    if request.method == "POST" and form.is_valid():
        kept = 0
        before = quality.scores_of(row)
        for upload in form.cleaned_data["photos"]:
            try:
                photo_actions.add_photo(row, upload, by=signed_in(request))
                kept += 1
            except Refused as refused:
                form.add_error("photos", f"{upload.name}: {refused.message}")
        if kept:
            messages.success(request, _("The photos are saved."))
            tell_mended(request, row, before)
        if not form.errors:
            return redirect("product_photos", enterprise=enterprise, product=row.code)
    photos = ProductPhoto.objects.filter(region=row.region_id, product=row).select_related("picture")
    context = {"enterprise": row.enterprise, "product": row, "form": form, "photos": photos}
    return render(request, "market/photos.html", context, status=422 if form.errors else 200)


def _photo(row: Product, key: int) -> ProductPhoto:
    photo: ProductPhoto = get_object_or_404(ProductPhoto, region=row.region_id, product=row, pk=key)
    photo.product = row
    return photo


@login_required
@require_POST
def product_photo_remove(
    request: HttpRequest, enterprise: str, product: str, product_photo: int
) -> HttpResponse:
    """Take a photo off, after asking."""
    row = selling_product(request, enterprise, product)
    photo = _photo(row, product_photo)
    if asked := ask_first(request, question=_("Remove this photo?"), verb=_("Remove"), danger=True):
        return asked
    before = quality.scores_of(row)
    try:
        photo_actions.remove_photo(photo, by=signed_in(request))
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("The photo was removed."))
        tell_mended(request, row, before)
    return redirect("product_photos", enterprise=enterprise, product=row.code)


@login_required
@require_POST
def product_photo_first(
    request: HttpRequest, enterprise: str, product: str, product_photo: int
) -> HttpResponse:
    """Show this photo first."""
    row = selling_product(request, enterprise, product)
    before = quality.scores_of(row)
    photo_actions.order_photos(row, [_photo(row, product_photo).pk], by=signed_in(request))
    tell_mended(request, row, before)
    return redirect("product_photos", enterprise=enterprise, product=row.code)
