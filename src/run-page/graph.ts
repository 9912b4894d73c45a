/** Draws the graph of a run: steps in columns, each to the right of the steps it needs, with the outcomes of its actions. */
import type { Mark, Spec } from 'vega';
import type { RunView } from './run-view.ts';

/** Sizes in pixels. */
const BOX = { width: 128, height: 40 };
const GAP = { x: 46, y: 18 };

interface Placed {
  readonly name: string;
  readonly column: number;
  readonly x: number;
  readonly y: number;
}

export function runGraph({ steps, actions }: Pick<RunView, 'steps' | 'actions'>): Spec {
  const placed = placeSteps(steps);
  const byName = new Map(placed.map((place) => [place.name, place]));
  const actionsOf = (name: string) => actions.filter(({ step }) => step === name);
  const boxes = placed.map(({ name, x, y }) => box(x, y, borderColour(actionsOf(name))));
  const labels = placed.flatMap(({ name, x, y }) => [
    { content: name, x: x + 10, y: y + 16, size: 12.5, weight: 600, fill: '#1f2933' },
    { content: outcomesText(actionsOf(name)), x: x + 10, y: y + 31, size: 11, weight: 400, fill: '#5b6672' },
  ]);
  const edges = steps.flatMap(({ name, needs }) =>
    needs.flatMap((from) => {
      const [start, end] = [byName.get(from), byName.get(name)];
      return start && end ? [edge(start, end)] : [];
    }),
  );
  const width = Math.max(...placed.map(({ x }) => x), 0) + BOX.width;
  const height = Math.max(...placed.map(({ y }) => y), 0) + BOX.height;
  return {
    $schema: 'https://vega.github.io/schema/vega/v6.json',
    description: `${steps.length} steps and what they take from each other`,
    background: 'white',
    padding: 4,
    width,
    height,
    data: [{ name: 'labels', values: labels }],
    marks: [...edges, ...boxes, LABELS],
    config: { text: { font: 'Inter, Helvetica, Arial, sans-serif' } },
  };
}

/** The colours are replaced by those of the page's theme in `style.ts`. */
function borderColour(actions: RunView['actions']): string {
  if (actions.some(({ outcome }) => outcome === 'failed' || outcome === 'blocked')) return '#d55e00';
  return actions.some(({ outcome }) => outcome === 'executed') ? '#0072b2' : '#c9d0d8';
}

/** `12 executed, 1 reused`: at most two outcomes fit. */
function outcomesText(actions: RunView['actions']): string {
  const kinds = ['failed', 'blocked', 'executed', 'reused', 'cancelled'] as const;
  const counts = kinds.map((kind) => ({ kind, count: actions.filter(({ outcome }) => outcome === kind).length }));
  const first = counts.filter(({ count }) => count > 0).slice(0, 2);
  return first.map(({ kind, count }) => `${count} ${kind}`).join(', ');
}

/** Places each step right of the last step it needs, and within its column near the rows of the steps it needs. */
function placeSteps(steps: RunView['steps']): Placed[] {
  const columns = columnsOf(steps);
  const rows = new Map<string, number>();
  /** The first free row of each column. */
  const freeRows: number[] = [];
  const placed: Placed[] = [];
  const last = Math.max(-1, ...columns.values());
  for (let column = 0; column <= last; column++) {
    const here = steps.filter(({ name }) => columns.get(name) === column);
    const wishedRow = ({ needs }: (typeof steps)[number]) => {
      const known = needs.flatMap((from) => rows.get(from) ?? []);
      return known.length === 0 ? 0 : known.reduce((sum, row) => sum + row, 0) / known.length;
    };
    for (const step of here.toSorted((a, b) => wishedRow(a) - wishedRow(b))) {
      const row = Math.max(freeRows[column] ?? 0, Math.round(wishedRow(step)));
      freeRows[column] = row + 1;
      rows.set(step.name, row);
      placed.push({
        name: step.name,
        column,
        x: column * (BOX.width + GAP.x),
        y: row * (BOX.height + GAP.y),
      });
    }
  }
  return placed;
}

function columnsOf(steps: RunView['steps']): ReadonlyMap<string, number> {
  const columns = new Map<string, number>();
  // A pipeline may list a step before the steps it needs, so repeat until nothing changes.
  for (let changed = true; changed; ) {
    changed = false;
    for (const { name, needs } of steps) {
      const column = Math.max(-1, ...needs.map((from) => columns.get(from) ?? -1)) + 1;
      if (columns.get(name) === column) continue;
      columns.set(name, column);
      changed = true;
    }
  }
  return columns;
}

function edge(from: Placed, to: Placed): Mark {
  const [x, y] = [from.x + BOX.width, from.y + BOX.height / 2];
  const [endX, endY] = [to.x, to.y + BOX.height / 2];
  const bend = GAP.x / 2;
  // An edge that skips columns runs below the row of its start, past the boxes in between.
  const level = to.column > from.column + 1 ? from.y + BOX.height + GAP.y / 2 : y;
  const path =
    to.column > from.column + 1
      ? `M${x} ${y}c${bend} 0 0 ${level - y} ${bend} ${level - y}H${endX - bend}C${endX} ${level} ${endX - bend} ${endY} ${endX} ${endY}`
      : `M${x} ${y}C${x + bend} ${y} ${endX - bend} ${endY} ${endX} ${endY}`;
  return {
    type: 'path',
    aria: false,
    encode: { enter: values({ path, stroke: '#5b6672', strokeWidth: 1, opacity: 0.6 }) },
  };
}

const box = (x: number, y: number, stroke: string): Mark => ({
  type: 'rect',
  aria: false,
  encode: { enter: values({ x, y, ...BOX, cornerRadius: 4, fill: 'white', stroke, strokeWidth: 1.5 }) },
});

/** Names are data, because Vega confuses a mark's value such as `constructor` with the property of every object. */
const LABELS: Mark = {
  type: 'text',
  aria: false,
  from: { data: 'labels' },
  encode: {
    enter: {
      x: { field: 'x' },
      y: { field: 'y' },
      text: { field: 'content' },
      fontSize: { field: 'size' },
      fontWeight: { field: 'weight' },
      fill: { field: 'fill' },
      limit: { value: BOX.width - 16 },
    },
  },
};

const values = (channels: { readonly [name: string]: unknown }) =>
  Object.fromEntries(Object.entries(channels).map(([name, value]) => [name, { value }]));
