"""A page as somebody who does not see it goes through it: its title, its faults, what they belong to and lead to."""

from bs4 import BeautifulSoup, Tag

_CONTROLS = ("input", "select", "textarea")


class Page:
    """HTML, read."""

    def __init__(self, html: str) -> None:
        self.soup = BeautifulSoup(html, "html.parser")

    @property
    def title(self) -> str:
        """Return the window's title."""
        return str(self.soup.title.string).strip() if self.soup.title else ""

    def faults(self) -> list[Tag]:
        """Return the errors beside the fields."""
        return self.soup.find_all("p", class_="fault", id=True)

    def not_read_with_a_control(self) -> list[str]:
        """Faults that are described by no control and by no group of controls."""
        read = {
            name
            for tag in self.soup.find_all([*_CONTROLS, "fieldset"])
            for name in str(tag.get("aria-describedby") or "").split()
        }
        return [str(fault["id"]) for fault in self.faults() if fault["id"] not in read]

    def wanted_though_optional(self) -> list[str]:
        """Return fields that say "(optional)" and yet are refused for being empty."""
        found = []
        for fault in self.faults():
            field = fault.parent
            mark = field.find(class_="optional") if field else None
            controls = field.find_all(_CONTROLS) if field else []
            filled = any(one.string if one.name == "textarea" else one.get("value") for one in controls)
            if mark and "(optional)" in mark.get_text() and not filled:
                found.append(str(fault["id"]))
        return found

    def summary_links(self) -> list[str]:
        """Return the targets of the error summary's links, without the "#"."""
        return [str(link["href"]).removeprefix("#") for link in self.soup.select(".summary a")]

    def leads_to_a_control(self, link: str) -> bool:
        """Whether a link leads to something that can be filled in."""
        found = self.soup.find(id=link)
        return isinstance(found, Tag) and found.name in _CONTROLS and found.get("type") != "hidden"

    def landmarks_alike(self) -> list[str]:
        """Kinds of landmarks of which two have one name, or one has none beside others."""
        found: dict[str, list[str]] = {}
        for tag in self.soup.select('nav, aside, [role="search"], [role="region"]'):
            name = str(tag.get("aria-label") or tag.get("aria-labelledby") or "")
            found.setdefault(str(tag.get("role") or tag.name), []).append(name)
        return [kind for kind, names in found.items() if "" in names or len(set(names)) < len(names)]

    def links_alike(self) -> dict[str, set[str]]:
        """Words of links within the page's own part that lead to several places."""
        found: dict[str, set[str]] = {}
        for link in self.soup.select("main a[href]"):
            words = " ".join(link.get_text().split())
            found.setdefault(words, set()).add(str(link["href"]).partition("#")[0])
        return {words: places for words, places in found.items() if len(places) > 1}
