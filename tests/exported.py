# ruff: noqa: E501
"""Two stories as the archives of the press export them, made after how their files look."""

import io
from dataclasses import dataclass
from email.message import EmailMessage
from html import escape

RULE = "_" * 60


@dataclass(frozen=True)
class Exported:
    """A story as an archive has it."""

    title: str
    byline: str
    publisher: str
    day: int
    number: str
    paragraphs: tuple[str, ...]

    @property
    def english(self) -> str:
        return f"March {self.day}, 2024"


FERRY = Exported(
    "Ferry terminal approved", "Ann Writer", "Example Daily", 5, "EXDLY00020240305ek350001a",
    ("The regional council approved a new ferry terminal after a debate of six hours.",
     "Opponents said: the site floods every winter, and “the cost had doubled”.",
     "Work begins in March."),
)  # fmt: skip
CLOCKS = Exported(
    "Museum of clocks opens", "Bo Scribe", "The Islander", 8, "ISLND00020240308ek3800b2c",
    ("A museum of clocks opened in the old post office of Westhaven with free entry.",
     "Its curator said that three hundred clocks had been lent by families."),
)  # fmt: skip
BOTH = (FERRY, CLOCKS)
WEEKDAYS = {5: "Tuesday", 8: "Friday"}


def centred(line: str) -> str:
    return line.center(78).rstrip()


def lexisnexis(stories: tuple[Exported, ...] = BOTH, wrapped: bool = True) -> str:
    """TXT of LexisNexis after 2008."""
    out = [
        "",
        "Download Request: Selected Items: 1-2",
        "Terms: (ferry)",
        "",
        "Source: Example Daily",
    ]
    for n, s in enumerate(stories, 1):
        out += ["", "", centred(f"{n} of {len(stories)} DOCUMENTS"), "", ""]
        out += [centred(s.publisher), "", centred(f"{s.english} {WEEKDAYS[s.day]}"), ""]
        out += [centred("First Edition"), ""] if n == 1 else []
        out += [
            *s.title.replace(" ", "\n" if wrapped else " ", 1).split("\n"),
            "",
            f"BYLINE: {s.byline}",
            "",
        ]
        out += ["SECTION: NEWS; Pg. 4", "", "LENGTH: 45 words", ""]
        out += [line for p in s.paragraphs for line in (p, "")]
        out += ["GRAPHIC: PHOTO, the quay", "", "LOAD-DATE: March 9, 2024", "", "LANGUAGE: ENGLISH"]
        out += ["", "PUBLICATION-TYPE: Newspaper", "", "", centred("Copyright 2024 Example Media Ltd"),
                centred("All Rights Reserved")]  # fmt: skip
    return "\n".join(out)


def lexisnexis_old(stories: tuple[Exported, ...] = BOTH) -> str:
    """TXT of the nineties and after: rights first, and the headline has a label."""
    out: list[str] = []
    for n, s in enumerate(stories, 1):
        out += ["", centred(f"{n} of {len(stories)} DOCUMENTS"), ""]
        out += [centred("Copyright 2024 Example Media Ltd"), centred(s.publisher), ""]
        out += [centred(f"{s.english}, {WEEKDAYS[s.day]}, Late Edition - Final"), ""]
        out += ["SECTION: Section A; Page 4; Column 1", "", "LENGTH: 45 words", ""]
        out += [
            f"HEADLINE: {s.title}",
            "",
            f"BYLINE:  By {s.byline}",
            "",
            "DATELINE: WESTHAVEN",
            "",
        ]
        out += ["BODY:", *(line for p in s.paragraphs for line in (f"   {p}", ""))]
        out += ["LANGUAGE: ENGLISH", "", "LOAD-DATE: March 9, 2024"]
    return "\n".join(out)


