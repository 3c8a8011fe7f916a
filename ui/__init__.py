"""Chat, HTTP API, command line, and the server that joins them."""
