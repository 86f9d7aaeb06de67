"""Addresses of files, figures, nights, the audit log and accounts."""

from django.urls import path

from review.site import account_pages, audit_search, dashboard, delivery_pages, exporting, nights

urlpatterns = [
    path("export/", exporting.ask_export, name="export"),
    path("export/file/", exporting.export, name="export_file"),
    path("outcomes/", exporting.import_file, name="import_outcomes"),
    path("figures/", dashboard.dashboard, name="dashboard"),
    path("nights/", nights.types_by_night, name="types_by_night"),
    path("nights/deliveries/", nights.deliveries, name="deliveries"),
    path("nights/deliveries/all/", delivery_pages.all_deliveries, name="all_deliveries"),
    path("nights/deliveries/all/<str:delivery_id>/", delivery_pages.delivery, name="delivery"),
    path("nights/samples/", nights.samples, name="quarantine_samples"),
    path("nights/even-handedness/", nights.even_handedness, name="even_handedness"),
    path("audit/", audit_search.search, name="audit"),
    path("accounts/", account_pages.accounts, name="accounts"),
    path("accounts/make/", account_pages.make, name="make_account"),
    path("accounts/<str:username>/", account_pages.account, name="account"),
    path("accounts/<str:username>/password/", account_pages.set_password, name="account_password"),
    path("password/", account_pages.own_password, name="own_password"),
]
