"""Who may ask: a token for programs, a session for browsers, and a mark on every form.

Nothing is kept on the server: a session is a random number and the hour at which it ends, signed
with a key that is made from the token. The mark of a form is signed with the same key and belongs
to one session, so that another site can neither guess nor borrow it.
"""

import hmac
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable
from hashlib import sha256
from secrets import token_bytes, token_urlsafe

COOKIE = "dedup_session"
SESSION_SECONDS = 12 * 3600  # a shift
MAX_COOKIE = 200  # characters


class Gate:
    """Checks tokens, sessions and forms; without a token every session is let in."""

    def __init__(self, token: str | None, clock: Callable[[], float] = time.time) -> None:
        self._token, self._clock = token, clock
        secret = token.encode() if token else token_bytes(32)
        self._key = hmac.digest(secret, b"dedup serve session 1", "sha256")

    @property
    def is_open(self) -> bool:
        """Whether nobody has to say who they are."""
        return self._token is None

    def knows(self, token: str) -> bool:
        """Whether this is the token; takes as long for any that is not."""
        expected = sha256((self._token or "").encode()).digest()
        given = sha256(token.encode("utf-8", "replace")).digest()
        return hmac.compare_digest(expected, given) and self._token is not None

    def admits(self, header: str) -> bool:
        """Whether an Authorization header has the token."""
        scheme, _, token = header.partition(" ")
        return self.is_open or (scheme.lower() == "bearer" and self.knows(token.strip()))

    def make_session(self, *, known: bool) -> str:
        """A new session, of somebody who is `known` by the token or not yet."""
        ends = int(self._clock()) + SESSION_SECONDS
        body = f"{token_urlsafe(16)}.{ends}.{'known' if known or self.is_open else 'new'}"
        return f"{body}.{self._sign('session', body)}"

    def is_session(self, cookie: str, *, known: bool = True) -> bool:
        """Whether a cookie is a session that has not ended, and, unless it may be a new one, of
        somebody who is known."""
        body, _, signature = cookie.rpartition(".")
        if len(cookie) > MAX_COOKIE or not self._is_signed("session", body, signature):
            return False
        _, ends, standing = body.split(".")
        return int(ends) > self._clock() and (standing == "known" or not known)

    def form_mark(self, session: str) -> str:
        """What the forms of a session carry."""
        return self._sign("form", session)

    def is_form_mark(self, session: str, mark: str) -> bool:
        """Whether a form was made for this session."""
        return self._is_signed("form", session, mark)

    def _sign(self, purpose: str, body: str) -> str:
        signature = hmac.digest(self._key, f"{purpose}:{body}".encode("utf-8", "replace"), "sha256")
        return urlsafe_b64encode(signature).decode().rstrip("=")

    def _is_signed(self, purpose: str, body: str, signature: str) -> bool:
        expected = self._sign(purpose, body).encode()
        return hmac.compare_digest(expected, signature.encode("utf-8", "replace"))
