import fc from 'fast-check';
import type { Input, Pipeline, Step } from '../../src/pipeline/pipeline.ts';
import { pipelineOf, stepOf } from '../history/action.ts';

/** Pipelines in which a step takes only from steps of lower rank, written in any order. */
export const randomPipelines: fc.Arbitrary<Pipeline> = fc
  .record({ count: fc.integer({ min: 1, max: 8 }), recordings: fc.integer({ min: 1, max: 3 }) })
  .chain(({ count, recordings }) =>
    fc
      .record({
        each: fc.array(fc.boolean(), { minLength: count, maxLength: count }),
        edges: fc.array(fc.tuple(fc.nat(count - 1), fc.nat(count - 1)), { maxLength: 12 }),
        order: fc.shuffledSubarray([...Array(count).keys()], { minLength: count }),
      })
      .map(({ each, edges, order }) => {
        const step = (rank: number): Step => {
          const from = edges.filter(([a, b]) => a === rank && b < rank).map(([, b]) => b);
          const inputs = from.map((b, i): [string, Input] => [
            `in${i}`,
            { kind: 'port', step: `s${b}`, port: 'o', gathered: !each[rank] && each[b] === true, partial: false },
          ]);
          return stepOf(`s${rank}`, { each: each[rank] === true, inputs: Object.fromEntries(inputs) });
        };
        const names = [...Array(recordings).keys()].map((i) => `r${i}`);
        return pipelineOf(names, order.map(step));
      }),
  );
