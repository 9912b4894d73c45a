/** Replaces the static drawing of a trace by a view that zooms and moves, by pointer, buttons and keys. */
import { parse, View } from 'vega';
import { juxtaTrace, traceMargin, tracePlot, traceSignals } from '../../figure/juxta-trace.ts';
import type { Stretch } from '../../figure/juxta-trace-paths.ts';
import { type PageTrace, type ReadTrace, readTrace } from '../trace/page-trace.ts';
import { followGestures } from './gestures.ts';
import { fitted, moved, zoomed } from './stretch.ts';

const HEIGHT = 300;

/** Length in s of the stretch around a marginal spike. */
const CLOSE_UP = 0.03;

export function traceViewer(section: HTMLElement): void {
  const data = section.querySelector('script.trace-data');
  const frame = section.querySelector<HTMLElement>('.plot');
  if (!data || !frame) return;
  const trace = readTrace(JSON.parse(data.textContent) as PageTrace);
  const duration = trace.samples / trace.samplingRate;
  const whole: Stretch = { from: 0, to: duration };
  let stretch = whole;
  let nearest = -1;

  const { canvas, tools, status } = buildViewer(frame, trace);
  let drawing = startDrawing(canvas, trace, stretch);
  const show = (next: Stretch, about = '') => {
    stretch = fitted(next, duration);
    drawing.draw(stretch);
    status.textContent = `${about}${inView(trace, stretch)}`;
  };
  const step = (by: 1 | -1) => {
    const { marginal, samplingRate } = trace;
    if (marginal.length === 0) return;
    nearest = nearest < 0 && by < 0 ? marginal.length - 1 : (nearest + by + marginal.length) % marginal.length;
    const { sample, height, detected } = marginal[nearest] ?? { sample: 0, height: 0, detected: false };
    const at = sample / samplingRate;
    const which = `Peak ${nearest + 1} of ${marginal.length} near the threshold: ${height.toFixed(2)} MAD high at ${at.toFixed(4)} s, `;
    show({ from: at - CLOSE_UP / 2, to: at + CLOSE_UP / 2 }, `${which}${detected ? 'detected' : 'not detected'}. `);
  };
  const middle = () => (stretch.from + stretch.to) / 2;
  const actions: { readonly [action: string]: () => void } = {
    whole: () => show(whole),
    in: () => show(zoomed(stretch, 0.5, middle(), duration)),
    out: () => show(zoomed(stretch, 2, middle(), duration)),
    earlier: () => show(moved(stretch, -0.5, duration)),
    later: () => show(moved(stretch, 0.5, duration)),
    previous: () => step(-1),
    next: () => step(1),
  };
  tools.addEventListener('click', (event) => {
    const button = event.target instanceof Element ? event.target.closest('button') : null;
    actions[button?.value ?? '']?.();
  });
  canvas.addEventListener('keydown', (event) => {
    const action = actions[KEYS[event.key] ?? ''];
    if (!action || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    action();
  });
  const timeAt = (x: number) => stretch.from + ((x - traceMargin.left) / drawing.width) * (stretch.to - stretch.from);
  followGestures(canvas, {
    zoom: (factor, x) => show(zoomed(stretch, factor, timeAt(x), duration)),
    move: (pixels) => show(moved(stretch, -pixels / drawing.width, duration)),
  });
  new ResizeObserver(() => {
    if (canvas.clientWidth === 0 || widthOf(canvas) === drawing.width) return;
    drawing.stop();
    drawing = startDrawing(canvas, trace, stretch);
  }).observe(canvas);
  show(whole);
}

const KEYS: { readonly [key: string]: string } = {
  ArrowLeft: 'earlier',
  ArrowRight: 'later',
  '+': 'in',
  '=': 'in',
  '-': 'out',
  Home: 'whole',
  '0': 'whole',
  n: 'next',
  p: 'previous',
};

const widthOf = (canvas: HTMLElement): number =>
  Math.max(120, canvas.clientWidth - traceMargin.left - traceMargin.right);

/** Draws into the canvas at its width, at most once per animation frame. */
function startDrawing(canvas: HTMLElement, trace: ReadTrace, first: Stretch) {
  const width = widthOf(canvas);
  const { noise, peakSign } = trace;
  const plot = tracePlot(trace, noise, peakSign, { width, height: HEIGHT });
  const view = new View(parse(juxtaTrace(trace, { noise, sign: peakSign }, first, plot)), { renderer: 'svg' });
  // A separate element, because Vega gives the element that it draws into a role and a name.
  const stage = document.createElement('div');
  canvas.replaceChildren(stage);
  view.initialize(stage).run();
  stage.setAttribute('aria-hidden', 'true');
  let pending: Stretch | undefined;
  return {
    width,
    draw(stretch: Stretch) {
      if (!pending) {
        requestAnimationFrame(() => {
          const signals = traceSignals(trace, pending ?? stretch, plot);
          for (const [name, value] of Object.entries(signals)) view.signal(name, value);
          pending = undefined;
          view.run();
        });
      }
      pending = stretch;
    },
    stop: () => view.finalize(),
  };
}

/** Replaces the static drawing by a canvas, buttons and a status line. */
function buildViewer(frame: HTMLElement, { marginal }: ReadTrace) {
  const canvas = document.createElement('div');
  canvas.className = 'canvas';
  canvas.tabIndex = 0;
  canvas.setAttribute('role', 'application');
  canvas.setAttribute(
    'aria-label',
    'Juxta trace. Arrow keys move, plus and minus zoom, Home shows all, n and p go to the next and previous peak near the threshold.',
  );
  const tools = document.createElement('div');
  tools.className = 'tools';
  const button = (value: string, text: string, label?: string) => {
    const element = document.createElement('button');
    Object.assign(element, { type: 'button', value, disabled: /previous|next/.test(value) && marginal.length === 0 });
    if (label !== undefined) element.setAttribute('aria-label', label);
    element.textContent = text;
    return element;
  };
  tools.append(
    button('whole', 'All'),
    button('out', '\u2212', 'Zoom out'),
    button('in', '+', 'Zoom in'),
    button('earlier', '\u2190', 'Earlier'),
    button('later', '\u2192', 'Later'),
    button('previous', 'Previous peak near threshold'),
    button('next', 'Next peak near threshold'),
  );
  const status = document.createElement('p');
  status.className = 'status';
  status.setAttribute('role', 'status');
  frame.replaceChildren(tools, canvas, status);
  return { canvas, tools, status };
}

function decimals(seconds: number): number {
  if (seconds > 20) return 0;
  return seconds > 0.5 ? 2 : 4;
}

function inView({ spikes, samplingRate }: ReadTrace, { from, to }: Stretch): string {
  const count = spikes.filter((sample) => sample >= from * samplingRate && sample <= to * samplingRate).length;
  const digits = decimals(to - from);
  return `${from.toFixed(digits)} to ${to.toFixed(digits)} s: ${count} spike${count === 1 ? '' : 's'}.`;
}
