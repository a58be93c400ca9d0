"""The static site: what the warehouse says, as pages that open from disk.

Layer:   dashboards (pure): data frames in, the contents of files out; nothing is read or written.
"""
