"use strict";
/* Filter, copy, charts. Every page reads without it; nothing here asks the network. */
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

/* Figures are written in light tones; on dark paper each is swapped for its partner. */
const figureOf = (id) => {
  const text = $(`script[data-figure="${id}"]`).textContent;
  return JSON.parse(dark.matches && !onPaper.matches ? text.replace(/#[0-9a-f]{6}/g, (tone) => DARK[tone] || tone) : text);
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
  dark.addEventListener("change", redraw);
  const onPaperToo = () => plots.forEach((plot) => draw(plot.id));
  onPaper.addEventListener("change", onPaperToo);
  addEventListener("beforeprint", onPaperToo);
};

const startFilter = () => {
  const form = $("#filter");
  if (!form) return;
  const lines = $$("#claims tr[data-verdict]");
  const texts = lines.map((line) => line.textContent.toLowerCase());
  const apply = () => {
    const verdict = form.elements.verdict.value;
    const words = form.elements.q.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    lines.forEach((line, at) => {
      const fits = (!verdict || line.dataset.verdict === verdict) && words.every((word) => texts[at].includes(word));
      line.hidden = !fits;
      shown += fits;
    });
    $$("#claims tbody").forEach((body) => { body.hidden = !$("tr[data-verdict]:not([hidden])", body); });
    $(".result", form).textContent = shown === lines.length ? "" : `${shown} of ${lines.length} claims`;
  };
  const restore = () => {
    form.elements.verdict.value = hash().get("verdict") || "";
    form.elements.q.value = hash().get("q") || "";
    apply();
  };
  form.addEventListener("input", () => {
    apply();
    remember([["verdict", form.elements.verdict.value], ["q", form.elements.q.value]]);
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("hashchange", restore);
  form.hidden = false;
  restore();
};

const startCopy = () => $$("button.copy").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const source = document.getElementById(button.dataset.copies);
    const done = () => { button.textContent = "Copied"; setTimeout(() => { button.textContent = "Copy"; }, 2000); };
    if (navigator.clipboard && isSecureContext) { await navigator.clipboard.writeText(source.textContent); return done(); }
    getSelection().selectAllChildren(source); /* from disk: the clipboard may be closed to scripts */
    if (document.execCommand("copy")) done();
    else button.textContent = "Selected";
  });
});

