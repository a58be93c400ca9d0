"""HTML and plain text of every kind come out as the same plain text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.postings.text import plain_text

HTML = [
    ("<p>We build.<p>You <b>train</b> models.", "We build.\n\nYou train models."),
    ("one<br>two<br/>three", "one\ntwo\nthree"),
    ("one<br><br>two", "one\n\ntwo"),
    ("<h2>Skills</h2><ul><li>PyTorch</li><li>SQL</li></ul>", "Skills\n\n- PyTorch\n- SQL"),
    ("<ul><li><p>PyTorch</p></li><li>• SQL</li></ul>", "- PyTorch\n- SQL"),
    ("<ul><li>ML<ul><li>JAX</li></ul></li></ul>", "- ML\n- JAX"),
    ("<table><tr><td>Pay</td><td>$1</td></tr></table>", "Pay\n$1"),
    ("<head><title>T</title></head><body>x<script>y()</script><style>z</style></body>", "x"),
    ("<div>a</div><div>b</div>", "a\nb"),
    ("<p>a\n   b</p>", "a b"),
    ("<pre>a\n  b</pre>", "a\n b"),
    ("<!-- note --><p>x</p><o:p>y</o:p>", "x\n\ny"),
    ("Fish &amp; chips&nbsp;&#x27;n&#39; R&D", "Fish & chips 'n' R&D"),
    ('<a href="https://example.com/jobs">our jobs</a>', "our jobs"),
]
UNTOUCHED = [
    "a < b & c, x <3 y",
    "R&D, AT&T; vector<int> and Map<String, V>, <your name>",
    "https://example.com/?a=1&copy=2&lt=3",
    "We want <script> tags",
    "line\nnext line\n\nnew paragraph",
    "mojibake stays: Weâ\x80\x99re",
    "NLP算法工程师 20-40K",
]


@pytest.mark.parametrize(("words", "plain"), HTML)
def test_html_becomes_lines_bullets_and_paragraphs(words, plain):
    assert plain_text(words) == plain


@pytest.mark.parametrize("words", UNTOUCHED)
def test_plain_text_with_signs_of_html_is_left_alone(words):
    assert plain_text(words) == words


def test_entities_are_decoded_once_only():
    assert plain_text("<p>&amp;lt;b&amp;gt;</p>") == "&lt;b&gt;"
    assert plain_text("5 &amp;amp; 6") == "5 &amp; 6"


def test_a_link_cut_short_is_shown_whole():
    shown = "https:&#x2F;&#x2F;example.com&#x2F;a"
    link = f'<p>See <a href="{shown}&#x2F;long">{shown}...</a>'
    assert plain_text(link) == "See https://example.com/a/long"


def test_a_few_tags_in_plain_text_keep_its_lines():
    assert plain_text("Stack:\nPython, <b>JAX</b>\n\nApply") == "Stack:\nPython, JAX\n\nApply"


def test_letters_that_only_look_different_are_folded():
    assert plain_text("ＰｙＴｏｒｃｈ２ Ten\u00adsor\u200bFlow\u00a0x") == "PyTorch2 TensorFlow x"


def test_line_ends_and_gaps_are_evened_out():
    assert plain_text("a\r\nb  \r\n\r\n\n\n\nc\x00\x07\n") == "a\nb\n\nc"


def test_very_deep_nesting_is_read():
    assert plain_text("<div>" * 3_000 + "x") == "x"


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(exclude_characters="<&"), max_size=60))
def test_plain_text_made_plain_again_does_not_change(words):
    once = plain_text(words)
    assert plain_text(once) == once
