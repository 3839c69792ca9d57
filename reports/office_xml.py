"""What XLSX and DOCX can hold of a text that somebody typed."""

import re

_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def held(text: str) -> str:
    """The text with a replacement sign for each that XML has no place for."""
    return _NOT_IN_XML.sub("\ufffd", text)
