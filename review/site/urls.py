"""The site's addresses. No address holds a name or a number of a person: cases go by their case number."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from review.site import case_page, ledger_pages, link_page, signing_in, today, work_list
from review.site.form_pages import posted

handler400 = "review.site.error_pages.bad_request"
handler403 = "review.site.error_pages.forbidden"
handler404 = "review.site.error_pages.not_found"
handler500 = "review.site.error_pages.failed"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", today.home, name="home"),
    path("sign-in/", signing_in.SignIn.as_view(), name="sign_in"),
    path("sign-out/", posted(signing_in.SignOut.as_view()), name="sign_out"),
    path("language/", include("django.conf.urls.i18n")),
    path("", include("review.site.office_urls")),
    path("cases/", work_list.work_list, name="work_list"),
    path("cases/chosen/", work_list.act_on_chosen, name="act_on_chosen"),
    path("cases/<str:case_no>/", case_page.case_page, name="case"),
    path("cases/<str:case_no>/act/<str:action>/", case_page.act_on_case, name="act"),
    path("cases/<str:case_no>/unmasked/", case_page.unmasked, name="unmasked"),
    path("cases/<str:case_no>/visit-sheet/", case_page.visit_sheet, name="visit_sheet"),
    path("cases/<str:case_no>/records/<int:key>/", link_page.why_linked, name="why_linked"),
    path("views/", work_list.keep_view, name="keep_view"),
    path("views/<int:key>/forget/", work_list.drop_view, name="drop_view"),
    path("ledgers/", ledger_pages.ledgers, name="ledgers"),
]
if settings.SINGLE_SIGN_ON:
    urlpatterns.append(path("oidc/", include("mozilla_django_oidc.urls")))
