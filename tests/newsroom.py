"""One story in every format that news comes in, made as those who publish it make it."""

import csv
import gzip
import io
import json
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from html import escape
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape as xml

from dedup.article import Article
from dedup.readers import Reading

WHEN = "2025-03-28T14:05:00+01:00"
MAIL_DATE = "Fri, 28 Mar 2025 14:05:00 +0100"
EARLIER = "urn:newsml:example.org:20250328:koksan:1"
URL = "https://www.example.org/2025/03/28/koksan-guns-in-crimea"
LINKED = "https://www.zdf.de/nachrichten/koksan.html"


@dataclass(frozen=True)
class Story:
    """A story as a newsroom's system has it."""

    id: str
    text: str
    title: str = "North Korean guns reach Crimea"
    byline: str = "Anna Schmidt"
    publisher: str = "Example News"
    url: str = URL
    published: str = WHEN
    language: str = "en"

    @property
    def paragraphs(self) -> list[str]:
        """Its paragraphs, each on one line."""
        parts = self.text.split("\n\n") if "\n\n" in self.text else self.text.split("\n")
        return [line for part in parts if (line := " ".join(part.split()))]


def written(name: str, data: Any) -> str:
    """The name of a file that has just been written: of bytes, of text, or of records as JSON."""
    if not isinstance(data, bytes | str):
        data = json.dumps(data, ensure_ascii=False)
    Path(name).write_bytes(data if isinstance(data, bytes) else data.encode())
    return name


def only(reading: Reading) -> Article:
    """The single article of a reading without problems."""
    articles = list(reading)
    assert reading.problems == []
    assert len(articles) == 1
    return articles[0]


def record(story: Story) -> dict[str, Any]:
    return {
        "id": story.id, "headline": story.title, "author": story.byline,
        "publisher": {"name": story.publisher}, "url": story.url, "datePublished": story.published,
        "inLanguage": story.language, "body": story.text,
    }  # fmt: skip


def json_lines(story: Story) -> bytes:
    return json.dumps(record(story), ensure_ascii=False).encode() + b"\n"


def plain(story: Story) -> bytes:
    return story.text.encode()


def markdown(story: Story) -> bytes:
    head = [
        "---", f"id: {story.id}", f'title: "{story.title}"', f"author: {story.byline}",
        f"publisher: {story.publisher}", f"url: {story.url}", f"date: {story.published}",
        f"lang: {story.language}", "tags: [war, artillery]", "---", "",
    ]  # fmt: skip
    return ("\n".join(head) + story.text).encode()


def html(story: Story, head: str = "", charset: str = "utf-8") -> bytes:
    data = {
        "@context": "https://schema.org",
        "@graph": [
            {"@type": "WebSite", "name": story.publisher},
            {
                "@type": "NewsArticle", "headline": story.title, "url": story.url,
                "author": {"@type": "Person", "name": story.byline},
                "publisher": {"@type": "NewsMediaOrganization", "name": story.publisher},
                "datePublished": story.published, "inLanguage": story.language,
                "isBasedOn": "https://agency.example/takes/1",
                "sourceOrganization": {"@type": "Organization", "name": "Agence Exemple"},
                "citation": [{"@type": "CreativeWork", "url": LINKED}],
                "copyrightNotice": "© 2025 Example News", "creditText": "Reporting by AE",
            },
        ],
    }  # fmt: skip
    body = "\n".join(f"<p>{escape(p)}</p>" for p in story.paragraphs)
    page = f"""<!DOCTYPE html>
<html lang="{story.language}"><head><meta charset="{charset}">
<title>{escape(story.title)} | Example News</title>
<meta property="og:site_name" content="{story.publisher}">
<link rel="canonical" href="{story.url}">{head}
<script type="application/ld+json">{json.dumps(data)}</script>
<script>if (a < b) {{ document.write("<p>not this</p>") }}</script></head>
<body><header><nav><ul><li><a href="/">Home</a></li><li><a href="/world">World</a></li>
<li><a href="/sport">Sport</a></li></ul></nav></header>
<main><article><h1>{escape(story.title)}</h1>
<div class="article-body">{body}
<p>The broadcaster showed <a href="{LINKED}">the video of the transport</a> on Friday.</p>
</div></article></main>
<aside class="related"><h2>Most read</h2><ul><li><a href="/1">Ten recipes for spring</a></li>
<li><a href="/2">Who won the match?</a></li></ul></aside>
<footer><p>Imprint | Privacy | Cookies</p></footer></body></html>"""
    return page.encode(charset, "xmlcharrefreplace")


