"""jobmarket: what employers really ask for, from job postings to judged claims.

The layers, in the order the data flow; each knows the ones before it only through
`records` or a table:

    sources    one site or file format per module: a raw document becomes postings   (pure)
    postings   a site's words become ours: text, dates, places, employers, pay       (pure)
    mentions   what a posting names and how: spaCy over the stretches that matter    (pure)
    facts      the one record that says everything extraction knows of a posting     (pure)
    claims     registry, estimators, pooling, verdicts                               (pure)
    rivals     what others would find names with; for benchmarks only
    edge       network, disk, database, clock, environment; nothing else touches them
"""
