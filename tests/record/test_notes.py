"""Keys, signed notes and folders of checkpoints, in the forms of C2SP."""

from __future__ import annotations

import os
import sys
from base64 import b64decode, b64encode
from hashlib import sha256
from pathlib import Path
from threading import get_ident

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from rrm_lifecycle.errors import EventError, MissingExtra, RecordDamaged
from rrm_lifecycle.record.proof.keys import SigningKey, Verifier, load_key, new_key
from rrm_lifecycle.record.proof.notes import (
    Checkpoint,
    CheckpointWalk,
    check_checkpoints,
    open_note,
    read_checkpoints,
    sign,
    write_checkpoint,
)
from rrm_lifecycle.record.proof.tree import EMPTY, root

KEY = SigningKey("docket.example", bytes(range(32)))
OTHER = SigningKey("witness.example", bytes(32))
LOG = [sha256(str(number).encode()).digest() for number in range(120)]
OPEN = Path("/proc/self/fd")
POINT = Checkpoint("docket-2024", 100, root(LOG[:100]))
NOTE = sign(POINT, KEY)

# The example of Go's package golang.org/x/mod/sumdb/note, the first reader of this form.
NEUMANN = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
NEUMANN_SECRET = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"  # noqa: S105 - published
NEUMANN_TEXT = b"If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
NEUMANN_SIGNED = "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="