def table(story: Story, delimiter: str = ",") -> bytes:
    written = io.StringIO()
    row = record(story) | {"publisher": story.publisher}
    writer = csv.DictWriter(written, row, delimiter=delimiter)
    writer.writeheader()
    writer.writerow(row)
    return written.getvalue().encode()


def tabbed(story: Story) -> bytes:
    return table(story, "\t")


def columns(story: Story) -> Any:
    import pyarrow

    row = record(story) | {"publisher": story.publisher}
    return pyarrow.table({key: [value] for key, value in row.items()})


def parquet(story: Story) -> bytes:
    import pyarrow.parquet

    written = io.BytesIO()
    pyarrow.parquet.write_table(columns(story), written)
    return written.getvalue()


def arrow(story: Story) -> bytes:
    import pyarrow.feather

    written = io.BytesIO()
    pyarrow.feather.write_feather(columns(story), written)
    return written.getvalue()


def fragment(story: Story) -> str:
    return "".join(f"<p>{escape(p, quote=False)}</p>" for p in story.paragraphs)


def rss(story: Story) -> bytes:
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>{story.publisher}</title>
<link>https://www.example.org/</link><language>{story.language}</language>
<copyright>Example News 2025</copyright>
<item><title>{xml(story.title)}</title><link>{story.url}</link>
<guid isPermaLink="false">{story.id}</guid><pubDate>{MAIL_DATE}</pubDate>
<dc:creator>{story.byline}</dc:creator><description>Guns on a train.</description>
<source url="https://agency.example/rss">Agence Exemple</source>
<content:encoded><![CDATA[{fragment(story)}]]></content:encoded></item>
</channel></rss>""".encode()


def atom(story: Story) -> bytes:
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{story.language}">
<title>{story.publisher}</title><id>urn:feed</id><updated>{story.published}</updated>
<entry><title type="html">{xml(escape(story.title))}</title><id>{story.id}</id>
<link rel="alternate" href="{story.url}"/><link rel="via" href="https://agency.example/takes/1"/>
<published>{story.published}</published><updated>2025-03-28T16:00:00+01:00</updated>
<author><name>{story.byline}</name></author><rights>Example News</rights>
<content type="html">{xml(fragment(story))}</content></entry></feed>""".encode()


def archive_record(kind: str, headers: dict[str, str], body: bytes) -> bytes:
    lines = {"WARC-Type": kind, "WARC-Record-ID": "<urn:uuid:00000000-0000-0000-0000-000000000001>",
             "WARC-Date": "2025-03-29T00:00:00Z", **headers,
             "Content-Length": str(len(body))}  # fmt: skip
    head = "WARC/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return head.encode() + b"\r\n" + body + b"\r\n\r\n"


def answer(page: bytes, kind: str = "text/html; charset=utf-8", status: str = "200 OK") -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n\r\n".encode() + page


def crawled(url: str, page: bytes, kind: str = "text/html; charset=utf-8") -> bytes:
    """The record of a page as it was answered."""
    headers = {"WARC-Target-URI": url, "Content-Type": "application/http; msgtype=response"}
    return archive_record("response", headers, answer(page, kind))


def warc(story: Story) -> bytes:
    """Record by record packed, as crawlers write it."""
    about = archive_record("warcinfo", {"Content-Type": "application/warc-fields"}, b"software: x")
    picture = crawled(f"{story.url}.png", b"\x89PNG", "image/png")
    records = (about, crawled(story.url, html(story)), picture)
    return b"".join(gzip.compress(one) for one in records)


