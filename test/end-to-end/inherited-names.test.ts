/** Steps and ports with names of properties that every JavaScript object has. */
import { expect, test } from 'vitest';
import { makeRig } from './rig.ts';
import { taskModule } from './task-module.ts';

const step = (name: string, input = '') =>
  `  ${name}: { uses: ./task.ts${input === '' ? '' : `, inputs: { valueOf: ${input} }`} }\n`;

test('every command accepts a step named constructor and an input named valueOf', async () => {
  const rig = makeRig({
    'pipeline.yaml': `steps:\n${step('a')}`,
    'task.ts': taskModule(`log.warn('seen'); outputs.out.write(Buffer.from(inputs.valueOf ? 'with' : 'without'));`, {
      inputs: 'valueOf: file({ optional: true })',
    }),
  });
  expect((await rig.run()).executed).toEqual(['a']);
  rig.write(
    'pipeline.yaml',
    `steps:\n${step('a')}${step('constructor', 'a.out')}${step('toString', 'constructor.out')}`,
  );
  const planned = await rig.plan();
  expect(planned.map(({ action, decision }) => [action, decision])).toEqual([
    ['a', 'reuse'],
    ['constructor', 'execute'],
    ['toString', 'unknown'],
  ]);
  expect((await rig.run()).executed).toEqual(['constructor', 'toString']);
  expect(rig.read('out/toString/out.txt')).toBe('with');
  for (const words of [
    ['run'],
    ['run'],
    ['explain', 'constructor'],
    ['diff'],
    ['report'],
    ['graph'],
    ['lock'],
    ['verify'],
    ['cache', 'check'],
    ['gc'],
  ]) {
    const { code, stderr } = await rig.groundproof(...words);
    expect({ words, code, stack: /^ {4}at .*/m.exec(stderr) }).toEqual({ words, code: 0, stack: null });
  }
});
