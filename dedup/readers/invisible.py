"""Take out of a page the letters that its style makes invisible.

Letters that nobody can see stand in the place of spaces, or between them, to keep a copy from being
found: white or transparent ones, or ones of a pixel at most. Only elements that hold nothing but
text are judged, by their own style or a class of the page's style sheet; white letters only
in the middle of others, since a headline may be white on a picture.
"""

import re

# Of a pixel at most, or without colour: nobody can read it anywhere.
UNREADABLE = re.compile(
    r"font-size\s{0,9}:\s{0,9}(?:0(?:px|pt|em|rem|%)?|0?\.0\d{0,6}(?:em|rem)|(?:1|0?\.\d{1,6})px)(?![\w.%])"
    r"|(?<![\w-])color\s{0,9}:\s{0,9}(?:transparent|rgba\((?:[^,)]{1,9},){3}\s{0,9}0(?:\.0{1,6})?\s{0,9}\))"
    r"|(?<![\w-])opacity\s{0,9}:\s{0,9}0(?:\.0{1,6})?(?![\w.])",
    re.IGNORECASE,
)
WHITE = re.compile(
    r"(?<![\w-])color\s{0,9}(?::|=[\"']?)\s{0,9}(?:white|#fff(?:fff)?|rgb\(\s{0,9}255,\s{0,9}255,\s{0,9}255\s{0,9}\))"
    r"(?![\w-])",
    re.IGNORECASE,
)
# Where a page has neither a style nor one of these words in it, there is nothing to do.
STYLED = (b"style", b"<font")
WORDS = (b"font-size", b"transparent", b"rgb", b"opacity", b"white", b"#fff")
# A gradient shines through transparent letters.
BACKGROUND = re.compile("background", re.IGNORECASE)
RULE = re.compile(r"\.([\w-]{1,80})\s{0,9}\{([^{}]{1,2000})\}")
STYLE_SHEET = re.compile(r"<style\b[^>]{0,500}>([^<]{0,200000})", re.IGNORECASE)
CLASS = re.compile(r"""\sclass\s{0,9}=\s{0,9}["']?([^"'>]{1,500})""", re.IGNORECASE)
# An element of running text that has nothing but text in it.
LEAF = re.compile(
    r"<(a|abbr|b|em|font|i|ins|label|mark|small|span|strong|sub|sup|u)\b([^<>]{1,2000})>([^<]{0,2000})</\1\s{0,9}>",
    re.IGNORECASE,
)


def remove_invisible(source: str) -> str:
    """The source of a page, with a space for each stretch of text that cannot be seen.

    >>> remove_invisible('<p>Ferry<span style="color:white;font-size:1px">x</span>operator</p>')
    '<p>Ferry operator</p>'
    """
    lower = source.encode("utf-8", "replace").lower()  # three times as fast as that of the string
    if not (any(map(lower.__contains__, STYLED)) and any(map(lower.__contains__, WORDS))):
        return source
    rules = [rule for sheet in STYLE_SHEET.findall(source) for rule in RULE.findall(sheet)]
    styles = {name: f"{style};" for name, style in rules}

    def replace(match: "re.Match[str]") -> str:
        attributes = match[2]
        classes = CLASS.search(attributes)
        named = classes[1].split() if classes else ()
        style = attributes + ";" + "".join(styles.get(name, "") for name in named)
        if BACKGROUND.search(style):
            return match[0]
        before = source[match.start() - 1 : match.start()]
        after = source[match.end() : match.end() + 1]
        between = before not in ("", ">") and after not in ("", "<")
        hidden = UNREADABLE.search(style) or (between and WHITE.search(style))
        return " " if hidden else match[0]

    return LEAF.sub(replace, source)
