"use strict";
// The page is whole without this script. It draws the maps live, lets the reader choose event, horizon and unit, and
// sorts and filters the full tables. Text from the data is only ever set as text.
(() => {
  const data = JSON.parse(document.getElementById("brief-data").textContent);
  const scores = data.scores.rows.map((row) => Object.fromEntries(data.scores.columns.map((name, i) => [name, row[i]])));
  const say = (key, fields) => data.messages[key].replace(/\{(\w+)\}/g, (_, name) => fields[name]);
  const numberOf = { country: 0, region: 1 };
  const find = (level, target, horizon) =>
    new Map(scores.filter((s) => s.level === level && s.target === target && s.horizon === horizon).map((s) => [s.key, s]));

  function draw(holder) {
    const spec = { ...structuredClone(data.charts[holder.dataset.chart]), datasets: structuredClone({ ...data.datasets, scores }) };
    const live = holder.appendChild(document.createElement("div"));
    return vegaEmbed(live, spec, { actions: false, renderer: "svg", ast: true }).then(
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
      line.textContent = (data.captions[line.dataset.scope] || {})[`${target} ${horizon}`] || "";
    }
  }

  function liveMaps(section) {
    const form = section.querySelector(".chooser");
    const views = Promise.all([...section.querySelectorAll("[data-chart]")].map(draw));
    const readout = section.querySelector(".readout");
    form.hidden = false;
    form.addEventListener("change", async () => {
      const target = form.target.value;
      const horizon = Number(form.horizon.value);
      const chosen = form.chosen.value;
      caption(section, target, horizon);
      const score = find(numberOf[form.dataset.level], target, horizon).get(chosen);
      readout.textContent = score ? say("readout", score) : "";
      for (const view of await views) {
        if (view) await view.signal("target", target).signal("horizon", horizon).signal("chosen", chosen).runAsync();
      }
    });
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

  for (const details of document.querySelectorAll("details.all")) liveTable(details);
  for (const section of document.querySelectorAll("section:has([data-chart])")) liveMaps(section);
})();
