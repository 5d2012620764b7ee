// Draws the charts of a page with ECharts from the JSON blocks beside them.
//
// <div data-chart="KIND" data-from="ID"> is filled from <script type="application/json" id="ID">:
//   {"kind": KIND, "rows": [ROW, …], "limit": number (group-rates), "words": {…}}
//   drift        ROW = {"name", "value": drift score, "low", "high", "limit", "verdict", "n"}
//   group-rates  ROW = {"name", "value": rate, "low", "high", "n"}; "limit" = the lowest acceptable rate
//   heat         ROW = {"name", "value", "low", "high", "limit", "n", "verdict", "ratio": value / limit,
//                       "column": place in "windows", "line": place in "features"}; both lists hold names
//   waterfall    ROW = {"name", "value": contribution, "from", "to"}
//   importance   ROW = {"name", "value": mean |SHAP|, "low", "high"}
//   beeswarm     ROW = {"name", "points": [[contribution, place of the value from 0 to 1 or null], …]}
// words: value, limit, interval, n, verdict (axis and tooltip), verdicts {key: words}, decimal and thousand (marks);
// beeswarm: place, low, high, missing.
// A number that was not measured is null or absent. A kind is one function below and one line in KINDS.
//
// Names come from people's data, so nothing here is ever parsed as HTML: the canvas draws text and the tooltip is rich text.
"use strict";
(() => {
  const NARROW = 560;
  const AROUND = 92;
  const style = getComputedStyle(document.documentElement);
  const colour = (name) => style.getPropertyValue(`--${name}`).trim();
  const TONES = { passed: "good", failed: "bad", amber: "warn", uncertain: "warn", insufficient_data: "warn", not_run: "quiet" };
  // A pattern says the verdict to those who do not tell the colours apart.
  const STRIPES = { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [2, 5], rotation: -Math.PI / 4, color: "rgba(255,255,255,.55)" };
  const DOTS = { symbol: "circle", dashArrayX: [[6, 6], [0, 6, 6, 0]], dashArrayY: [6, 0], symbolSize: 0.6, color: "rgba(255,255,255,.6)" };
  const PATTERNS = { failed: STRIPES, amber: STRIPES, uncertain: DOTS };

  const known = (value) => value !== null && value !== undefined;
  const shorten = (text, room) => (text.length > room ? `${text.slice(0, room - 1)}…` : text);
  // Braces and bars are the syntax of rich text; a name that contains them is shown with look-alikes, not obeyed.
  const safe = (text) => String(text).replace(/\{/g, "❴").replace(/\}/g, "❵").replace(/\|/g, "❘");

  const figures = (words) => (value) => {
    if (!known(value)) return "–";
    const exact = Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(3)));
    const [whole, part] = exact.split(".");
    const grouped = whole.replace(/\B(?=(\d{3})+$)/g, words.thousand);
    return part ? grouped + words.decimal + part : grouped;
  };

  const described = (data, show) => (row) => [
    safe(row.name),
    `${data.words.value}: ${show(row.value)}`,
    known(row.low) && `${data.words.interval}: ${show(row.low)} … ${show(row.high)}`,
    known(row.limit) && `${data.words.limit}: ${show(row.limit)}`,
    known(row.n) && `${data.words.n}: ${show(row.n)}`,
    row.verdict && `${data.words.verdict}: ${data.words.verdicts[row.verdict]}`,
  ].filter(Boolean).join("\n");

  const base = (data, show, narrow) => ({
    animation: false,
    textStyle: { fontFamily: style.getPropertyValue("--tblr-font-sans-serif"), color: colour("ink") },
    grid: { left: 4, right: 28, top: 28, bottom: 44, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
    tooltip: {
      renderMode: "richText", confine: true, trigger: "item", backgroundColor: colour("paper"),
      borderColor: colour("line"), textStyle: { color: colour("ink"), fontSize: 13, lineHeight: 20 },
      formatter: (point) => described(data, show)(data.rows[point.dataIndex]),
    },
    xAxis: {
      type: "value", name: data.words.value, nameLocation: "middle", nameGap: 28, min: 0,
      nameTextStyle: { color: colour("ink-soft") }, splitNumber: narrow ? 3 : 5,
      axisLabel: { color: colour("ink-soft"), formatter: show, hideOverlap: true },
      splitLine: { lineStyle: { color: colour("line") } },
    },
    yAxis: {
      type: "category", inverse: true, data: data.rows.map((row) => row.name), axisTick: { show: false },
      axisLine: { lineStyle: { color: colour("line") } },
      axisLabel: { color: colour("ink"), fontSize: 13, width: narrow ? 96 : 220, overflow: "truncate", formatter: safe },
    },
  });

  // The paper behind a label keeps the line of a limit from crossing it out.
  const label = (ink) => ({ show: true, color: colour(ink), fontSize: 12.5, backgroundColor: colour("paper"), padding: [1, 2] });

  // On a narrow screen names stand above their bars instead of taking half of the width.
  const labelled = (option, data, narrow, told) => {
    const series = option.series[0];
    series.label = { ...label("ink"), position: narrow ? [0, -19] : "right", distance: 6 };
    series.label.formatter = (point) => {
      const row = data.rows[point.dataIndex];
      return narrow ? `${safe(shorten(row.name, 26))}   ${told(row)}` : told(row);
    };
    if (!narrow) { option.grid.right = 260; return option; }
    option.yAxis.axisLabel.show = false;
    return option;
  };

  const upright = (api, value, row, half) => {
    const [x, y] = api.coord([value, row]);
    return { x1: x, x2: x, y1: y - half, y2: y + half };
  };

  // The limit of each row as a short line behind its bar; equal limits read as one line.
  const limits = (data) => ({
    type: "custom", silent: true, z: 1, encode: { x: 0, y: 1 },
    data: data.rows.map((row, place) => [row.limit, place]).filter(([limit]) => known(limit)),
    renderItem: (_, api) => ({
      type: "line", shape: upright(api, api.value(0), api.value(1), api.size([0, 1])[1] / 2),
      style: { stroke: colour("ink"), lineWidth: 1.5, lineDash: [4, 3] },
    }),
  });

  // A whisker from low to high with two feet.
  const whiskers = (data) => ({
    type: "custom", silent: true, z: 4, encode: { x: [0, 1], y: 2 },
    data: data.rows.map((row, place) => [row.low, row.high, place]).filter(([low, high]) => known(low) && known(high)),
    renderItem: (_, api) => {
      const left = upright(api, api.value(0), api.value(2), 5);
      const right = upright(api, api.value(1), api.value(2), 5);
      const middle = (left.y1 + left.y2) / 2;
      const parts = [left, right, { x1: left.x1, x2: right.x1, y1: middle, y2: middle }];
      return { type: "group", children: parts.map((shape) => ({ type: "line", shape, style: { stroke: colour("ink"), lineWidth: 1.5 } })) };
    },
  });

  const interval = (row, show) => known(row.low) && known(row.high) && `[${show(row.low)} … ${show(row.high)}]`;

  const drift = (data, show, narrow) => {
    const option = base(data, show, narrow);
    option.xAxis.max = Math.max(...data.rows.map((row) => Math.max(row.value ?? 0, row.limit ?? 0))) * 1.08 || 1;
    option.xAxis.axisLabel.showMaxLabel = false;
    const bars = data.rows.map((row) => ({
      value: row.value ?? 0,
      itemStyle: { color: colour(TONES[row.verdict] || "accent"), decal: PATTERNS[row.verdict], borderRadius: [0, 3, 3, 0] },
    }));
    option.series = [{ type: "bar", barWidth: 16, data: bars }, limits(data)];
    // Beside a bar on a phone there is room for the colour's name, not for what to do about it.
    const verdict = (row) => (narrow ? data.words.verdicts[row.verdict]?.split(":")[0] : data.words.verdicts[row.verdict]);
    return labelled(option, data, narrow,
      (row) => [show(row.value), interval(row, show), verdict(row)].filter(Boolean).join(narrow ? " " : "  "));
  };

  const importance = (data, show, narrow) => {
    const option = base(data, show, narrow);
    const bars = { type: "bar", barWidth: 16, itemStyle: { color: colour("bar"), borderRadius: [0, 3, 3, 0] } };
    option.series = [{ ...bars, data: data.rows.map((row) => row.value) }, whiskers(data)];
    return narrow ? labelled(option, data, narrow, (row) => show(row.value)) : option;
  };

  // Each bar begins where the one above it ends; the number says its direction to those who do not tell the colours apart.
  const waterfall = (data, show, narrow) => {
    const option = base(data, show, narrow);
    const ends = data.rows.flatMap((row) => [row.from, row.to]);
    const room = (Math.max(...ends) - Math.min(...ends)) * 0.15 || 1;
    Object.assign(option.xAxis, { min: Math.min(...ends) - room, max: Math.max(...ends) + room });
    Object.assign(option.xAxis.axisLabel, { showMinLabel: false, showMaxLabel: false });
    const told = (row) => `${row.value > 0 ? "+" : ""}${show(row.value)}`;
    const caption = (row) => (narrow ? `${safe(shorten(row.name, 30))}   ${told(row)}` : told(row));
    option.series = [{
      type: "custom", encode: { x: [0, 1], y: 2 }, data: data.rows.map((row, place) => [row.from, row.to, place]),
      renderItem: (_, api) => {
        const row = data.rows[api.value(2)];
        const [left, y] = api.coord([Math.min(row.from, row.to), api.value(2)]);
        const [right] = api.coord([Math.max(row.from, row.to), api.value(2)]);
        const bar = { type: "rect", shape: { x: left, y: y - 8, width: Math.max(1, right - left), height: 16 }, style: { fill: colour(row.value > 0 ? "bar" : "accent") } };
        const words = { text: caption(row), fill: colour("ink"), fontSize: 12.5, align: "left", verticalAlign: "middle" };
        return { type: "group", children: [bar, { type: "text", x: narrow ? 8 : right + 6, y: narrow ? y - 19 : y, style: words }] };
      },
    }];
    if (narrow) option.yAxis.axisLabel.show = false;
    return option;
  };

  const groupRates = (data, show, narrow) => {
    const option = base(data, show, narrow);
    Object.assign(option.xAxis, { max: 1, interval: 0.25 });
    const told = (row) => [show(row.value), known(row.n) && `n = ${show(row.n)}`].filter(Boolean).join("   ");
    const line = { symbol: "none", silent: true, data: [{ xAxis: data.limit }] };
    line.lineStyle = { color: colour("bad"), type: "dashed", width: 1.5 };
    line.label = { position: "start", color: colour("bad"), fontSize: 12.5, formatter: `${data.words.limit}: ${show(data.limit)}` };
    option.series = [{
      type: "scatter", symbolSize: 11, z: 6, itemStyle: { color: colour("accent"), opacity: 1 },
      data: data.rows.map((row, place) => [row.value, place]),
      label: { ...label("ink-soft"), position: "bottom", distance: 4, formatter: (point) => told(data.rows[point.dataIndex]) },
      markLine: known(data.limit) ? line : undefined,
    }, whiskers(data)];
    return option;
  };

  // From 1 on a feature has drifted, and is grey where chance alone may have brought it there; the number says it without colours.
  const STEPS = [[0, 0.5, "good-soft", "ink"], [0.5, 1, "good-mid", "ink"], [1, 2, "warn-mid", "paper"], [2, Infinity, "bad", "paper"]];
  const rounded = (ratio) => (known(ratio) ? Math.round(ratio * 100) / 100 : ratio);

  const heat = (data, show, narrow) => {
    const option = base(data, show, narrow);
    const step = (ratio) => STEPS.find(([from, to]) => ratio >= from && ratio < to);
    const grey = (row) => row.verdict === "uncertain" && { visualMap: false, itemStyle: { color: colour("quiet-soft") } };
    const cell = (row) => ({
      ...grey(row), value: [row.column, row.line, known(row.ratio) ? row.ratio : "-"],
      label: { color: colour(known(row.ratio) && !grey(row) ? step(row.ratio)[3] : "ink-soft") },
    });
    Object.assign(option.grid, { right: 8, top: 8, bottom: 52 });
    option.tooltip.formatter = (point) => {
      const row = data.rows[point.dataIndex];
      return [described(data, show)(row), known(row.ratio) && `${data.words.ratio}: ${show(row.ratio)}`].filter(Boolean).join("\n");
    };
    option.xAxis = {
      type: "category", data: data.windows, axisTick: { show: false }, axisLine: { lineStyle: { color: colour("line") } },
      axisLabel: { color: colour("ink"), rotate: narrow ? 90 : 45, width: 110, overflow: "truncate", formatter: safe },
    };
    option.yAxis.data = data.features;
    option.visualMap = {
      type: "piecewise", dimension: 2, orient: "horizontal", left: "center", bottom: 0, itemGap: narrow ? 8 : 14,
      textStyle: { color: colour("ink") }, outOfRange: { color: colour("quiet-soft") },
      pieces: STEPS.map(([from, to, name]) => ({
        gte: from, lt: to, color: colour(name), label: to === Infinity ? `≥ ${show(from)}` : `${show(from)}–${show(to)}`,
      })),
    };
    option.series = [{
      type: "heatmap", data: data.rows.map(cell), itemStyle: { borderColor: colour("paper"), borderWidth: 2 },
      label: { show: !narrow && data.windows.length <= 16, fontSize: 11.5, formatter: (point) => show(rounded(data.rows[point.dataIndex].ratio)) },
    }];
    return option;
  };

  // Points that would lie on each other step aside, up and down in turn: the same data give the same picture.
  const aside = (points, width, columns) => {
    const column = ([contribution]) => Math.round((contribution / width) * columns);
    const stacks = new Map();
    points.forEach((point) => stacks.set(column(point), (stacks.get(column(point)) || 0) + 1));
    const step = Math.min(4, 32 / Math.max(...stacks.values()));
    const met = new Map();
    return points.map((point) => {
      const before = met.get(column(point)) || 0;
      met.set(column(point), before + 1);
      return Math.ceil(before / 2) * (before % 2 ? 1 : -1) * step;
    });
  };

  // Names of rows as text of their own, above the points on a narrow screen.
  const namesAbove = (data) => ({
    type: "custom", silent: true, encode: { x: 0, y: 1 }, data: data.rows.map((_, place) => [0, place]),
    renderItem: (_, api) => {
      const style = { text: safe(shorten(data.rows[api.value(1)].name, 34)), fill: colour("ink"), fontSize: 12.5, verticalAlign: "middle" };
      return { type: "text", x: 8, y: api.coord([0, api.value(1)])[1] - 22, style };
    },
  });

  const beeswarm = (data, show, narrow) => {
    const option = base(data, show, narrow);
    const all = data.rows.flatMap((row) => row.points.map(([contribution]) => contribution));
    const ends = [Math.min(0, ...all), Math.max(0, ...all)];
    const width = ends[1] - ends[0] || 1;
    Object.assign(option.xAxis, { min: ends[0] - width * 0.04, max: ends[1] + width * 0.04 });
    Object.assign(option.xAxis.axisLabel, { showMinLabel: false, showMaxLabel: false });
    option.grid.top = narrow ? 64 : 40;
    option.tooltip.formatter = ({ value: [contribution, line, place] }) => [
      safe(data.rows[line].name), `${data.words.value}: ${show(contribution)}`,
      `${data.words.place}: ${place === "-" ? data.words.missing : show(place)}`,
    ].join("\n");
    option.visualMap = {
      type: "continuous", dimension: 2, seriesIndex: 0, min: 0, max: 1, orient: "horizontal", left: narrow ? 8 : "center", top: 0,
      itemWidth: 10, itemHeight: 110, text: [data.words.high, data.words.low], textStyle: { color: colour("ink") },
      inRange: { color: [colour("info"), colour("warn-mid")] }, hoverLink: false,
    };
    const points = data.rows.flatMap((row, line) => {
      const offsets = aside(row.points, width, narrow ? 60 : 120);
      return row.points.map(([contribution, place], at) => ({
        value: [contribution, line, known(place) ? place : "-"], symbolOffset: [0, offsets[at]],
        ...(known(place) ? {} : { visualMap: false, symbol: "emptyCircle", itemStyle: { color: colour("quiet") } }),
      }));
    });
    const middle = { symbol: "none", silent: true, data: [{ xAxis: 0 }], label: { show: false }, lineStyle: { color: colour("ink-soft"), type: "solid" } };
    option.series = [{ type: "scatter", symbolSize: 5, z: 3, data: points, markLine: middle, itemStyle: { opacity: 0.85 } }];
    if (!narrow) return option;
    option.yAxis.axisLabel.show = false;
    option.series.push(namesAbove(data));
    return option;
  };

  const KINDS = { beeswarm, drift, heat, importance, waterfall, "group-rates": groupRates };

  const draw = (place) => {
    const source = document.getElementById(place.dataset.from);
    const kind = KINDS[place.dataset.chart];
    if (!source || !kind || place.dataset.drawn) return;
    place.dataset.drawn = "yes";
    const data = JSON.parse(source.textContent);
    const drawn = window.echarts.init(place, null, { renderer: "canvas" });
    const paint = () => {
      const narrow = place.clientWidth < NARROW;
      const row = kind === heat ? 30 : kind === beeswarm && narrow ? 60 : narrow || kind === groupRates || kind === beeswarm ? 52 : 36;
      const lines = kind === heat ? data.features.length + 3 : data.rows.length;
      place.style.height = `${lines * row + AROUND}px`;
      drawn.resize();
      drawn.setOption(kind(data, figures(data.words), narrow), { notMerge: true });
    };
    let width = 0;
    new ResizeObserver(() => {
      if (place.clientWidth === width) return;
      width = place.clientWidth;
      paint();
    }).observe(place);
  };
  const drawAll = (root) => root.querySelectorAll("[data-chart]").forEach(draw);

  document.addEventListener("DOMContentLoaded", () => drawAll(document));
  document.addEventListener("htmx:load", (event) => drawAll(event.detail.elt));
})();