class TestKeys:
    """A key goes with its name, and is never shown."""

    def test_published_example(self) -> None:
        """The published key of the form gives the published verifier and the published signature."""
        key, verifier = load_key(NEUMANN_SECRET), Verifier.parse(NEUMANN)
        assert (key.name, key.verifier, verifier.text) == ("PeterNeumann", verifier, NEUMANN)
        signed = b64decode(NEUMANN_SIGNED)
        assert signed == verifier.key_id + key.sign(NEUMANN_TEXT)
        assert verifier.check(NEUMANN_TEXT, signed[4:])

    def test_never_shown(self) -> None:
        """Neither the display of a key nor that of its verifier holds the private half."""
        secret = bytes(range(32))
        for text in (repr(KEY), str(KEY), str(KEY.verifier), repr(KEY.verifier)):
            assert b64encode(secret).decode()[:8] not in text
            assert secret.hex()[:8] not in text
            assert "x04" not in text

    def test_new_and_kept(self, tmp_path: Path) -> None:
        """A new key is another each time; written once, it is read back, and its file is never written over."""
        key = new_key("docket.example")
        assert key != new_key("docket.example")
        path = key.write(tmp_path / "docket.key")
        assert load_key(path) == load_key(str(path)) == load_key(path.read_bytes()) == key
        assert path.stat().st_mode & 0o077 == 0 or os.name != "posix"
        with pytest.raises(FileExistsError):
            key.write(path)

    @pytest.mark.parametrize("password", [None, b"long and dull"])
    def test_pkcs8(self, tmp_path: Path, password: bytes | None) -> None:
        """A key in PEM or DER is read once its name is given."""
        private = ed25519.Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
        hide = serialization.BestAvailableEncryption(password) if password else serialization.NoEncryption()
        for encoding in (serialization.Encoding.PEM, serialization.Encoding.DER):
            data = private.private_bytes(encoding, serialization.PrivateFormat.PKCS8, hide)
            (tmp_path / "key").write_bytes(data)
            assert load_key(tmp_path / "key", name="docket.example", password=password) == KEY
            with pytest.raises(EventError, match="give name="):
                load_key(data, password=password)
            if password:
                with pytest.raises(EventError, match="password"):
                    load_key(data, name="docket.example")

    def test_no_key(self) -> None:
        """What is no Ed25519 key is refused, and the words do not repeat it."""
        curve = ec.generate_private_key(ec.SECP256R1())
        pem = curve.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        with pytest.raises(EventError, match="an Ed25519 key; found"):
            load_key(pem, name="docket.example")
        with pytest.raises(EventError, match="parts are missing"):
            load_key("PRIVATE+KEY+nothing")
        with pytest.raises(EventError, match="was altered"):
            load_key(NEUMANN_SECRET.replace("Peter", "Paula"))
        name, key_id, text = NEUMANN_SECRET.removeprefix("PRIVATE+KEY+").split("+", 2)
        for other in (b"\x02" + b64decode(text)[1:], b64decode(text)[:-1], b64decode(text) + b"\x00"):
            with pytest.raises(EventError, match="no Ed25519 key \\(1 and 32 bytes\\)"):
                load_key(f"PRIVATE+KEY+{name}+{key_id}+{b64encode(other).decode()}")
        with pytest.raises(EventError, match=r"exact spelling"):
            load_key(NEUMANN_SECRET + "=")
        with pytest.raises(EventError, match="another kind of file"):
            load_key(b"\x00" * 20_000)
        with pytest.raises(EventError, match="asked for"):
            load_key(NEUMANN_SECRET, name="docket.example")

    @pytest.mark.parametrize("name", ["", "a b", "a+b", "a\u00a0b", "a\nb", "a\u2028"])
    def test_names(self, name: str) -> None:
        """The name of a key has no space and no plus."""
        with pytest.raises(EventError):
            new_key(name)

    def test_verifier_changed(self) -> None:
        """Every changed character of a verifier is refused."""
        assert Verifier.parse(f" {NEUMANN}\n") == Verifier.parse(NEUMANN)
        for at, one in enumerate(NEUMANN):
            for other in ("A", "+", "0", "z", " ", one.swapcase()):
                if other != one:
                    with pytest.raises(EventError):
                        Verifier.parse(NEUMANN[:at] + other + NEUMANN[at + 1 :])

    def test_without_the_extra(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Without the extra, the error says which one is missing and what it is for."""
        monkeypatch.setitem(sys.modules, "cryptography.hazmat.primitives.asymmetric.ed25519", None)
        with pytest.raises(MissingExtra, match=r"signed checkpoints need the extra 'signing'"):
            new_key("docket.example")
        with pytest.raises(MissingExtra):
            open_note(NOTE, KEY.verifier)


class TestNotes:
    """A checkpoint is a signed note, and every byte of it counts."""

    def test_form(self) -> None:
        """The text is origin, size and root; a blank line; and a signature line with an em dash."""
        lines = NOTE.decode().split("\n")
        assert lines[:4] == ["docket-2024", "100", b64encode(root(LOG[:100])).decode(), ""]
        mark, name, signature = lines[4].split(" ")
        assert (mark, name, lines[5:]) == ("\u2014", "docket.example", [""])
        assert b64decode(signature)[:4] == KEY.verifier.key_id
        assert KEY.verifier.check("\n".join(lines[:3]).encode() + b"\n", b64decode(signature)[4:])

    def test_opened(self) -> None:
        """A note that was signed gives its checkpoint, with further lines if it has them."""
        assert open_note(NOTE, KEY.verifier) == POINT
        more = Checkpoint("docket-2024", 100, POINT.root, ("closed on 2024-05-09", "caf\u00e9"))
        assert open_note(sign(more, KEY), [OTHER.verifier, KEY.verifier]) == more
        empty = Checkpoint("docket-2024", 0, EMPTY)
        assert open_note(sign(empty, KEY), KEY.verifier) == empty

    def test_others_may_sign(self) -> None:
        """Signatures of others are passed over; one of a key that is asked for has to hold, though another does."""
        both = sign(POINT, OTHER, KEY)
        for keys in (KEY.verifier, OTHER.verifier, [KEY.verifier, OTHER.verifier]):
            assert open_note(both, keys) == POINT
        at = both.index(b"witness.example ") + 30
        wrong = both[:at] + (b"A" if both[at : at + 1] != b"A" else b"B") + both[at + 1 :]
        assert open_note(wrong, KEY.verifier) == POINT
        with pytest.raises(RecordDamaged, match=r"line 5.*witness\.example does not hold"):
            open_note(wrong, [KEY.verifier, OTHER.verifier])

    def test_every_bit(self) -> None:
        """Every changed bit, byte put in or taken out is refused."""
        for at in range(len(NOTE)):
            for bit in range(8):
                with pytest.raises(RecordDamaged):
                    open_note(NOTE[:at] + bytes([NOTE[at] ^ 1 << bit]) + NOTE[at + 1 :], KEY.verifier)
            for extra in (b"A", b"\n", b" ", b"="):
                with pytest.raises(RecordDamaged):
                    open_note(NOTE[:at] + extra + NOTE[at:], KEY.verifier)
            with pytest.raises(RecordDamaged):
                open_note(NOTE[:at] + NOTE[at + 1 :], KEY.verifier)
            with pytest.raises(RecordDamaged):
                open_note(NOTE[:at], KEY.verifier)
        with pytest.raises(RecordDamaged):
            open_note(NOTE + b"\n", KEY.verifier)
        with pytest.raises(RecordDamaged):
            open_note(NOTE + NOTE.splitlines(keepends=True)[-1], KEY.verifier)

    def test_another_key(self) -> None:
        """A note by another key of the same name is refused, and so is one without a key to check it."""
        thief = SigningKey("docket.example", bytes(31) + b"\x01")
        with pytest.raises(RecordDamaged, match="signed by none of the keys"):
            open_note(sign(POINT, thief), KEY.verifier)
        with pytest.raises(EventError, match="give the verifier"):
            open_note(NOTE, [])
        with pytest.raises(EventError, match="at least one key"):
            sign(POINT)

    def test_line_and_cause(self) -> None:
        """The error names the line and the cause, and repeats no control character."""
        for data, cause in [
            (NOTE.replace(b"\n100\n", b"\n0100\n"), "line 2"),
            (NOTE.replace(b"\n100\n", b"\n\x1b[31m\n"), r"line 2 .* U\+001B"),
            (NOTE.replace(b"\n100\n", "\n\u0661\n".encode()), "line 2"),
            (NOTE.replace(b"=\n", b"\n", 1), "line 3, the root"),
            (NOTE.replace(b"\xe2\x80\x94 ", b"-- "), "line 5"),
            (b"x" * 70_000, "no more than 65536 bytes"),
            (b"\xff", "no UTF-8: byte 0"),
            (b"", "was cut, or is none"),
        ]:
            with pytest.raises(RecordDamaged, match=cause) as caught:
                open_note(data, KEY.verifier)
            assert "\x1b" not in str(caught.value)

    def test_no_checkpoint(self) -> None:
        """A checkpoint with a root, size or line that cannot be is not made."""
        for origin, size, top, more in [
            ("docket 2024", 1, LOG[0], ()),
            ("docket", -1, LOG[0], ()),
            ("docket", 1, LOG[0][:31], ()),
            ("docket", 0, LOG[0], ()),
            ("docket", 1, EMPTY, ()),
            ("docket", 1, LOG[0], ("",)),
            ("docket", 1, LOG[0], ("a\nb",)),
            ("docket", 1, LOG[0], ("a",) * 33),
        ]:
            with pytest.raises(EventError):
                Checkpoint(origin, size, top, more)

    def test_spelling(self) -> None:
        """A text that is spelt otherwise than we write it is refused: what is compared and what was signed would differ."""
        point = Checkpoint("docket-2024", 1, root(LOG[:1]), ("café",))
        note = sign(point, KEY)
        assert open_note(note, KEY.verifier) == point
        other = point.text.replace("é", "e\u0301")
        signature = b64encode(KEY.verifier.key_id + KEY.sign(other.encode())).decode()
        with pytest.raises(RecordDamaged, match="not in Unicode's form NFC"):
            open_note(f"{other}\n\u2014 {KEY.name} {signature}\n".encode(), KEY.verifier)


class TestFolder:
    """Checkpoints are kept in a folder of their own, and tell of a second history."""

    def test_kept(self, tmp_path: Path) -> None:
        """What is written is read back in order of size, twice the same is once, and nothing else is left behind."""
        points = [Checkpoint("docket-2024", size, root(LOG[:size])) for size in (100, 5, 20)]
        for point in points:
            path = write_checkpoint(tmp_path, sign(point, KEY))
            assert write_checkpoint(tmp_path, sign(point, KEY)) == path
        assert sorted(one.name for one in tmp_path.iterdir()) == [
            f"docket-2024-{size:016d}.checkpoint" for size in (5, 20, 100)
        ]
        found = read_checkpoints(tmp_path, KEY.verifier, origin="docket-2024")
        assert found == (points[1], points[2], points[0])
        assert check_checkpoints(found, LOG) == 100

    def test_other_logs(self, tmp_path: Path) -> None:
        """Checkpoints of other logs, and files that are none, are passed over."""
        write_checkpoint(tmp_path, NOTE)
        write_checkpoint(tmp_path, sign(Checkpoint("another", 1, root(LOG[:1])), OTHER))
        (tmp_path / "README").write_text("notes")
        assert read_checkpoints(tmp_path, KEY.verifier, origin="docket-2024") == (POINT,)
        with pytest.raises(RecordDamaged, match=r"another-0+1\.checkpoint.*none of the keys"):
            read_checkpoints(tmp_path, KEY.verifier)

    def test_two_histories(self, tmp_path: Path) -> None:
        """Two roots for one size are told as what they are, when written and when read; nothing is written over."""
        forged = sign(Checkpoint("docket-2024", 100, root(LOG[1:101])), KEY)
        path = write_checkpoint(tmp_path, NOTE)
        with pytest.raises(RecordDamaged, match="two histories of log docket-2024: two checkpoints of 100 entries"):
            write_checkpoint(tmp_path, forged)
        assert path.read_bytes() == NOTE
        (tmp_path / "from-a-friend.checkpoint").write_bytes(forged)
        with pytest.raises(RecordDamaged, match="two checkpoints of 100 entries"):
            read_checkpoints(tmp_path, KEY.verifier)

    def test_altered_file(self, tmp_path: Path) -> None:
        """The error names the file."""
        path = write_checkpoint(tmp_path, NOTE)
        path.write_bytes(NOTE[:-9])
        with pytest.raises(RecordDamaged, match=path.name):
            read_checkpoints(tmp_path, KEY.verifier)

    @pytest.mark.skipif(not hasattr(os, "O_NOFOLLOW"), reason="this system has no such links")
    def test_links(self, tmp_path: Path) -> None:
        """A link in place of a checkpoint is followed neither when writing nor when reading."""
        victim = tmp_path / "victim"
        victim.write_bytes(b"mine")
        folder = tmp_path / "checkpoints"
        folder.mkdir()
        (folder / "docket-2024-0000000000000100.checkpoint").symlink_to(victim)
        with pytest.raises(OSError, match="symbolic"):
            write_checkpoint(folder, NOTE)
        with pytest.raises(OSError, match="symbolic"):
            read_checkpoints(folder, KEY.verifier)
        assert victim.read_bytes() == b"mine"

    def test_without_links(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """A file system that has no links keeps checkpoints too."""

        def no_links(*_: object) -> None:
            raise PermissionError

        monkeypatch.setattr(os, "link", no_links)
        path = write_checkpoint(tmp_path, NOTE)
        assert write_checkpoint(tmp_path, NOTE) == path
        with pytest.raises(RecordDamaged, match="two histories"):
            write_checkpoint(tmp_path, sign(Checkpoint("docket-2024", 100, root(LOG[1:101])), KEY))
        assert read_checkpoints(tmp_path, KEY.verifier) == (POINT,)
        assert len(list(tmp_path.iterdir())) == 1

    @pytest.mark.skipif(os.name != "posix", reason="elsewhere no folder can be opened to be synchronized")
    def test_power_cut(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """All of a note is on the disk before it is under its name, and its name is before it is returned."""
        steps: list[tuple[str, int, bool]] = []
        synced = os.fsync

        def noted(handle: int) -> None:
            is_folder = os.path.sameopenfile(handle, folder)
            steps.append(
                ("folder", 0, target.exists()) if is_folder else ("note", os.fstat(handle).st_size, target.exists())
            )
            synced(handle)

        folder = os.open(tmp_path, os.O_RDONLY)
        target = tmp_path / "docket-2024-0000000000000100.checkpoint"
        monkeypatch.setattr(os, "fsync", noted)
        try:
            assert write_checkpoint(tmp_path, NOTE) == target
        finally:
            os.close(folder)
        assert steps == [("note", len(NOTE), False), ("folder", 0, True)]

    def test_left_behind(self, tmp_path: Path) -> None:
        """What a program left that was killed in the middle is in nobody's way, and is no checkpoint."""
        target = tmp_path / "docket-2024-0000000000000100.checkpoint"
        (tmp_path / f".{target.name}.{os.getpid()}-{get_ident()}.new").write_bytes(NOTE[:20])
        assert read_checkpoints(tmp_path, KEY.verifier) == ()
        assert write_checkpoint(tmp_path, NOTE) == target
        assert [one.read_bytes() for one in tmp_path.iterdir()] == [NOTE]

    @pytest.mark.skipif(not OPEN.is_dir(), reason="asks the system what is open")
    def test_nothing_open(self, tmp_path: Path) -> None:
        """Writing and reading leave no file open."""
        before = len(list(OPEN.iterdir()))
        for size in range(1, 9):
            write_checkpoint(tmp_path, sign(Checkpoint("docket-2024", size, root(LOG[:size])), KEY))
        assert len(read_checkpoints(tmp_path, KEY.verifier)) == 8
        assert len(list(OPEN.iterdir())) == before


class TestAgainstTheLog:
    """A log has to be what its checkpoints say, at each of their sizes."""

    POINTS = tuple(Checkpoint("docket-2024", size, root(LOG[:size])) for size in (0, 10, 50, 100))

    def test_covered(self) -> None:
        """What lies behind the last checkpoint is not covered."""
        assert check_checkpoints(self.POINTS, LOG) == 100
        assert check_checkpoints((), LOG) == 0
        walk = CheckpointWalk(self.POINTS[:3])
        for one in LOG:
            walk.extend((one,))
        assert (walk.close(), walk.log.size, walk.log.root()) == (50, 120, root(LOG))

    @pytest.mark.parametrize(("at", "sizes"), [(3, "with 10 .* agree at 0 "), (60, "with 100 .* agree at 50 ")])
    def test_altered(self, at: int, sizes: str) -> None:
        """One altered entry is placed between two sizes."""
        forged = [*LOG[:at], LOG[0], *LOG[at + 1 :]]
        with pytest.raises(RecordDamaged, match=sizes):
            check_checkpoints(self.POINTS, forged)

    def test_swapped_and_cut(self) -> None:
        """Two entries that changed places, and a log that was cut, are found."""
        with pytest.raises(RecordDamaged, match="not the one that was signed"):
            check_checkpoints(self.POINTS, [LOG[1], LOG[0], *LOG[2:]])
        with pytest.raises(
            RecordDamaged, match="it has 99 entries, and a checkpoint covers 100; they last agree at 50"
        ):
            check_checkpoints(self.POINTS, LOG[:99])
        assert check_checkpoints(self.POINTS, [*LOG[:100], LOG[0]]) == 100