def wet(story: Story) -> bytes:
    headers = {"WARC-Target-URI": story.url, "Content-Type": "text/plain",
               "WARC-Identified-Content-Language": "eng"}  # fmt: skip
    return archive_record("conversion", headers, story.text.encode())


def ninjs1(story: Story) -> bytes:
    item = {
        "uri": story.id, "type": "text", "versioncreated": story.published,
        "firstcreated": "2025-03-28T12:00:00Z", "language": story.language,
        "headline": story.title, "byline": story.byline, "body_xhtml": fragment(story),
        "copyrightholder": story.publisher, "copyrightnotice": "© 2025 Example News",
        "ednote": "Updates with reaction.", "infosource": [{"name": "Agence Exemple"}],
        "altids": {"original": EARLIER, "slug": "koksan"},
        "associations": {"main": {"type": "picture", "uri": "urn:picture"}},
    }  # fmt: skip
    return json.dumps(item, ensure_ascii=False).encode()


def ninjs2(story: Story) -> bytes:
    item = {
        "uri": story.id, "type": "text", "standard": {"name": "ninjs", "version": "2.1"},
        "versioncreated": story.published, "language": story.language, "by": story.byline,
        "headlines": [{"role": "sub", "value": "Not this"}, {"role": "main", "value": story.title}],
        "bodies": [{"role": "teaser", "contenttype": "text/plain", "value": "Guns."},
                   {"role": "main", "contenttype": "text/html", "value": fragment(story)}],
        "copyrightholder": story.publisher, "infosources": [{"name": "Agence Exemple"}],
        "altids": [{"role": "internal", "value": "koksan"}],
        "associations": [{"name": "previousversion", "type": "text", "uri": EARLIER},
                         {"name": "featuremedia", "type": "picture", "uri": "urn:picture"}],
    }  # fmt: skip
    return json.dumps(item, ensure_ascii=False).encode()


def ninjs3(story: Story) -> bytes:
    item = {
        "uri": story.id, "type": "text", "standard": {"name": "ninjs", "version": "3.0"},
        "versionCreated": story.published, "language": story.language, "by": story.byline,
        "headlines": [{"role": "main", "value": story.title}],
        "bodies": [{"role": "main", "contentType": "text/plain", "value": story.text}],
        "copyrightHolder": story.publisher, "infoSources": [{"name": "Agence Exemple"}],
        "altIds": [{"role": "evolvedFrom", "value": EARLIER}], "edNote": "Updates with reaction.",
    }  # fmt: skip
    return json.dumps(item, ensure_ascii=False).encode()


def nitf_body(story: Story) -> str:
    body = "".join(f"<p>{xml(p)}</p>" for p in story.paragraphs)
    return f"""<body><body.head><hedline><hl1>{xml(story.title)}</hl1></hedline>
<byline>By <person>{story.byline}</person></byline><distributor>{story.publisher}</distributor>
<dateline><location>BERLIN</location></dateline></body.head>
<body.content><media media-type="image"><media-caption>A gun on a train.</media-caption></media>
{body}</body.content><body.end><tagline>Reporting by AE</tagline></body.end></body>"""


def nitf(story: Story) -> bytes:
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE nitf SYSTEM "nitf-3-6.dtd">
<nitf xmlns="http://iptc.org/std/NITF/2006-10-18/" xml:lang="{story.language}"><head>
<title>Koksan</title><docdata management-status="usable" management-doc-idref="{EARLIER}">
<doc-id id-string="{story.id}" regsrc="AE"/><ed-msg info="Eds: UPDATES with reaction."/>
<date.issue norm="20250328T140500+0100"/>
<doc.copyright year="2025" holder="Example News"/></docdata></head>
{nitf_body(story)}</nitf>""".encode()


def newsml_item(story: Story, content: str) -> str:
    return f"""<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="{xml(story.id)}"
 version="2" standard="NewsML-G2" standardversion="2.34" xml:lang="en-GB">
