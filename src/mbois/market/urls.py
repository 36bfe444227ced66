"""The addresses of the market."""

from django.urls import URLPattern, URLResolver, path

from mbois.market.views import bulk, feeds, ordering, photos, products, public, selling, sheets

_OF = "usaha/<number:enterprise>/"
_ONE = f"{_OF}produk/<str:product>/"

urlpatterns: list[URLPattern | URLResolver] = [
    # everybody
    path("katalog/", public.catalogue, name="catalogue"),
    path("katalog/produk.json", feeds.feed_json, name="feed_json"),
    path("katalog/produk.csv", feeds.feed_csv, name="feed_csv"),
    path("sitemap.xml", feeds.sitemap, name="sitemap"),
    path("sitemap-<str:region>.xml", feeds.sitemap_region, name="sitemap_region"),
    path("robots.txt", feeds.robots, name="robots"),
    path("toko/<str:shop>/", public.shop, name="shop"),
    path("toko/<str:shop>/pesan/", ordering.order_new, name="order_new"),
    path("produk/<str:product>/", public.product, name="product"),
    path("gambar/<str:picture>", public.picture, name="picture"),
    path("ikuti/<str:follow>/", ordering.follow_order, name="follow_order"),
    path("ikuti/<str:follow>/qris.svg", ordering.follow_qris, name="follow_qris"),
    path("ikuti/<str:follow>/langkah/", ordering.follow_step, name="follow_step"),
    # sellers
    path("jualan/", products.my_products, name="my_products"),
    path(f"{_OF}produk/", products.products, name="products"),
    path(f"{_OF}produk/baru/", products.product_new, name="product_new"),
    path(f"{_OF}produk/banyak/", bulk.products_bulk, name="products_bulk"),
    path(f"{_OF}produk/berkas/", sheets.products_sheet, name="products_sheet"),
    path(f"{_OF}produk/berkas/keluar/", sheets.products_out, name="products_out"),
    path(_ONE, products.product_edit, name="product_edit"),
    path(f"{_ONE}tayang/", products.product_publish, name="product_publish"),
    path(f"{_ONE}tarik/", products.product_withdraw, name="product_withdraw"),
    path(f"{_ONE}stok/", products.product_stock, name="product_stock"),
    path(f"{_ONE}foto/", photos.product_photos, name="product_photos"),
    path(f"{_ONE}foto/<int:product_photo>/hapus/", photos.product_photo_remove, name="product_photo_remove"),
    path(f"{_ONE}foto/<int:product_photo>/depan/", photos.product_photo_first, name="product_photo_first"),
    path(f"{_OF}pirt/", products.pirt_step, name="pirt_step"),
    path(f"{_OF}toko/", selling.shop_settings, name="shop_settings"),
    path(f"{_OF}toko/buka/", selling.shop_open, name="shop_open"),
    path(f"{_OF}toko/tutup/", selling.shop_close, name="shop_close"),
    path(f"{_OF}toko/qris/", selling.shop_qris, name="shop_qris"),
    path(f"{_OF}pesanan/", selling.orders, name="orders"),
    path(f"{_OF}pesanan/<str:order>/", selling.order, name="order"),
    path(f"{_OF}pesanan/<str:order>/langkah/", selling.order_step, name="order_step"),
]
