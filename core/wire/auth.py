"""Keys and the tokens made of them. Nothing here ends in a file, a log or a repr."""

from __future__ import annotations

import hmac
import warnings
from collections.abc import Iterable
from hashlib import sha512
from typing import NoReturn
from uuid import uuid4


class AccessKey:
    """An API key: the half that names it, and the secret half, which nothing shows."""

    __slots__ = ("_access", "_secret")

    def __init__(self, access: str, secret: str) -> None:
        """
        Raises:
            ValueError: one of the two is empty or is no plain text.
        """
        for part in (access, secret):
            if not part or not part.isascii() or not part.isprintable() or " " in part:
                raise ValueError("a key has two parts, each of letters, digits and signs without spaces")
        self._access, self._secret = access, secret

    def __repr__(self) -> str:
        return "AccessKey(***)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a key is not to be copied or stored")

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, AccessKey)
            and hmac.compare_digest(self._access, other._access)
            and hmac.compare_digest(self._secret, other._secret)
        )

    def __hash__(self) -> int:
        return hash(self._access)

    def token(self, nonce: str, query: str = "") -> str:
        """Return the JWT of one call or one handshake, signed with HS512.

        Args:
            nonce: never used before.
            query: what `query_text` returns; "" where there are no parameters.

        Source: exchange manual, chapter "Authentication".
        """
        import jwt  # takes a while, and who has no key needs none
        from jwt.warnings import InsecureKeyLengthWarning

        claims = {"access_key": self._access, "nonce": nonce}
        if query:
            claims |= {"query_hash": sha512(query.encode()).hexdigest(), "query_hash_alg": "SHA512"}
        with warnings.catch_warnings():  # how long its secrets are is the exchange's choice
            warnings.simplefilter("ignore", InsecureKeyLengthWarning)
            return jwt.encode(claims, self._secret, algorithm="HS512")


def authorization(key: AccessKey, query: str = "") -> dict[str, str]:
    """Return the header that opens one call or one handshake; for the next there is to be another."""
    return {"Authorization": f"Bearer {key.token(str(uuid4()), query)}"}


def query_text(params: Iterable[tuple[str, str]]) -> str:
    """Return the text that is hashed into a token: parameters in their order, nothing percent-encoded."""
    return "&".join(f"{name}={value}" for name, value in params)
