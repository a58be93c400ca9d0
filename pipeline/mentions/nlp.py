"""build_nlp(): a blank spaCy pipeline with our components, term matcher, sense and requirement.

Layer:   mentions (pure). Nothing is downloaded; the same text gives the same spans everywhere.
Quirk:   tokens are runs of Latin letters, runs of digits, or single other characters, so that
         "熟悉TensorFlow或PyTorch" and "TF/Keras2.x" fall apart where the names begin and end.
"""

from __future__ import annotations

import re
from typing import Any

import spacy
from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc, Span
from spacy.util import filter_spans
from spacy.vocab import Vocab

from pipeline.mentions.lexicon import Lexicon
from pipeline.mentions.requirement import RequirementComponent
from pipeline.mentions.sense import Found, SenseRules, Surroundings

_TOKEN = re.compile(r"[A-Za-zÀ-ɏ]+|\d+|.", re.DOTALL)
# Names that are found in words run together; no other word holds them.
_SEAM = re.compile(r"(Tensor[Ff]low|Py[Tt]orch|Keras|MXNet|Theano)(?![a-zà-ɏ])")


_SHORTEST_SEAM = 6  # letters: KerasX


class LetterTokenizer:
    """Split a text into letters, digits and single signs; keeps every character."""

    def __init__(self, vocab: Vocab, lexicon: Lexicon):
        self.vocab = vocab
        self.lexicon = lexicon  # that of the whole pipeline: the components take it from here
        spellings = {each for term in lexicon.terms for each in (*term.spellings, *term.ambiguous)}
        self._whole = frozenset(each for each in spellings if each.isalpha())

    def __call__(self, text: str) -> Doc:
        words: list[str] = []
        spaces: list[bool] = []
        for match in _TOKEN.finditer(text):
            word = match.group()
            if word == " " and words and not spaces[-1]:
                spaces[-1] = True
            else:
                parts = self._parts(word) if len(word) > _SHORTEST_SEAM else [word]
                words += parts
                spaces += [False] * len(parts)
        return Doc(self.vocab, words=words, spaces=spaces)

    def _parts(self, word: str) -> list[str]:
        """Return a word in its parts: "TensorFlowPyTorch" holds two names, "KerasTuner" is one."""
        if not _SEAM.search(word) or word.lower() in self._whole:
            return [word]
        return [part for part in _SEAM.split(word) if part]

    def to_bytes(self, **_kwargs: object) -> bytes:
        """Return nothing: the tokenizer has no state (spaCy asks every tokenizer)."""
        return b""

    def from_bytes(self, _data: bytes, **_kwargs: object) -> LetterTokenizer:
        """Return itself: the tokenizer has no state."""
        return self


class TermMatcher:
    """Write doc.spans["terms"]: every spelling of the lexicon, longest match first."""

    def __init__(self, nlp: Language, lexicon: Lexicon):
        self.terms = lexicon.by_id()
        self.matcher = PhraseMatcher(nlp.vocab, attr="LOWER")
        for term in lexicon.terms:
            if term.kind == "tool":  # tools carry no requirement: find.py reads them off the scan
                continue
            for spelling in term.spellings:
                self.matcher.add(f"{term.id}|", [nlp.make_doc(spelling)])
            for spelling, rule in term.ambiguous.items():
                self.matcher.add(f"{term.id}|{rule}", [nlp.make_doc(spelling)])

    def __call__(self, doc: Doc) -> Doc:
        spans = [Span(doc, start, end, label=label) for label, start, end in self.matcher(doc)]
        doc.spans["terms"] = filter_spans(spans)
        return doc


class SenseComponent:
    """Keep a span only in its sense; write doc.user_data["found"] with the reason kept."""

    def __init__(self, lexicon: Lexicon):
        self.rules = SenseRules(lexicon)
        self.terms = lexicon.by_id()

    def __call__(self, doc: Doc) -> Doc:
        around: Surroundings = doc.user_data.get("around") or Surroundings(near=doc.text.lower())
        found = []
        names = [span.label_.partition("|") for span in doc.spans["terms"]]
        certain = {term_id for term_id, _, rule in names if not rule}
        for span, (term_id, _, rule) in zip(doc.spans["terms"], names, strict=True):
            taken = self.rules.judge(span, term_id, rule, certain, around)
            if taken:
                name, reason = taken
                found.append(Found(self.terms[name], span.start, span.end, reason))
        doc.user_data["found"] = found
        return doc


def _lexicon_of(nlp: Any) -> Lexicon:
    return nlp.tokenizer.lexicon


@Language.factory("jobmarket_terms")
def _terms(nlp: Language, name: str) -> TermMatcher:
    return TermMatcher(nlp, _lexicon_of(nlp))


@Language.factory("jobmarket_sense")
def _sense(nlp: Language, name: str) -> SenseComponent:
    return SenseComponent(_lexicon_of(nlp))


@Language.factory("jobmarket_requirement")
def _requirement(nlp: Language, name: str) -> RequirementComponent:
    return RequirementComponent(nlp, _lexicon_of(nlp))


def build_nlp(lexicon: Lexicon) -> Language:
    """Return the pipeline; call it on a Doc whose user_data["around"] holds Surroundings."""
    nlp = spacy.blank("xx")
    nlp.tokenizer = LetterTokenizer(nlp.vocab, lexicon)
    for component in ("jobmarket_terms", "jobmarket_sense", "jobmarket_requirement"):
        nlp.add_pipe(component)
    return nlp
