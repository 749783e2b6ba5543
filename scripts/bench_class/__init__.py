"""How a class of a thousand is served, measured; `python -m scripts.bench_class`."""
