import { channels } from './recording.ts';

/** Makes a pipeline with the default pipeline's steps, or only some, on archives beside it; as JSON, which is YAML. */
export function pipelineOf(recordings: readonly string[], only?: readonly string[]): string {
  const step = (name: string, inputs: object, params: object = {}) => ({
    uses: `groundproof/tasks/${name}`,
    each: 'recording',
    inputs,
    params,
  });
  const steps = {
    unzip: step('unzip', { archive: { file: '{recording}.tar.gz' } }, { channels, dropped_channels: [] }),
    detect: step('detect', { juxta: 'unzip.juxta', info: 'unzip.info', triggers: 'unzip.triggers' }),
    histogram: step('histogram', { peaks: 'detect.peaks', noise: 'detect.noise' }),
    noise: step('noise', { mea: 'unzip.mea', info: 'unzip.info' }),
    waveforms: step('waveforms', { mea: 'unzip.mea', info: 'unzip.info', peaks: 'detect.peaks' }),
    snr: step('snr', {
      peaks: 'detect.peaks',
      waveforms: 'waveforms.waveforms',
      channel_noise: 'noise.channel_noise',
    }),
    verdict: step(
      'verdict',
      {
        peaks: 'detect.peaks',
        noise: 'detect.noise',
        below_threshold: 'detect.below_threshold',
        gt_info: 'snr.gt_info',
        lag: 'waveforms.lag',
        triggers_agreement: 'detect.triggers_agreement',
      },
      { recording: '{recording}' },
    ),
  };
  const chosen = Object.fromEntries(Object.entries(steps).filter(([name]) => only?.includes(name) ?? true));
  return `${JSON.stringify({ each: { recording: recordings }, steps: chosen }, null, 2)}\n`;
}
