"use strict";
/* Theme, filter, copy, charts. Every page reads without it; nothing here asks the network. */
(() => {
const dark = matchMedia("(prefers-color-scheme: dark)");
const onPaper = matchMedia("print");
const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
const hash = () => new URLSearchParams(location.hash.slice(1));
const remember = (pairs) => {
  const text = new URLSearchParams(pairs.filter(([, value]) => value)).toString();
  history.replaceState(null, "", text ? "#" + text : location.pathname + location.search);
};

const root = document.documentElement;
const isDark = () => !onPaper.matches && (root.dataset.theme ? root.dataset.theme === "dark" : dark.matches);

/* Figures are written in light tones; on dark paper each is swapped for its partner. */
const inTones = (text) => JSON.parse(isDark() ? text.replace(/#[0-9a-f]{6}/g, (tone) => DARK[tone] || tone) : text);
const figureOf = (id) => {
  const figure = inTones($(`script[data-figure="${id}"]`).textContent);
  const { layout, rows = [] } = figure;
  layout.template = inTones(TEMPLATE);
  layout.annotations ||= []; /* absent where no line has a name */
  rows.forEach(([y, name, numbers, sample]) => { /* above a row: its name and numbers, then its sample */
    /* the label's own paper keeps the grid out of its words; where there is none it would cut the shading */
    const common = { y, yshift: sample ? 33 : 15, ...(layout.xaxis.showgrid === false && { bgcolor: "rgba(0,0,0,0)" }) };
    layout.annotations.push({ text: name, x: 0, ...common }, { text: numbers, x: 1, xanchor: "right", ...common });
    if (sample) layout.annotations.push({ text: sample, x: 0, y, yshift: 17, font: layout.template.layout.meta.faint });
  });
  return figure;
};
const fill = {}; /* by figure id: what a page does to its figure before it is drawn */
const drawn = new Set();
const draw = (id) => {
  const figure = figureOf(id);
  if (fill[id]) fill[id](figure);
  drawn.add(id);
  return Plotly.react(id, figure.data, figure.layout,
    { displayModeBar: false, responsive: true, scrollZoom: false });
};
const redraw = () => drawn.forEach(draw);

/* The system's theme holds until the reader asks for the other; that choice is kept, and only it. */
const startTheme = () => {
  const button = $("#theme");
  const say = () => {
    const other = isDark() ? "light" : "dark";
    button.textContent = other === "dark" ? "Dark" : "Light";
    button.setAttribute("aria-label", `Switch to the ${other} theme`);
  };
  button.addEventListener("click", () => {
    const wanted = isDark() ? "light" : "dark";
    const isSystems = (wanted === "dark") === dark.matches;
    if (isSystems) delete root.dataset.theme;
    else root.dataset.theme = wanted;
    try {
      if (isSystems) localStorage.removeItem("theme");
      else localStorage.setItem("theme", wanted);
    } catch { /* closed storage: the choice lasts as long as the page */ }
    say();
    redraw();
  });
  dark.addEventListener("change", () => { say(); redraw(); });
  button.hidden = false;
  say();
};
const startCharts = () => {
  const plots = $$(".plot");
  if (!plots.length || !window.Plotly) return;
  const near = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      near.unobserve(entry.target);
      draw(entry.target.id);
    }
  }, { rootMargin: "600px" });
  plots.forEach((plot) => near.observe(plot));
  const onPaperToo = () => plots.forEach((plot) => draw(plot.id));
  onPaper.addEventListener("change", onPaperToo);
  addEventListener("beforeprint", onPaperToo);
};

const startFilter = () => {
  const form = $("#filter");
  if (!form) return;
  const fields = ["verdict", "article", "topic", "q", "sort"].filter((name) => form.elements[name]);
  const chosen = (name) => form.elements[name] ? form.elements[name].value : "";
  const table = $("#claims"), groups = $$("tbody", table);
  const lines = $$("tr[data-verdict]", table);
  const homes = lines.map((line) => line.parentElement);
  const texts = lines.map((line) => line.textContent.toLowerCase());
  const sorted = document.createElement("tbody");
  sorted.setAttribute("role", "rowgroup");
  const verdicts = $$("input[name=verdict]", form).map((one) => one.value);
  const size = (line, name) => name in line.dataset ? +line.dataset[name] : -Infinity; /* none goes last */
  const orders = {
    verdict: (a, b) => verdicts.indexOf(a.dataset.verdict) - verdicts.indexOf(b.dataset.verdict),
    estimate: (a, b) => size(b, "estimate") - size(a, "estimate") || 0,
    n: (a, b) => size(b, "n") - size(a, "n") || 0,
  };
  let order = "";
  const sort = (wanted) => {
    if (wanted === order) return;
    order = wanted;
    if (wanted) { sorted.append(...[...lines].sort(orders[wanted])); table.append(sorted); }
    else { lines.forEach((line, at) => homes[at].append(line)); sorted.remove(); }
  };
  const apply = () => {
    const verdict = chosen("verdict"), article = chosen("article"), topic = chosen("topic");
    const words = chosen("q").toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    lines.forEach((line, at) => {
      const is = line.dataset;
      const fits = (!verdict || is.verdict === verdict) && (!topic || is.topic === topic)
        && (!article || is.articles.split(" ").includes(article)) && words.every((word) => texts[at].includes(word));
      line.hidden = !fits;
      shown += fits;
    });
    sort(orders[chosen("sort")] ? chosen("sort") : "");
    groups.forEach((body) => { body.hidden = !$("tr[data-verdict]:not([hidden])", body); });
    $(".result", form).textContent = shown === lines.length ? `${shown} claims` : shown ? `${shown} of ${lines.length} claims` : "No claim fits; clear a choice.";
  };
  const restore = () => {
    const asked = hash();
    fields.forEach((name) => {
      form.elements[name].value = asked.get(name) || "";
      if (form.elements[name].value !== (asked.get(name) || "")) form.elements[name].value = ""; /* an address of another day */
    });
    apply();
  };
  form.addEventListener("input", () => {
    apply();
    remember(fields.map((name) => [name, chosen(name)]));
  });
  form.addEventListener("reset", () => setTimeout(() => { apply(); remember([]); }));
  form.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("hashchange", restore);
  form.hidden = false;
  restore();
};

const copied = (button, said) => {
  const before = button.textContent;
  button.textContent = said;
  setTimeout(() => { button.textContent = before; }, 2000);
};
/* Says whether it could: from disk, or unfocused, the clipboard may be closed to scripts. */
const write = async (text) => {
  try { await navigator.clipboard.writeText(text); return true; } catch { return false; }
};
const startCopy = () => {
  $$("button.copy").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const source = document.getElementById(button.dataset.copies);
      if (await write(source.textContent)) return copied(button, "Copied");
      getSelection().selectAllChildren(source);
      copied(button, document.execCommand("copy") ? "Copied" : "Selected");
    });
  });
  $$("button[data-address]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", async () => copied(button, await write(location.href) ? "Copied" : "See the address bar"));
  });
};

