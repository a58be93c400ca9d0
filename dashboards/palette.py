"""One palette for pages and figures, light and dark; a framework keeps its colour everywhere.

Layer:   dashboards (pure).
"""

from __future__ import annotations

# name: (on light paper, on dark paper). Text tones reach 4.5:1 and marks 3:1 on their paper
# (tests/test_pages.py measures it). The framework tones were searched for the widest gap between
# any two under normal sight and three kinds of colour blindness: in CIE Lab it is 19 on light and
# 23 on dark paper. Figures repeat them by name, so that no reading rests on colour alone.
PALETTE = {
    "paper": ("#fdfcf9", "#16181b"),
    "raised": ("#f4f1ea", "#202327"),
    "ink": ("#1c1a17", "#ece9e2"),
    "muted": ("#5d584e", "#b0aba0"),
    "rule": ("#d9d4c8", "#3b3f45"),
    "edge": ("#857f73", "#7d8187"),
    "link": ("#17497f", "#93c1ee"),
    "mark": ("#33414f", "#b9c6d3"),
    "supported": ("#00614a", "#5fd0b0"),
    "contradicted": ("#a33100", "#ff9d73"),
    "inconclusive": ("#6a5000", "#dcbb5a"),
    "tensorflow": ("#dc5206", "#e2743a"),
    "pytorch": ("#1f74e0", "#5f92f9"),
    "keras": ("#7a167a", "#b686b3"),
    "jax": ("#0d3f30", "#9bf8e2"),
    "theano": ("#5c4a04", "#fdc40d"),
    "caffe": ("#a56d8b", "#e6e099"),
    "mxnet": ("#ca675a", "#c87d77"),
    "other": ("#66625a", "#a8a39a"),
}

# Drawn in this order where the data name them; frameworks not listed share one tone.
FRAMEWORK_ORDER = ("pytorch", "tensorflow", "keras", "jax", "theano", "caffe", "mxnet")


def light(name: str) -> str:
    """Return a tone on light paper; figures are written in these, and site.js swaps for dark."""
    return PALETTE.get(name, PALETTE["other"])[0]


def dark_by_light() -> dict[str, str]:
    """Return the dark tone of every light one, for site.js."""
    return dict(PALETTE.values())


def custom_properties() -> str:
    """Return the palette as CSS custom properties; print is always on light paper.

    The system's choice holds until a reader makes another, which base.html puts on the root.
    """
    plain = "".join(f"--{name}:{tones[0]};" for name, tones in PALETTE.items())
    dark = "color-scheme:dark;" + "".join(f"--{n}:{tones[1]};" for n, tones in PALETTE.items())
    return (
        f":root{{color-scheme:light;{plain}}}\n"
        f"@media screen{{:root[data-theme=dark]{{{dark}}}}}\n"
        "@media screen and (prefers-color-scheme:dark)"
        f"{{:root:not([data-theme=light]){{{dark}}}}}\n"
    )
