"""Names of languages and countries that CLDR does not have, or not as their people and the United Nations say them."""

#: Countries by the reader's language and the country's code, as UNTERM (the United Nations' list of terms) has them; it has no Swahili,
#: so there they are as East African papers write them.
COUNTRIES: dict[str, dict[str, str]] = {
    "en": {
        "CD": "Democratic Republic of the Congo", "CG": "Republic of the Congo", "CV": "Cabo Verde", "MM": "Myanmar",
        "PS": "State of Palestine",
    },
    "fr": {
        "CD": "République démocratique du Congo", "CG": "République du Congo", "CV": "Cabo Verde", "MM": "Myanmar",
        "PS": "État de Palestine", "TL": "Timor-Leste",
    },
    "ar": {
        "CD": "جمهورية الكونغو الديمقراطية", "CG": "جمهورية الكونغو", "CI": "كوت ديفوار", "CV": "كابو فيردي", "MM": "ميانمار",
        "PS": "دولة فلسطين",
    },
    "sw": {
        "CG": "Jamhuri ya Kongo", "CV": "Kabo Verde", "GB": "Uingereza", "MM": "Myanmar", "PS": "Palestina",
    },
}  # fmt: skip

#: Languages that CLDR does not name in the reader's language, though a country's people speak them, by code (ISO 639).
LANGUAGES: dict[str, dict[str, str]] = {
    "ar": {
        "aeb": "العربية التونسية", "aln": "الألبانية الغيغية", "arq": "العربية الجزائرية", "ary": "العربية المغربية",
        "arz": "العربية المصرية", "bar": "البافارية", "bew": "البتاوية", "bjn": "البنجرية", "bqi": "البختيارية",
        "brh": "البراهوية", "glk": "الجيلكية", "gur": "الفرافرا", "hif": "هندية فيجي", "hnj": "الهمونغ نجوا",
        "jam": "الكريولية الجامايكية", "kri": "الكريو", "ltg": "اللاتغالية", "pcd": "البيكاردية", "pnt": "اليونانية البنطية",
        "qug": "كيتشوا تشيمبورازو", "rif": "الريفية", "rue": "الروسينية", "rug": "الروفيانا", "tly": "التاليشية",
        "vls": "الفلمنكية الغربية", "vmf": "الفرنكونية الماينية", "vro": "الفوروية", "xmf": "المنغريلية", "zea": "الزيلندية",
    },
    "fr": {"gan": "chinois gan", "hnj": "hmong njua"},
    "sw": {
        "aeb": "Kiarabu cha Tunisia", "aln": "Kialbania cha Gheg", "ary": "Kiarabu cha Moroko", "bal": "Kibaluchi",
        "bar": "Kibavaria", "bew": "Kibetawi", "bik": "Kibikol", "bjn": "Kibanjar", "bqi": "Kibakhtiari", "brh": "Kibrahui",
        "csb": "Kikashubi", "den": "Kislave", "fan": "Kifang", "gan": "Kichina cha Gan", "glk": "Kigilaki", "gur": "Kifrafra",
        "hak": "Kichina cha Hakka", "hif": "Kihindi cha Fiji", "hnj": "Kihmong Njua", "ho": "Kihiri Motu",
        "hsn": "Kichina cha Xiang", "jam": "Krioli ya Jamaika", "kaa": "Kikarakalpak", "kos": "Kikosrae", "kri": "Kikrio",
        "lah": "Kipunjabi cha Magharibi", "ltg": "Kilatgalia", "man": "Kimandingo", "mwr": "Kimarwari",
        "nan": "Kichina cha Min Nan", "pcd": "Kipicard", "pnt": "Kigiriki cha Ponto", "pon": "Kipohnpei",
        "qug": "Kikechua cha Chimborazo", "rif": "Kirifi", "rue": "Kirusini", "rug": "Kiroviana", "sid": "Kisidamo",
        "srr": "Kiserer", "tiv": "Kitiv", "tkl": "Kitokelau", "tly": "Kitalishi", "tmh": "Kitamasheki",
        "vls": "Kiflemi cha Magharibi", "vmf": "Kifrankonia cha Main", "vro": "Kivoro", "xmf": "Kimingrelia", "yap": "Kiyap",
        "zea": "Kizeelandi",
    },
}  # fmt: skip