<catalogRef href="http://www.iptc.org/std/catalog/catalog.IPTC-G2-Standards_38.xml"/>
<hopHistory><hop seq="1" timestamp="2025-03-28T12:00:00Z"><party qcode="comp:AE">
<name>Agence Exemple</name></party><action qcode="hopaction:created" target="hatarget:content"/>
</hop><hop seq="2" timestamp="2025-03-28T13:00:00Z"><party qcode="comp:wire2"/>
<action qcode="hopaction:transformed" target="hatarget:content"/></hop></hopHistory>
<rightsInfo><copyrightHolder uri="https://www.example.org/"><name>Example News</name>
</copyrightHolder><copyrightNotice>© 2025 Example News</copyrightNotice></rightsInfo>
<itemMeta><itemClass qcode="ninat:text"/><provider qcode="nprov:EN"><name>{story.publisher}</name>
</provider><versionCreated>{story.published}</versionCreated>
<firstCreated>2025-03-28T12:00:00Z</firstCreated><pubStatus qcode="stat:usable"/>
<edNote>Updates with reaction.</edNote>
<link rel="irel:previousVersion" residref="{EARLIER}"/>
<link rel="irel:derivedFrom" residref="urn:newsml:ae:take:1"/>
<link rel="irel:seeAlso" href="https://www.example.org/other"/></itemMeta>
<contentMeta><contentCreated>2025-03-28T11:00:00Z</contentCreated>
<creator><name>{story.byline}</name></creator>
<infoSource qcode="is:AE"><name>Agence Exemple</name></infoSource>
<language tag="{story.language}"/><headline>{xml(story.title)}</headline></contentMeta>
<contentSet>{content}</contentSet></newsItem>"""


def newsml(story: Story) -> bytes:
    inner = f'<nitf xmlns="http://iptc.org/std/NITF/2006-10-18/">{nitf_body(story)}</nitf>'
    content = f'<inlineXML contenttype="application/nitf+xml">{inner}</inlineXML>'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{newsml_item(story, content)}'.encode()


def newsml_xhtml(story: Story) -> bytes:
    """A message with a picture and the story, in XHTML."""
    body = "".join(f"<p>{xml(p)}</p>" for p in story.paragraphs)
    page = f'<html xmlns="http://www.w3.org/1999/xhtml"><head><title>x</title></head><body>{body}</body></html>'
    content = f'<inlineXML contenttype="application/xhtml+xml">{page}</inlineXML>'
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/"><header><sent>{WHEN}</sent></header>
<itemSet>{newsml_item(story, content)}</itemSet></newsMessage>""".encode()


def newsml1(story: Story) -> bytes:
    """NewsML 1.2 with NITF in it, as agencies still send it."""
    return f"""<?xml version="1.0" encoding="utf-8"?>
<NewsML Version="1.2"><NewsEnvelope><DateAndTime>20250328T130500Z</DateAndTime></NewsEnvelope>
<NewsItem xml:lang="{story.language}"><Identification><NewsIdentifier>
<ProviderId>example.org</ProviderId><DateId>20250328</DateId><NewsItemId>TX</NewsItemId>
<RevisionId PreviousRevision="0" Update="N">1</RevisionId>
<PublicIdentifier>{xml(story.id)}</PublicIdentifier></NewsIdentifier></Identification>
<NewsManagement><FirstCreated>20250328T120000Z</FirstCreated>
<ThisRevisionCreated>20250328T140500+0100</ThisRevisionCreated></NewsManagement>
<NewsComponent><NewsLines><HeadLine>{xml(story.title)}</HeadLine>
<ByLine>By {story.byline}</ByLine><CopyrightLine>Example</CopyrightLine></NewsLines>
<AdministrativeMetadata><Provider><Party FormalName="{story.publisher}"/></Provider>
<Source><Party FormalName="Agence Exemple"/></Source></AdministrativeMetadata>
<DescriptiveMetadata><Language FormalName="{story.language}"/></DescriptiveMetadata>
<ContentItem><DataContent><nitf>{nitf_body(story)}</nitf></DataContent>
</ContentItem></NewsComponent></NewsItem></NewsML>""".encode()


