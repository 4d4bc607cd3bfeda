"use strict";
// The page is whole without this script but for the unit's section. It draws the maps live, lets the reader choose
// event, horizon and unit, and sorts and filters the full tables. Text from the data is only ever set as text.
(() => {
  const data = JSON.parse(document.getElementById("brief-data").textContent);
  const unpack = (column) => {
    const at = column.at || column.runs.flatMap(([value, times]) => Array(times).fill(value));
    if (column.of) return at.map((i) => (Array.isArray(i) ? i.map((j) => column.of[j]) : column.of[i]));
    return column.per ? at.map((value) => (value === null ? null : value / column.per)) : at;
  };
  const figures = (told) => told.flatMap((value) => (value < 0 ? Array(-value).fill(0) : [value])); // runs of zeros
  const unpacked = Object.entries(data.scores).map(([name, column]) => [name, unpack(column)]);
  const scores = unpacked[0][1].map((_, i) => {
    const score = Object.fromEntries(unpacked.map(([name, values]) => [name, values[i]]));
    const { name, country } = data.unitData.units[`${score.level}:${score.key}`];
    return Object.assign(score, { name, country, label: `${name}: ${score.shown}`, risk: data.risks[score.risk_class] });
  });
  const say = (key, fields) => data.messages[key].replace(/\{(\w+)\}/g, (_, name) => fields[name]);
  const sign = (kind) => (new Intl.NumberFormat(document.documentElement.lang).formatToParts(12345.6).find((part) => part.type === kind) || { value: "" }).value;
  const formatLocale = { decimal: sign("decimal"), thousands: sign("group"), grouping: [3], currency: ["", ""] };
  const drawing = { actions: false, renderer: "svg", ast: true, formatLocale };
  const numberOf = { country: 0, region: 1 };
  const find = (level, target, horizon) =>
    new Map(scores.filter((s) => s.level === level && s.target === target && s.horizon === horizon).map((s) => [s.key, s]));

  function draw(holder) {
    const shown = holder.dataset.chart === "world" ? 0 : 1;
    const own = scores.filter((s) => s.level === shown).map(({ drivers, ...rest }) => rest);
    const spec = { ...structuredClone(data.charts[holder.dataset.chart]), datasets: { ...structuredClone(data.datasets), scores: own } };
    const live = holder.appendChild(document.createElement("div"));
    return vegaEmbed(live, spec, drawing).then(
      (result) => {
        holder.querySelector(".still").remove();
        return result.view;
      },
      (error) => {
        live.remove();
        const note = document.createElement("p");
        note.className = "fine";
        note.textContent = data.messages["map.failed"];
        holder.after(note);
        console.error(error);
        return null;
      },
    );
  }

  function caption(place, target, horizon) {
    for (const line of place.querySelectorAll("[data-scope]")) {
      const view = data.views[line.dataset.scope];
      const told = (data.captions[view ? view.captions : line.dataset.scope] || {})[`${target} ${horizon}`] || "";
      line.textContent = view ? told.replace("{country}", () => view.place) : told;
    }
  }

  function liveMaps(section) {
    const form = section.querySelector(".chooser");
    const views = Promise.all([...section.querySelectorAll("[data-chart]")].map(draw));
    const readout = section.querySelector(".readout");
    form.hidden = false;
    const inView = (unit) => !form.view || data.views[form.view.value].signals.view.includes(unit.country);
    form.addEventListener("change", async (event) => {
      const target = form.target.value;
      const horizon = Number(form.horizon.value);
      const chosen = form.chosen.value;
      if (form.view) {
        const unit = find(numberOf[form.dataset.level], target, horizon).get(chosen);
        if (!unit || event.target === form.view) form.chosen.value = unit && inView(unit) ? chosen : "";
        else if (!inView(unit)) form.view.value = unit.country;
        section.querySelector("[data-scope]").dataset.scope = form.view.value;
      }
      caption(section, target, horizon);
      const score = find(numberOf[form.dataset.level], target, horizon).get(form.chosen.value);
      readout.textContent = score ? say("readout", score) : "";
      const link = section.querySelector(".open-unit");
      link.hidden = !score;
      if (score) link.querySelector("a").href = `#unit-${score.level}:${encodeURIComponent(score.key)}`;
      for (const view of await views) {
        if (!view) continue;
        for (const [name, value] of Object.entries(form.view ? data.views[form.view.value].signals : {})) view.signal(name, value);
        await view.signal("target", target).signal("horizon", horizon).signal("chosen", form.chosen.value).runAsync();
      }
    });
    // One stop of the Tab key a map; arrows step through its units, the likeliest first.
    for (const holder of section.querySelectorAll("[data-chart]")) {
      holder.tabIndex = 0;
      holder.addEventListener("keydown", (event) => {
        const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
        if (!step) return;
        event.preventDefault();
        const ranked = [...find(numberOf[form.dataset.level], form.target.value, Number(form.horizon.value)).values()]
          .filter(inView)
          .sort((a, b) => a.rank - b.rank);
        if (!ranked.length) return;
        const at = ranked.findIndex((s) => s.key === form.chosen.value);
        form.chosen.value = ranked[at < 0 ? 0 : (at + step + ranked.length) % ranked.length].key;
        form.dispatchEvent(new Event("change"));
      });
    }
    views.then((drawn) => {
      for (const view of drawn) {
        if (!view) continue;
        view.addEventListener("click", (_, item) => {
          const key = item && item.datum && item.datum.key;
          if (!key) return;
          form.chosen.value = key;
          form.dispatchEvent(new Event("change"));
        });
      }
      document.documentElement.dataset.drawn = Number(document.documentElement.dataset.drawn || 0) + drawn.length;
    });
  }

  function liveTable(details) {
    const form = details.querySelector(".chooser");
    const body = details.querySelector("tbody");
    const rows = [...body.rows];
    // The heads say which field of a score each column shows.
    const fields = [...details.querySelectorAll("thead th")].map((head) => head.dataset.field);
    for (const row of rows) {
      row.dataset.name = row.cells[1].textContent.trim();
      [...row.cells].forEach((cell, i) => {
        if (fields[i]) (fields[i] === "risk" ? cell.lastElementChild : cell).dataset.field = fields[i];
      });
    }
    let current = new Map();
    let order = { by: "rank", sign: 1 };
    const value = (row) => {
      if (order.by === "name") return row.dataset.name;
      const score = current.get(row.dataset.key);
      if (!score) return null;
      if (order.by === "gap") return score.base === null ? null : score.probability - score.base;
      return score[order.by];
    };
    const sort = () => {
      const keyed = rows.map((row) => [value(row), row]);
      keyed.sort(([a], [b]) => {
        if (a === null || b === null) return (a === null) - (b === null); // the unknown last, either way
        return order.sign * (typeof a === "string" ? a.localeCompare(b, document.documentElement.lang) : a - b);
      });
      body.append(...keyed.map(([, row]) => row));
    };
    const fill = () => {
      const horizon = Number(form.horizon.value);
      current = find(numberOf[details.dataset.level], form.target.value, horizon);
      caption(details, form.target.value, horizon);
      for (const row of rows) {
        const score = current.get(row.dataset.key);
        for (const cell of row.querySelectorAll("[data-field]")) cell.textContent = score ? score[cell.dataset.field] : "–";
        row.querySelector(".swatch").className = `swatch c${score ? score.risk_class : 0}`;
      }
      sort();
    };
    for (const button of details.querySelectorAll("th button")) {
      button.addEventListener("click", () => {
        const by = button.dataset.sort;
        const rising = by === "rank" || by === "name" ? 1 : -1; // numbers: the largest first
        order = { by, sign: order.by === by ? -order.sign : rising };
        for (const head of details.querySelectorAll("th[aria-sort]")) head.setAttribute("aria-sort", "none");
        button.closest("th").setAttribute("aria-sort", order.sign > 0 ? "ascending" : "descending");
        sort();
      });
    }
    const filter = details.querySelector(".filter");
    const input = filter.querySelector("input");
    const plain = (text) => text.normalize("NFD").replace(/\p{Diacritic}/gu, "").toLowerCase();
    input.addEventListener("input", () => {
      for (const row of rows) row.hidden = !plain(row.dataset.name).includes(plain(input.value.trim()));
      const shown = rows.filter((row) => !row.hidden).length;
      filter.querySelector(".shown").textContent = say("all.shown", { shown, total: rows.length });
    });
    form.addEventListener("change", fill);
    form.addEventListener("submit", (event) => event.preventDefault());
    for (const hidden of [form, filter, details.querySelector(".hint")]) hidden.hidden = false;
    fill();
  }

  const month = new Intl.DateTimeFormat(document.documentElement.lang, { month: "long", year: "numeric", timeZone: "UTC" });
  const number = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 0 });
  const moment = (text, ahead = 0) => {
    const [year, of, day] = text.split("-").map(Number);
    return Date.UTC(year, of - 1 + ahead, day || 1);
  };
  const element = (name, text, kind) => {
    const made = document.createElement(name);
    if (text !== undefined) made.textContent = text;
    if (kind) made.className = kind;
    return made;
  };

  function liveUnit(section) {
    const form = section.querySelector("form");
    const opened = section.querySelector(".opened");
    const place = section.querySelector(".unit-chart");
    const part = (name) => section.querySelector(name);
    let current = null;

    function series(unit) {
      const past = unit.past
        ? figures(unit.past[1]).flatMap((deaths, i) => {
            if (deaths === null) return [];
            const from = moment(unit.past[0], i);
            const told = { month: month.format(from), deaths: number.format(deaths) };
            return [{ from, to: moment(unit.past[0], i + 1), deaths, month: told.month, deaths_text: told.deaths, label: say("unit.past_label", told) }];
          })
        : [];
      const quantiles = unit.ahead ? figures(unit.ahead[1]) : [];
      const ahead = unit.ahead
        ? Array.from({ length: quantiles.length / 5 }, (_, i) => quantiles.slice(5 * i, 5 * i + 5)).flatMap((q, i) => {
            if (q[0] === null) return [];
            const from = moment(unit.ahead[0], i);
            const interval = say("interval", { low: number.format(q[0]), high: number.format(q[4]) });
            const told = { month: month.format(from), median: number.format(q[2]), interval };
            return [{ from, to: moment(unit.ahead[0], i + 1), q05: q[0], q25: q[1], q50: q[2], q75: q[3], q95: q[4], month: told.month, median_text: told.median, interval, label: say("unit.ahead_label", told) }];
          })
        : [];
      return { past, ahead };
    }

    function rowsOf(facts, first, last, inside) {
      const kept = facts.filter(inside);
      const order = [...new Set(kept.map((fact) => fact.label))];
      const named = new Set();
      return kept.map((fact) => {
        const label = named.has(fact.label) ? "" : fact.label;
        named.add(fact.label);
        return { ...fact, row: order.indexOf(fact.label), label };
      });
    }

    function chart(unit) {
      const facts = data.unitData;
      const { past, ahead } = series(unit);
      const both = [...past, ...ahead];
      if (!both.length) return { spec: null, forces: [], announced: [], steps: [], given: null };
      const first = both[0].from;
      const last = both[both.length - 1].to;
      const forces = rowsOf(facts.forces[unit.country] || [], first, last, (f) => moment(f.to) > first && moment(f.from) < last).map((f) => ({
        ...f,
        from: Math.max(moment(f.from), first),
        to: Math.min(moment(f.to), last),
      }));
      const rows = new Map(forces.filter((f) => f.label).map((f) => [f.label, f.row]));
      const announced = (facts.announced[unit.country] || [])
        .map((a) => ({ ...a, at: moment(a.at), row: rows.get(a.label) }))
        .filter((a) => a.row !== undefined && a.at >= first && a.at < last);
      const steps = rowsOf(facts.steps[unit.country] || [], first, last, (f) => moment(f.at) >= first && moment(f.at) < last).map((f) => ({
        ...f,
        at: moment(f.at),
      }));
      const spec = structuredClone(data.unitChart);
      spec.datasets = { past, ahead, forces, announced, steps };
      spec.vconcat = spec.vconcat.filter((_, i) => i === 0 || (i === 1 ? forces : steps).length);
      const panelWidth = Math.max(200, place.clientWidth - 76); // beside the axis and its title
      for (const panel of spec.vconcat) {
        panel.width = panelWidth;
        if (panel.layer && !announced.length) panel.layer = panel.layer.filter((layer) => !layer.data || layer.data.name !== "announced");
      }
      const given = { firstMoment: first, lastMoment: last, panelWidth };
      fill(spec, given);
      return { spec, forces, announced, steps, given };
    }

    function fill(spec, given) {
      for (const parameter of spec.params) if (parameter.name in given) parameter.value = given[parameter.name];
    }

    // Armed actors stand on the same span of time, in a fold of their own.
    async function actors(unit, given) {
      const { since, of } = data.actors;
      const told = given ? of[unit.country] || [] : [];
      const rows = told.flatMap(([name, into, deaths, runs], row) => {
        const months = runs.reduce((sum, length, i) => (i % 2 ? sum + length : sum), 0);
        const actor = into ? `${name} → ${into}` : name;
        const words = say("unit.actor", { actor, months, deaths: number.format(deaths) });
        return runs.flatMap((at, i) => (i % 2 ? [] : [{ row, label: i ? "" : actor, went_on: Boolean(into), words, from: moment(since, at), to: moment(since, at + runs[i + 1]) }]));
      });
      list(".unit-actors", [...new Set(rows.map((run) => run.words))]);
      const lane = part(".actors-chart");
      lane.setAttribute("aria-label", say("unit.actors_alt", { name: unit.within || unit.name }));
      lane.replaceChildren();
      if (!rows.length) return;
      const spec = structuredClone(data.actorsChart);
      fill(spec, given);
      await vegaEmbed(lane, { ...spec, width: given.panelWidth, datasets: { actors: rows } }, drawing);
    }

    function bar(score) {
      const made = element("span", undefined, "bar");
      made.setAttribute("aria-hidden", "true");
      const add = (kind, styles) => Object.assign(made.appendChild(element("span", undefined, kind)).style, styles);
      if (score.low !== null) add("band", { left: `${100 * score.low}%`, width: `${100 * Math.max(score.high - score.low, 0)}%` });
      if (score.base !== null) add("tick", { left: `${100 * score.base}%` });
      add("dot", { left: `${100 * score.probability}%` });
      return made;
    }

    // On a phone a row is a card, and each cell brings the name of its column.
    function labelled(row, columns) {
      [...row.cells].forEach((cell, i) => { cell.dataset.label = columns[i]; });
    }

    function table(level, key) {
      const own = scores.filter((s) => s.level === level && s.key === key);
      const events = Object.keys(data.targets);
      own.sort((a, b) => events.indexOf(a.target) - events.indexOf(b.target) || a.horizon - b.horizon);
      const columns = [...part(".unit-table thead tr").cells].map((cell) => cell.textContent);
      part(".unit-table tbody").replaceChildren(
        ...own.map((score, i) => {
          const row = element("tr", undefined, i && own[i - 1].target !== score.target ? "next" : "");
          row.append(element("th", data.targets[score.target]), element("td", String(score.horizon)));
          row.firstChild.scope = "row";
          const probability = row.appendChild(element("td", undefined, "probability"));
          const swatch = element("span", undefined, `swatch c${score.risk_class}`);
          swatch.title = score.risk;
          probability.append(swatch, element("span", score.shown, "figure"));
          if (score.interval !== score.shown) probability.append(" ", element("span", score.interval, "fine"));
          probability.append(bar(score));
          for (const text of [score.baseline, score.difference, score.change, String(score.rank)]) row.append(element("td", text));
          row.append(element("td", score.risk));
          row.append(element("td", score.drivers.join("; ") || data.messages.no_drivers, "wraps"));
          labelled(row, columns);
          return row;
        }),
      );
    }

    function said(key) {
      const { units, sentences, months } = data.unitData.said;
      const told = units[key];
      part(".unit-said").hidden = !told;
      if (!told) return;
      part(".unit-said p").textContent = sentences[told[0]];
      part(".unit-said .scroll").hidden = !told[1].length;
      const columns = [...part(".unit-said thead tr").cells].map((cell) => cell.textContent);
      part(".unit-said tbody").replaceChildren(
        ...told[1].map(([within, chance, happened, expected, deaths, kind]) => {
          const row = element("tr");
          row.append(element("th", months[within]), element("td", chance));
          row.firstChild.scope = "row";
          row.appendChild(element("td")).append(element("span", happened, `badge ${kind}`));
          row.append(element("td", expected), element("td", deaths));
          labelled(row, columns);
          return row;
        }),
      );
    }

    function list(name, words) {
      const box = part(name);
      box.hidden = !words.length;
      box.querySelector("ul").replaceChildren(...words.map((text) => element("li", text)));
    }

    async function open(id) {
      const unit = data.unitData.units[id];
      if (!unit) return;
      current = id;
      form.unit.value = id;
      opened.hidden = false;
      const [level, key] = [Number(id[0]), id.slice(2)];
      const name = part(".unit-name");
      name.textContent = unit.name;
      if (unit.within) name.append(" ", element("span", unit.within, "fine"));
      const [through, marks, notes] = data.unitData.states[unit.state];
      const state = part(".unit-state");
      state.replaceChildren(through);
      for (const [kind, word] of marks) state.append(" ", element("span", word, `badge ${kind}`));
      for (const note of notes) state.append(" ", element("span", note, "fine note"));
      table(level, key);
      const windows = new Map();
      for (const s of scores) if (s.level === level && s.key === key && s.median !== null) windows.set(s.horizon, s.deaths);
      const told_deaths = [...windows].sort(([a], [b]) => a - b);
      part(".unit-deaths").hidden = !told_deaths.length;
      part(".unit-deaths tbody tr").replaceChildren(...told_deaths.map(([, deaths]) => element("td", deaths)));
      const spans = told_deaths.map(([horizon]) => (horizon === 1 ? data.messages["unit.within_one"] : say("unit.within", { n: horizon })));
      part(".unit-deaths thead tr").replaceChildren(...spans.map((span) => element("th", span)));
      labelled(part(".unit-deaths tbody tr"), spans);
      said(level === 0 ? key : "");
      const told = data.unitData.parts[unit.country] || [];
      part(".unit-parts").hidden = !told.length;
      part(".whole-country").textContent = unit.within ? say("unit.parts_country", { country: unit.within }) : "";
      part(".unit-parts dl").replaceChildren(...told.flatMap(([what, value]) => [element("dt", what), element("dd", value)]));
      const { spec, forces, announced, steps, given } = chart(unit);
      part(".no-forecast").hidden = Boolean(unit.ahead);
      list(".unit-forces", [...forces, ...announced].map((f) => f.words));
      list(".unit-steps", steps.map((f) => f.words).reverse());
      list(".unit-precedents", data.unitData.precedents[unit.country] || []);
      part(".no-facts").hidden = Boolean(forces.length || steps.length) || !data.unitData.coded.includes(unit.country);
      const searched = (data.unitData.searched[unit.country] || []).map((i) => data.unitData.sentences[i]);
      part(".searched").hidden = !searched.length;
      part(".searched").textContent = searched.join(" ");
      place.setAttribute("aria-label", say("unit.chart_alt", { name: unit.name }));
      place.replaceChildren();
      if (spec) await vegaEmbed(place, spec, drawing);
      await actors(unit, given);
      section.dataset.shown = id;
    }

    const follow = () => {
      if (!location.hash.startsWith("#unit-")) return false;
      const id = decodeURIComponent(location.hash.slice("#unit-".length));
      if (!data.unitData.units[id]) return false;
      open(id);
      section.scrollIntoView();
      part(".unit-name").focus({ preventScroll: true });
      return true;
    };
    form.hidden = false;
    form.addEventListener("change", () => open(form.unit.value));
    form.addEventListener("submit", (event) => event.preventDefault());
    addEventListener("hashchange", follow);
    let wide = innerWidth;
    addEventListener("resize", () => {
      if (innerWidth === wide || !current) return; // a phone's bars come and go without a change of width
      wide = innerWidth;
      open(current);
    });
    if (!follow()) open(section.dataset.opened);
  }

  // The menus of a level go together, and offer only the months ahead that the chosen event is forecast for.
  const forms = [...document.querySelectorAll("form.chooser[data-level]")];
  const fit = (form) => {
    const there = scores.filter((s) => s.level === numberOf[form.dataset.level] && s.target === form.target.value).map((s) => s.horizon);
    for (const option of form.horizon.options) option.hidden = option.disabled = !there.includes(Number(option.value));
    const wanted = Number(form.horizon.value);
    if (!there.includes(wanted)) form.horizon.value = String([...new Set(there)].sort((a, b) => Math.abs(a - wanted) - Math.abs(b - wanted))[0]);
  };
  for (const form of forms) {
    fit(form);
    form.addEventListener("change", (event) => {
      fit(form);
      if (event.detail === "followed") return;
      for (const other of forms.filter((each) => each !== form && each.dataset.level === form.dataset.level)) {
        other.target.value = form.target.value;
        other.horizon.value = form.horizon.value;
        other.dispatchEvent(new CustomEvent("change", { detail: "followed" }));
      }
    });
  }
  for (const details of document.querySelectorAll("details.all")) liveTable(details);
  for (const section of document.querySelectorAll("section:has([data-chart])")) liveMaps(section);
  liveUnit(document.getElementById("unit"));
})();
