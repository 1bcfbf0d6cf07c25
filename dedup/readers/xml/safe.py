"""How XML is parsed: no entity expanded, no DTD loaded, no address opened, in libxml2's limits."""

SAFE = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False,
        "remove_comments": True, "remove_pis": True}  # fmt: skip
