"""The names that states give their local authorities, and the kind of each."""

from jirani.language import name_key

#: By kind, the words for it in the languages of the interface and the names of such authorities in law. A word that is one kind
#: in one country and another elsewhere (wilaya, prefecture in a city's name) is left out: it is asked about.
_WORDS = {
    "city": "city council; city government; city corporation; capital city; metropolis; metropolitan city; ville; grande ville; cité; "
    "capitale; métropole; مدينة; مجلس المدينة; العاصمة; jiji; halmashauri ya jiji; mji mkuu; ciudad; cidade; Stadt",
    "county": "county council; county government; county assembly; comté; conseil de comté; حكومة مقاطعة; مقاطعة; kaunti; serikali ya kaunti",
    "municipality": "town; town council; township; village; village council; municipal council; local municipality; metropolitan "
    "municipality; metropolitan borough; borough council; commune; commune urbaine; commune rurale; mairie; municipalité; collectivité territoriale; "
    "bourg; village; بلدية; المجلس البلدي; بلدة; جماعة; جماعة حضرية; جماعة قروية; قرية; manispaa; halmashauri ya manispaa; mji; mji mdogo; "
    "halmashauri ya mji; kijiji; municipio; município; Gemeinde; gemeente; belediye; comune; kommun; kommune; concelho",
    "region": "province; state; governorate; regional council; regional government; région; conseil régional; gouvernorat; province; emirate; "
    "oblast; منطقة; جهة; محافظة; إقليم; مجلس الجهة; mkoa; jimbo; provincia; província; región; regione; Bundesland",
    "district": "sub-county; subcounty; district council; district municipality; district assembly; borough; ward; arrondissement; "
    "cercle; département; conseil départemental; قضاء; دائرة; حي; ناحية; مديرية; halmashauri ya wilaya; kata; tarafa; distrito; distretto; Landkreis",
    "association": "association; association of municipalities; association of cities; union of municipalities; league of cities; federation "
    "of municipalities; council of governors; local government association; association de communes; association de villes; association de "
    "collectivités; intercommunalité; syndicat de communes; رابطة; اتحاد البلديات; جمعية البلديات; رابطة السلطات المحلية; jumuiya; jumuiya ya "
    "serikali za mitaa; chama cha serikali za mitaa",
}  # fmt: skip

KIND_WORDS = {name_key(word): kind for kind, words in _WORDS.items() for word in words.split("; ")}
