"""The kinds of local authorities to which ISO 3166-2 gives individual codes, by country.

Elsewhere a code says in which state or province a city lies, and many share it: Athens and Columbus are both in US-OH.
Source: ISO 3166-2, the categories of subdivisions.
"""

OWN_CODE: dict[str, frozenset[str]] = {
    "county": frozenset(["AL", "EE", "HR", "HU", "IE", "KE", "LR", "LT", "NO", "SE"]),
    "region": frozenset(
        ["BE", "BF", "CL", "CM", "CZ", "DJ", "DK", "ER", "FI", "GH", "GW", "GY", "IT", "MA", "ML", "MM", "MR", "MW", "NA", "NE",
         "NZ", "PE", "PH", "SA", "SK", "SN", "SO", "SZ", "TD", "TG", "TM", "TZ"]
    ),
    "district": frozenset(["BT", "BW", "BZ", "LK", "LS", "MU", "PT", "UG"]),
}  # fmt: skip


def has_own_code(kind: str, country: str) -> bool:
    """Whether the code of a local authority of this kind names it and no other."""
    return country in OWN_CODE.get(kind, ())
