import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "governance.config.settings")
application = get_wsgi_application()

from governance.config import loaded  # noqa: E402  (settings have to be there first)
from governance.config.walls import refuse_if_weak  # noqa: E402

refuse_if_weak()
loaded.set_aside()