/* Wilson 95 % interval at the number of employers, in percent; none where none is known. */
const wilson = (naming, postings, employers) => {
  const n = Math.min(postings, employers), z = 1.959964;
  if (n <= 0) return null;
  const share = naming / postings, scale = 1 + z * z / n;
  const middle = (share + z * z / (2 * n)) / scale;
  const half = z * Math.sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / scale;
  return [100 * Math.max(0, middle - half), 100 * Math.min(1, middle + half)];
};
const startDemand = () => {
  const form = $("#demand");
  if (!form) return;
  const counts = JSON.parse($("#demand-counts").textContent);
  const first = { family: form.elements.family.value, by: form.elements.by.value };
  const by = () => form.elements.by.value;
  const chosen = () => counts.families[form.elements.family.value][by()];
  const group = (n) => n.toLocaleString("en-US");
  /* The middle of a period, so that months and quarters of one year fall where they belong. */
  const places = (periods) => periods.map((period) => by() === "year" ? +period
    : by() === "month" ? period + "-15" : `${period.slice(0, 4)}-${String(3 * period.slice(-1) - 1).padStart(2, "0")}-15`);
  const onAxis = (figure, cell) => {
    const x = places(cell.p);
    figure.layout.xaxis = figure.layout.xaxis || {};
    figure.layout.xaxis.type = by() === "year" ? "linear" : "date";
    if (by() === "year") Object.assign(figure.layout.xaxis, { tickformat: "d", dtick: x.length > 8 ? 2 : 1, tick0: x[x.length - 1] });
    else figure.layout.xaxis.nticks = 7;
    return x;
  };
  const series = (cell, id) => cell.n[id].map((naming, at) => naming === null || !cell.d[at] ? null : 100 * naming / cell.d[at]);
  const hollow = (trace, cell) => {
    const paper = getComputedStyle(document.documentElement).getPropertyValue("--paper").trim();
    trace.marker.color = cell.e.map((n) => n < counts.small ? paper : trace.line.color);
    if (cell.p.length <= 60) return;
    Object.assign(trace.marker, { size: 3.5 });
    trace.marker.line.width = 1;
    trace.line.width = 1.2;
  };
  const spread = (wanted, gap) => { /* labels at the line ends, pushed apart from below */
    const sorted = [...wanted].sort((a, b) => a.y - b.y);
    sorted.forEach((label, at) => { if (at) label.y = Math.max(label.y, sorted[at - 1].y + gap); });
    return sorted;
  };
  /* Panels share one scale, so that a small share looks small. */
  const ceiling = (cell) => {
    const tops = counts.frameworks.flatMap(({ id }) => cell.n[id].map((naming, at) =>
      naming === null || !cell.d[at] ? 0 : (wilson(naming, cell.d[at], cell.e[at]) || [0, 100 * naming / cell.d[at]])[1]));
    return Math.min(102, 1.04 * Math.max(1, ...tops));
  };
  fill["demand-overview"] = (figure) => {
    const cell = chosen(), x = onAxis(figure, cell), ends = [];
    counts.frameworks.forEach(({ id, name }, at) => {
      const trace = figure.data[at], y = series(cell, id), last = y.findLastIndex((value) => value !== null);
      Object.assign(trace, { x, y, hovertemplate: "%{x}: %{y:.1f} %" });
      hollow(trace, cell);
      if (last >= 0) ends.push({ text: name, y: y[last], tone: trace.line.color });
    });
    const top = Math.max(1, ...figure.data.flatMap((trace) => trace.y.filter((value) => value !== null))) * 1.06;
    figure.layout.yaxis.range = [0, top];
    figure.layout.annotations = spread(ends, top * 17 / (figure.layout.height - 48)).map(({ text, y, tone }) => ({
      text: `<span style="color:${tone}">●</span> ${text}`, y, x: 1, xshift: 6 }));
  };
  counts.frameworks.forEach(({ id }) => {
    fill["demand-" + id.replace(/_/g, "-")] = (figure) => {
      const cell = chosen(), x = onAxis(figure, cell), y = series(cell, id), [band, line] = figure.data;
      const bounds = y.map((value, at) => value === null ? null : wilson(cell.n[id][at], cell.d[at], cell.e[at]));
      Object.assign(line, { x, y, hovertemplate: "%{x}: %{y:.1f} %" });
      hollow(line, cell);
      figure.layout.yaxis.range = [0, ceiling(cell)];
      if (cell.p.length <= 24) {
        line.error_y.array = bounds.map((b, at) => b ? b[1] - y[at] : null);
        line.error_y.arrayminus = bounds.map((b, at) => b ? y[at] - b[0] : null);
        line.error_y.color = line.line.color;
        return;
      }
      delete line.error_y;
      band.x = []; band.y = [];
      for (let at = 0; at < x.length;) { /* one closed shape per unbroken stretch */
        if (!bounds[at]) { at += 1; continue; }
        let end = at;
        while (end < x.length && bounds[end]) end += 1;
        const stretch = [...Array(end - at).keys()].map((step) => at + step), back = [...stretch].reverse();
        band.x.push(...stretch.map((i) => x[i]), ...back.map((i) => x[i]), null);
        band.y.push(...stretch.map((i) => bounds[i][1]), ...back.map((i) => bounds[i][0]), null);
        at = end;
      }
    };
  });
  fill["demand-base"] = (figure) => {
    const cell = chosen(), x = onAxis(figure, cell);
    Object.assign(figure.data[0], { x, y: cell.d });
    Object.assign(figure.data[1], { x, y: cell.e });
  };
  const tabulate = () => {
    const cell = chosen(), table = $("#demand-table"), body = document.createElement("tbody");
    for (let at = cell.p.length - 1; at >= 0; at -= 1) {
      if (!cell.d[at]) continue;
      const small = cell.e[at] && cell.e[at] < counts.small ? " †" : "";
      const line = body.insertRow();
      const head = document.createElement("th");
      head.scope = "row"; head.textContent = cell.p[at];
      line.append(head);
      const shares = counts.frameworks.map(({ id }) => {
        if (cell.n[id][at] === null) return "not measured";
        const bounds = wilson(cell.n[id][at], cell.d[at], cell.e[at]);
        return (100 * cell.n[id][at] / cell.d[at]).toFixed(1) + (bounds ? ` (${bounds[0].toFixed(1)}–${bounds[1].toFixed(1)})` : "");
      });
      [group(cell.d[at]), group(cell.e[at]) + small, ...shares].forEach((text) => {
        const td = line.insertCell();
        td.textContent = text;
      });
    }
    $("tbody", table).replaceWith(body);
    const name = form.elements.family.selectedOptions[0].textContent.replace(/ \([^)]*\)$/, "");
    table.caption.textContent = `${name}, by ${by()}: postings that name a deep-learning framework`;
    $(".result", form).textContent = `${body.rows.length} ${by()}s with data`;
  };
  const apply = () => {
    tabulate();
    Object.keys(fill).forEach((id) => { if (drawn.has(id)) draw(id); });
  };
  const restore = () => {
    const asked = hash();
    if (counts.families[asked.get("family")]) form.elements.family.value = asked.get("family");
    if (["month", "quarter", "year"].includes(asked.get("by"))) form.elements.by.value = asked.get("by");
    apply();
  };
  form.addEventListener("input", () => {
    apply();
    remember([["family", form.elements.family.value === first.family ? "" : form.elements.family.value], ["by", by() === first.by ? "" : by()]]);
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("hashchange", restore);
  form.hidden = false;
  restore();
};

startFilter();
startCopy();
startDemand();
/* plotly.min.js is deferred after this file: it is there once the page is parsed. */
addEventListener("DOMContentLoaded", startCharts);
})();
