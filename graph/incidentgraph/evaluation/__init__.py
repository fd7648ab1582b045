"""Annotated articles and what was read from them: how well the two agree."""
