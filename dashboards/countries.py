"""The countries of the outside series, by ISO 3166 code.

Layer:   dashboards (pure).
"""

from __future__ import annotations

COUNTRIES = {
    "AE": "United Arab Emirates",
    "AT": "Austria",
    "AU": "Australia",
    "BE": "Belgium",
    "CA": "Canada",
    "CH": "Switzerland",
    "CL": "Chile",
    "DE": "Germany",
    "ES": "Spain",
    "FR": "France",
    "GB": "United Kingdom",
    "HK": "Hong Kong",
    "HR": "Croatia",
    "IE": "Ireland",
    "IT": "Italy",
    "LU": "Luxembourg",
    "MX": "Mexico",
    "NL": "Netherlands",
    "NZ": "New Zealand",
    "SE": "Sweden",
    "SG": "Singapore",
    "US": "United States",
}