def lexisnexis_html(stories: tuple[Exported, ...] = BOTH) -> str:
    """HTML with a German interface."""
    out = ["<HTML><HEAD><TITLE>&nbsp;</TITLE></HEAD><BODY>"]
    for n, s in enumerate(stories, 1):

        def block(*lines: str) -> str:
            return f"<BR><DIV CLASS=c5><P CLASS=c6>{'<BR>'.join(lines)}</P></DIV>"

        out += [block(f"<SPAN CLASS=c2>{n} of {len(stories)} DOCUMENTS</SPAN>")]
        out += [block(f"<SPAN>{escape(s.publisher)}</SPAN>")]
        out += [
            block(f"<SPAN CLASS=c4>{s.day}.</SPAN><SPAN> März 2024 Dienstag 9:50 PM GMT+1</SPAN>")
        ]
        out += [
            block(escape(s.title)),
            block(f"<B>AUTOR: </B>{s.byline}"),
            block("<B>LÄNGE: </B>45 Wörter"),
        ]
        out += ["<BR><DIV>" + "".join(f"<P CLASS=c9><SPAN>{escape(p)}</SPAN></P>\n" for p in s.paragraphs)
                + "</DIV>"]  # fmt: skip
        out += [block("UPDATE: 9. März 2024"), block("SPRACHE: ENGLISCH; ENGLISH"),
                block("Copyright 2024 Example Media", "Alle Rechte vorbehalten")]  # fmt: skip
    return "\n".join((*out, "</BODY></HTML>"))


def nexis_uni(stories: tuple[Exported, ...] = BOTH, cover: bool = True) -> list[str]:
    """The paragraphs of a Word or RTF file of Nexis Uni."""
    out: list[str] = []
    if cover:
        out += ["Date and Time: Friday, 8. March 2024 09:31:00 CET", "Job Number: 00000001",
                f"Documents ({len(stories)})"]  # fmt: skip
        for n, s in enumerate(stories, 1):
            out += [f"{n}. {s.title}", "Client/Matter: -None-", "Search Terms: ferry",
                    "Search Type: Terms and Connectors"]  # fmt: skip
    for s in stories:
        out += [s.title, s.publisher, f"{s.english} {WEEKDAYS[s.day]} 10:15 AM EST", ""]
        out += ["Copyright 2024 Example Media Ltd All Rights Reserved", "Section: NEWS; Pg. 4"]
        out += ["Length: 45 words", f"Byline: {s.byline}", "Body", "", *s.paragraphs, ""]
        out += [
            "Classification",
            "Language: ENGLISH",
            "Load-Date:\xa0March 9, 2024",
            "",
            "End of Document",
        ]
    return out


def docx(paragraphs: list[str]) -> bytes:
    import docx

    document = docx.Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def rtf(paragraphs: list[str]) -> bytes:
    """RTF as these archives write it: fonts, bookmarks, links, characters by their numbers."""

    def coded(text: str) -> str:
        return "".join(c if c < "\x80" and c not in "\\{}" else f"\\u{ord(c)}?" for c in text)

    body = "".join(
        f"\\pard\\plain\\f0\\fs20{{\\*\\bkmkstart b{n}}}{{\\b {coded(p)}}}\\par\r\n"
        for n, p in enumerate(paragraphs)
    )
    return (
        "{\\rtf1\\ansi\\ansicpg1252\\uc1{\\fonttbl{\\f0\\fswiss\\fcharset0 Arial;}}"
        "{\\colortbl;\\red0\\green0\\blue0;}{\\info{\\title Export}}"
        f"{{\\header Page {{\\field{{\\*\\fldinst PAGE}}}}\\par}}{body}}}"
    ).encode("ascii")


def factiva_lines(stories: tuple[Exported, ...] = BOTH) -> list[str]:
    """Factiva without codes."""
    out: list[str] = []
    for s in stories:
        out += ["News", s.title, f"By {s.byline}", "1,045 words", f"{s.day} March 2024", "14:05",
                s.publisher, "EXDLY", "1; National", "English", "(c) 2024 Example Media Ltd", "",
                *s.paragraphs, "Example Media Limited", f"Document {s.number}", ""]  # fmt: skip
    return [*out, "Search Summary", "Text", "ferry"]


def factiva_html(stories: tuple[Exported, ...] = BOTH) -> str:
    """Factiva's page to save, without codes."""
    out = ["<html><head><title>Factiva</title></head><body><table><tr><td><h1>Factiva</h1></td>"
           "<td><span>Dow Jones</span></td></tr></table>"]  # fmt: skip
    for s in stories:
        text = "".join(
            f'<p class="articleParagraph enarticleParagraph">{escape(p)}</p>' for p in s.paragraphs
        )
        out += [
            f'<div id="article-{s.number}"><div class="article enArticle"><p></p><div>News</div>'
            f'<div id="hd"><span class="enHeadline">{escape(s.title)}</span></div>'
            f'<div class="author">{s.byline}</div><div>626 words</div><div>{s.day} March 2024</div>'
            f"<div>{s.publisher}</div><div>EXDLY</div><div>English</div>"
            f"<div>(c) 2024 Example Media Ltd </div><p></p>{text}"
            f"<p>Example Media Limited</p><p>Document {s.number}</p></div></div><br>"
        ]
    return "\n".join((*out, "<span>© 2024 Factiva, Inc. All rights reserved.</span></body></html>"))


