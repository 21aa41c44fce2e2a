"""Succeeds where Ray's head says that it is well."""

import os
import sys
import urllib.request

URL = "http://127.0.0.1:8265/api/gcs_healthz"
TIMEOUT_SECONDS = 4

request = urllib.request.Request(URL, headers={"Authorization": f"Bearer {os.environ['RAY_AUTH_TOKEN']}"})
try:
    with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:
        sys.exit(0 if answer.status == 200 else f"{URL} answered with {answer.status}")
except OSError as error:
    sys.exit(f"{URL} did not answer: {error}")
