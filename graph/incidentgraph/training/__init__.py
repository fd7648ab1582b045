"""Annotated articles in, the model that `extract/model.py` runs out. Nothing at run time imports this package."""
