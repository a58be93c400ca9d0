"""One site or file format per module: a raw document becomes postings, and nothing else happens."""