def factiva_codes(stories: tuple[Exported, ...] = BOTH) -> str:
    """The same with codes, in a table."""
    out = ["<html><head><title>Factiva</title></head><body>"]
    for s in stories:

        def row(code: str, *values: str, br: str = "") -> str:
            cells = "".join(
                f'<p class="articleParagraph enarticleParagraph">{v}</p>\n' for v in values
            )
            inner = cells if len(values) > 1 or code in ("LP", "TD") else f"{br}{values[0]}"
            return f'<tr><td class="index">{br}<b>{code}</b>&nbsp;</td><td>{inner}</td></tr>'

        first, *rest = map(escape, s.paragraphs)
        out += ['<div class="article enArticle"><table>', row("SE", "News"), row("HD", f"<b>{s.title}</b>\n"),
                row("BY", f"By {s.byline}"), row("WC", "45 words"), row("PD", f"{s.day} March 2024"),
                row("ET", "14:05"), row("SN", s.publisher), row("SC", "EXDLY"), row("LA", "English"),
                row("CY", "(c) 2024 Example"), row("LP", first), row("TD", *rest),
                row("NS", "gpol : Domestic Politics", br="<br/>"), row("PUB", "Example", br="<br/>"),
                row("AN", f"Document {s.number}", br="<br/>"), "</table></div>"]  # fmt: skip
    return "\n".join((*out, "</body></html>"))


def factiva_xml(stories: tuple[Exported, ...] = BOTH) -> str:
    """What its interface for programs answers."""
    items = ""
    for s in stories:
        first, *rest = (f"<paragraph>{escape(p, quote=False)}</paragraph>" for p in s.paragraphs)
        items += f"""<ppsarticle><article><accessionNo>{s.number}</accessionNo>
<baseLanguage>EN</baseLanguage><byline><paragraph>By {s.byline}</paragraph></byline>
<copyright>(c) 2024</copyright><headline><paragraph lang="EN">
   <hlt>{s.title.split()[0]}</hlt> {s.title.partition(" ")[2]}</paragraph></headline>
<leadParagraph>{first}</leadParagraph>
<publicationDate><dateTime>2024-03-0{s.day}T01:35:58Z</dateTime></publicationDate>
<publisherName>Example Media</publisherName><sourceName>{s.publisher}</sourceName>
<region code="usa"><name>United States</name></region>
<tailParagraphs>{"".join(rest)}</tailParagraphs><wordCount>45</wordCount></article></ppsarticle>"""
    return f"""<?xml version="1.0" encoding="utf-8"?>
<PPSResponse><ppsArticleResponse xmlns="http://global.factiva.com/pps/2.0">
<ppsarticleResultSet count="2">{items}</ppsarticleResultSet></ppsArticleResponse></PPSResponse>"""


def proquest(stories: tuple[Exported, ...] = BOTH) -> str:
    """TXT of ProQuest."""
    out = [RULE, "", "Report Information from ProQuest", "March 09 2024 10:10", "", RULE, "",
           "Table of contents", "", *(f"{n}. {s.title}........ {n}" for n, s in enumerate(stories, 1))]  # fmt: skip
    for n, s in enumerate(stories, 1):
        out += ["", RULE, "", f"Document {n} of {len(stories)}", "", s.title, "", f"Author: {s.byline}", "",
                f"Publication info: {s.publisher} ; Westhaven [Westhaven]0{s.day} Mar 2024: A.4.", "",
                "ProQuest document link", "", "Abstract: None available.", "", "Links: http://x.example/", "",
                f"Full text: {s.paragraphs[0]}", "",
                *(line for p in s.paragraphs[1:] for line in (p, "")),
                "Subject: Ferries; Clocks", "", "Location: Westhaven", "",
                f"Publication title: {s.publisher}; Westhaven", "", "Pages: A.4", "",
                f"Publication date: Mar {s.day}, 2024", "", "Section: News", "", "Publisher: Example Media", "",
                "Language of publication: English", "", f"ProQuest document ID: 99{n}", "",
                f"Document URL: https://search.proquest.com/docview/99{n}", "", "Database: Newsstream"]  # fmt: skip
    return "\n".join((*out, "", RULE, "", "Contact us at: http://www.proquest.com/go"))


