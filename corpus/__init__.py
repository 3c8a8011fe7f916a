"""The guides, and the library made of them. Bottom floor: imports nothing of Waymark's other rooms."""
