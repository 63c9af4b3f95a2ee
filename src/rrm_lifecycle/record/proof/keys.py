r"""Ed25519 keys that sign checkpoints, and their public halves, in the text forms of C2SP signed notes.

A key is made only where it is asked for, and belongs outside of the database: whoever holds both can write a new history
and sign it. The public half, the *verifier*, is one line of text that others keep::

    docket.example+5d4b2c1a+AQx…        its name, id of the key, base64 of the byte 1 and the public key

The id of a key is the start of ``SHA-256(name || "\n" || 1 || public key)``, so that it goes with name and key alone.
"""

from __future__ import annotations

import os
from base64 import b64decode, b64encode
from binascii import Error as NoBase64
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from attrs import field, frozen

from rrm_lifecycle.canonical import clean_text
from rrm_lifecycle.errors import EventError, MissingExtra

__all__ = ["SigningKey", "Verifier", "load_key", "new_key", "unpadded"]

_ED25519: Final = b"\x01"
_PRIVATE: Final = "PRIVATE+KEY+"
_LENGTH: Final = 32
_LONGEST: Final = 16 * 1024


def _signing(module: str) -> Any:  # noqa: ANN401 - a module of an extra
    try:
        return import_module(f"cryptography.{module}")
    except ImportError:
        raise MissingExtra("signing", "signed checkpoints") from None


def unpadded(text: str, what: str) -> bytes:
    """Return the bytes of base64 text in its one exact spelling, or refuse it.

    Raises:
        EventError: No base64, or bits behind its end that no reader looks at.
    """
    try:
        data = b64decode(text.encode("ascii"), validate=True)
    except (NoBase64, UnicodeEncodeError):
        data = b""
    if not data or b64encode(data).decode() != text:
        msg = f"{what} has to be base64 in its exact spelling"
        raise EventError(msg)
    return data


def _name(value: str) -> str:
    name = clean_text(value, "the name of a key", longest=200)
    if not name or "+" in name or any(one.isspace() for one in name) or not name.isprintable():
        msg = f"the name of a key has no spaces and no plus, such as 'docket.example'; found {name!r}"
        raise EventError(msg)
    return name


def _key_id(name: str, public: bytes) -> bytes:
    return sha256(name.encode() + b"\n" + _ED25519 + public).digest()[:4]


@frozen
class Verifier:
    """The public half of a key: checks what it signed.

    Attributes:
        name: Name of the key.
        public: The public key, 32 bytes.
    """

    name: str = field(converter=_name)
    public: bytes = field(repr=False)

    @public.validator
    def _has_length(self, _: object, value: bytes) -> None:
        if type(value) is not bytes or len(value) != _LENGTH:
            msg = f"a public Ed25519 key has {_LENGTH} bytes"
            raise EventError(msg)

    @property
    def key_id(self) -> bytes:
        """The id of the key, four bytes, as it stands before each signature."""
        return _key_id(self.name, self.public)

    @property
    def text(self) -> str:
        """The verifier in one line, to be kept by others."""
        return f"{self.name}+{self.key_id.hex()}+{b64encode(_ED25519 + self.public).decode()}"

    def __str__(self) -> str:
        """Return the verifier in one line."""
        return self.text

    @classmethod
    def parse(cls, text: str) -> Verifier:
        """Return the verifier that a line of text states.

        Raises:
            EventError: It is no verifier, or its id does not go with its name and key.

        Example:
            >>> line = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
            >>> Verifier.parse(line).name
            'PeterNeumann'
        """
        name, _, rest = text.strip().partition("+")
        key_id, _, data = rest.partition("+")
        key = unpadded(data, "a verifier, 'name+id+key',")
        if key[:1] != _ED25519:
            msg = f"a verifier of another kind than Ed25519 (1) cannot be used; found kind {key[0]}"
            raise EventError(msg)
        found = cls(name, key[1:])
        if key_id != found.key_id.hex():
            msg = f"the verifier of {found.name!r} was altered: its id does not go with its name and key"
            raise EventError(msg)
        return found

    def check(self, message: bytes, signature: bytes) -> bool:
        """Return whether the key signed a message.

        Raises:
            MissingExtra: The extra ``signing`` is not installed.
        """
        ed25519 = _signing("hazmat.primitives.asymmetric.ed25519")
        invalid: type[Exception] = _signing("exceptions").InvalidSignature
        try:
            ed25519.Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except (invalid, ValueError):
            return False
        return True