def proquest_mail(stories: tuple[Exported, ...] = BOTH) -> bytes:
    """The same as a mail, where only the order parts the stories."""
    out = [
        "<html><body><p>All documents are reproduced with the permission of the copyright owner.</p>"
    ]
    for n, s in enumerate(stories, 1):
        text = "".join(f"<p>{escape(p)}</p>  " for p in s.paragraphs)

        def line(label: str, value: str) -> str:
            return f"<p><strong>{label}: </strong>{value}</p>"

        out += [f'<div><a name="DocID_{n}"></a><p></p><p style="font-weight:bold">{s.title}</p>',
                line("Author", s.byline), "<p><a href='https://x.example'>ProQuest document link</a></p>",
                line("Abstract", "None available."),
                f"<p><strong>Full text: </strong><Text WordCount='45'><html><head><title></title></head>"
                f"<body>{text}</body></html></Text></p>",
                line("Subject", "Ferries"), line("Publication title", f"{s.publisher}; Westhaven"),
                line("Publication date", f"Mar {s.day}, 2024"), line("Language of publication", "English"),
                line("ProQuest document ID", f"99{n}"), line("Database", "Newsstream"), "</div>"]  # fmt: skip
    message = EmailMessage()
    message["From"], message["Subject"] = "noreply@proquest.com", "Your ProQuest Research"
    message["Date"] = "Sat, 09 Mar 2024 01:02:03 -0400"
    message.set_content("\n".join(out), subtype="html")
    return message.as_bytes()


def europresse(stories: tuple[Exported, ...] = BOTH) -> str:
    """The page of Europresse, with the classes of two times."""
    out = ["<!DOCTYPE html><html><head><meta charset='utf-8'></head><body>"]
    for n, s in enumerate(stories, 1):
        text = "".join(f"<p>{escape(p)}</p>" for p in s.paragraphs)
        title = f'<p class="sm-margin-TopNews titreArticleVisu rdp__articletitle">{s.title}</p>'
        byline = (f'<div class="docAuthors">{s.byline}</div>' if n == 1 else
                  f'<p class="sm-margin-bottomNews">{s.byline}</p>')  # fmt: skip
        body = f'<div class="docOcurrContainer">{text}</div>' if n == 2 else text
        out += [f'<article><header><div class="rdp__DocPublicationName"><span class="DocPublicationName">'
                f"{s.publisher}, no. 24562</span></div>"
                f'<span class="DocHeader">Politique, mardi {s.day} mars 2024 - 14:05 45 mots, p. 4</span>'
                f'<div class="titreArticle">{title}</div>{byline}</header>'
                f'<section><div class="DocText clearfix">{body}</div></section>'
                f"<footer><p>news·2024030{s.day}·EX·{n}</p></footer></article>"]  # fmt: skip
    return "".join((*out, "</body></html>"))


# How each export is called, and its bytes.
EXPORTS = {
    "lexisnexis txt": ("a.TXT", lambda s=BOTH: ("\ufeff" + lexisnexis(s)).encode()),
    "lexisnexis of before": ("a.txt", lambda s=BOTH: lexisnexis_old(s).encode()),
    "lexisnexis html": ("a.html", lambda s=BOTH: lexisnexis_html(s).encode()),
    "lexisnexis rtf": ("a.RTF", lambda s=BOTH: rtf(lexisnexis(s, False).split("\n"))),
    "nexis uni docx": ("a.docx", lambda s=BOTH: docx(nexis_uni(s))),
    "nexis uni without cover": ("a.docx", lambda s=BOTH: docx(nexis_uni(s, cover=False))),
    "nexis uni rtf": ("a.rtf", lambda s=BOTH: rtf(nexis_uni(s))),
    "factiva rtf": ("a.rtf", lambda s=BOTH: rtf(factiva_lines(s))),
    "factiva html": ("a.htm", lambda s=BOTH: factiva_html(s).encode()),
    "factiva codes": ("a.html", lambda s=BOTH: factiva_codes(s).encode()),
    "factiva xml": ("a.xml", lambda s=BOTH: factiva_xml(s).encode()),
    "proquest txt": ("a.txt", lambda s=BOTH: proquest(s).encode()),
    "proquest mail": ("a.eml", proquest_mail),
    "europresse": ("a.HTML", lambda s=BOTH: europresse(s).encode()),
}
