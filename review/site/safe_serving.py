"""What the site must not be served with: a secret that can be guessed, or in clear to other machines."""

import os
from ipaddress import ip_address

SHORTEST = 32
YES = {"1", "yes", "true", "on"}
SAFE_SECRET = "set HEDUI_SECRET_KEY to 50 random characters"  # noqa: S105 - what to do


class UnsafeServingError(ValueError):
    """The site would be open to whoever tries. The message says what to set."""

    exit_code = 4


def refuse_weak_secret(secret: str) -> None:
    """Raise UnsafeServingError when the secret is missing or can be guessed: sessions are sealed with it."""
    if not secret:
        raise UnsafeServingError(f"the site needs a secret: {SAFE_SECRET}")
    if len(secret) < SHORTEST:
        raise UnsafeServingError(
            f"HEDUI_SECRET_KEY has {len(secret)} characters: whoever guesses it signs in as anybody; {SAFE_SECRET}"
        )


def refuse_plain_http(listen: str) -> None:
    """Raise UnsafeServingError when other machines could reach ``listen`` (host:port) and HEDUI_PLAIN_HTTP is set."""
    plain = os.environ.get("HEDUI_PLAIN_HTTP", "").lower() in YES
    if plain and not _this_machine(listen.rpartition(":")[0].strip("[]")):
        raise UnsafeServingError(
            f"HEDUI_PLAIN_HTTP is set and {listen} can be reached from other machines: passwords would pass in clear; "
            "listen on 127.0.0.1, or unset it and put a proxy that ends TLS before the site (HEDUI_BEHIND_PROXY=1)"
        )


def _this_machine(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
