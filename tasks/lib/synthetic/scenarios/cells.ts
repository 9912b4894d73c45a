/** Spikes that are not the cell's: other cells that the pipette hears, and artefacts. */
import type { Draw } from '../draw.ts';
import { type CellPlan, type Scenario, shapeOf, trainOf } from '../recording-plan.ts';
import { plainRecording, steadyHeights } from './heights.ts';

const foreign = { varies: "share of the events that are not the cell's" };

/** A cell that fires the share `share` of all events. */
function foreignCell(share: number, cell: CellPlan, draw: Draw, height: CellPlan['height']): CellPlan {
  const rate = (cell.train.rate * share) / ((1 - share) * (1 - cell.train.bursting));
  return { train: { rate, bursting: 0 }, shape: shapeOf(draw), height };
}

/** A smaller cell of heights about `mean`, nearly all below the threshold. */
const lower =
  (mean: number, sd: number): CellPlan['height'] =>
  (_, draw) =>
    mean + sd * draw.normal();

export const cellScenarios = {
  same_size_second_cell: {
    ...foreign,
    levels: [0.1, 0.3],
    plan(level, draw) {
      const drawn = plainRecording(draw, steadyHeights(0, draw));
      return { ...drawn, others: [foreignCell(level, drawn.cell, draw, drawn.cell.height)] };
    },
  },
  artefacts: {
    ...foreign,
    levels: [0.05, 0.2],
    plan(level, draw) {
      const drawn = plainRecording(draw, steadyHeights(0, draw));
      return { ...drawn, artefacts: { share: level, height: drawn.cell.height } };
    },
  },
  hugging_cell: {
    varies: 'height in MAD of another cell under the threshold, nothing missed',
    levels: [5, 6, 7],
    plan(level, draw) {
      const drawn = plainRecording(draw, steadyHeights(0, draw, { sd: draw.between(1, 3) }));
      return { ...drawn, others: [{ train: trainOf(draw), shape: shapeOf(draw), height: lower(level, 0.5) }] };
    },
  },
  smaller_second_cell: {
    ...foreign,
    levels: [0.1, 0.3],
    plan(level, draw) {
      const sd = draw.between(1, 2);
      const drawn = plainRecording(draw, (_, each) => 8 + 16 * sd + sd * each.normal());
      const small: CellPlan['height'] = (_, each) => 8 + 5 * sd + sd * each.normal();
      return { ...drawn, others: [foreignCell(level, drawn.cell, draw, small)] };
    },
  },
  combined: {
    varies: 'intended share below the threshold, with a smaller cell, hum and drift',
    levels: [0, 0.05, 0.1, 0.2],
    plan(level, draw) {
      const drawn = plainRecording(draw, steadyHeights(level, draw));
      const height: CellPlan['height'] = (at, each) =>
        drawn.cell.height(at, each) * (1 + (level === 0 ? 0.1 : 0.05) * (at.seconds / drawn.seconds));
      const others = [{ train: trainOf(draw), shape: shapeOf(draw), height: lower(draw.between(3, 5.5), 0.5) }];
      return { ...drawn, cell: { ...drawn.cell, height }, others, noise: { hum: 0.3, wander: 0.3 } };
    },
  },
  quiet_neighbours: {
    varies: 'height in MAD of three other cells in the noise, nothing missed',
    levels: [3, 4],
    plan(level, draw) {
      const drawn = plainRecording(draw, steadyHeights(0, draw));
      const others = [0, 1, 2].map(() => ({ train: trainOf(draw), shape: shapeOf(draw), height: lower(level, 0.7) }));
      return { ...drawn, others };
    },
  },
} as const satisfies { readonly [name: string]: Scenario };
