"""The site's addresses."""

urlpatterns: list = []
