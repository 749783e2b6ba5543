"""The engine: cells as data, compiled, stepped, differentiated and explained.

NumPy and the standard library only. Knows no web, no file format of others, no drawing.
"""
