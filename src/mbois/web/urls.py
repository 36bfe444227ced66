"""Pages of the frame itself."""

from django.urls import path

from mbois.web import gallery, views

urlpatterns = [
    path("", views.landing, name="landing"),
    path("beranda/", views.home, name="home"),
    path("bahasa/", views.choose_language, name="choose_language"),
    path("tampilan/", views.choose_theme, name="choose_theme"),
    path("tentang/angka/", views.about_figures, name="about_figures"),
    path("tentang/privasi/", views.privacy, name="privacy"),
    path("pilih/<slug:source>/", views.suggest, name="suggest"),
    path("luring/", views.offline_page, name="offline"),
    path("luring/catatan/", views.records, name="records"),
    path("luring/tanda/", views.ready_to_send, name="ready_to_send"),
    path("sw.js", views.service_worker, name="service_worker"),
    path("manifest.webmanifest", views.manifest, name="manifest"),
    path("galeri/", gallery.gallery, name="gallery"),
    path("galeri/tabel/", gallery.table, name="gallery_table"),
]
