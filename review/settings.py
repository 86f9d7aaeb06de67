"""Django's settings. There is no site yet: tables, migrations and the two languages."""

import os
from pathlib import Path
from typing import Any

from review.configure import ADDRESS_VARIABLE
from review.database import database_settings

HERE = Path(__file__).parent

ADDRESS = os.environ.get(ADDRESS_VARIABLE)
# Without an address Django can still be imported and type-checked; `configure` is what insists on one.
DATABASES: dict[str, dict[str, Any]] = {"default": database_settings(ADDRESS)} if ADDRESS else {}
INSTALLED_APPS = ["review.apps.ReviewConfig"]

TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
USE_I18N = True
# The compiled catalogue is committed: a fresh machine has neither msgfmt nor a build step to run it in.
LOCALE_PATHS = [HERE / "locale"]
