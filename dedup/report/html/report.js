"use strict";
(() => {
  const root = document.documentElement;
  const main = document.getElementById("main");
  const status = document.getElementById("status");
  const home = main.querySelector(".view");
  const heading = document.title;
  root.classList.add("js");

  // -- what is packed: raw deflate in base64 ------------------------------------------------
  const packed = new Map();
  const packedLists = new Map();
  for (const block of document.querySelectorAll("script[data-view]")) packed.set(block.dataset.view, block);
  for (const block of document.querySelectorAll("script[data-list]")) packedLists.set(block.dataset.list, block);

  async function unpacked(block) {
    const bytes = Uint8Array.from(atob(block.textContent), (c) => c.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
    return new Response(stream).text();
  }

  // -- views: one at a time, by the part of the address behind # ----------------------------
  const places = new Map();
  let current = null;
  let wanted = 0;
  let built = null;

  async function open(address) {
    const ask = ++wanted;
    const name = address.split(".")[0] || home.id;
    if (name === "main") return;
    let view = document.getElementById(name);
    if (!(view && view.classList.contains("view")) && packed.has(name)) {
      let markup;
      try {
        markup = await unpacked(packed.get(name));
      } catch {
        status.textContent = "This browser cannot unpack the page; a newer one can.";
        return;
      }
      if (ask !== wanted) return;
      const box = document.createElement("template");
      box.innerHTML = markup;
      view = box.content.firstElementChild;
      if (built) built.remove();
      built = view;
      main.append(view);
    }
    if (!(view && view.classList.contains("view"))) {
      if (address) status.textContent = "That page is not in this file.";
      view = home;
    }
    if (view !== current) {
      if (current) places.set(current.id, scrollY);
      for (const other of main.children) if (other.classList.contains("view")) other.hidden = other !== view;
      const first = current === null;
      current = view;
      const title = view.querySelector("h2");
      document.title = view === home ? heading : `${title.textContent.trim()} – ${heading}`;
      if (!address.includes(".")) {
        scrollTo({ top: view === home ? places.get(view.id) || 0 : 0, behavior: "instant" });
        // The browser moves the focus itself until the document is there.
        if (first && view === home) return;
        if (!first || document.readyState === "complete") title.focus({ preventScroll: true });
        else addEventListener("load", () => title.focus({ preventScroll: true }), { once: true });
      }
    }
    const spot = address.includes(".") && document.getElementById(address);
    if (!spot) return;
    const match = /\.[dsw](\d+)$/.exec(address);
    if (match && view.classList.contains("comparison")) {
      select(view, Number(match[1]), address);
    } else {
      const closed = spot.closest("details");
      if (closed) closed.open = true;
      spot.scrollIntoView({ block: "start", behavior: "instant" });
      const target = spot.querySelector("summary") || spot;
      target.focus({ preventScroll: true });
    }
  }

  // -- matches: both texts move together ------------------------------------------------------
  const chosen = (view) => Number(view.dataset.on || 0);

  function select(view, number, address) {
    const total = Number(view.dataset.matches);
    if (!(number >= 1 && number <= total)) return;
    view.dataset.on = number;
    for (const old of view.querySelectorAll(".m.on")) old.classList.remove("on");
    for (const side of view.querySelectorAll(".side")) {
      let first = null;
      for (const words of side.querySelectorAll(`.m[data-n~="${number}"]`)) {
        words.classList.add("on");
        first ||= words;
      }
      if (first) bring(side, first);
    }
    const row = document.getElementById(`${view.id}.w${number}`);
    const dock = view.querySelector(".dock");
    if (row) {
      dock.querySelector(".reasons").replaceChildren(...[...row.children].map((part) => part.cloneNode(true)));
      dock.scrollTop = 0;
    }
    const kind = row ? `, ${row.querySelector(".what").textContent}` : "";
    view.querySelector(".position").textContent = `Match ${number} of ${total}${kind}`;
    const bar = view.querySelector(".moving");
    const sides = view.querySelector(".sides").getBoundingClientRect();
    if (sides.top < bar.offsetHeight || sides.top > innerHeight / 3) {
      scrollTo({ top: scrollY + sides.top - bar.offsetHeight, behavior: "instant" });
    }
    const anchor = document.getElementById(address || `${view.id}.d${number}`);
    if (anchor && anchor.classList.contains("n")) anchor.focus({ preventScroll: true });
  }

  function bring(side, words) {
    const smooth = !matchMedia("(prefers-reduced-motion: reduce)").matches;
    const top = words.getBoundingClientRect().top - side.getBoundingClientRect().top + side.scrollTop;
    side.scrollTo({ top: top - side.clientHeight / 3, behavior: smooth ? "smooth" : "instant" });
  }

  function go(view, number, side) {
    const address = `${view.id}.${side}${number}`;
    history.replaceState(null, "", `#${address}`);
    select(view, number, address);
  }

  function step(view, by) {
    const total = Number(view.dataset.matches);
    if (!total) return;
    const from = chosen(view);
    const next = from ? ((from - 1 + by + total) % total) + 1 : by > 0 ? 1 : total;
    const there = document.activeElement && document.activeElement.closest(".there");
    go(view, next, there ? "s" : "d");
  }

  // The next match in which something changed, behind the chosen one.
  function stepToChange(view) {
    const only = view.classList.contains("only-meaning") ? "[data-severity=meaning]" : "";
    const changed = [...view.querySelectorAll(`.row.changed[id]${only}`)].map((row) => Number(/\.w(\d+)$/.exec(row.id)[1]));
    if (!changed.length) {
      status.textContent = "Nothing changed here.";
      return;
    }
    const from = chosen(view);
    go(view, changed.find((number) => number > from) || changed[0], "d");
  }

  const quoted = (id) => `'${id.replaceAll("'", "'\\''")}'`; // for a shell

  // Any two articles of a cluster: those that were compared open, others name the command.
  function pick(view, button) {
    const form = button.closest("form");
    const [one, other] = [form.elements.one.value, form.elements.other.value];
    const pairs = JSON.parse(view.querySelector(".places").textContent);
    const pair = pairs.find(([a, b]) => (a === one && b === other) || (a === other && b === one));
    if (pair) location.hash = pair[2];
    else form.querySelector("output").textContent =
      one === other ? "Choose two." : `Not compared in this file: dedup align --in PATH ${quoted(one)} ${quoted(other)} --html pair.html`;
  }

  async function copyLink(button) {
    const words = button.textContent;
    try {
      await navigator.clipboard.writeText(location.href);
      status.textContent = button.textContent = "Link copied";
    } catch {
      status.textContent = button.textContent = "The address above is the link";
    }
    setTimeout(() => { button.textContent = words; }, 2000);
  }

  // -- shares, summed as dedup.align.passages sums them ----------------------------------------
  const KINDS = { c: "copied", p: "paraphrased", t: "translated", a: "added", f: "furniture" };
  const NAMES = { ...Object.fromEntries(Object.values(KINDS).map((kind) => [kind, kind])), furniture: "boilerplate" };

  function shares(words, quotations, boilerplate, minWords) {
    const counts = { c: 0, p: 0, t: 0, a: 0 };
    if (boilerplate) counts.f = 0;
    for (const [kind, count, quoted, linked] of words) {
      if (kind in counts && !(linked && count < minWords)) counts[kind] += count - (quotations ? 0 : quoted);
    }
    const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
    const parts = {};
    for (const kind in KINDS) parts[KINDS[kind]] = total && kind in counts ? counts[kind] / total : 0;
    return parts;
  }

  function percent(part) {
    if (part > 0 && part < 0.005) return "<1%";
    if (part >= 0.995 && part < 1) return ">99%";
    const exact = part * 100;
    const low = Math.floor(exact);
    const up = exact - low > 0.5 || (exact - low === 0.5 && low % 2 === 1);
    return `${low + up}%`;
  }

  function recount(panel) {
    const form = panel.querySelector("form");
    const quotations = form.elements.quotations.checked;
    const boilerplate = form.elements.boilerplate.checked;
    const minWords = Math.max(0, Math.trunc(Number(form.elements.min_words.value) || 0));
    const words = JSON.parse(panel.dataset.words);
    const parts = shares(words, quotations, boilerplate, minWords);
    const inWords = [];
    let begin = 0;
    for (const [kind, part] of Object.entries(parts)) {
      const place = panel.querySelector(`.bar [data-kind="${kind}"]`);
      place.setAttribute("x", `${100 * begin}%`);
      place.setAttribute("width", `${100 * part}%`);
      begin += part;
      const number = panel.querySelector(`.shares [data-kind="${kind}"]`);
      number.dataset.part = part;
      number.hidden = part === 0;
      number.querySelector("b").textContent = percent(part);
      if (part > 0) inWords.push(`${percent(part)} ${NAMES[kind]}`);
    }
    const line = inWords.join(", ") || "no words of its own to compare";
    panel.querySelector(".bar").setAttribute("aria-label", line);
    status.textContent = line;
    const view = panel.closest(".view");
    for (const faded of view.querySelectorAll(".less")) faded.classList.remove("less");
    if (!quotations) for (const quoted of view.querySelectorAll(".here .q, .side.alone .q")) quoted.classList.add("less");
    let number = 0;
    const alone = view.querySelector(".side.alone");
    words.forEach(([kind, count, , linked], place) => {
      const matched = linked && "cpt".includes(kind);
      if (matched) number += 1;
      if (!matched || count >= minWords) return;
      for (const short of view.querySelectorAll(`.m[data-n="${alone ? place + 1 : number}"]`)) short.classList.add("less");
    });
  }

  // -- lists: sorted, searched, shown part by part -----------------------------------------------
  const PART = 60;
  const lists = new Map();

  async function entries(box) {
    if (lists.has(box)) return lists.get(box);
    const block = packedLists.get(box.dataset.listing);
    const found = block
      ? JSON.parse(await unpacked(block)).map(([keys, search, markup]) => ({ keys, search, markup }))
      : [...box.querySelector("ol").children].map((node) => ({
          keys: JSON.parse(node.dataset.keys), search: node.textContent.toLowerCase() + (node.dataset.marks || ""), node }));
    lists.set(box, found);
    return found;
  }

  async function show(box, parts) {
    const all = await entries(box);
    const sort = box.querySelector("[name=sort]");
    const rows = box.querySelector("[name=rows]");
    const asked = box.closest(".view").querySelector(".everything");
    const filter = asked ? asked.querySelector("[name=filter]").value : "";
    const marks = asked ? [...asked.querySelectorAll("[name=mark]")].map((one) => one.value) : [];
    const key = sort ? Number(sort.value) : 0;
    const sought = [...filter.toLowerCase().split(/\s+/), ...marks].filter(Boolean);
    const found = all.filter((one) => sought.every((word) => one.search.includes(word)));
    if (sort) found.sort((a, b) => a.keys[key] - b.keys[key]);
    box.parts = parts;
    const visible = found.slice(0, parts * PART);
    const target = box.querySelector("ol");
    if (all.length && all[0].node) target.replaceChildren(...visible.map((one) => one.node));
    else target.innerHTML = visible.map((one) => one.markup).join("\n");
    const more = box.querySelector(".more");
    if (more) more.hidden = visible.length === found.length;
    const shown = box.querySelector(".shown");
    const [some, matching, total] = [visible, found, all].map((list) => list.length.toLocaleString("en"));
    if (rows) target.classList.toggle("rows", rows.checked);
    if (shown && !found.length) shown.textContent = `None of ${total} matches`;
    else if (shown) shown.textContent = sought.length ? `${matching} of ${total} match` : `${some} of ${total} shown`;
  }

  // -- what a reader does ---------------------------------------------------------------------------
  function printing(everything) {
    root.classList.toggle("print-all", everything);
    if (everything) for (const view of main.querySelectorAll(".view")) view.hidden = false;
    print();
    root.classList.remove("print-all");
    for (const view of main.querySelectorAll(".view")) view.hidden = view !== current;
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-do]");
    if (button) {
      const view = button.closest(".view");
      const box = button.closest(".listing");
      ({
        next: () => step(view, 1),
        previous: () => step(view, -1),
        change: () => stepToChange(view),
        copy: () => copyLink(button),
        pick: () => pick(view, button),
        more: () => show(box, (box.parts || 1) + 1),
        print: () => printing(false),
        "print-all": () => printing(true),
      })[button.dataset.do]();
      if (view && box === null) button.focus({ preventScroll: true });
      return;
    }
    const link = event.target.closest("a[href^='#']");
    if (link && link.getAttribute("href") === location.hash) open(location.hash.slice(1));
    if (link || !getSelection().isCollapsed) return;
    const words = event.target.closest(".m[data-n]");
    if (!words) return;
    const view = words.closest(".view");
    if (!view.classList.contains("comparison")) {
      words.querySelector("a")?.click();
      return;
    }
    const numbers = words.dataset.n.split(" ").map(Number);
    const next = numbers[(numbers.indexOf(chosen(view)) + 1) % numbers.length];
    go(view, next, words.closest(".there") ? "s" : "d");
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, select")) return;
    if (!current || !current.classList.contains("comparison") || document.activeElement?.closest("footer, header")) return;
    const by = { n: 1, p: -1 }[event.key];
    if (event.key === "c") stepToChange(current);
    if (by) {
      event.preventDefault();
      step(current, by);
    }
  });

  document.addEventListener("input", (event) => {
    const panel = event.target.closest(".panel");
    const box = event.target.closest(".listing");
    if (event.target.matches("[name=severity]")) {
      current.classList.toggle("only-meaning", event.target.value === "meaning");
    } else if (panel) recount(panel);
    else if (box) show(box, 1);
    else if (event.target.closest(".everything")) {
      for (const list of current.querySelectorAll(".listing")) show(list, 1);
    }
  });
  document.addEventListener("submit", (event) => event.preventDefault());

  let folded = [];
  addEventListener("beforeprint", () => {
    folded = [...main.querySelectorAll(".view:not([hidden]) details:not([open])")];
    for (const one of folded) one.open = true;
  });
  addEventListener("afterprint", () => {
    for (const one of folded) one.open = false;
  });
  addEventListener("hashchange", () => open(decodeURIComponent(location.hash.slice(1))));
  history.scrollRestoration = "manual";
  open(decodeURIComponent(location.hash.slice(1)));
})();
