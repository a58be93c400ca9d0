"""What a posting names and how: a fast scan decides what spaCy reads, spaCy what it means."""
