"""Icons, drawn into the page so that they take the colour of the text."""

from functools import cache
from pathlib import Path
from xml.etree import ElementTree

FOLDER = Path(__file__).resolve().parent / "static" / "web" / "vendor" / "lucide"
_SVG = "{http://www.w3.org/2000/svg}"


@cache
def drawing(name: str) -> str:
    """The inside of an icon's SVG. Raises KeyError for a name that is not in `vendor.toml`."""
    path = FOLDER / f"{name}.svg"
    if not path.exists():
        raise KeyError(f"No icon {name!r}: add it to vendor.toml and run scripts/vendor.py")
    root = ElementTree.fromstring(path.read_text())
    for element in root.iter():
        element.tag = element.tag.removeprefix(_SVG)
    return "".join(ElementTree.tostring(child, encoding="unicode").strip() for child in root)
