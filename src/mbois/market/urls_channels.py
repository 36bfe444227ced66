"""The addresses of marketplaces: what they call, and where sellers look after them."""

from django.urls import path

from mbois.market.views import (
    connections,
    matching,
    pushes,
    sales,
    sheetchannels,
    sheets_of_many,
    shopfeeds,
)

_OF = "usaha/<number:enterprise>/lokapasar/"
_ONE = f"{_OF}<int:connection>/"

urlpatterns = [
    # marketplaces
    path("lokapasar/<slug:channel>/kembali/", pushes.back, name="channel_back"),
    path("lokapasar/<slug:channel>/kabar/", pushes.push, name="channel_push"),
    path("toko/<str:shop>/google.xml", shopfeeds.google, name="feed_google"),
    path("toko/<str:shop>/meta.csv", shopfeeds.meta, name="feed_meta"),
    # sellers
    path("lokapasar/lembar/", sheetchannels.sellers, name="channel_sellers"),
    path("lokapasar/lembar/<slug:sheet>/", sheets_of_many.sheet_of_many, name="channel_sheet_many"),
    path("lokapasar/", connections.mine, name="my_channels"),
    path(_OF, connections.overview, name="channels"),
    path(f"{_OF}hubungkan/<slug:channel>/", connections.connect, name="channel_connect"),
    path(f"{_OF}lembar/<slug:sheet>/", sheetchannels.sheet, name="channel_sheet"),
    path(f"{_OF}lembar/<slug:sheet>/unduh/", sheetchannels.filled, name="channel_sheet_file"),
    path(f"{_OF}laporan/", sales.files, name="sales_files"),
    path(f"{_OF}laporan/<int:sales_file>/", sales.file, name="sales_file"),
    path(_ONE, connections.connection, name="connection"),
    path(f"{_ONE}langkah/", connections.step, name="connection_step"),
    path(f"{_ONE}tayangkan/", connections.publish, name="connection_publish"),
    path(f"{_ONE}kategori/", connections.categories, name="connection_categories"),
    path(f"{_ONE}cocokkan/", matching.match, name="connection_match"),
    path(f"{_ONE}tayangan/<int:listing>/", connections.listing_step, name="listing_step"),
]
