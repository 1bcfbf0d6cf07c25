-- The tables of an index in a schema of PostgreSQL.
-- Ids may be longer than a B-tree takes, so a hash index keeps four bytes of each. They are compared
-- byte by byte: a collation may change with the server's system, and its indexes then lie.
CREATE TABLE settings (name text PRIMARY KEY, value text NOT NULL);
CREATE TABLE counters (
    articles integer NOT NULL, clusters integer NOT NULL, changes bigint NOT NULL);
CREATE TABLE articles (
    number integer PRIMARY KEY,
    id text COLLATE "C" NOT NULL,
    published double precision,
    original integer,
    posted boolean NOT NULL,
    signature bytea NOT NULL,
    EXCLUDE USING hash (id WITH =)
);
CREATE INDEX copies ON articles (original, number) WHERE original IS NOT NULL;
CREATE TABLE contents (number integer PRIMARY KEY, fields text NOT NULL, text bytea);
ALTER TABLE contents ALTER text SET STORAGE EXTERNAL;
CREATE TABLE openings (number integer PRIMARY KEY, language text NOT NULL, vector bytea NOT NULL);
CREATE TABLE bands (key integer, number integer, PRIMARY KEY (key, number));
CREATE TABLE runs (key integer, number integer, PRIMARY KEY (key, number));
CREATE TABLE terms (term integer PRIMARY KEY, numbers bytea NOT NULL) WITH (fillfactor = 80);
CREATE TABLE pairs (a integer, b integer, relation text, PRIMARY KEY (a, b));
CREATE INDEX pairs_of_b ON pairs (b, a);
CREATE INDEX pairs_pending ON pairs (a, b) WHERE relation IS NULL;
CREATE TABLE unsettled (number integer PRIMARY KEY);
CREATE TABLE clusters (number integer PRIMARY KEY, cluster integer NOT NULL);
CREATE INDEX members ON clusters (cluster, number);
