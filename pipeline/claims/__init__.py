"""What others claim of the job market, judged: registry, estimators, pooling, verdicts.

Layer:   claims (pure). Rules and sums come in as arguments, rows for tables go out.

Read in this order:

    registry    a rule as it was written down before its result: TOML and SQL, hashed (fields)
    cells       the employer-level sums of one claim, as columns of numbers
    windows     the stretches of time a claim is judged in
    estimators  a share, a lead, a difference, a trend, each with its interval by employer
    evidence    which sources can speak, and what each source family says
    pooling     what several families say together
    verdict     tests, verdicts, parts, false discoveries, robustness
    outcomes    every part in every window, found and decided
    sentences   a verdict and its numbers in plain words
    rows        outcomes as rows; their columns, types and comments stand in `tables`
    judge       all of it: claims and sums in, the rows of the four claim tables out
"""
