// What a reader looks for is in the guides first, then in the reference, then in the decisions.
var Scorer = {
  score: ([page, , , , score]) => score - (page.startsWith("decisions/") ? 25 : 0),
  objNameMatch: 11,
  objPartialMatch: 6,
  objPrio: { 0: 15, 1: 5, 2: -5 },
  objPrioDefault: 0,
  title: 15,
  partialTitle: 7,
  term: 5,
  partialTerm: 2,
};
