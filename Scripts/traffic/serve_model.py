"""Runs llama.cpp's own HTTP server (PyPI xllamacpp) on one model until it is told to stop.

    python3 serve_model.py MODEL.gguf PORT

One thread (two would fight over two busy cores), four slots of 2,048 tokens. The prompt cache in RAM is off: with it,
the control leg would find the prompts of the stable leg already read and answer sooner for that reason alone.
"""

import signal
import sys

import xllamacpp

params = xllamacpp.CommonParams()
params.model.path = sys.argv[1]
params.model_alias = ["smollm2-135m-instruct"]
params.hostnames = ["127.0.0.1"]
params.port = int(sys.argv[2])
params.n_ctx = 8192
params.n_parallel = 4
params.cpuparams.n_threads = 1
params.cpuparams_batch.n_threads = 1
params.cache_ram_mib = 0
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})
server = xllamacpp.Server(params)
print("listening on", server.listening_address, flush=True)
signal.sigwait({signal.SIGTERM, signal.SIGINT})
