"""Verifies the tokens on standard input, one a line, with PyJWT as its documentation says, and prints true or false for each.

Usage: pyjwt.py ISSUER AUDIENCE
"""

import json
import sys
import urllib.request

import jwt

issuer, audience = sys.argv[1:]
with urllib.request.urlopen(issuer + "/.well-known/openid-configuration") as response:
    metadata = json.load(response)
assert metadata["issuer"] == issuer
keys = jwt.PyJWKClient(metadata["jwks_uri"])


def is_good(token):
    try:
        header = jwt.get_unverified_header(token)
        if header.get("typ") != "at+jwt":
            return False
        key = keys.get_signing_key_from_jwt(token)
        jwt.decode(
            token,
            key.key,
            algorithms=["ES256"],
            issuer=issuer,
            audience=audience,
            options={"require": ["exp", "iat", "iss", "aud", "sub", "jti", "sid"]},
        )
        return True
    except jwt.PyJWTError:
        return False
    except Exception:
        # Of a token that is none, it throws any error: a service responds with 500.
        return False


for line in sys.stdin:
    print(json.dumps(is_good(line.rstrip("\n"))))
