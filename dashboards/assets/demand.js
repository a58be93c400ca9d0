"use strict";
/* The demand explorer: the choice lives in the address, the numbers in script files beside the page. */
(() => {
const form = document.getElementById("explore");
if (!form) return;
const byId = (id) => document.getElementById(id);
const about = JSON.parse(byId("demand-about").textContent);
const IDS = about.frameworks.map(({ id }) => id);
const TONE = Object.fromEntries(about.frameworks.map(({ id, tone }) => [id, tone]));
const ORDER = ["region", "country", "metro", "role", "seniority", "employer_kind", "industry", "domain", "requirement", "year", "quarter", "source_family"];
const isTime = (name) => name === "year" || name === "quarter"; /* times run along an axis, always */
const WINDOWS = { all_time: "All dates", last_24_months: "The last 24 months" };
const MOST = { rows: 8, panels: 6, inPanel: 6, pairs: 12, pay: 12 };
const PAIRED = "pairs", PAY = "pay", SHARE = "share";

/* Words and numbers */
const lands = typeof Intl.DisplayNames === "function" ? new Intl.DisplayNames("en", { type: "region" }) : null;
const plain = (id) => { const text = id.replace(/_/g, " "); return text[0].toUpperCase() + text.slice(1); };
const nameOf = (id, by) => by === "quarter" ? id.replace("-", " ") : by === "country" && lands && /^[A-Z]{2}$/.test(id) ? lands.of(id) : about.names[id] || plain(id);
const group = (n) => n.toLocaleString("en-US");
const plural = (n, one) => `${group(n)} ${one}${n === 1 ? "" : "s"}`;
const one = (n) => n.toFixed(1);
const isSmall = (n) => n < about.small;
const mark = (n) => isSmall(n) ? " †" : "";
const UNSEEN = "cannot be seen here";
const listed = (words) => words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words[words.length - 1]}`;
// Wilson's interval: an end is the truth from which the finding lies that truth's margin away
const end = (share, margin, side) => {
  if (share <= 0 || share >= 100) return Math.min(100, Math.max(0, share + side * margin));
  const p = share / 100, spread = (margin / 100) ** 2, pull = spread / (p * (1 - p));
  return 100 * (p + pull / 2 + side * Math.sqrt(spread + pull * pull / 4)) / (1 + pull);
};
const low = (share, margin) => end(share, margin, -1);
const high = (share, margin) => end(share, margin, 1);
const interval = ({ share, margin }) => margin === null ? "" : ` (${one(low(share, margin))}–${one(high(share, margin))})`;

/* Tones are those of the page, whatever makes it light or dark; paper is always light. */
const onPaper = matchMedia("print");
const tokens = Object.fromEntries(Object.entries(about.tones).map(([name, hex]) => [hex, name]));
const tone = (name) => onPaper.matches ? about.tones[name]
  : getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim() || about.tones[name];
const inTones = (text) => JSON.parse(text.replace(/#[0-9a-f]{6}/g, (hex) => tokens[hex] ? tone(tokens[hex]) : hex));
const skeleton = (id) => {
  const figure = inTones(byId(id).textContent);
  figure.layout.template = inTones(TEMPLATE); /* what all figures have in common stands before site.js */
  return figure;
};

/* The choice */
const state = {};
const hash = () => new URLSearchParams(location.hash.slice(1));
const first = { fw: IDS.slice(0, 4).join(), by: about.dimensions.region ? "region" : Object.keys(about.dimensions)[0], and: "",
  window: "all_time", family: "all", with: IDS[0], currency: "USD", all: "" };
const options = (select, pairs) => select.replaceChildren(...pairs.map(([value, text, off]) => {
  const option = new Option(text, value);
  option.disabled = Boolean(off);
  return option;
}));
const isTwice = (by, other) => by === other || (isTime(by) && isTime(other)); /* a quarter lies in one year */
const read = () => {
  const asked = hash(), of = (key, known) => known.includes(asked.get(key)) ? asked.get(key) : first[key];
  const dimensions = Object.keys(about.dimensions);
  const chosen = (asked.get("fw") || first.fw).split(",").filter((id) => IDS.includes(id));
  state.fw = IDS.filter((id) => (chosen.length ? chosen : first.fw.split(",")).includes(id));
  state.family = of("family", Object.keys(about.sizes));
  state.by = of("by", dimensions);
  state.and = of("and", dimensions.filter((name) => name !== state.by));
  /* one source has no mix of sources to show */
  if (state.family !== "all" && state.by === "source_family") state.by = first.by;
  if (state.family !== "all" && state.and === "source_family") state.and = "";
  if (isTwice(state.by, state.and)) state.and = "";
  const years = state.and || isTime(state.by) ? [] : about.values.year || [];
  state.window = of("window", [...Object.keys(WINDOWS), ...years]);
  state.with = of("with", IDS);
  state.currency = /^[A-Z]{3}$/.test(asked.get("currency") || "") ? asked.get("currency") : first.currency;
  state.all = (asked.get("all") || "").split(",").filter(Boolean);
};
const write = () => {
  const pairs = Object.keys(first).map((key) => [key, Array.isArray(state[key]) ? state[key].join() : state[key]]);
  const text = pairs.filter(([key, value]) => value !== first[key]).map(([key, value]) => `${key}=${encodeURIComponent(value).replace(/%2C/g, ",")}`).join("&");
  history.replaceState(null, "", text ? "#" + text : location.pathname + location.search);
};
const show = () => {
  const { by, and, window: period, family } = state;
  const named = Object.entries(about.dimensions), lone = family !== "all";
  options(form.elements.by, named.map(([id, name]) => [id, name, lone && id === "source_family"]));
  options(form.elements.and, [["", "nothing else"], ...named.map(([id, name]) => [id, name, isTwice(by, id) || (lone && id === "source_family")])]);
  const years = (about.values.year || []).map((year) => [year, `In ${year}`, and || isTime(by)]).reverse();
  options(form.elements.window, [...Object.entries(WINDOWS), ...years]);
  options(byId("with"), IDS.map((id) => [id, nameOf(id)]));
  form.querySelectorAll("[name=fw]").forEach((box) => { box.checked = state.fw.includes(box.value); });
  Object.assign(form.elements.by, { value: by });
  Object.assign(form.elements.and, { value: and });
  Object.assign(form.elements.window, { value: period });
  Object.assign(form.elements.family, { value: family });
  byId("with").value = state.with;
};

/* The numbers: a file is loaded when first asked for; a script works from disk, where fetch does not. */
const store = window.JOBMARKET_DEMAND = window.JOBMARKET_DEMAND || {};
const coming = {};
const load = (name) => store[name] ? Promise.resolve(store[name]) : coming[name] = coming[name] || new Promise((done, fail) => {
  const script = document.createElement("script");
  script.src = (window.addressOf || String)(`data/demand/${name}.js`);
  script.onload = () => done(store[name]);
  script.onerror = () => { delete coming[name]; fail(new Error(script.src)); };
  document.head.append(script);
});
const unpack = ([values, others, n, e, naming, margins, hidden], by, and) => {
  let measured = 0;
  const bases = IDS.map((id, k) => hidden.find(([places]) => places.includes(k)) || [[], n, e]);
  return others.map((place, at) => {
    const has = !by || !isSmall(e[at]), of = {};
    IDS.forEach((id, k) => {
      const [, could, behind] = bases[k], margin = has ? margins[k][measured] : null;
      of[id] = { n: naming[k][at], could: could[at], e: behind[at], part: could[at] < n[at],
        share: could[at] ? 100 * naming[k][at] / could[at] : null, margin: margin === null ? null : margin / 100 };
    });
    if (has) measured += 1;
    return { [by]: by && about.values[by][values[at]], [and]: about.values[and][place], n: n[at], e: e[at], of };
  });
};
const cellsOf = async (by, and, period) => {
  const whole = await load(state.family);
  if (!and && WINDOWS[period]) {
    const found = (whole.single[period] || {})[by];
    return found ? unpack(found, "", by) : [];
  }
  const isYear = !and; /* one year by one dimension is a stretch of that dimension crossed with years */
  const names = [by, and || "year"].sort((a, b) => ORDER.indexOf(a) - ORDER.indexOf(b));
  const file = state.family === "all" ? `all-${names[0]}` : `${state.family}-crossed`;
  const part = whole.files.includes(file) ? await load(file) : {};
  const found = (part[isYear ? "all_time" : period] || {})[names.join("|")];
  const cells = found ? unpack(found, ...names) : [];
  return isYear ? cells.filter((cell) => cell.year === period) : cells;
};

/* Drawing. A row of a chart is a heading and lines; y is in pixels, so that every chart is as tall as its rows. */
const HEAD = 25, LINE = 19, GAP = 7;
const drawn = new Map();
const plot = (node, figure) => Plotly.react(node, figure.data, figure.layout, { displayModeBar: false, responsive: true, scrollZoom: false, staticPlot: true });
const rowsFigure = (items, id, most, width) => {
  const figure = skeleton(id), ticks = [], words = [], heads = [];
  const marks = { type: "scatter", mode: "markers", x: [], y: [], cliponaxis: false, marker: { size: [], color: [], line: { color: [] }, opacity: 1 } };
  const whiskers = {}, numbers = { type: "scatter", mode: "text", x: [], y: [], text: [], textposition: "middle right", cliponaxis: false, textfont: { size: 12, color: tone("ink") } };
  const { l, r } = figure.layout.margin, pad = most * 8 / Math.max(80, width - l - r), top = most + pad; /* room for the points at either end */
  let y = 0;
  items.forEach(({ head, lines }) => {
    heads.push({ text: head, xref: "paper", x: 0, xanchor: "left", xshift: -l, y: y + HEAD / 2, yanchor: "middle", bgcolor: tone("paper") });
    y += HEAD;
    lines.forEach((line) => {
      const at = y + LINE / 2, colour = tone(line.small ? "edge" : line.tone);
      if (line.low !== null) {
        const trace = whiskers[colour] = whiskers[colour] || { type: "scatter", mode: "lines", x: [], y: [], line: { color: colour, width: 2 } };
        trace.x.push(line.low, line.high, null); trace.y.push(at, at, null);
      }
      ticks.push(at); words.push(line.label);
      numbers.x.push(line.x === null ? 0 : top); numbers.y.push(at); numbers.text.push(" " + line.text);
      y += LINE;
      if (line.x === null) return; /* no share, no point: the words stand in its place */
      marks.x.push(line.x); marks.y.push(at);
      marks.marker.size.push(9);
      marks.marker.color.push(line.small ? tone("paper") : colour); marks.marker.line.color.push(colour);
    });
    y += GAP;
  });
  figure.data = [...Object.values(whiskers), marks, numbers];
  Object.assign(figure.layout, { annotations: heads, height: y + figure.layout.margin.t + figure.layout.margin.b });
  Object.assign(figure.layout.yaxis, { range: [y, 0], tickvals: ticks, ticktext: words, tickfont: { size: 12, color: tone("ink") } });
  Object.assign(figure.layout.xaxis, { range: [-pad, top], tickangle: 0, nticks: Math.max(3, Math.min(6, Math.floor((width - l - r) / 52))) });
  return figure;
};
const spread = (wanted, gap) => { /* names at the line ends, pushed apart from below */
  const sorted = [...wanted].sort((a, b) => a.y - b.y);
  sorted.forEach((label, at) => { if (at) label.y = Math.max(label.y, sorted[at - 1].y + gap); });
  return sorted;
};
const timesFigure = (cells, kind, top, width) => {
  const figure = skeleton("demand-years"), { layout } = figure, last = cells[cells.length - 1], unit = kind === "year" ? 1 : 0.25;
  const at = (time) => Number(time.slice(0, 4)) + (kind === "year" ? 0 : unit * (time.slice(-1) - 1));
  const times = about.values[kind].filter((time) => time >= cells[0][kind] && time <= last[kind]);
  const newest = at(last[kind]), oldest = at(times[0]), room = (width - layout.margin.l - layout.margin.r) / ((newest - oldest) / unit + 1);
  const byTime = Object.fromEntries(cells.map((cell) => [cell[kind], cell])), ends = [];
  state.fw.forEach((id, place) => {
    const colour = tone(TONE[id]), found = times.map((time) => byTime[time]);
    const shift = unit * Math.min(0.07, 0.012 * times.length) * (place - (state.fw.length - 1) / 2); /* whiskers beside each other, not over */
    const of = (cell) => cell && cell.of[id], has = (cell) => cell && of(cell).margin !== null;
    figure.data.push({ type: "scatter", mode: "lines+markers", x: times.map((time) => at(time) + shift),
      y: found.map((cell) => cell ? of(cell).share : null), line: { color: colour, width: 2 },
      marker: { size: Math.max(3, Math.min(7, 0.6 * room)), color: found.map((cell) => cell && isSmall(of(cell).e) ? tone("paper") : colour),
        line: { width: 1.5, color: found.map((cell) => cell && isSmall(of(cell).e) ? tone("edge") : colour) } },
      cliponaxis: false, error_y: { type: "data", symmetric: false, thickness: 1.3, width: 0, color: colour,
        array: found.map((cell) => has(cell) && !isSmall(of(cell).e) ? high(of(cell).share, of(cell).margin) - of(cell).share : 0),
        arrayminus: found.map((cell) => has(cell) && !isSmall(of(cell).e) ? of(cell).share - low(of(cell).share, of(cell).margin) : 0) } });
    const few = found.filter((cell) => has(cell) && isSmall(of(cell).e)).map((cell) => [at(cell[kind]) + shift, of(cell)]);
    figure.data.unshift({ type: "scatter", mode: "lines", line: { color: tone("edge"), width: 0.8 }, x: few.flatMap(([x]) => [x, x, null]),
      y: few.flatMap(([, { share, margin }]) => [low(share, margin), high(share, margin), null]) });
    if (last.of[id].share !== null) ends.push({ y: last.of[id].share, colour, text: `${nameOf(id)} ${one(last.of[id].share)}` });
  });
  const step = Math.ceil((kind === "year" ? 44 : 56) / room), shown = times.filter((time) => (newest - at(time)) / unit % step === 0);
  Object.assign(layout.xaxis, { tickvals: shown.map(at), range: [oldest - 0.4 * unit, newest + 0.4 * unit],
    ticktext: shown.map((time) => `${nameOf(time, kind)}<br>${byTime[time] ? group(byTime[time].n) + mark(byTime[time].e) : "–"}`) });
  layout.yaxis.range = [0, top];
  const tall = layout.height - layout.margin.t - layout.margin.b;
  ends.forEach((label) => { label.y = Math.max(label.y, top * 9 / tall); }); /* clear of the axis */
  layout.annotations = spread(ends, top * 16 / tall).map(({ text, y, colour }) => ({ text: `<span style="color:${colour}">●</span> ${text}`,
    xref: "paper", x: 1, xshift: 6, y, font: { size: 12, color: tone("ink") } }));
  return figure;
};

/* A chart is a caption, a canvas and what fills it; all of a part are drawn anew when the choice changes. */
const charts = (part, found) => {
  const holder = byId(`${part}-charts`);
  holder.className = found.length > 1 ? "charts grid" : "charts";
  holder.replaceChildren(...found.map(({ caption, more, label, figure }) => {
    const box = document.createElement("figure"), text = document.createElement("figcaption"), canvas = document.createElement("div");
    box.className = "chart"; canvas.className = "canvas";
    text.append(caption, ...(more ? [Object.assign(document.createElement("span"), { textContent: ` ${more}` })] : []));
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", `${label} The table below holds the same numbers.`);
    box.append(text, canvas);
    canvas.figure = figure;
    return box;
  }));
  const canvases = [...holder.querySelectorAll(".canvas")];
  drawn.set(part, () => canvases.forEach((canvas) => plot(canvas, canvas.figure(canvas.clientWidth || 640))));
  drawn.get(part)();
};
const tables = {};
const table = (part, caption, heads, lines) => {
  const box = document.createElement("div"), grid = document.createElement("table"), body = document.createElement("tbody");
  Object.assign(box, { className: "scroll", tabIndex: 0 });
  box.setAttribute("role", "region");
  box.setAttribute("aria-label", caption);
  grid.createCaption().textContent = caption;
  const top = grid.createTHead().insertRow(), texts = heads.filter((head) => !/[%#]$/.test(head)).length;
  heads.forEach((head, at) => top.append(Object.assign(document.createElement("th"), { scope: "col", textContent: head.replace(/ #$/, ""), className: at < texts ? "" : "num" })));
  lines.forEach(({ cells, small }) => {
    const row = body.insertRow();
    if (small) row.className = "small-cell";
    cells.forEach((text, at) => {
      if (!at) row.append(Object.assign(document.createElement("th"), { scope: "row", textContent: text }));
      else Object.assign(row.insertCell(), { textContent: text, className: at < texts ? "" : "num" });
    });
  });
  grid.append(body); box.append(grid);
  byId(`${part}-table`).replaceChildren(box);
};
const more = (part, is, text) => {
  const button = form.ownerDocument.querySelector(`[data-more=${part}]`), open = state.all.includes(part);
  button.hidden = !is;
  button.textContent = open ? "Show the largest only" : text;
  button.setAttribute("aria-pressed", String(open));
};
const most = (part, found, n) => state.all.includes(part) ? found : found.slice(0, n);
const setNote = (part, text) => { byId(`${part}-note`).textContent = text; };
const ceiling = (cells) => {
  const tops = cells.flatMap((cell) => state.fw.map((id) => cell.of[id].share === null ? 0 : high(cell.of[id].share, cell.of[id].margin || 0)));
  return Math.min(100, 10 * Math.ceil(Math.max(5, ...tops) / 10));
};
const sample = (n, e, width) => width < 420 ? `${group(n)} of ${plural(e, "employer")}` : `${plural(n, "posting")}, ${plural(e, "employer")}`;
const said = (cell, id) => {
  const found = cell.of[id];
  return found.share === null ? UNSEEN : one(found.share) + interval(found) + (isSmall(found.e) && !isSmall(cell.e) ? " †" : "");
};
const saidInFull = (cell, id) => said(cell, id) + (cell.of[id].part && cell.of[id].could ? ` of ${group(cell.of[id].could)}` : "");
const itemsOf = (cells, by, width) => cells.map((cell) => ({
  head: `<b>${nameOf(cell[by], by)}${mark(cell.e)}</b>  <span style="color:${tone("muted")}">${sample(cell.n, cell.e, width)}</span>`,
  lines: state.fw.map((id) => {
    const { share, margin, e } = cell.of[id], has = margin !== null;
    return { label: nameOf(id), tone: TONE[id], small: isSmall(e), x: share, low: has ? low(share, margin) : null,
      high: has ? high(share, margin) : null, text: said(cell, id) + (cell.of[id].part && share !== null ? " ‡" : "") };
  }) }));
const inOrder = (cells, kind) => [...cells].sort((a, b) => a[kind] < b[kind] ? -1 : 1);
/* What a list of words leaves out, in words */
const unseenText = (cells) => {
  const of = (test) => state.fw.filter((id) => cells.some((cell) => test(cell.of[id])));
  const without = of(({ share }) => share === null), part = of((found) => found.part && found.share !== null);
  const names = (ids) => listed(ids.map((id) => nameOf(id))), them = (ids) => ids.length > 1 ? "them" : "it";
  const whole = without.every((id) => cells.every((cell) => cell.of[id].share === null));
  return (without.length ? `${names(without)} cannot be seen ${whole ? "here" : "in some cells"}: a source that shows a fixed list of words without ${them(without)} says nothing of ${them(without)}.` : "")
    + (part.length ? `${without.length ? " " : ""}‡ ${names(part)}: a share of the postings whose source can show ${them(part)}; the table says of how many.` : "");
};
const drawShares = async () => {
  const { by, and, window: period } = state;
  byId("share-part").hidden = false; /* a hidden canvas has no width to draw in */
  const cells = await cellsOf(by, and, period), label = `Shares by ${about.dimensions[by].toLowerCase()}.`;
  const inner = isTime(and) ? and : by, outer = isTime(and) ? by : and;
  const size = (found) => found.reduce((sum, cell) => sum + cell.n, 0);
  const fill = (found, top) => isTime(inner)
    ? (width) => timesFigure(inOrder(found, inner), inner, top, width) : (width) => rowsFigure(itemsOf(found, inner, width), "demand-rows", top, width);
  let found = [];
  if (!and) {
    const shown = isTime(by) ? cells : most(SHARE, cells, MOST.rows);
    if (shown.length) found = [{ caption: "Share of deep-learning postings naming each framework, in percent, with 95 % intervals", label, figure: fill(shown, ceiling(shown)) }];
    more(SHARE, !isTime(by) && cells.length > MOST.rows, `Show all ${cells.length}`);
  } else {
    const groups = new Map();
    cells.forEach((cell) => { groups.set(cell[outer], [...(groups.get(cell[outer]) || []), cell]); });
    const sorted = [...groups].sort((a, b) => size(b[1]) - size(a[1]) || (a[0] < b[0] ? -1 : 1));
    const shown = most(SHARE, sorted, MOST.panels).map(([value, its]) => [value, isTime(inner) ? its : most(SHARE, its, MOST.inPanel)]);
    const top = ceiling(shown.flatMap(([, its]) => its));
    found = shown.map(([value, its]) => ({ caption: nameOf(value, outer), more: `by ${about.dimensions[inner].toLowerCase()}`,
      label: `${nameOf(value, outer)}: shares by ${about.dimensions[inner].toLowerCase()}.`, figure: fill(its, top) }));
    more(SHARE, sorted.length > MOST.panels || sorted.some(([, its]) => !isTime(inner) && its.length > MOST.inPanel), `Show all ${cells.length} cells`);
  }
  charts(SHARE, found);
  const dimensions = and ? [outer, inner] : [by];
  table(SHARE, `${familyName()}, ${periodName()}, by ${dimensions.map((name) => about.dimensions[name].toLowerCase()).join(" and ")}`,
    [...dimensions.map((name) => about.dimensions[name]), "Postings #", "Employers #", ...state.fw.map((id) => `${nameOf(id)}, %`)],
    cells.map((cell) => ({ small: isSmall(cell.e), cells: [...dimensions.map((name) => nameOf(cell[name], name)), group(cell.n), group(cell.e) + mark(cell.e),
      ...state.fw.map((id) => saidInFull(cell, id))] })));
  tables[SHARE] = [["source_family", "posted", "by", "value", "and_by", "and_value", "framework", "n_naming", "n_dl_postings", "n_dl_employers", "n_could_show", "n_could_show_employers", "share_pct", "ci_low_pct", "ci_high_pct", "is_small"],
    ...cells.flatMap((cell) => state.fw.map((id) => {
      const { n, could, e, share, margin } = cell.of[id], has = margin !== null;
      return [state.family, period, by, cell[by], and, and && cell[and], id, share === null ? "" : n, cell.n, cell.e, could, e, share === null ? "" : share.toFixed(2), has ? low(share, margin).toFixed(2) : "", has ? high(share, margin).toFixed(2) : "", isSmall(e)];
    }))];
  const small = cells.filter((cell) => isSmall(cell.e)).length;
  setNote(SHARE, [isTime(inner) && cells.length ? `Under each ${inner}: its postings; every interval in numbers is in the table.` : "",
    small ? `† and ${isTime(inner) ? "hollow points" : "grey"}: fewer than ${about.small} known employers, an anecdote.` : "", unseenText(cells),
    [by, and].includes("requirement") ? "Only ads shown in full stand here: a list of skills does not say how a framework is asked for." : "",
    isTime(inner) && state.family === "all" ? "Trends are read within one source: the mix of all sources changes with time." : ""].filter(Boolean).join(" "));
  return { n: cells.length, small };
};
const none = (part, text) => { charts(part, []); setNote(part, text); byId(`${part}-table`).replaceChildren(); tables[part] = []; more(part, false, ""); };
const broad = () => WINDOWS[state.window] ? state.window : "all_time"; /* pairs and pay are not cut by year */
const drawPairs = async () => {
  const whole = await load(state.family), found = (whole.pairs[broad()] || {})[state.with];
  byId("pairs-part").hidden = false;
  if (!found) return none(PAIRED, `No posting of this choice names ${nameOf(state.with)} beside another framework.`);
  const [n, e, others] = found, me = nameOf(state.with);
  const of = others.map(([id, both, margin, could = n, behind = e]) => ({ id, both, could, e: behind, share: 100 * both / could, margin: margin === null ? null : margin / 100 }))
    .sort((a, b) => b.share - a.share || (a.id < b.id ? -1 : 1));
  const shown = most(PAIRED, of, MOST.pairs);
  const top = Math.min(100, 10 * Math.ceil(Math.max(5, ...of.map((pair) => high(pair.share, pair.margin || 0))) / 10));
  charts(PAIRED, [{ caption: `Of ${plural(n, "posting")} of ${plural(e, "employer")}${mark(e)} that name ${me}, the share that also names …`, label: `Named beside ${me}.`,
    figure: (width) => rowsFigure(shown.map((pair) => ({ head: `<b>${nameOf(pair.id)}</b>  <span style="color:${tone("muted")}">${group(pair.both)} of ${group(pair.could)}${pair.could < n ? " ‡" : ""}${mark(pair.e)}</span>`,
        lines: [{ label: "", tone: TONE[pair.id] || "other", small: isSmall(pair.e), x: pair.share, low: pair.margin === null ? null : low(pair.share, pair.margin),
          high: pair.margin === null ? null : high(pair.share, pair.margin), text: one(pair.share) + interval(pair) }] })), "demand-rows", top, width) }]);
  more(PAIRED, of.length > MOST.pairs, `Show all ${of.length}`);
  table(PAIRED, `Named beside ${me}: ${familyName()}, ${WINDOWS[broad()].toLowerCase()}`, ["Also named", "Postings naming both #", `Of postings naming ${me} #`, "Employers #", "Share and 95 % interval, %"],
    of.map((pair) => ({ small: isSmall(pair.e), cells: [nameOf(pair.id), group(pair.both), group(pair.could), group(pair.e) + mark(pair.e), one(pair.share) + interval(pair)] })));
  tables[PAIRED] = [["source_family", "posted", "framework", "other_framework", "n_both", "n_naming", "n_employers", "n_could_show", "n_could_show_employers", "together_pct", "ci_low_pct", "ci_high_pct", "is_small"],
    ...of.map((pair) => [state.family, broad(), state.with, pair.id, pair.both, n, e, pair.could, pair.e, pair.share.toFixed(2),
      ...(pair.margin === null ? ["", ""] : [low(pair.share, pair.margin).toFixed(2), high(pair.share, pair.margin).toFixed(2)]), isSmall(pair.e)])];
  setNote(PAIRED, `Two frameworks named in one term only (tf.keras) are no pair.${of.some((pair) => pair.could < n) ? ` ‡ Of the postings whose source can show the other framework: some show a fixed list of words without it.` : ""}${broad() === state.window ? "" : " All dates: pairs are not cut by year."}`);
};
const drawPay = async () => {
  const whole = await load(state.family), byCurrency = whole.pay[broad()] || {};
  const currencies = Object.keys(byCurrency).sort((a, b) => byCurrency[b][0][1] - byCurrency[a][0][1] || (a < b ? -1 : 1));
  byId("pay-part").hidden = false;
  if (!currencies.length) { options(byId("currency"), [["", "none stated"]]); return none(PAY, "No posting of this choice states its pay."); }
  const currency = currencies.includes(state.currency) ? state.currency : currencies[0];
  options(byId("currency"), currencies.map((code) => [code, `${code} (${plural(byCurrency[code][0][1], "posting")})`]));
  byId("currency").value = currency;
  const of = byCurrency[currency], shown = most(PAY, of, MOST.pay), name = (id) => id === "all" ? "Every AI posting" : nameOf(id);
  const thousands = (n) => `${Math.round(n / 1000)}k`, top = Math.max(...of.map((line) => line[5])) * 1.05;
  charts(PAY, [{ caption: `Stated pay a year in ${currency}: median, and the middle half of the postings`, label: `Pay in ${currency} by framework.`,
    figure: (width) => rowsFigure(shown.map(([id, n, e, p25, p50, p75]) => ({
      head: `<b>${name(id)}${mark(e)}</b>  <span style="color:${tone("muted")}">${sample(n, e, width)}</span>`,
      lines: [{ label: "", tone: id === "all" ? "mark" : TONE[id] || "other", small: isSmall(e), x: p50, low: p25, high: p75, text: `${thousands(p50)} (${thousands(p25)}–${thousands(p75)})` }] })), "demand-sums", top, width) }]);
  more(PAY, of.length > MOST.pay, `Show all ${of.length}`);
  table(PAY, `Stated pay a year in ${currency}: ${familyName()}, ${WINDOWS[broad()].toLowerCase()}`, ["Framework", "Postings #", "Employers #", "Lower quartile #", "Median #", "Upper quartile #"],
    of.map(([id, n, e, ...pay]) => ({ small: isSmall(e), cells: [name(id), group(n), group(e) + mark(e), ...pay.map(group)] })));
  tables[PAY] = [["source_family", "posted", "salary_currency", "framework", "n_paid_postings", "n_employers", "pay_p25_year", "pay_median_year", "pay_p75_year", "is_small"],
    ...of.map(([id, n, e, ...pay]) => [state.family, broad(), currency, id, n, e, ...pay, isSmall(e)])];
  setNote(PAY, "Lines span the lower to the upper quartile: how far pay differs, not how sure the median is. Few postings state pay; "
    + `currencies are not converted.${broad() === state.window ? "" : " All dates: pay is not cut by year."}`);
};

