"""The addresses of the books."""

from django.urls import path

from mbois.ledger import views

urlpatterns = [
    path("buku/", views.books, name="books"),
    path("buku/<str:region>/", views.trial_balance, name="trial_balance"),
    path("buku/<str:region>/akun/", views.accounts, name="accounts"),
    path("buku/<str:region>/akun/<str:account>/", views.statement, name="account_statement"),
]