@frozen
class SigningKey:
    """A private key with its name; it is never shown.

    Attributes:
        name: Name of the key.
        verifier: Its public half.
    """

    name: str = field(converter=_name)
    _seed: bytes = field(repr=False)
    verifier: Verifier = field(init=False, repr=False)

    def __attrs_post_init__(self) -> None:
        """Find the public half."""
        public = self._private().public_key().public_bytes_raw()
        object.__setattr__(self, "verifier", Verifier(self.name, public))

    def _private(self) -> Any:  # noqa: ANN401 - a type of the extra
        ed25519 = _signing("hazmat.primitives.asymmetric.ed25519")
        return ed25519.Ed25519PrivateKey.from_private_bytes(self._seed)

    def sign(self, message: bytes) -> bytes:
        """Return the signature of a message, 64 bytes."""
        signature: bytes = self._private().sign(message)
        return signature

    def write(self, path: str | os.PathLike[str]) -> Path:
        """Write the private key to a new file that its owner alone may read, and return where.

        Raises:
            FileExistsError: There is such a file; a key is never written over.
        """
        key_id = self.verifier.key_id.hex()
        text = f"{_PRIVATE}{self.name}+{key_id}+{b64encode(_ED25519 + self._seed).decode()}\n"
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
        with os.fdopen(os.open(path, flags, 0o600), "wb") as file:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        return Path(path)


def new_key(name: str) -> SigningKey:
    """Return a new key, made from the random source of the operating system.

    Args:
        name: Its name: no spaces, no plus; best an address that you own, such as ``docket.example``.

    Raises:
        EventError: The name is none.
        MissingExtra: The extra ``signing`` is not installed.
    """
    ed25519 = _signing("hazmat.primitives.asymmetric.ed25519")
    return SigningKey(name, ed25519.Ed25519PrivateKey.generate().private_bytes_raw())


def load_key(
    source: str | bytes | os.PathLike[str], *, name: str | None = None, password: bytes | None = None
) -> SigningKey:
    """Return the key that a file, a text or bytes hold.

    Args:
        source: A path; or the bytes of PKCS8 in PEM or DER; or a text ``PRIVATE+KEY+name+id+key``, as
            :meth:`SigningKey.write` writes it.
        name: The name of the key: for PEM and DER, which hold none.
        password: Where the PEM or DER is encrypted.

    Raises:
        EventError: It holds no Ed25519 key, or the name is missing or another one.
        MissingExtra: The extra ``signing`` is not installed.
    """
    if isinstance(source, str) and (source.startswith(_PRIVATE) or "-----BEGIN" in source):
        data = source.encode()
    elif isinstance(source, bytes):
        data = source
    else:
        with Path(source).open("rb") as file:
            data = file.read(_LONGEST + 1)
    if len(data) > _LONGEST:
        msg = f"a key takes no more than {_LONGEST} bytes: this is another kind of file"
        raise EventError(msg)
    if data.startswith(_PRIVATE.encode()):
        key = _from_text(data)
        if name not in {None, key.name}:
            msg = f"the key is named {key.name!r}; a key {name!r} was asked for"
            raise EventError(msg)
        return key
    if name is None:
        msg = "a key in PEM or DER holds no name: give name=, such as 'docket.example'"
        raise EventError(msg)
    return SigningKey(name, _seed_of_pkcs8(data, password))


def _from_text(data: bytes) -> SigningKey:
    try:
        name, key_id, text = data.decode().strip().removeprefix(_PRIVATE).split("+", 2)
    except ValueError:
        msg = "a private key is one line, 'PRIVATE+KEY+name+id+key'; parts are missing"
        raise EventError(msg) from None
    seed = unpadded(text, "a private key")
    if seed[:1] != _ED25519 or len(seed) != _LENGTH + 1:
        msg = "the private key is no Ed25519 key (1 and 32 bytes)"
        raise EventError(msg)
    key = SigningKey(name, seed[1:])
    if key.verifier.key_id.hex() != key_id:
        msg = f"the private key {key.name!r} was altered: its id does not go with its name and key"
        raise EventError(msg)
    return key


def _seed_of_pkcs8(data: bytes, password: bytes | None) -> bytes:
    serialization = _signing("hazmat.primitives.serialization")
    ed25519 = _signing("hazmat.primitives.asymmetric.ed25519")
    load = serialization.load_pem_private_key if b"-----BEGIN" in data else serialization.load_der_private_key
    try:
        key = load(data, password)
    except (ValueError, TypeError) as error:
        msg = f"the private key cannot be read ({type(error).__name__}): it has to be PKCS8, with its password if any"
        raise EventError(msg) from None
    if not isinstance(key, ed25519.Ed25519PrivateKey):
        msg = f"a checkpoint is signed with an Ed25519 key; found {type(key).__name__}"
        raise EventError(msg)
    seed: bytes = key.private_bytes_raw()
    return seed
