"""One reader per format: bytes become a Document. `readers.document.read_document` is the way in."""
