"""Shopee's mass upload: the officer brings the template of the category, downloaded from the Seller
Centre, and it is filled by its headings, whatever their order."""

from django.utils.translation import gettext_lazy as _

from mbois.enterprises.models import Enterprise
from mbois.market.channels.sheets import Need, common_needs

NAME = "Shopee – unggah massal"
ABOUT = _(
    "For sellers at Shopee whose shop is not connected. Download the template of the right category in the "
    "Seller Centre (Product › Mass upload), bring it here, and upload what comes back."
)

# What each of our fields is called in the templates: in the row for people and in the one for machines.
HEADINGS: dict[str, tuple[str, ...]] = {
    "name": ("nama produk", "product name", "ps_product_name"),
    "description": ("deskripsi produk", "product description", "ps_product_description"),
    "parent_sku": ("sku induk", "parent sku", "ps_sku_parent_short"),
    "variation_group": (
        "kode integrasi variasi",
        "variation integration no",
        "et_title_variation_integration_no",
    ),
    "variation_title": ("nama variasi 1", "variation name1", "variation name 1", "et_title_variation_1"),
    "option": ("varian untuk variasi 1", "option for variation 1", "et_title_option_for_variation_1"),
    "price": ("harga", "price", "ps_price"),
    "stock": ("stok", "stock", "ps_stock"),
    "sku": ("kode variasi", "sku", "ps_sku_short"),
    "picture_1": ("foto sampul", "cover image", "ps_item_cover_image"),
    "picture_2": ("foto produk 1", "item image 1", "ps_item_image_1"),
    "picture_3": ("foto produk 2", "item image 2", "ps_item_image_2"),
    "picture_4": ("foto produk 3", "item image 3", "ps_item_image_3"),
    "picture_5": ("foto produk 4", "item image 4", "ps_item_image_4"),
    "weight": ("berat", "weight", "ps_weight"),
    "length": ("panjang", "length", "ps_length"),
    "width": ("lebar", "width", "ps_width"),
    "height": ("tinggi", "height", "ps_height"),
    "brand": ("merek", "brand", "ps_brand"),
}


def needs(enterprise: Enterprise) -> list[Need]:
    return common_needs(enterprise)
