"""Who is it? The tokens that keys sign. No I/O, no clock."""

from __future__ import annotations

import hashlib
import json
import warnings
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote_plus, unquote, unquote_plus

from core.sim.denied import DeniedError
from core.sim.paper import Key, Permission

_ALGORITHMS = ["HS256", "HS512"]


class Keyring:
    """All keys that there are, by access key."""

    def __init__(self) -> None:
        self._keys: dict[str, Key] = {}

    def add(self, key: Key) -> None:
        self._keys[key.access] = key

    def drop(self, key: Key) -> None:
        """Take a key away: its tokens are of nobody from now on."""
        self._keys.pop(key.access, None)

    def find(self, access: str) -> Key | None:
        return self._keys.get(access)

    def admit(
        self,
        authorization: str | None,
        *,
        query: str = "",
        body: bytes = b"",
        peer: str = "",
        now_ms: int = 0,
        needs: Permission | None = None,
        scope_status: int = 401,
    ) -> Key:
        """Return the key that signed a request.

        Args:
            authorization: the header of that name.
            query: as it stands in the address, still encoded.
            body: JSON, of a POST.
            peer: the address that it comes from.
            needs: what the key must be allowed to do.
            scope_status: of the refusal where it is not; it differs from call to call.

        Raises:
            DeniedError: it is refused.
        """
        scheme, _, token = (authorization or "").strip().partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise DeniedError("no_authorization_token")
        key, claims = self._verified(token.strip(), now_ms)
        nonce = claims.get("nonce")
        if not isinstance(nonce, str) or not nonce:
            raise DeniedError("invalid_query_payload")
        if (query or body) and not _is_hash_of(claims, query, body):
            raise DeniedError("invalid_query_payload")
        if key.expires_ms is not None and now_ms >= key.expires_ms:
            raise DeniedError("expired_access_key")
        if key.ips and peer not in key.ips:
            raise DeniedError("no_authorization_ip")
        if not key.use(nonce):
            raise DeniedError("nonce_used")
        if needs is not None and needs not in key.permissions:
            raise DeniedError("out_of_scope", status=scope_status)
        return key

    def _verified(self, token: str, now_ms: int) -> tuple[Key, dict[str, Any]]:
        import jwt  # a third of what the whole program takes to start, and most never come here

        # The exchange has a clock of its own, and its secrets are shorter than the library likes for HS512.
        times = {"verify_exp": False, "verify_iat": False, "verify_nbf": False, "verify_aud": False}
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", jwt.InsecureKeyLengthWarning)
                claims = jwt.decode(token, options={"verify_signature": False})
                key = self._keys.get(str(claims.get("access_key")))
                if key is None:
                    raise DeniedError("jwt_verification")
                claims = jwt.decode(token, key.secret, algorithms=_ALGORITHMS, options=times)  # type: ignore[arg-type]
        except (jwt.PyJWTError, UnicodeError):
            raise DeniedError("jwt_verification") from None
        ends = claims.get("exp")
        if isinstance(ends, int | float) and ends * 1000 <= now_ms:
            raise DeniedError("jwt_verification")
        return key, claims


def _is_hash_of(claims: dict[str, Any], query: str, body: bytes) -> bool:
    if claims.get("query_hash_alg", "SHA512") != "SHA512":
        return False
    said = claims.get("query_hash")
    return any(
        hashlib.sha512(text.encode(errors="surrogatepass")).hexdigest() == said for text in _signed_texts(query, body)
    )


def _signed_texts(query: str, body: bytes) -> Iterator[str]:
    """Yield how what a client asks may be written down to be hashed: not encoded, in the order of the request."""
    if query:
        yield unquote(query)
        yield unquote_plus(query)  # a client whose library spells a space so
        return
    try:
        said = json.loads(body, parse_float=str, parse_int=str)
    except (ValueError, RecursionError):
        return
    if not isinstance(said, dict):
        return
    yield from (_flat(said, null, plus) for null in ("null", "None", None) for plus in (False, True))


def _flat(said: dict[str, Any], null: str | None, plus: bool) -> str:
    """Return a JSON body as `k=v&k=v`.

    Args:
        null: how a null is spelled; None leaves it out.
        plus: a space as a plus.
    """
    parts = []
    for name, value in said.items():
        for one in value if isinstance(value, list) else [value]:
            if one is None and null is None:
                continue
            text = null if one is None else str(one).lower() if isinstance(one, bool) else str(one)
            parts.append(f"{name}={unquote(quote_plus(text or '')) if plus else text}")
    return "&".join(parts)
