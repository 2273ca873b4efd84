// Sphinx lists the pages that have all words of a query, and takes an entry of the index only if it has
// the whole query. Here an entry counts as far as it has the same words, in any order, and where no page has
// all words the pages that have most of them are listed.
const textSearch = Search.performTermsSearch;
const ENTRY = 40; // for an entry with exactly the words of the query
const ALIKE = 0.5; // the least that a page must have in common to be listed for its entry alone
let entries; // [number of a page, stems of an entry or a title]

const stems = (text) => {
  const stemmer = new Stemmer();
  const words = splitQuery(text.toLowerCase()).filter((word) => !stopwords.has(word));
  return new Set(words.map((word) => stemmer.stemWord(word)));
};

const indexed = () => {
  const { indexentries, titles } = Search._index;
  const main = Object.entries(indexentries).flatMap(([text, found]) =>
    found.filter(([, , isMain]) => isMain).map(([page]) => [page, stems(text)]),
  );
  return [...main, ...titles.map((title, page) => [page, stems(title)])];
};

const someWords = (words, excluded) => {
  const best = new Map();
  for (const word of words) {
    for (const result of textSearch(new Set([word]), excluded)) {
      const former = best.get(result[0]);
      best.set(result[0], former ? result.with(4, former[4] + result[4]) : result);
    }
  }
  return [...best.values()];
};

Search.performTermsSearch = (words, excluded) => {
  entries ??= indexed();
  const { docnames, titles, filenames } = Search._index;
  const alike = new Map();
  for (const [page, own] of entries) {
    const common = [...own].filter((word) => words.has(word)).length;
    const share = (2 * common) / (own.size + words.size);
    if (share > (alike.get(page) ?? 0)) alike.set(page, share);
  }
  const all = textSearch(words, excluded);
  const found = all.length || words.size < 2 ? all : someWords(words, excluded);
  const listed = new Map(found.map((result) => [result[0], result]));
  for (const [page, share] of alike) {
    const former = listed.get(docnames[page]);
    if (excluded.size ? !former : !former && share < ALIKE) continue;
    const score = Math.round(ENTRY * share) + (former?.[4] ?? 0);
    listed.set(docnames[page], [
      docnames[page], titles[page], "", null, score, filenames[page], SearchResultKind.text,
    ]);
  }
  return [...listed.values()];
};
