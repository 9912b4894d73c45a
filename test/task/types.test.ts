import { defineTask, figure, file, folder, gathered, table } from 'groundproof/task';
import { expect, expectTypeOf, test } from 'vitest';

const peaks = {
  description: 'Detected spikes',
  columns: {
    sample_index: { type: 'int64', description: 'Where', unit: 'samples' },
    amplitude: { type: 'float32', description: 'How high' },
    low: { type: 'float64', description: 'May be missing', nullable: true },
    name: { type: 'utf8', description: 'Whose' },
  },
} as const;

test('the types of a declaration flow into run', () => {
  const task = defineTask({
    inputs: {
      juxta: file(),
      maybe: file({ optional: true }),
      peaks: table(peaks),
      every: gathered(table(peaks)),
      dir: folder(),
    },
    params: {
      type: 'object',
      properties: { k: { type: 'number', default: 8 }, sign: { enum: ['-', '+'], default: '-' } },
      additionalProperties: false,
    },
    outputs: { out: table(peaks, { csv: true, headline: 'name' }), raw: file('.raw'), pic: figure(), all: folder() },
    async run({ inputs, params, outputs, signal }) {
      expectTypeOf(params.k).toEqualTypeOf<number>();
      expectTypeOf(params.sign).toEqualTypeOf<'-' | '+'>();
      expectTypeOf(inputs.juxta).toEqualTypeOf<string>();
      expectTypeOf(inputs.maybe).toEqualTypeOf<string | undefined>();
      expectTypeOf(inputs.dir).toEqualTypeOf<string>();
      const columns = await inputs.peaks.columns();
      expectTypeOf(columns.sample_index).toEqualTypeOf<BigInt64Array>();
      expectTypeOf(columns.low).toEqualTypeOf<readonly (number | null)[]>();
      const first = await inputs.every[0]?.value.row();
      expectTypeOf(first?.name).toEqualTypeOf<string | undefined>();
      expectTypeOf(signal).toEqualTypeOf<AbortSignal>();
      outputs.raw.write(new Uint8Array());
      expectTypeOf(outputs.all.path).toEqualTypeOf<string>();
      await outputs.out.write({ sample_index: [1], amplitude: new Float32Array(1), low: [null], name: ['a'] });
      // @ts-expect-error a column of another type
      await outputs.out.write({ sample_index: ['1'], amplitude: [1], low: [null], name: ['a'] });
      // @ts-expect-error a missing column
      await outputs.out.write({ sample_index: [1], amplitude: [1], low: [null] });
    },
  });
  expect(Object.keys(task.outputs)).toEqual(['out', 'raw', 'pic', 'all']);
});
