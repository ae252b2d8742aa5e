"""Whether the web in this container can serve: it, its database and what else /readyz asks about."""

import os
import sys
import urllib.request


def main() -> int:
    host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].lstrip(".").replace("*", "localhost")
    port = os.environ.get("BIND", ":8000").rpartition(":")[2]
    # As the proxy in front would ask: else a portal behind TLS answers with a redirect to itself.
    heads = {"Host": host, "X-Forwarded-Proto": "https"}
    request = urllib.request.Request(f"http://127.0.0.1:{port}/readyz", headers=heads)
    try:
        with urllib.request.urlopen(request, timeout=4) as answer:
            return 0 if answer.status == 200 else 1
    except OSError as failure:
        print(failure)
        return 1


if __name__ == "__main__":
    sys.exit(main())
