"""Pictures are compared with the ones that were looked at and accepted.

The accepted pictures stand in ``tests/views/pictures/``, half as large as they are drawn. A picture passes where nearly
every pixel is the accepted one; what another version of a renderer does to the edges of letters is let by, and a box that
moves is not. To accept a change: look at the picture that the message names, then run the test again with
``RRM_PICTURES=accept`` in the environment, and look at the files that changed before they are committed.
"""

from __future__ import annotations

import os
import tempfile
from io import BytesIO
from pathlib import Path
from typing import Final

import numpy as np
import resvg_py
from matplotlib import get_data_path
from matplotlib.figure import Figure
from numpy.typing import NDArray
from PIL import Image

ACCEPTED: Final = Path(__file__).with_name("pictures")
WIDE: Final = 450
"""Width in pixels of an accepted picture."""
_CLEARLY: Final = 64
"""By how much of 255 a pixel differs clearly."""
Pixels = NDArray[np.int16]


def png_of(svg: str, width: int = 2 * WIDE) -> bytes:
    """Return an SVG as PNG, drawn with the font that matplotlib brings, so that no font of the machine matters."""
    fonts = str(Path(get_data_path()) / "fonts" / "ttf")
    drawn = resvg_py.svg_to_bytes(
        svg_string=svg,
        width=width,
        skip_system_fonts=True,
        font_dirs=[fonts],
        font_family="DejaVu Sans",
        sans_serif_family="DejaVu Sans",
    )
    return bytes(drawn)


def pixels_of(picture: str | bytes | Figure) -> Pixels:
    """Return the pixels of an SVG, a PNG or a figure of matplotlib, half as large as it is drawn."""
    if isinstance(picture, Figure):
        drawn = BytesIO()
        picture.savefig(drawn, format="png", dpi=100, metadata={"Software": None})
        picture = drawn.getvalue()
    found = Image.open(BytesIO(png_of(picture) if isinstance(picture, str) else picture))
    page = Image.new("RGB", found.size, "white")
    page.paste(found, mask=found.convert("RGBA").getchannel("A"))
    high = round(page.height * WIDE / page.width)
    return np.asarray(page.resize((WIDE, high), Image.Resampling.BOX), dtype=np.int16)


def difference(one: Pixels, other: Pixels) -> tuple[float, float]:
    """Return the mean difference of two pictures, of 255, and the share of pixels that differ clearly.

    Pictures of another size differ in every pixel.
    """
    if one.shape != other.shape:
        return 255.0, 1.0
    far = np.abs(one - other)
    return float(far.mean()), float((far.max(axis=2) > _CLEARLY).mean())


def assert_looks_like(
    picture: str | bytes | Figure, name: str, *, mean: float = 0.5, share: float = 0.0002, folder: Path = ACCEPTED
) -> None:
    """Fail unless a picture looks like the accepted one of that name.

    Args:
        picture: SVG, PNG, or a figure of matplotlib.
        name: Name of the accepted picture, without its ending.
        mean: The most that pixels may differ in the mean, of 255.
        share: The largest share of pixels that may differ clearly.
        folder: Where accepted pictures stand.
    """
    found, accepted = pixels_of(picture), folder / f"{name}.png"
    if os.environ.get("RRM_PICTURES") == "accept":
        folder.mkdir(parents=True, exist_ok=True)
        _keep(found, accepted)
        return
    seen = Path(tempfile.gettempdir()) / "rrm_pictures" / f"{name}.png"
    assert accepted.exists(), f"no picture {name!r} is accepted yet: look at {_keep(found, seen)}, {_HOW}"
    with Image.open(accepted) as image:
        far, changed = difference(found, np.asarray(image.convert("RGB"), dtype=np.int16))
    if far > mean or changed > share:
        told = (
            f"{far:.2f} of 255 in the mean (at most {mean}), {changed:.3%} of the pixels clearly (at most {share:.3%})"
        )
        message = f"picture {name!r} differs from the accepted one: {told}; look at {_keep(found, seen)}, {_HOW}"
        raise AssertionError(message)


_HOW: Final = "and run again with RRM_PICTURES=accept if it is right"


def _keep(pixels: Pixels, path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    few = Image.fromarray(pixels.astype(np.uint8)).quantize(128, dither=Image.Dither.NONE)
    few.save(path, optimize=True)  # a third of the bytes, and hardly another colour
    return path
