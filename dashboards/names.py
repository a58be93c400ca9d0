"""How people write what the tables call by identifiers: frameworks, sources, countries.

Layer:   dashboards (pure). A dataset that bears its year goes by its family's name and that year.
"""

from __future__ import annotations

import re

NAMES = {
    "tensorflow": "TensorFlow",
    "pytorch": "PyTorch",
    "keras": "Keras",
    "jax": "JAX",
    "mxnet": "MXNet",
    "caffe": "Caffe",
    "caffe2": "Caffe2",
    "theano": "Theano",
    "cntk": "CNTK",
    "chainer": "Chainer",
    "paddlepaddle": "PaddlePaddle",
    "mindspore": "MindSpore",
    "torch7": "Torch7",
    "deeplearning4j": "Deeplearning4j",
    "mlx": "MLX",
    "fastai": "fast.ai",
    "hn": "Hacker News",
    "hn_hiring": "Hacker News",
    "hacker_news": "Hacker News",
    "linkedin": "LinkedIn",
    "remoteok": "Remote OK",
    "usajobs": "USAJOBS",
    "jobtech_se": "JobTech (Sweden)",
    "ats": "Employers’ own boards",
    "shixiseng_51job": "Shixiseng and 51job",
    "euraxess": "EURAXESS",
    "jsearch": "JSearch",
    "jobspy": "JobSpy, US",
    "google_jobs_luke": "Google Jobs",
    "google_jobs_luke_2023_salary": "Google Jobs with pay, 2023",
    "google_jobs_luke_2024q4": "Google Jobs, late 2024",
    "ashby": "Ashby boards",
    "ashby_stapply": "Ashby boards",
    "boss_zhipin": "BOSS Zhipin",
    "california_boards": "LinkedIn and Indeed, California",
    "linkedin_indeed_california_2018_19": "LinkedIn and Indeed, California, 2018–19",
    "ds_us_2021_cuny": "Indeed, US (CUNY), 2021",
    "indeed_cuny": "Indeed, US (CUNY)",
    "indeed_dsbookcamp": "Indeed (DS Bookcamp)",
    "dsbookcamp_indeed": "Indeed (DS Bookcamp)",
    "indeed_canada": "Indeed, Canada",
    "indeed_florida": "Indeed, Florida",
    "indeed_india": "Indeed, India",
    "indeed_london": "Indeed, London",
    "indeed_ny_sf_toronto": "Indeed, NY, SF, Toronto",
    "glassdoor_au": "Glassdoor, Australia",
    "glassdoor_de": "Glassdoor, Germany",
    "glassdoor_sg": "Glassdoor, Singapore",
    "glassdoor_us": "Glassdoor, US",
    "glassdoor_mle_us": "Glassdoor, ML engineers",
    "glassdoor_mle_us_undated": "Glassdoor, ML engineers, undated",
    "jobspy_us": "JobSpy, US",
    "jsearch_ds_us": "JSearch",
    "lagou": "Lagou, China",
    "lagou_china": "Lagou, China",
    "linkedin_europe": "LinkedIn, Europe",
    "linkedin_in_demand": "LinkedIn, ML jobs",
    "linkedin_ml_2025_indemand": "LinkedIn, ML jobs, 2025",
    "linkedin_titles": "LinkedIn, titles",
    "linkedin_ds_titles": "LinkedIn, titles",
    "ml_jobs_us": "ML jobs, US",
    "ml_jobs_us_2024_25": "ML jobs, US, 2024–25",
    "naukri": "Naukri, India",
    "naukri_india": "Naukri, India",
    "shixiseng_51job_china": "Shixiseng and 51job",
    "zapply": "Zapply boards",
    "zapply_ats": "Zapply boards",
    "zhilian": "Zhilian, China",
    "zhilian_china": "Zhilian, China",
    "": "unknown",
}

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

# Words inside identifiers that are not written small: indeed_ny_sf_toronto_2022
_PROPER = (
    "AI AU CV DE DS GenAI HN LLM ML MLE NLP NY SF SG US Ashby Boss California Canada China CUNY "
    "Europe Florida Glassdoor Google Indeed India JobSpy JSearch Lagou LinkedIn London Luke "
    "Naukri Toronto Zhilian Zhipin"
)
CAPITALS = {word.lower(): word for word in re.findall(r"\w+", _PROPER)}


def name_of(identifier: object) -> str:
    """Return an identifier as people write it: a known proper name, else words."""
    text = "" if identifier is None else str(identifier)
    if known := NAMES.get(text) or COUNTRIES.get(text):
        return known
    family, _, year = text.rpartition("_")
    if family in NAMES and family and year.isdigit():
        return f"{NAMES[family]}, {year}"
    words = " ".join(CAPITALS.get(word, word) for word in text.replace("_", " ").split())
    return words[:1].upper() + words[1:]
