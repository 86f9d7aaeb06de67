"""The site's addresses. No address holds a name or a number of a person: cases go by their case number."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from review.site import signing_in

urlpatterns: list[URLPattern | URLResolver] = [
    path("", signing_in.home, name="home"),
    path("sign-in/", signing_in.SignIn.as_view(), name="sign_in"),
    path("sign-out/", signing_in.SignOut.as_view(), name="sign_out"),
    path("language/", include("django.conf.urls.i18n")),
    path("", include("review.site.office_urls")),
]
if settings.SINGLE_SIGN_ON:
    urlpatterns.append(path("oidc/", include("mozilla_django_oidc.urls")))
