"""Check a certified extract without the library that wrote it: standard library and an Ed25519 check, nothing else.

    python verify_extract.py CASE.extract --key PUBLIC [--checkpoint FILE]

PUBLIC is the line "name+id+key" of whoever signed, or a file that holds it; take it from elsewhere than the extract. FILE
is a signed checkpoint that you kept yourself: the extract then has to be of that very log, at that very size. Exit
status: 0 all holds, 1 something is broken and the first such thing is printed, 2 wrong use.
"""

# ruff: noqa: ANN401, T201 - any JSON; a program prints
import argparse
import base64
import hashlib
import json
import re
import sys
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

PREFIX = b"rrm-lifecycle/entry/v1\n"  # stands before an entry under its hash
ID, HASH, SIZE = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}", "[0-9a-f]{64}", "[1-9][0-9]{0,15}"
LONGEST = 256 * 1024


class BrokenError(Exception):
    """The first thing that does not hold."""


def need(holds: object, what: str) -> None:
    """Raise unless something holds."""
    if not holds:
        raise BrokenError(what)


def is_a(pattern: str, value: object) -> bool:
    """Return whether a value is a text of a pattern."""
    return type(value) is str and re.fullmatch(pattern, value) is not None


def sha(data: bytes) -> bytes:
    """Return the SHA-256 digest of bytes."""
    return hashlib.sha256(data).digest()


def exact(text: str) -> bytes:
    """Return the bytes of base64 text in its one exact spelling."""
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except ValueError:
        data = b""
    need(data and base64.b64encode(data).decode() == text, "base64 is not in its exact spelling")
    return data


def no_float(text: str) -> None:
    """Refuse a number that is not whole."""
    raise BrokenError(f"numbers are whole here; found {text[:20]!a}")


