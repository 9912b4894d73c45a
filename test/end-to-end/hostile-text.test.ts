/** Sends text that would steer a terminal or a CI log through every command that prints. */
import { expect, test } from 'vitest';
import { jsonText } from '../../src/report/controls.ts';
import { HOSTILE, HOSTILE_LINES, steering } from '../report/hostile.ts';
import { makeRig } from './rig.ts';
import { taskModule } from './task-module.ts';

/** Text as a literal of YAML and JavaScript, with all escapes that they need. */
const quoted = (text: string) => jsonText(text);

const judged = `{
  description: ${quoted(HOSTILE)},
  columns: {
    recording: { type: 'utf8', description: 'a' },
    verdict: { type: 'utf8', description: ${quoted(HOSTILE)} },
    note: { type: 'utf8', description: 'b' },
  },
}`;

/** A table with hostile cells, and a task and a command that fail with hostile messages. */
const project = {
  'pipeline.yaml': `
name: ${quoted(HOSTILE_LINES)}
each: { recording: [a, b] }
steps:
  judge: { uses: ./judge.ts, params: { mark: one } }
  fail: { uses: ./fail.ts, params: { text: ${quoted(HOSTILE_LINES)} } }
  shell: { shell: ${quoted("printf '%b' {params.text} >&2; exit 3")}, params: { text: ${quoted('\\033]0;title\\007\\n::error::a\\r##[group]b\\n')} }, outputs: { o: .txt } }
`,
  'judge.ts': taskModule(
    `
    const words = ${quoted(HOSTILE_LINES)};
    log.warning(words);
    log.notice(words);
    console.log(words);
    outputs.judged.write({ recording: [words, ${quoted('::set-output name=x::y')}], verdict: [params.mark + words, words], note: [words, params.mark] });
    `,
    {
      params: "mark: { type: 'string' }",
      outputs: `judged: table(${judged}, { headline: 'verdict', csv: true })`,
    },
  ),
  'fail.ts': taskModule('console.error(params.text); throw new DataError(params.text);', {
    params: "text: { type: 'string' }",
  }),
};

test('no command prints text that steers a terminal or a CI log', async () => {
  const rig = makeRig(project);
  const said: string[] = [];
  const check = async (...words: string[]) => {
    const { stdout, stderr } = await rig.groundproof(...words.map((word) => word.replaceAll('\0', '')));
    expect([words, ...steering(stdout), ...steering(stderr)]).toEqual([words]);
    said.push(`${words[0]}: ${stdout.length + stderr.length > 0}`);
    return stdout + stderr;
  };
  await check('run', 'judge', '--reporter', 'plain');
  expect(await check('run', 'fail', 'shell', '--keep-going', '--reporter', 'plain')).toContain('title');
  for (const format of ['text', 'json']) await check('explain', 'fail@a', '--format', format);
  rig.edit('pipeline.yaml', 'mark: one', `mark: ${quoted(HOSTILE)}`);
  for (const reporter of ['plain', 'json']) await check('plan', '--reporter', reporter);
  await check('run', '--keep-going', '--reporter', 'json');
  for (const format of ['text', 'json', 'markdown']) await check('diff', '--format', format);
  for (const format of ['text', 'mermaid', 'dot', 'json']) await check('graph', '--format', format);
  for (const reporter of ['plain', 'json']) await check('verify', 'judge', '--reporter', reporter);
  await check('sweep', 'judge', '--set', `judge.mark=[${quoted(HOSTILE_LINES)}, two]`);
  for (const words of [['cache', 'stats'], ['cache', 'check'], ['gc'], ['status'], ['report'], ['lock']])
    await check(...words);
  rig.write('pipeline.yaml', `name: ${quoted(HOSTILE)}\nsteps: { a: { uses: ${quoted(`./${HOSTILE_LINES}`)} } }\n`);
  expect(await check('run')).toContain('1 mistake');
  await check('run', HOSTILE_LINES);
  await check(`${HOSTILE}\n::error::a`);
  expect(said.filter((one) => one.endsWith('false'))).toEqual([]);
}, 300_000);
