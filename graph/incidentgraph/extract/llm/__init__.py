"""An article and a language model in, an Extraction out: asked by `client`, worded by `prompt`, checked by `reading`."""
