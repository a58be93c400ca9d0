"""The edge: network, disk, database, clock and environment; nothing else touches them."""
