"""A server for a newsroom: pages for editors, and an interface for programs.

`app` puts it together: `interface` is /api/v1, `guard` looks at every request before anything
else does, `auth` knows tokens and sessions, `archive` writes and reads the index, `pool` has the
processes that do the `tasks`. Nothing is decided here about articles: every answer is what
`check`, `compare`, `align` and an `Index` say, in the documents and with the templates of
`dedup.report`. No address is ever fetched, and nothing leaves the machine.

Needs the extra `serve`.
"""
