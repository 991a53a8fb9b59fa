"""A process of its own: reads photos from files and tells what they cost. Prints JSON, a row a file."""

import json
import re
import sys
import time
from io import BytesIO
from pathlib import Path


def peak_bytes() -> int:
    """Of this program: getrusage would tell what the process that started it had held."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert found
    return int(found[1]) * 1024


def main() -> None:
    from django.conf import settings

    settings.configure(USE_I18N=False)
    from common.images import BadImage, derivatives

    # What is paid once: codecs, tables, and room for a small photo.
    derivatives(BytesIO(Path(sys.argv[1]).read_bytes()))
    rows = []
    for name in sys.argv[2:]:
        data = Path(name).read_bytes()
        before, start = peak_bytes(), time.process_time()
        try:
            said = "" if derivatives(BytesIO(data)) else "nothing"
        except BadImage as error:
            said = str(error)
        seconds = time.process_time() - start
        rows.append({"said": said, "seconds": seconds, "grown": peak_bytes() - before, "peak": peak_bytes()})
    print(json.dumps(rows))


if __name__ == "__main__":
    main()
