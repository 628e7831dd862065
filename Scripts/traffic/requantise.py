"""Requantises a GGUF model to Q2_K with llama.cpp's llama_model_quantize, which the wheel of PyPI cyllama carries.

    python3 requantise.py IN.gguf OUT.gguf

The same as `llama-quantize --allow-requantize IN.gguf OUT.gguf Q2_K`, without a compiler.
"""

import os
import sys

from cyllama.llama import llama_cpp

LLAMA_FTYPE_MOSTLY_Q2_K = 10  # llama.h

params = llama_cpp.LlamaModelQuantizeParams()
params.ftype = LLAMA_FTYPE_MOSTLY_Q2_K
params.allow_requantize = True
params.nthread = 1
llama_cpp.model_quantize(sys.argv[1], sys.argv[2] + ".part", params)
os.rename(sys.argv[2] + ".part", sys.argv[2])
