"""Imported before numpy is: its matrices are small here, and threads that wait for each other take longer than one.

onnxruntime, which does the heavy part, keeps its own threads.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
