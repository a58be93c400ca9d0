-- main.margin_pct
-- Half the width of the 95 % interval of a share, in points, with employers as
-- clusters: the postings of one employer may agree as much as they like.
-- grain:   one number
-- units:   share is 0-1 (a lead -1 to 1, with a lowest of -1); n is the postings below
--          the line and n_squares the sum of squares of their counts by employer;
--          squared_error is the sum of each employer's squared part in the error,
--          divided by 1 - its part of n; where all employers agree, half an employer
--          at either end of the scale keeps the interval from vanishing
-- counts:  degrees of freedom are Kish's effective number of employers less 1
-- example: select margin_pct(0.5, 100, 100, 25.25, 100, 0)
create or replace macro main.margin_pct(
    share, n, n_squares, squared_error, n_clusters, lowest
) as (
    100
    * student_t(greatest(1.0 * n * n / n_squares, 2) - 1)
    * sqrt(
        case
            when squared_error > 1e-12 * n * n then squared_error
            else n_squares * (
                (n_clusters * share * share + 0.5 * (1 + lowest * lowest))
                / (n_clusters + 1)
                - power((n_clusters * share + 0.5 * (1 + lowest)) / (n_clusters + 1), 2)
            )
        end
    )
    / n
);
