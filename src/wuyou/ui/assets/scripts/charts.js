// Bars, lines and dots, drawn as SVG in the colours of the page; the numbers stand in the table below each chart.
import { BarChart, LineChart, ScatterChart } from "echarts/charts";
import { GridSimpleComponent, TooltipComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

use([BarChart, LineChart, ScatterChart, GridSimpleComponent, TooltipComponent, SVGRenderer]);

const drawn = new Map();
const variable = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const colour = (tone) => variable(`--${tone}-solid`) || variable(`--${tone}`);

function look() {
  const [ink, muted, line, surface] = ["--ink", "--ink-3", "--line", "--surface"].map(variable);
  return { ink, muted, line, surface, font: getComputedStyle(document.body).fontFamily };
}

// a point that stands out is a large diamond in the tone of what is wrong
const standing = (number) => ({ value: number, symbol: "diamond", symbolSize: 13, itemStyle: { color: colour("bad") } });

function series(data, one, { surface }) {
  const kind = data.kind === "line" ? "line" : "bar";
  const shape =
    kind === "line"
      ? { symbol: "circle", symbolSize: 6, showSymbol: one.values.length < 40 || Boolean(one.marks), showAllSymbol: one.marks ? true : "auto", lineStyle: { width: 2 }, itemStyle: { color: colour(one.tone), borderColor: surface, borderWidth: 1 } }
      : { barMaxWidth: 26, stack: data.kind === "stacked" ? "all" : undefined, itemStyle: { color: colour(one.tone), borderRadius: data.kind === "barh" ? [0, 3, 3, 0] : data.kind === "stacked" ? 0 : [3, 3, 0, 0] } };
  return {
    name: one.label,
    type: kind,
    color: colour(one.tone),
    data: one.marks ? one.values.map((number, place) => (one.marks.includes(place) ? standing(number) : one.values.length < 40 ? number : { value: number, symbol: "none" })) : one.values,
    cursor: one.urls.length ? "pointer" : "default",
    emphasis: { focus: "none" },
    ...shape,
  };
}

// a target or control limit is a dashed line over the whole width; the legend above the chart names it
const limit = (data, one) => ({ name: one.label, type: "line", data: one.values ?? data.labels.map(() => one.value), step: one.values ? "middle" : undefined, color: colour(one.tone), symbol: "none", silent: true, lineStyle: { width: 1.5, type: "dashed" }, emphasis: { disabled: true } });

function option(data) {
  const page = look();
  const lying = data.kind === "barh";
  const category = { type: "category", data: data.labels, inverse: lying, axisTick: { show: false }, axisLine: { lineStyle: { color: page.line } }, axisLabel: { color: page.muted, fontSize: 12, hideOverlap: true } };
  // lines show change, so their axis need not start at nought; the length of a bar must
  const value = { type: "value", scale: data.kind === "line", splitLine: { lineStyle: { color: page.line } }, axisLabel: { color: page.muted, fontSize: 12 }, splitNumber: 4 };
  return {
    animation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    animationDuration: 350,
    textStyle: { fontFamily: page.font },
    grid: { left: 4, right: 12, top: 14, bottom: 2, containLabel: true },
    tooltip: { trigger: "axis", axisPointer: { type: data.kind === "line" ? "line" : "shadow" }, backgroundColor: page.surface, borderColor: page.line, textStyle: { color: page.ink, fontSize: 13 }, valueFormatter: (number) => (number == null ? "–" : `${number}${data.unit ? ` ${data.unit}` : ""}`), confine: true },
    xAxis: lying ? value : category,
    yAxis: lying ? category : value,
    series: [...data.series.map((one) => series(data, one, page)), ...data.limits.map((one) => limit(data, one))],
  };
}

function scattered(data) {
  const page = look();
  const axis = (name) => ({ type: "value", name, nameLocation: "middle", nameGap: 26, nameTextStyle: { color: page.muted, fontSize: 12 }, scale: true, splitLine: { lineStyle: { color: page.line } }, axisLabel: { color: page.muted, fontSize: 12 } });
  return {
    animation: false,
    textStyle: { fontFamily: page.font },
    grid: { left: 4, right: 16, top: 14, bottom: 24, containLabel: true },
    tooltip: { trigger: "item", backgroundColor: page.surface, borderColor: page.line, textStyle: { color: page.ink, fontSize: 13 }, confine: true, formatter: (event) => said(data, event) },
    xAxis: axis(data.x),
    yAxis: { ...axis(""), splitNumber: 4 },
    series: [
      { type: "scatter", symbolSize: 11, cursor: "pointer", data: data.dots.map((dot) => ({ value: dot.at, itemStyle: { color: colour(dot.tone), borderColor: page.surface, borderWidth: 1 } })) },
      ...data.curves.map((curve) => ({ type: "line", data: curve.points, symbol: "none", silent: true, color: colour(curve.tone), lineStyle: { width: 1.5, type: curve.solid ? "solid" : "dashed" }, tooltip: { show: false }, emphasis: { disabled: true } })),
    ],
  };
}

function said(data, event) {
  const dot = data.dots[event.dataIndex];
  const text = document.createElement("span");
  text.textContent = `${dot.label}: ${dot.at[1]}${data.unit ? ` ${data.unit}` : ""} (${data.x} ${dot.at[0]})`;
  return text;
}

const pictured = (data) => (data.kind === "scatter" ? scattered(data) : option(data));

function draw(place) {
  const data = JSON.parse(document.getElementById(place.dataset.chart).textContent);
  const chart = init(place, null, { renderer: "svg" });
  chart.setOption(pictured(data));
  chart.on("click", (event) => {
    const url = data.dots ? data.dots[event.dataIndex]?.url : data.series[event.seriesIndex]?.urls[event.dataIndex];
    if (url) location.assign(url);
  });
  drawn.set(place, { chart, data });
  new ResizeObserver(() => chart.resize()).observe(place);
}

export function start(root) {
  for (const place of root.querySelectorAll("[data-chart]")) if (!drawn.has(place)) draw(place);
}

new MutationObserver(() => {
  for (const { chart, data } of drawn.values()) chart.setOption(pictured(data), true);
}).observe(document.documentElement, { attributeFilter: ["data-bs-theme"] });
