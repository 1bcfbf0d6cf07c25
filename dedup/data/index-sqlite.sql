-- The tables of an index in one file.
CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE counters (articles INTEGER, clusters INTEGER, changes INTEGER);
CREATE TABLE articles (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    published REAL,
    original INTEGER,
    posted INTEGER NOT NULL,
    signature BLOB NOT NULL
);
CREATE INDEX copies ON articles (original) WHERE original IS NOT NULL;
CREATE TABLE contents (number INTEGER PRIMARY KEY, fields TEXT NOT NULL, text BLOB);
CREATE TABLE openings (
    number INTEGER PRIMARY KEY, language TEXT NOT NULL, vector BLOB NOT NULL);
CREATE TABLE bands (
    key INTEGER NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (key, number)) WITHOUT ROWID;
CREATE TABLE runs (
    key INTEGER NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (key, number)) WITHOUT ROWID;
CREATE TABLE terms (term INTEGER PRIMARY KEY, numbers BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE recent (
    number INTEGER PRIMARY KEY, bands BLOB NOT NULL, runs BLOB NOT NULL, terms BLOB NOT NULL);
CREATE TABLE pairs (
    a INTEGER NOT NULL, b INTEGER NOT NULL, relation TEXT, PRIMARY KEY (a, b)) WITHOUT ROWID;
CREATE INDEX pairs_of_b ON pairs (b, a);
CREATE INDEX pairs_pending ON pairs (a, b) WHERE relation IS NULL;
CREATE TABLE unsettled (number INTEGER PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE clusters (number INTEGER PRIMARY KEY, cluster INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX members ON clusters (cluster, number);
INSERT INTO counters VALUES (0, 0, 0);
