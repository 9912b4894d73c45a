import { expect, test } from 'vitest';
import { type PageTrace, readTrace } from '../../tasks/lib/report/trace/page-trace.ts';
import { smallTrace, smallView } from './small-recording.ts';

const traceIn = (html: string): PageTrace =>
  JSON.parse(/<script type="application\/json" class="trace-data">(.*?)<\/script>/s.exec(html)?.[1] ?? '');

const sound = smallTrace({ height: 14, spikes: 150 });
const viewed = smallView('a_1', sound);

test('view shows criteria, labelled figures, the trace, and how to load the recording', async () => {
  const { html } = await viewed;
  for (const heading of ['Criteria', 'Amplitudes', 'Across the threshold', 'Juxta trace', 'On the array']) {
    expect(html).toContain(`<h3>${heading}</h3>`);
  }
  expect(html).toContain('<th scope="row">Missed spikes<span');
  expect(html).toContain('read_npz_sorting(&quot;export/ground_truth/a_1/sorting.npz&quot;)');
  const figures = html.match(/<svg [^>]*class="chart"[^>]*>/g) ?? [];
  expect(figures.length).toBeGreaterThan(10);
  for (const figure of figures) expect(figure).toMatch(/role="img" aria-label="[^"]+"/);
  expect(html).not.toMatch(/NaN|undefined|Infinity/);
});

test('the trace in the page equals the trace within a quarter of a MAD', async () => {
  const trace = sound;
  const page = traceIn((await viewed).html);
  const { bin, low, high, spikes, amplitudes, marginal, reach, windows, noise } = readTrace(page);
  expect(low.length).toBe(Math.ceil(trace.length / bin));
  for (let i = 0; i < low.length; i += 97) {
    const samples = trace.subarray(i * bin, (i + 1) * bin);
    expect(Math.abs((low[i] as number) - Math.min(...samples))).toBeLessThan(noise.mad / 4);
    expect(Math.abs((high[i] as number) - Math.max(...samples))).toBeLessThan(noise.mad / 4);
  }
  expect(spikes.length).toBe(amplitudes.length);
  spikes.forEach((sample, i) => {
    expect(Math.abs((amplitudes[i] as number) - (trace[sample] as number))).toBeLessThan(noise.mad / 4);
  });
  marginal.forEach(({ sample }, i) => {
    const middle = windows[i * (2 * reach + 1) + reach] as number;
    expect(Math.abs(middle - (trace[sample] as number))).toBeLessThan(noise.mad / 16);
  });
});

test('view works for a recording without spikes', async () => {
  const { html } = await smallView('silent', smallTrace({ height: 0, spikes: 0 }));
  expect(html).toContain('no spikes');
  expect(traceIn(html).spikes).toBe(traceIn(html).amplitudes);
});

test('view first names the modelled parts, and nothing for a real recording', async () => {
  const { html } = await smallView('a_1', sound, 'the array & <b>all</b>');
  expect(html.indexOf('Not recorded but made up: the array &amp; &lt;b&gt;all&lt;/b&gt;.')).toBeGreaterThan(0);
  expect(html.indexOf('Modelled data')).toBeLessThan(html.indexOf('<dl class="facts">'));
  expect((await viewed).html).not.toContain('odelled');
});

test('view writes the same bytes again', async () => {
  expect((await smallView('a_1', sound)).html === (await viewed).html).toBe(true);
});
