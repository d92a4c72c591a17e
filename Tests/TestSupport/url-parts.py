"""What Python's urllib makes of URLs: see `url-parts.go`, which is asked the same and answers the same."""

import sys
from urllib.parse import parse_qsl, unquote_to_bytes, urlsplit


def parts(text):
    try:
        split = urlsplit(text)
        split.port   # which is looked at no sooner
    except ValueError:
        return "refused"
    user, password = (unquote_to_bytes((part or "").encode()) for part in (split.username, split.password))
    names = [name.encode(errors="surrogatepass") for name, _ in parse_qsl(split.query)]
    fields = [split.scheme.encode(), user, password, (split.hostname or "").encode(), *names]
    return "".join("+" + field.hex() for field in fields)


for line in sys.stdin:
    print(parts(bytes.fromhex(line).decode()))
