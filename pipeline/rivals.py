"""Rivals: what others would find framework names with, given our names, to be measured beside us.

Layer:   beside facts (used by edge/bench_side_by_side only; nothing of the product rests on it).
         A rival says which frameworks a text names; none of them tells the sense of a name, what
         the ad asks for, or what it rules out.
Quirk:   skillNer 1.0.3 fetches its lists when it is imported, unless they lie in the folder it is
         imported in, and expects a spaCy model that would have to be downloaded. So it gets our
         names as its lists, and a blank spaCy pipeline in which each word is its own lemma.
"""

from __future__ import annotations

import contextlib
import io
import re
import tempfile
from collections.abc import Callable, Iterable, Mapping
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import spacy
from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc

from pipeline.mentions.lexicon import load

Names = Mapping[str, tuple[str, ...]]  # a name as it is spelt -> the frameworks it stands for
Find = Callable[[str], Iterable[str]]  # a text -> the frameworks it names

_SKILLNER_LISTS = ("skill_db_relax_20.json", "token_dist.json")


class Rival(NamedTuple):
    """One way to find names. what: it, in words; needs: the package it takes, "" for none."""

    what: str
    needs: str
    make: Callable[[Names], Find]
    clear_only: bool = False  # without the names that are a framework in one sense only

    @property
    def is_there(self) -> bool:
        """Tell whether what it takes is installed."""
        return not self.needs or find_spec(self.needs) is not None

    @property
    def version(self) -> str:
        """Return the version of the package it takes."""
        return version(self.needs) if self.needs else ""

    def ready(self) -> Find:
        """Return the rival, loaded with our names."""
        return self.make(framework_names(clear_only=self.clear_only))


def framework_names(*, clear_only: bool = False) -> dict[str, tuple[str, ...]]:
    """Return every spelling of our lexicon that names a framework, and the frameworks."""
    names: dict[str, tuple[str, ...]] = {}
    for term in load().terms:
        own = (term.id,) if term.kind == "framework" or term.also_framework else ()
        for name in (*term.spellings, *(() if clear_only else term.ambiguous)):
            if found := (term.joint or own):
                names[name] = tuple(dict.fromkeys((*names.get(name, ()), *found)))
    return names


def alternation(names: Names) -> Find:
    """Return one regular expression of all names, the longest first, as whole words.

    Texts are lower-cased first: four times as fast as letting the expression ignore case.
    """
    longest_first = sorted(names, key=len, reverse=True)
    words = "|".join(map(re.escape, longest_first))
    pattern = re.compile(rf"(?<![a-z0-9_])(?:{words})(?![a-z0-9_])")
    return lambda text: {one for hit in pattern.findall(text.lower()) for one in names[hit]}


def flashtext(names: Names) -> Find:
    """Return flashtext's trie of all names."""
    from flashtext import KeywordProcessor

    trie = KeywordProcessor()
    for name in names:
        trie.add_keyword(name, names[name])
    return lambda text: {one for hit in trie.extract_keywords(text) for one in hit}


def skill_ner(names: Names) -> Find:
    """Return skillNer's phrase matchers over all names, its own cleaning of texts included."""
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        for each in _SKILLNER_LISTS:
            Path(each).write_text("{}", encoding="utf-8")
        from skillNer.cleaner import Cleaner
        from skillNer.skill_extractor_class import SkillExtractor

    steps = ["remove_punctuation", "remove_extra_space"]  # what it does to a text before it looks
    cleaned = Cleaner(include_cleaning_functions=steps, to_lowercase=False)
    frameworks, skills = list(names.values()), {}
    for place, name in enumerate(names):
        full = cleaned(name)
        skills[str(place)] = {  # its identifiers may hold no underscore
            "skill_name": name,
            "skill_type": "Hard Skill",
            "skill_len": len(full.split()),
            "high_surfce_forms": {"full": full},
            "low_surface_forms": [],
            "match_on_tokens": False,
        }
    with contextlib.redirect_stdout(io.StringIO()):  # it prints what it loads
        extractor = SkillExtractor(_blank_with_lemmas(), skills, PhraseMatcher)

    def find(text: str) -> set[str]:
        results: dict[str, list[dict[str, Any]]] = extractor.annotate(text)["results"]
        return {
            one
            for hits in results.values()
            for hit in hits
            for one in frameworks[int(hit["skill_id"])]
        }

    return find


def _blank_with_lemmas() -> Language:
    nlp = spacy.blank("en")
    nlp.add_pipe("each_word_is_its_lemma")
    return nlp


@Language.component("each_word_is_its_lemma")
def _each_word_is_its_lemma(doc: Doc) -> Doc:
    for token in doc:
        token.lemma_ = token.lower_
    return doc


RIVALS = {
    "regex": Rival("a regular expression of all names", "", alternation),
    "regex_clear": Rival(
        "the same of the names that are clear by themselves", "", alternation, clear_only=True
    ),
    "flashtext": Rival("flashtext, a trie of all names", "flashtext", flashtext),
    "skillner": Rival("skillNer, spaCy's phrase matcher over all names", "skillNer", skill_ner),
}
