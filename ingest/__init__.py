"""Files, folders and web pages become documents, passages and vectors in a library."""
