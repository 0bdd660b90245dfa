"""Stems of Swahili words: without the prefixes of noun classes and verbs, extensions of verbs and final vowels.

Rules after Ashton, "Swahili Grammar" (1944): nouns change class by their prefix (mji, miji), verbs carry subject, tense and object before
their root and voice after it (wamezuiwa). What no rule of the kind says (mwanamke, wanawake) stands in a list.
"""

import re

#: Words whose forms no rule leads together, to what stands for all of them.
_IRREGULAR = {
    form: forms[0]
    for forms in (
        ("mji", "miji", "mjini", "mijini"), ("mtu", "watu"), ("mti", "miti"), ("mwanamke", "wanawake"), ("mwanaume", "wanaume"),
        ("mwaka", "miaka"), ("mwezi", "miezi"), ("mwenyekiti", "wenyeviti"), ("chuo", "vyuo"), ("jiji", "majiji"), ("jambo", "mambo"),
        ("jina", "majina"), ("jengo", "majengo"), ("jibu", "majibu", "kujibu"), ("jukwaa", "majukwaa"), ("jamii", "jamii"),
        ("tatizo", "matatizo"), ("ugonjwa", "magonjwa"), ("jirani", "majirani"), ("jicho", "macho"), ("ujumbe", "mjumbe", "wajumbe"),
        ("kijana", "vijana", "ujana"), ("kulinda", "ulinzi", "mlinzi", "walinzi"), ("kinga", "kukinga"), ("mtoto", "watoto"), ("mkutano", "mikutano"), ("mtandao", "mitandao"), ("wakati", "nyakati"),
        ("ushahidi", "shahidi", "mashahidi"), ("mkoa", "mikoa"), ("kikao", "vikao"), ("mpango", "mipango", "kupanga"),
        ("uongozi", "kiongozi", "viongozi", "kuongoza"), ("mzee", "wazee"), ("mwenzi", "wenzi"), ("mwisho", "miisho"),
        ("mbinu", "mbinu"), ("njia", "njia"), ("nchi", "nchi"), ("fedha", "fedha"), ("pesa", "pesa"), ("kazi", "kazi"), ("ajira", "ajira"),
        ("swali", "maswali"), ("soko", "masoko"), ("shule", "shule"), ("dini", "dini"), ("kaunti", "kaunti"), ("kitu", "vitu"),
        ("mtaa", "mitaa", "mtaani", "mitaani"), ("mradi", "miradi"), ("mkataba", "mikataba"), ("msikiti", "misikiti"), ("kanisa", "makanisa"),
    )
    for form in forms
}  # fmt: skip
#: A stem has at least so many letters.
_LEAST = 3
_SUBJECT, _TENSE = "(?:ha|si|ni|u|a|tu|wa|i|li|ya|ki|vi|zi|ku|pa)", "(?:na|li|ta|me|nge|ngali|ja|mesha)"
_OBJECT = "(?:ni|ku|m|tu|wa|i|ki|vi|zi|li|ya|ji)?"
#: A verb with subject, tense and maybe object, and a root of three letters at least.
_VERB = re.compile(rf"^{_SUBJECT}{_TENSE}{_OBJECT}(\w{{3,}}[aei])$")
_INFINITIVE = re.compile(r"^(?:kuji|ku|kw)(\w{3,})$")
#: Prefixes of nouns, the longest first, and what is left of them.
_CLASSES = re.compile(r"^(?:mwana|wana|mwa|wa|mi|ma|vi|vy|ki|ch|mw|mu|m(?=[^aeiou])|u)(?=\w{3,})")
#: Voices and kinds of a verb, nouns that are made of verbs, and the final vowel.
_ENDINGS = re.compile(
    r"(?<=\w{3})(?:ishaji|eshaji|iwaji|liaji|leaji|iaji|eaji|ishwa|eshwa|isha|esha|liwa|lewa|iwa|ewa|wa|lia|lea|ia|ea|ana|aji|ji|zi|i|a|e|o|u)$"
)
#: In a place: "mjini", "kauntini".
_PLACE = re.compile(r"(?<=\w{3}[aeiou])ni$")


def stem(word: str) -> str:
    """Return the stem of a folded Swahili word."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    here = _PLACE.sub("", word)
    if here in _IRREGULAR:
        return _IRREGULAR[here]
    found = _VERB.match(here) or _INFINITIVE.match(here)
    bare = _ENDINGS.sub("", found[1] if found else _CLASSES.sub("", here))
    return bare[:-1] if bare[-1] in "aeiou" and len(bare) > _LEAST else bare
