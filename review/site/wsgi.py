"""What a web server runs: Django on the database that the environment names, inside the walls."""

from django.core.exceptions import ImproperlyConfigured
from django.core.handlers.wsgi import WSGIHandler

from review.configure import configure
from review.walls.scope import serve_site


def build() -> WSGIHandler:
    """The application. Raises ImproperlyConfigured when the site has no secret."""
    configure()
    from django.conf import settings
    from django.core.wsgi import get_wsgi_application

    if settings.SECRET_KEY == settings.NO_SECRET:
        raise ImproperlyConfigured("the site needs a secret of its own: set HEDUI_SECRET_KEY to 50 random characters")
    serve_site()
    return get_wsgi_application()


application = build()