/* A phone shows a table of words as entries, a line a column; the roles keep it a table there. */
const ROLES = { TABLE: "table", THEAD: "rowgroup", TBODY: "rowgroup", TR: "row", TD: "cell" };
const startEntries = () => {
  $$("table.words").forEach((table) => {
    const headings = $$("thead th", table).map((heading) => heading.textContent);
    for (const one of [table, ...$$("thead, tbody, tr, td", table)]) one.setAttribute("role", ROLES[one.tagName]);
    $$("th", table).forEach((one) => one.setAttribute("role", one.scope === "col" ? "columnheader" : "rowheader"));
    $$("td", table).forEach((cell) => { cell.dataset.column = headings[cell.cellIndex]; });
    table.classList.add("entries");
  });
};

/* What scripts of single pages build on: they are deferred after this one. */
window.site = { $, $$, hash, remember, isDark, inTones, figureOf, fill, drawn, draw, redraw };
startTheme();
startFilter();
startCopy();
startEntries();
/* plotly.min.js is deferred after this file: it is there once the page is parsed. */
addEventListener("DOMContentLoaded", startCharts);
})();

/* The data dictionary: a search that hides what it does not find. */
(() => {
const { $, $$, hash, remember } = window.site;
const form = $("form.find");
if (!form) return;
const entries = $$("[data-find]"), groups = $$("[data-group]");
/* a table's name finds its columns too */
const texts = entries.map((entry) => {
  const heading = entry.tagName === "TR" ? $("h2", entry.closest("[data-group]")).textContent : "";
  return `${heading} ${entry.textContent}`.toLowerCase();
});
const apply = () => {
  const words = form.elements.q.value.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  entries.forEach((entry, at) => {
    entry.hidden = !words.every((word) => texts[at].includes(word));
    shown += !entry.hidden;
  });
  groups.forEach((group) => { group.hidden = !$("[data-find]:not([hidden])", group); });
  const what = form.dataset.what;
  $(".result", form).textContent = shown === entries.length ? `${shown} ${what}` : `${shown} of ${entries.length} ${what}`;
};
const restore = () => { /* an address that leads to one column must not find it hidden */
  const asked = hash().get("q") || "";
  form.elements.q.value = asked;
  apply();
  if (!asked && location.hash) document.getElementById(location.hash.slice(1))?.scrollIntoView();
};
form.addEventListener("input", () => { apply(); remember([["q", form.elements.q.value]]); });
form.addEventListener("submit", (event) => event.preventDefault());
addEventListener("hashchange", restore);
form.hidden = false;
restore();
})();
