"""Draws the values of a Secret, once: what is there already stays as it is, and only what is missing is added."""

import base64
import json
import os
import secrets
import ssl
import string
import sys
import urllib.error
import urllib.request
from pathlib import Path

ACCOUNT = Path("/var/run/secrets/kubernetes.io/serviceaccount")
TIMEOUT_SECONDS = 30
ALPHABET = string.ascii_letters + string.digits
NOT_FOUND = 404


def draw(form, length):
    """A random value: `fernet` or `alphanumeric`."""
    if form == "fernet":
        return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def call(method, path, body=None, content_type="application/json"):
    """The API server's answer, or None where it says that there is no such object."""
    host, port = os.environ["KUBERNETES_SERVICE_HOST"], os.environ["KUBERNETES_SERVICE_PORT"]
    host = f"[{host}]" if ":" in host else host
    request = urllib.request.Request(
        f"https://{host}:{port}{path}",
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={
            "Authorization": f"Bearer {(ACCOUNT / 'token').read_text().strip()}",
            "Content-Type": content_type,
        },
    )
    trust = ssl.create_default_context(cafile=ACCOUNT / "ca.crt")
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS, context=trust) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        if error.code == NOT_FOUND:
            return None
        # The server's words name no value: it is told only of keys.
        sys.exit(f"{method} {path} was answered with {error.code}: {error.read().decode(errors='replace')[:500]}")


def main():
    """Create the Secret, or add the keys that it lacks."""
    name, owner = os.environ["SECRET"], os.environ["OWNER"]
    namespace = (ACCOUNT / "namespace").read_text().strip()
    wanted = json.loads(Path(os.environ["KEYS"]).read_text())
    base = f"/api/v1/namespaces/{namespace}"
    config_map = call("GET", f"{base}/configmaps/{owner}")
    if config_map is None:
        sys.exit(f"there is no ConfigMap {owner} that could own the Secret {name}")
    secret = call("GET", f"{base}/secrets/{name}")
    present = [] if secret is None else sorted(secret.get("data") or {})
    missing = {key: draw(value["form"], value["length"]) for key, value in wanted.items() if key not in present}
    if secret is None:
        metadata = {
            "name": name,
            "labels": config_map["metadata"].get("labels", {}),
            "ownerReferences": [
                {
                    "apiVersion": "v1",
                    "kind": "ConfigMap",
                    "name": owner,
                    "uid": config_map["metadata"]["uid"],
                }
            ],
        }
        body = {"apiVersion": "v1", "kind": "Secret", "metadata": metadata, "stringData": missing}
        call("POST", f"{base}/secrets", body)
    elif missing:
        patch = {"metadata": {"resourceVersion": secret["metadata"]["resourceVersion"]}, "stringData": missing}
        call("PATCH", f"{base}/secrets/{name}", patch, "application/merge-patch+json")
    print(f"Secret {name}: kept {present or 'nothing'}, added {sorted(missing) or 'nothing'}")


if __name__ == "__main__":
    main()
