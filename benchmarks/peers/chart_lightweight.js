// lightweight-charts as chart_lightweight.py works it. WALK: [open, high, low, close, volume] of each minute, flat;
// FIRST_S: when the first begins; INDICATORS: how many of five.
"use strict";

const { createChart, CandlestickSeries, HistogramSeries, LineSeries } = LightweightCharts;
const SHOWN = 300;
const count = WALK.length / 5;
const opens = new Float64Array(count), highs = new Float64Array(count), lows = new Float64Array(count);
const closes = new Float64Array(count), volumes = new Float64Array(count);
for (let i = 0; i < count; i++) [opens[i], highs[i], lows[i], closes[i], volumes[i]] = WALK.slice(5 * i, 5 * i + 5);
const time = (i) => FIRST_S + 60 * i;
const last = count - 1;

const chart = createChart(document.body, {
  width: 960, height: 540, crosshair: { mode: 0 }, timeScale: { timeVisible: true },
});
const candles = chart.addSeries(CandlestickSeries);
const volume = chart.addSeries(HistogramSeries, { priceScaleId: "", priceFormat: { type: "volume" } });
volume.priceScale().applyOptions({ scaleMargins: { top: 0.8, bottom: 0 } });
candles.setData(Array.from(opens, (open, i) => ({ time: time(i), open, high: highs[i], low: lows[i], close: closes[i] })));
volume.setData(Array.from(volumes, (value, i) => ({ time: time(i), value })));

// An indicator: full(closes) -> its lines; step(price) -> their last values, from what was before the last bar.
function ema(values, n, begin = 0) {
  const out = new Float64Array(values.length).fill(NaN);
  let sum = 0;
  for (let i = begin; i < values.length; i++) {
    if (i < begin + n) {
      sum += values[i];
      if (i === begin + n - 1) out[i] = sum / n;
    } else out[i] = out[i - 1] + (values[i] - out[i - 1]) * 2 / (n + 1);
  }
  return out;
}
const emaStep = (before, price, n) => before + (price - before) * 2 / (n + 1);

function sma(n) {
  const out = new Float64Array(count).fill(NaN);
  let sum = 0;
  for (let i = 0; i < count; i++) {
    sum += closes[i] - (i >= n ? closes[i - n] : 0);
    if (i >= n - 1) out[i] = sum / n;
  }
  return { pane: 0, lines: [out], step: (price) => [(sum - closes[last] + price) / n] };
}
function exponential(n) {
  const out = ema(closes, n);
  return { pane: 0, lines: [out], step: (price) => [emaStep(out[last - 1], price, n)] };
}
function bollinger(n, width) {
  const at = (i, price) => {
    let sum = price, squares = 0;
    for (let k = i - n + 1; k < i; k++) sum += closes[k];
    const middle = sum / n;
    for (let k = i - n + 1; k < i; k++) squares += (closes[k] - middle) ** 2;
    const out = width * Math.sqrt((squares + (price - middle) ** 2) / n);
    return [middle, middle + out, middle - out];
  };
  const lines = [0, 1, 2].map(() => new Float64Array(count).fill(NaN));
  for (let i = n - 1; i < count; i++) at(i, closes[i]).forEach((value, k) => { lines[k][i] = value; });
  return { pane: 0, lines, step: (price) => at(last, price) };
}
function rsi(n) {
  const out = new Float64Array(count).fill(NaN);
  let gain = 0, loss = 0, before = [0, 0];
  for (let i = 1; i < count; i++) {
    const move = closes[i] - closes[i - 1];
    before = [gain, loss];
    gain += (Math.max(move, 0) - gain) / n;
    loss += (Math.max(-move, 0) - loss) / n;
    if (i >= n) out[i] = 100 * gain / (gain + loss);
  }
  const step = (price) => {
    const move = price - closes[last - 1];
    const up = before[0] + (Math.max(move, 0) - before[0]) / n, down = before[1] + (Math.max(-move, 0) - before[1]) / n;
    return [100 * up / (up + down)];
  };
  return { pane: 1, lines: [out], step };
}
function macd(fast, slow, n) {
  const quick = ema(closes, fast), calm = ema(closes, slow);
  const line = quick.map((value, i) => value - calm[i]);
  const signal = ema(line, n, slow - 1);
  const bars = line.map((value, i) => value - signal[i]);
  const step = (price) => {
    const now = emaStep(quick[last - 1], price, fast) - emaStep(calm[last - 1], price, slow);
    const mean = emaStep(signal[last - 1], now, n);
    return [now - mean, now, mean];
  };
  return { pane: 2, lines: [bars, line, signal], isBars: true, step };
}

const made = [() => sma(20), () => exponential(20), () => bollinger(20, 2), () => rsi(14), () => macd(12, 26, 9)];
const studies = made.slice(0, INDICATORS).map((make) => {
  const study = make();
  study.series = study.lines.map((values, k) => {
    const series = chart.addSeries(study.isBars && k === 0 ? HistogramSeries : LineSeries, { lineWidth: 1 }, study.pane);
    const points = [];
    values.forEach((value, i) => { if (!Number.isNaN(value)) points.push({ time: time(i), value }); });
    series.setData(points);
    return series;
  });
  return study;
});

// What a hand or the market does.
const scale = chart.timeScale(), box = document.querySelector(".tv-lightweight-charts");
let seen = 0, chance = 1, grown = volumes[last];
const random = () => (chance = (chance * 48271) % 2147483647) / 2147483647;
const wheel = (deltaX, deltaY) => box.dispatchEvent(
  new WheelEvent("wheel", { deltaX, deltaY, clientX: 500, clientY: 200, bubbles: true, cancelable: true }));

const changes = {
  nothing() {},
  tick_ms() {
    const close = lows[last] + random() * (highs[last] - lows[last]);
    candles.update({ time: time(last), open: opens[last], high: highs[last], low: lows[last], close });
    volume.update({ time: time(last), value: grown += 1e-6 });
    for (const study of studies) {
      study.step(close).forEach((value, k) => study.series[k].update({ time: time(last), value }));
    }
  },
  pan_ms(i) { wheel(Math.floor(i / 50) % 2 ? 3.75 : -3.75, 0); }, // 3 px: 80 px a notch
  zoom_ms(i) { wheel(0, Math.floor(i / 20) % 2 ? -100 : 100); },
  crosshair_ms() {
    seen++;
    const at = { clientX: 100 + seen * 7 % 700, clientY: 50 + seen * 3 % 200, bubbles: true };
    const canvas = document.elementFromPoint(at.clientX, at.clientY);
    canvas.dispatchEvent(new MouseEvent("mouseenter", at));
    canvas.dispatchEvent(new MouseEvent("mousemove", at));
  },
};
changes.tick_all_ms = changes.tick_ms;

const looks = {
  tick_ms: [count - SHOWN, count + 10], crosshair_ms: [count - SHOWN, count + 10], tick_all_ms: [-1, count + 10],
  pan_ms: [count - 1.5 * SHOWN, count - 0.5 * SHOWN], zoom_ms: [count - 0.625 * SHOWN, count - 0.375 * SHOWN],
};

const painted = () => new Promise((done) => requestAnimationFrame(done));

async function look(what) {
  if (what === "tick_all_ms") scale.applyOptions({ minBarSpacing: 960 / (count + 100) / 2 });
  const [from, to] = looks[what];
  scale.setVisibleLogicalRange({ from, to });
  for (let i = 0; i < 3; i++) await painted();
}

// A frame: it changes in one turn, is drawn in the next, and the one after begins when that is on its way.
async function frame(what, i) {
  await painted();
  changes[what](i);
  await painted();
  await painted();
}