def form(value: object) -> bytes:
    """Return the canonical form of a value."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def read(line: bytes, where: str) -> Any:
    """Return the object on a line in canonical form: written anew, the same bytes come out."""
    need(len(line) <= LONGEST, f"{where}: longer than {LONGEST} bytes")
    try:
        value = json.loads(line.decode(), parse_float=no_float, parse_constant=no_float)
        need(type(value) is dict and form(value) == line, f"{where}: not in canonical form")
    except (ValueError, RecursionError):
        raise BrokenError(f"{where}: no JSON that can be read") from None
    return value


def open_note(text: str, key_text: str) -> tuple[str, int, bytes]:
    """Return origin, size and root of a checkpoint, once the key that is given has signed it."""
    name, key_id, key = [*key_text.strip().split("+", 2), "", ""][:3]
    public = exact(key)
    need(len(public) == 33 and public[0] == 1, "the key is no Ed25519 key")
    need(sha(name.encode() + b"\n" + public)[:4].hex() == key_id, "the key's id does not go with its name and key")
    body, blank, signatures = text.partition("\n\n")
    lines, valid = body.split("\n"), 0
    need(blank and signatures.endswith("\n"), "the checkpoint was cut, or is none")
    need(len(lines) >= 3 and is_a(SIZE, lines[1]), "the checkpoint has no size and root")
    for line in signatures[:-1].split("\n"):
        need(line.startswith("\u2014 ") and line.count(" ") == 2, "the checkpoint has a line that is no signature")
        signer, signature = line[2:].split(" ")
        data = exact(signature)
        if signer == name and data[:4].hex() == key_id:
            try:
                Ed25519PublicKey.from_public_bytes(public[1:]).verify(data[4:], (body + "\n").encode())
            except InvalidSignature:
                raise BrokenError("the signature on the checkpoint does not hold") from None
            valid += 1
    need(valid == 1, "the checkpoint is not signed, or not once, by the key that was given")
    return lines[0], int(lines[1]), exact(lines[2])


def leads_to(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes | None:
    """Return the root that an inclusion proof leads to (RFC 9162, 2.1.3.2)."""
    place, last, found = index, size - 1, sha(b"\x00" + leaf)
    for one in path:
        if not last:
            return None
        if place & 1 or place == last:
            found = sha(b"\x01" + one + found)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            found = sha(b"\x01" + found + one)
        place, last = place >> 1, last >> 1
    return None if last else found


def check(data: bytes, key_text: str, kept: str | None = None) -> str:
    """Return what holds in an extract, or raise BrokenError with the first thing that does not."""
    lines = data.split(b"\n")
    need(lines.pop() == b"" and len(lines) >= 5, "the extract was cut, or is none, or nothing is signed")
    head = read(lines[0], "line 1")
    need(head.keys() == {"case", "entries", "extract", "log", "verifier"}, "line 1: other keys, or nothing is signed")
    case, log, count = head["case"], head["log"], head["entries"]
    need(type(head["extract"]) is int and head["extract"] == 1, "line 1: no extract of version 1")
    need(is_a(ID + "(/attempts)?", case) and is_a(ID, log), "line 1: case or log is no id")
    need(type(count) is int and 1 <= count <= len(lines) - 4, "line 1: more entries than lines, or none")
    need(head["verifier"] == key_text.strip(), "line 1: signed by another key than the one that was given")
    hashes: list[str] = []
    for seq, line in enumerate(lines[1 : count + 1]):
        where = f"line {seq + 2}, entry {seq}"
        read(line, where)
        body = line[8:-75]
        found = sha(PREFIX + body).hex()
        need(
            line == b'{"body":%b,"hash":"%b"}' % (body, found.encode()), f"{where}: it was altered, its hash is another"
        )
        said = read(body, where)
        need(said.get("case") == case and said.get("log") == log, f"{where}: of another case or log")
        need(type(said.get("seq")) is int and said["seq"] == seq, f"{where}: its number is another")
        need(said.get("alg") == "sha256", f"{where}: hashed in another way")
        need(said.get("prev") == (hashes[-1] if seq else None), f"{where}: does not link to the entry before")
        need(seq or "prev" not in said, f"{where}: is no opening")
        hashes.append(found)
    note = read(lines[-2], f"line {len(lines) - 1}").get("checkpoint")
    need(type(note) is list and all(is_a("[^\n]*", one) for one in note), "there is no signed checkpoint")
    need(lines[-2] == form({"checkpoint": note}), f"line {len(lines) - 1}: more than a checkpoint")
    origin, size, root = open_note("\n".join((*note, "")), key_text)
    need(origin == log, "the checkpoint is of another log")
    same = kept is None or open_note(kept, key_text) == (origin, size, root)
    need(same, "the checkpoint that you kept is another: of another log, of another size, or of another history")
    proofs, before = lines[count + 1 : -2], -1
    need(1 <= len(proofs) <= count, "no entry is proved to stand in the log, or more than there are")
    for seq, line in enumerate(proofs):
        where = f"line {count + seq + 2}, proof of entry {seq}"
        proof = read(line, where).get("proof")
        need(type(proof) is dict and type(proof.get("path")) is list, f"{where}: is none")
        index, path = proof.get("index"), proof["path"]
        need(type(index) is int and before < index < size, f"{where}: not behind the entry before, or not in the log")
        need(all(is_a(HASH, one) for one in path), f"{where}: has no path")
        stated = {"index": index, "path": path, "root": root.hex(), "seq": seq, "size": size}
        need(line == form({"proof": stated}), f"{where}: of another entry or checkpoint")
        reached = leads_to(bytes.fromhex(hashes[seq]), index, size, [bytes.fromhex(one) for one in path])
        need(reached == root, f"{where}: does not lead to the root that was signed")
        before = index
    end = {"end": {"entries": count, "head": hashes[-1], "sha256": sha(data[: -len(lines[-1]) - 1]).hex()}}
    need(lines[-1] == form(end), f"line {len(lines)}: ends the extract otherwise than it is")
    return (
        f"HOLDS: {count} entries of case {case} in log {log}: bytes, hashes, links and numbers; last hash {hashes[-1]}\n"
        f"{len(proofs)} of them stand in the log of {size} entries that the key signed\n"
        f"{count - len(proofs)} of them no proof shows there: these last ones rest on this file alone"
    )


def main(arguments: list[str] | None = None) -> int:
    """Run the check, print what it found and return the exit status."""
    parser = argparse.ArgumentParser(description="Check a certified extract of a case.")
    parser.add_argument("extract", type=Path)
    parser.add_argument("--key", required=True, help="the line name+id+key of whoever signed, or a file that holds it")
    parser.add_argument("--checkpoint", type=Path, help="a signed checkpoint that you kept yourself")
    options = parser.parse_args(arguments)
    try:
        key = options.key if options.key.count("+") > 1 else Path(options.key).read_text(encoding="utf-8")
        kept = options.checkpoint.read_bytes().decode() if options.checkpoint else None
        print(check(options.extract.read_bytes(), key, kept))
    except (BrokenError, UnicodeError) as broken:
        print(f"BROKEN: {broken}")
        return 1
    except OSError as error:
        parser.error(f"a file cannot be read: {error}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