def tei(story: Story) -> bytes:
    """TEI as trafilatura writes it, with comments."""
    body = "".join(f"<p>{xml(p)}</p>" for p in story.paragraphs)
    return f"""<TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><fileDesc><titleStmt>
<title type="main">{xml(story.title)}</title><author>{story.byline}</author></titleStmt>
<publicationStmt><p/></publicationStmt><sourceDesc><biblFull><titleStmt><title>x</title></titleStmt>
<publicationStmt><publisher>{story.publisher}</publisher><ptr type="URL" target="{story.url}"/>
<date>{story.published}</date></publicationStmt></biblFull></sourceDesc></fileDesc>
<profileDesc><langUsage><language ident="{story.language}"/></langUsage></profileDesc></teiHeader>
<text><body><div type="entry">{body}</div><div type="comments"><p>First!</p></div></body></text>
</TEI>""".encode()


def json_feed(story: Story) -> bytes:
    item = {
        "id": story.id, "url": story.url, "title": story.title, "date_published": story.published,
        "authors": [{"name": story.byline}], "content_html": fragment(story),
    }  # fmt: skip
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": story.publisher,
            "language": story.language, "items": [item]}  # fmt: skip
    return json.dumps(feed, ensure_ascii=False).encode()


def wordpress(story: Story) -> bytes:
    """An export of WordPress (WXR): paragraphs are lines, and pictures are items."""
    text = "\n\n".join(escape(p, quote=False) for p in story.paragraphs)
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/">
<channel><title>{story.publisher}</title><language>{story.language}</language>
<item><title>gun.jpg</title><guid>p</guid><wp:post_type>attachment</wp:post_type>
<content:encoded><![CDATA[]]></content:encoded></item>
<item><title>{xml(story.title)}</title><link>{story.url}</link><pubDate>{MAIL_DATE}</pubDate>
<dc:creator>{story.byline}</dc:creator><guid isPermaLink="false">{story.id}</guid>
<content:encoded><![CDATA[{text}]]></content:encoded><wp:post_type>post</wp:post_type></item>
</channel></rss>""".encode()


def mhtml(story: Story) -> bytes:
    """A page as Chromium saves it, with a picture."""
    message = EmailMessage()
    message["From"] = "<Saved by Blink>"
    message["Snapshot-Content-Location"] = story.url
    message["Subject"] = story.title
    message["Date"] = MAIL_DATE
    message["MIME-Version"] = "1.0"
    message.set_content(html(story).decode(), subtype="html", cte="quoted-printable")
    message.add_related(b"\x89PNG", "image", "png", headers=[f"Content-Location: {story.url}.png"])
    return message.as_bytes()


def har(story: Story) -> bytes:
    """What a browser loaded: the page and a picture."""
    entries = [
        {"startedDateTime": WHEN, "request": {"url": url},
         "response": {"status": 200, "content": {"mimeType": kind, "text": text}}}
        for url, kind, text in (
            (story.url or URL, "text/html; charset=utf-8", html(story).decode()),
            (f"{story.url}.png", "image/png", "iVBO"),
        )
    ]  # fmt: skip
    return json.dumps({"log": {"version": "1.2", "entries": entries}}).encode()


def spreadsheet(story: Story) -> bytes:
    import openpyxl

    book = openpyxl.Workbook()
    row = record(story) | {"publisher": story.publisher}
    book.active.append(list(row))
    book.active.append(list(row.values()))
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def mail(story: Story) -> bytes:
    message = EmailMessage()
    message["Subject"] = story.title
    message["From"] = f"{story.publisher} <desk@example.org>"
    message["To"] = "reader@example.net"
    message["Date"] = MAIL_DATE
    message["Message-ID"] = f"<{story.id}@example.org>"
    message.set_content(story.text)
    message.add_alternative(f"<html><body>{fragment(story)}</body></html>", subtype="html")
    message.add_attachment(b"%PDF-", maintype="application", subtype="pdf", filename="a.pdf")
    message["Content-Language"] = story.language
    return message.as_bytes()


def word(story: Story) -> bytes:
    import docx

    document = docx.Document()
    document.core_properties.title = story.title
    document.core_properties.author = story.byline
    document.core_properties.language = story.language
    document.core_properties.modified = datetime.fromisoformat(story.published).astimezone(UTC)
    for paragraph in story.paragraphs:
        document.add_paragraph(paragraph)
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def pdf(story: Story) -> bytes:
    """A PDF of one page per twenty lines, whose font has a table of its characters."""
    lines = [" ".join(words) for p in story.paragraphs for words in _lines(p.split())]
    pages = [lines[i : i + 20] for i in range(0, len(lines), 20)]
    drawn = []
    for page in pages:
        strokes = "".join(f"<{line.encode('utf-16-be').hex()}> Tj T* " for line in page)
        drawn.append(f"BT /F1 11 Tf 14 TL 50 800 Td {strokes}ET".encode())
    table = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /U def "
        "1 begincodespacerange <0000> <FFFF> endcodespacerange "
        f"{len(set(story.text))} beginbfchar "
        + " ".join(f"<{ord(c):04x}> <{ord(c):04x}>" for c in sorted(set(story.text)))
        + " endbfchar endcmap end end"
    ).encode()
    kids = " ".join(f"{6 + 2 * n} 0 R" for n in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /Serif /Encoding /Identity-H "
        b"/DescendantFonts [4 0 R] /ToUnicode 5 0 R >>",
        b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Serif "
        b"/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /DW 500 >>",
        b"<< /Length %d >> stream\n%s\nendstream" % (len(table), table),
    ]
    for n, stream in enumerate(drawn):
        objects += [
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {7 + 2 * n} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>".encode(),
            b"<< /Length %d >> stream\n%s\nendstream" % (len(stream), stream),
        ]
    objects.append(
        f"<< /Title ({story.title}) /Author ({story.byline}) "
        "/CreationDate (D:20250328140500+01'00') >>".encode()
    )
    written, places = b"%PDF-1.7\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    begin = len(written)
    written += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    written += b"".join(b"%010d 00000 n \n" % place for place in places)
    written += b"trailer << /Size %d /Root 1 0 R /Info %d 0 R >>\nstartxref\n%d\n%%%%EOF" % (
        len(objects) + 1, len(objects), begin,
    )  # fmt: skip
    return written


def _lines(words: list[str]) -> list[list[str]]:
    """Words in lines of about eighty characters."""
    lines: list[list[str]] = [[]]
    for word in words:
        if sum(map(len, lines[-1])) + len(lines[-1]) + len(word) > 80:
            lines.append([])
        lines[-1].append(word)
    return lines


def zipped(files: dict[str, bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return written.getvalue()


# Every format: how its files are called, and how one is made.
FORMATS = {
    "text": (".txt", plain),
    "markdown": (".md", markdown),
    "json lines": (".jsonl", json_lines),
    "csv": (".csv", table),
    "tsv": (".tsv", tabbed),
    "parquet": (".parquet", parquet),
    "arrow": (".arrow", arrow),
    "html": (".html", html),
    "rss": (".xml", rss),
    "atom": (".atom", atom),
    "warc": (".warc.gz", warc),
    "wet": (".wet", wet),
    "ninjs 1": (".json", ninjs1),
    "ninjs 2": (".json", ninjs2),
    "ninjs 3": (".json", ninjs3),
    "nitf": (".xml", nitf),
    "newsml-g2": (".xml", newsml),
    "newsml-g2 xhtml": (".xml", newsml_xhtml),
    "json feed": (".json", json_feed),
    "wordpress": (".xml", wordpress),
    "mhtml": (".mhtml", mhtml),
    "har": (".har", har),
    "xlsx": (".xlsx", spreadsheet),
    "newsml 1": (".xml", newsml1),
    "tei": (".xml", tei),
    "mail": (".eml", mail),
    "docx": (".docx", word),
    "pdf": (".pdf", pdf),
}
