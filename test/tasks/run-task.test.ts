import { defineTask, figure, file, folder, gathered, table } from 'groundproof/task';
import { expect, test } from 'vitest';
import { runTask } from './run-task.ts';

const numbers = { description: 'Numbers', columns: { n: { type: 'int32', description: 'A number' } } } as const;

const task = defineTask({
  inputs: { one: table(numbers), all: gathered(table(numbers)), none: file({ optional: true }) },
  params: { type: 'object', properties: { factor: { type: 'number', default: 3 } }, additionalProperties: false },
  outputs: {
    scaled: table(numbers),
    text: file('.txt'),
    rest: file('.bin', { optional: true }),
    dir: folder(),
    pic: figure(),
  },
  async run({ inputs, params, outputs, log, progress }) {
    const { n } = await inputs.one.row();
    log(`none is ${inputs.none}`);
    log.warn('careful');
    progress(1);
    await outputs.scaled.write({ n: [n * params.factor] });
    for (const { recording, value } of inputs.all) {
      const row = await value.row();
      outputs.text.write(Buffer.from(`${recording} ${row.n}\n`));
    }
    await outputs.pic.write({ width: 1 });
  },
});

test('runTask passes inputs to a task and collects its outputs', async () => {
  const all = [
    { recording: 'a', value: { n: [1] } },
    { recording: 'b', value: { n: [2] } },
  ];
  const run = await runTask(task, { inputs: { one: { n: [5] }, all } });
  expect((await run.table('scaled', numbers)).n).toEqual(Int32Array.of(15));
  expect(run.text('text')).toBe('a 1\nb 2\n');
  expect(run.figures).toEqual({ pic: { width: 1 } });
  expect([run.messages, run.warnings, run.progress]).toEqual([['none is undefined'], ['careful'], [1]]);
  await expect(runTask(task, { inputs: { one: { n: [5] }, all: [] } })).rejects.toThrow(
    "output 'text' was not written",
  );
  await expect(runTask(task, { inputs: { one: { n: [5, 6] }, all } })).rejects.toThrow('one row');
  await expect(runTask(task, { inputs: { one: { n: [5] }, all }, params: { facto: 1 } })).rejects.toThrow('invalid');
});
