"""Writing XML: every text is escaped, and what XML cannot hold is left out. Nothing here reads XML."""

from __future__ import annotations

import re
from xml.etree import ElementTree

_FORBIDDEN = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def text_in(parent: ElementTree.Element, name: str, text: str, **attributes: str) -> ElementTree.Element:
    """Put an element with a text into `parent`."""
    made = ElementTree.SubElement(parent, name, {key: clean(value) for key, value in attributes.items()})
    made.text = clean(text)
    return made


def clean(text: str) -> str:
    """The text without characters that XML 1.0 (section 2.2) does not allow."""
    return _FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text)


def document(root: ElementTree.Element) -> bytes:
    """The document of which `root` is the root."""
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True))
