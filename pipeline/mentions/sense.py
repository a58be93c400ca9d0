"""Sense: whether a name means the framework here, decided from the company it keeps.

Layer:   mentions (pure). Every rule returns the term the span names and why, or None.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from spacy.tokens import Doc, Span

from pipeline.mentions.lexicon import Lexicon, Term
from pipeline.mentions.own import is_meant, is_written_so
from pipeline.mentions.scan import LETTERS, Scanner


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a block's reader must know of the rest of its posting.

    near:    the lower-cased text around the block, for the company an ambiguous name keeps
    context: what else the posting says of its work, lower-cased (its title)
    section: what the section heading says of a bare bullet
    any_of:  the offset of the list of which any one will do, None in any other
    """

    near: str = ""
    context: str = ""
    section: str = ""
    posted_on: date | None = None
    field: str = "description"
    any_of: int | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What the pipeline says of one span: `start` and `end` are tokens of its Doc."""

    term: Term
    start: int
    end: int
    reason: str = ""
    requirement: str = "mentioned"
    group: int | None = None


# A name inside an address is no request; a hashtag is.
_ADDRESS = re.compile(
    r"(?:https?://|www\.)\S+|\S+@\S+\.\w+|\b(?:[\w-]+\.)+(?:com|io|org|net|co)/\S*", re.I
)
_PERSON = frozenset({"dr", "mr", "mrs", "ms", "prof", "professor"})
_CONCEPTS = frozenset(
    "rnn rnns cnn cnns lstm lstms gan gans bert gpt attention diffusion autoencoders vae vaes llm"
    " llms embeddings seq2seq resnet yolo word2vec networks gru electrical power substation".split()
)
_BEFORE = {
    "torch": frozenset(
        "carry pass passing carrying the plasma blow olympic a your our welding".split()
    ),
    "lightning": frozenset("salesforce the a aura bitcoin over".split()),
    "caffe": frozenset("our the a free nero local".split()),
    "jax": frozenset("mr ask for dog".split()),
}
_AFTER = {
    "tf": frozenset("idf card cards s".split()),
    "jax": frozenset("rs ws rpc b mice mouse strain strains lab labs beach".split()),
    "lightning": frozenset(
        "web component components network fast talk talks speed node quick aura".split()
    ),
    "torch": frozenset("bearer bearers light insight relay".split()),
    "caffe": frozenset("latte nero".split()),
    "flax": frozenset("seed seeds fibre fiber oil".split()),
    "scikit": frozenset({"image"}),
    "scikits": frozenset({"image"}),
    "kit": frozenset({"image"}),
    "tfx": frozenset({"trading"}),
}
# Terraform; terrorist financing beside money laundering ("ML/TF risk"); Team Foundation
_OTHER_TF = re.compile(
    r"terraform|launder|terroris|financing|sanctions|\baml\b|team foundation|transcription factor"
)
_OTHER_JAX = re.compile(r"jackson lab|jacksonville|\bmice\b")
_ROS = re.compile(r"\bros ?2?\b|\burdf\b|\brviz\b|\bnav2\b|robot operating system")
_LEADING = frozenset(
    "with in using like as or and either know use uses used of on , / ( & + : ; 、 • - or/and"
    " mit oder und en ou et con y o experience replaces replace replacing through via than".split()
)
_ALSO_NAMES = frozenset({"keras", "theano"})
_OLD = ("theano", "caffe", "lua", "cntk", "pytorch", "torch7")


class SenseRules:
    """The rules by name; `near` is lower-cased text around the block."""

    def __init__(self, lexicon: Lexicon):
        self._terms = lexicon.by_id()
        self._names = frozenset(
            word for term in lexicon.frameworks for each in term.spellings for word in each.split()
        ) | {"tf", "jax", "torch", "caffe"}
        self._company = {
            name: Scanner(((word, word) for word in words), word=LETTERS)
            for name, words in lexicon.company.items()
        }

    def judge(
        self, span: Span, term_id: str, rule: str, certain: set[str], around: Surroundings
    ) -> tuple[str, str] | None:
        """Return (term id, reason) for a span that is meant, None for one that is not."""
        if self._never(span, self._terms[term_id], around):
            return None
        if not rule:
            return term_id, ""
        if self._another_name(span):
            return None
        return getattr(self, f"_{rule}")(span, term_id, certain, around)

    def _never(self, span: Span, term: Term, around: Surroundings) -> bool:
        if term.since and around.posted_on and around.posted_on < term.since:
            return True
        before = span.doc[span.start - 1].lower_ if span.start else ""
        if before == "." and span.start > 1:
            before = span.doc[span.start - 2].lower_
        if before in _PERSON:
            return True
        if term.id in _ALSO_NAMES and self._is_somebody(span, around):
            return True
        return any(start <= span.start_char < end for start, end in _addresses(span.doc))

    def _is_somebody(self, span: Span, around: Surroundings) -> bool:
        """Whether a name stands for a person or is a foreign word: no company, and what is beside.

        "Elena Keras leads", "Theano Vlachou", "pekerja keras" (a hard worker)
        """
        if self._with("machine_learning", span, around):
            return False
        doc = span.doc
        beside = [doc[at] for at in (span.start - 1, span.end) if 0 <= at < len(doc)]
        named = any(token.text[:1].isupper() and token.text[1:].islower() for token in beside)
        return named or span.text.islower()

    @staticmethod
    def _another_name(span: Span) -> bool:
        doc, word = span.doc, span[-1].lower_
        after = [token.lower_ for token in doc[span.end : span.end + 3] if token.text.strip("-–/ ")]
        if after and after[0] in _AFTER.get(word, ()):
            return True
        return span.start > 0 and doc[span.start - 1].lower_ in _BEFORE.get(word, ())

    def _with(self, name: str, span: Span, around: Surroundings) -> str:
        """Return a word of the company found near, other than the name itself, or ""."""
        own = span.text.lower()
        for hit in self._company[name].hits(around.near):
            if hit.key != own:
                return hit.key
        return ""

    def _abbreviation(
        self, span: Span, term_id: str, certain: set[str], around: Surroundings
    ) -> tuple[str, str] | None:
        if span[0].text not in {"TF", "Tf", "tf"} or _OTHER_TF.search(around.near):
            return None
        if len(span) > 1 and _ROS.search(around.near):  # tf2, the transforms of robots
            return None
        company = self._with("deep", span, around)
        return (term_id, f"TF beside {company}") if company else None

    def _machine_learning(
        self, span: Span, term_id: str, certain: set[str], around: Surroundings
    ) -> tuple[str, str] | None:
        company = self._with("machine_learning", span, around) or self._of_the_job(span, around)
        return (term_id, f"beside {company}") if company else None

    def _of_the_job(self, span: Span, around: Surroundings) -> str:
        """Return a word of the title that proves the sense of a name one is asked to know."""
        if not span.text[:1].isupper() or _word_before(span) not in _LEADING:
            return ""
        return next((hit.key for hit in self._company["job"].hits(around.context)), "")

    def _first_name(
        self, span: Span, term_id: str, certain: set[str], around: Surroundings
    ) -> tuple[str, str] | None:
        company = self._with("machine_learning", span, around) or self._of_the_job(span, around)
        if not company or _OTHER_JAX.search(around.near):
            return None
        if span.text == "Jax":  # a first name, unless it stands as a thing one knows or lists
            before, doc = _word_before(span), span.doc
            after = doc[span.end].text if span.end < len(doc) else ""
            is_listed = before in self._names or before in _CONCEPTS
            is_led = not before or before in _LEADING
            if not is_listed and (not is_led or (after[:1].isupper() and after[1:].islower())):
                return None
        return term_id, f"beside {company}"

    def _torch(
        self, span: Span, term_id: str, certain: set[str], around: Surroundings
    ) -> tuple[str, str] | None:
        company = self._with("deep", span, around)
        if not company:
            return None
        year = around.posted_on.year if around.posted_on else None
        old = next((name for name in _OLD if name in around.near), "")
        if (year and year <= 2018) or old:
            return "torch7", f"Torch in {year}" if year and year <= 2018 else f"Torch beside {old}"
        return term_id, f"Torch beside {company}"

    def _in_list(
        self, span: Span, term_id: str, certain: set[str], around: Surroundings
    ) -> tuple[str, str] | None:
        if span.text[:1].isupper() or _neighbours(span) & self._names:
            return self._listed(span, term_id, certain, around)
        return None  # wheat, flax and barley

    def _listed(
        self, span: Span, term_id: str, certain: set[str], around: Surroundings
    ) -> tuple[str, str] | None:
        others = sorted(certain - {term_id})
        if others:
            return term_id, f"beside {others[0]}"
        if company := self._of_the_job(span, around):
            return term_id, f"beside {company}"
        return self._jax(span, term_id, certain, around)

    def _jax(
        self, span: Span, term_id: str, certain: set[str], around: Surroundings
    ) -> tuple[str, str] | None:
        is_jax = re.search(r"(?<![a-z])jax(?![a-z])", around.near)
        if not is_jax or term_id not in {"haiku", "flax"}:
            return None
        return term_id, "beside jax"

    def _lightning(
        self, span: Span, term_id: str, certain: set[str], around: Surroundings
    ) -> tuple[str, str] | None:
        listed = _neighbours(span)
        if span.text != "Lightning" or "pytorch" not in around.near or not listed:
            return None
        return term_id, "Lightning beside pytorch"

    def _listed_library(
        self, span: Span, term_id: str, certain: set[str], around: Surroundings
    ) -> tuple[str, str] | None:
        neighbours = _neighbours(span)
        if span.text != "Transformers" or neighbours & _CONCEPTS:
            return None
        frameworks = {
            "keras",
            "pytorch",
            "tensorflow",
            "jax",
            "spacy",
            "huggingface",
            "face",
            "tf",
            "trl",
            "peft",
            "diffusers",
            "unsloth",
            "deepspeed",
            "accelerate",
            "vllm",
            "sentencetransformers",
            "langchain",
            "llamaindex",
        }
        company = sorted(neighbours & frameworks)
        return (term_id, f"listed with {company[0]}") if company else None

    def _own(
        self, span: Span, term_id: str, certain: set[str], around: Surroundings
    ) -> tuple[str, str] | None:
        text, start, end = span.doc.text, span.start_char, span.end_char
        near = f"{around.near}\n{around.context}"
        is_own = is_meant(self._terms[term_id], span.text, text[:start], text[end:], near)
        return (term_id, "") if is_own else None

    def _own_written(
        self, span: Span, term_id: str, certain: set[str], around: Surroundings
    ) -> tuple[str, str] | None:
        return (term_id, "") if is_written_so(self._terms[term_id], span.text) else None

    def _not_image(
        self, span: Span, term_id: str, certain: set[str], around: Surroundings
    ) -> tuple[str, str] | None:
        return term_id, ""


def _addresses(doc: Doc) -> list[tuple[int, int]]:
    """Return where links and e-mail addresses stand, found once a Doc."""
    if "addresses" not in doc.user_data:
        text = doc.text
        holds = "/" in text or "@" in text or "www." in text
        spans = [match.span() for match in _ADDRESS.finditer(text)] if holds else []
        doc.user_data["addresses"] = spans
    return doc.user_data["addresses"]


def _word_before(span: Span) -> str:
    """Return the word or sign before a span, lower-cased, "" at the beginning of its block."""
    before = (token.lower_ for token in reversed(span.doc[: span.start]) if not token.is_space)
    return next(before, "")


def _neighbours(span: Span) -> frozenset[str]:
    """Return the words just before and after a span's list separators (", Keras" gives keras)."""
    doc = span.doc
    found = set()
    before = [t.lower_ for t in doc[max(0, span.start - 3) : span.start] if not t.is_space]
    after = [t.lower_ for t in doc[span.end : span.end + 3] if not t.is_space]
    if len(before) > 1 and before[-1] in {",", "/", "&", "and", "or", "、", ";"}:
        found.add(before[-2])
    if len(after) > 1 and after[0] in {",", "/", "&", "and", "or", "、", ";"}:
        found.add(after[1])
    return frozenset(found)
