"""Lines of the log, without the links that open something for whoever has them."""

import logging
import re

# A UUID, or what Django signed: value, time and signature.
_LINKS = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[\w=-]+:[\w-]{4,}:[\w-]{20,}")


class WithoutLinks(logging.Formatter):
    """Private links stand in addresses and in exceptions: everything is cut that looks like one."""

    def format(self, record: logging.LogRecord) -> str:
        return _LINKS.sub("…", super().format(record))