/* What is drawn, in words */
const familyName = () => state.family === "all" ? "All sources" : nameOf(state.family);
const periodName = () => (WINDOWS[state.window] || `in ${state.window}`).toLowerCase();
/* Not every source can stand in what is shown: some do not date their postings, lists do not say how a framework is asked for. */
const sourcesOf = async (name) => {
  const sums = new Map();
  (await cellsOf(name, "source_family", WINDOWS[state.window] ? state.window : "all_time")).forEach(({ source_family, n }) => sums.set(source_family, (sums.get(source_family) || 0) + n));
  return [...sums].map(([source_family, n]) => ({ source_family, n })).sort((a, b) => b.n - a.n);
};
const mixText = async () => {
  if (state.family !== "all") return `One source: ${nameOf(state.family)}. Differences between places or years are not those of a changing mix.`;
  const dated = isTime(state.by) || isTime(state.and), asked = [state.by, state.and].includes("requirement");
  if (asked && (dated || !WINDOWS[state.window])) return "A mix of the sources that show the whole ad and date it; choose one source to see it alone.";
  const found = dated || asked ? await sourcesOf(asked ? "requirement" : "year") : await cellsOf("source_family", "", state.window);
  if (!found.length) return "";
  if (found.length === 1) return `One source has such postings: ${nameOf(found[0].source_family)}.`;
  const total = found.reduce((sum, cell) => sum + cell.n, 0), head = found.slice(0, 5);
  const said = head.map((cell) => `${nameOf(cell.source_family)} ${Math.round(100 * cell.n / total)}\u00a0%`).join(", ");
  return `A mix of ${plural(found.length, "source")}${asked ? " that show the whole ad" : dated ? " that date their postings" : ""}: ${said}${found.length > 5 ? `, ${plural(found.length - 5, "other")}` : ""}. The mix differs from cell to cell; cross with Source to see it, or choose one source.`;
};
let turn = 0;
const apply = async () => {
  const mine = turn += 1, status = form.querySelector(".result");
  show();
  try {
    const [mix] = await Promise.all([mixText(), load(state.family), cellsOf(state.by, state.and, state.window)]);
    if (mine !== turn) return; /* a newer choice is on its way */
    const { n, small } = await drawShares();
    await drawPairs();
    await drawPay();
    byId("mix").textContent = mix;
    const by = [state.by, state.and].filter(Boolean).map((name) => about.dimensions[name].toLowerCase()).join(" and ");
    const cells = n ? `${plural(n, "cell")}${small ? `, ${group(small)} of them on fewer than ${about.small} employers` : ""}` : "no posting";
    status.textContent = `${state.fw.map((id) => nameOf(id)).join(", ")} by ${by}; ${familyName().toLowerCase() === "all sources" ? "all sources" : familyName()}, ${periodName()}: ${cells}.`;
  } catch (error) {
    if (!(error instanceof Error) || !error.message.includes("data/demand/")) throw error;
    status.textContent = `The numbers could not be loaded: ${error.message} is missing beside this page.`;
  }
};
const csv = (lines) => lines.map((line) => line.map((cell) => /[",\n]/.test(String(cell)) ? `"${String(cell).replace(/"/g, '""')}"` : String(cell)).join(",")).join("\n") + "\n";
const save = (part) => {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([csv(tables[part] || [])], { type: "text/csv" }));
  link.download = `demand_${part}.csv`;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
};

const changed = (event) => {
  const { name, value } = event.target;
  if (name === "fw") {
    const chosen = [...form.querySelectorAll("[name=fw]:checked")].map((box) => box.value);
    if (!chosen.length) { event.target.checked = true; return; } /* one framework at least */
    state.fw = chosen;
  } else if (name) state[name] = value;
  if (isTwice(state.by, state.and)) state.and = "";
  if (!WINDOWS[state.window] && (state.and || isTime(state.by))) state.window = "all_time";
  if (["by", "and"].includes(name)) state.all = state.all.filter((part) => part !== SHARE);
  write(); read(); apply();
};
[...form.elements].forEach((control) => { if (control.name) control.addEventListener("change", changed); });
form.addEventListener("submit", (event) => event.preventDefault());
document.addEventListener("click", ({ target }) => {
  if (target.dataset.csv) save(target.dataset.csv);
  const part = target.dataset.more;
  if (!part) return;
  state.all = state.all.includes(part) ? state.all.filter((name) => name !== part) : [...state.all, part];
  write(); apply();
});
const again = () => drawn.forEach((draw) => draw());
addEventListener("hashchange", () => { read(); apply(); });
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", again);
onPaper.addEventListener("change", again);
new MutationObserver(again).observe(document.documentElement, { attributes: true });
form.hidden = false;
read();
/* plotly.min.js is deferred too, and may stand after this file */
if (document.readyState === "complete" || window.Plotly) apply();
else addEventListener("DOMContentLoaded", apply);
})();
