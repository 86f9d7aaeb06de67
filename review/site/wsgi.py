"""What a web server runs: Django on the database that the environment names, inside the walls."""

from django.core.handlers.wsgi import WSGIHandler

from review.configure import configure
from review.site.safe_serving import refuse_weak_secret
from review.walls.scope import serve_site


def build() -> WSGIHandler:
    """The application. Raises UnsafeServingError when the site has no secret, or one that can be guessed."""
    configure()
    from django.conf import settings
    from django.core.wsgi import get_wsgi_application

    refuse_weak_secret("" if settings.SECRET_KEY == settings.NO_SECRET else settings.SECRET_KEY)
    serve_site()
    return get_wsgi_application()


application = build()
