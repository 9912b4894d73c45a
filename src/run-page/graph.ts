/** The picture of a run's graph: steps in columns, each after what it needs, with what became of its actions. */
import type { Mark, Spec } from 'vega';
import type { RunView } from './run-view.ts';

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
  const at = new Map(placed.map((place) => [place.name, place]));
  const boxes = placed.map(({ name, x, y }) => {
    const own = actions.filter(({ step }) => step === name);
    const bad = own.some(({ outcome }) => outcome === 'failed' || outcome === 'blocked');
    return box(x, y, bad ? '#d55e00' : own.some(({ outcome }) => outcome === 'executed') ? '#0072b2' : '#c9d0d8');
  });
  const labels = placed.flatMap(({ name, x, y }) => {
    const own = actions.filter(({ step }) => step === name);
    return [
      { content: name, x: x + 10, y: y + 16, size: 12.5, weight: 600, fill: '#1f2933' },
      { content: outcomesText(own), x: x + 10, y: y + 31, size: 11, weight: 400, fill: '#5b6672' },
    ];
  });
  const edges = steps.flatMap(({ name, needs }) =>
    needs.flatMap((from) => {
      const [start, end] = [at.get(from), at.get(name)];
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

/** `12 executed, 1 reused`, the first two kinds. */
function outcomesText(actions: RunView['actions']): string {
  const kinds = ['failed', 'blocked', 'executed', 'reused', 'cancelled'] as const;
  const counts = kinds.map((kind) => ({ kind, count: actions.filter(({ outcome }) => outcome === kind).length }));
  const some = counts.filter(({ count }) => count > 0).slice(0, 2);
  return some.map(({ kind, count }) => `${count} ${kind}`).join(', ');
}

/** A step's column is one after that of the last step it needs; in a column, steps stand near what they need. */
function placeSteps(steps: RunView['steps']): Placed[] {
  const columns = new Map<string, number>();
  const rows = new Map<string, number>();
  const taken: number[] = [];
  const placed: Placed[] = [];
  // In the document's order a step may come before what it needs, so until nothing changes.
  for (let changed = true; changed; ) {
    changed = false;
    for (const { name, needs } of steps) {
      const column = Math.max(-1, ...needs.map((from) => columns.get(from) ?? -1)) + 1;
      if (columns.get(name) === column) continue;
      columns.set(name, column);
      changed = true;
    }
  }
  const last = Math.max(-1, ...columns.values());
  for (let column = 0; column <= last; column++) {
    const here = steps.filter(({ name }) => columns.get(name) === column);
    const wish = ({ needs }: (typeof steps)[number]) => {
      const known = needs.flatMap((from) => rows.get(from) ?? []);
      return known.length === 0 ? 0 : known.reduce((sum, row) => sum + row, 0) / known.length;
    };
    for (const step of here.toSorted((a, b) => wish(a) - wish(b))) {
      const row = Math.max(taken[column] ?? 0, Math.round(wish(step)));
      taken[column] = row + 1;
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

function edge(from: Placed, to: Placed): Mark {
  const [x, y] = [from.x + BOX.width, from.y + BOX.height / 2];
  const [endX, endY] = [to.x, to.y + BOX.height / 2];
  const bend = GAP.x / 2;
  // Past the boxes in between it runs level, just under the row that it starts in.
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

/** The names are data: as values in a mark, Vega takes `constructor` and the like for what every object has. */
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
