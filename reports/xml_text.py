"""Typed texts as XLSX and DOCX can store them."""

import re

_INVALID_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def xml_safe(text: str) -> str:
    """The text with U+FFFD in place of each character that XML does not allow."""
    return _INVALID_IN_XML.sub("\ufffd", text)
