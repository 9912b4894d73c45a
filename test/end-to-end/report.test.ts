import { expect, test } from 'vitest';
import { makeRig } from './rig.ts';

const page = `import { defineTask, file } from 'groundproof/task';
export default defineTask({
  inputs: {}, params: { type: 'object', properties: { text: { type: 'string' } } }, outputs: { all: file('.html') },
  run: ({ params, outputs }) => outputs.all.write(Buffer.from(String(params.text))),
});
`;

test('run names the report, and report prints its path and writes a page about the run beside it', async () => {
  const rig = makeRig({
    'pipeline.yaml': 'steps:\n  show: { uses: ./show.ts, params: { text: hello } }\n',
    'show.ts': page,
  });
  expect(await rig.groundproof('report')).toMatchObject({ code: 2, stderr: expect.stringContaining('no run of') });
  for (const _ of ['executed', 'nothing to do']) {
    expect((await rig.groundproof('run')).stderr).toMatch(/; results in out, report in out\/show\/all\.html\n$/);
    expect(await rig.groundproof('report')).toMatchObject({
      code: 0,
      stdout: 'out/show/all.html\nout/show/run.html\n',
    });
  }
  expect(rig.read('out/show/run.html')).toContain('<b>1</b> reused');
  expect(rig.read('out/show/run.html')).toContain('<a href="all.html">');

  rig.remove('out');
  expect(await rig.groundproof('report')).toMatchObject({ code: 2, stderr: expect.stringContaining('is gone') });
  expect((await rig.run()).reused).toEqual(['show']);
  expect((await rig.groundproof('report', 'pipeline.yaml')).code).toBe(0);
});

test('report of a pipeline without a page writes only the page about the run', async () => {
  const rig = makeRig({
    'pipeline.yaml': 'steps:\n  say: { shell: "echo hello > {outputs.text}", outputs: { text: .txt } }\n',
  });
  expect((await rig.groundproof('run')).stderr).toMatch(/; results in out\n$/);
  expect(await rig.groundproof('report')).toMatchObject({ code: 0, stdout: 'out/run.html\n' });
  expect(rig.read('out/run.html')).toContain('echo hello');
});
