import type { Row } from 'groundproof/task';
import type { triggersAgreementTable } from '../../../schemas/tasks/detect.ts';
import type { gtInfoTable } from '../../../schemas/tasks/snr.ts';
import { amount } from './words.ts';

/** Returns the key numbers of a recording with their names. `duration`, and its part `accepted`, are in s. */
export function factsOf(
  { nb_spike, max_on_channel, file_channel, peak_snr }: Row<typeof gtInfoTable>,
  duration: number,
  accepted: number,
  { authors, found, missed, extra }: Row<typeof triggersAgreementTable>,
): readonly (readonly [string, string])[] {
  const spikes = Number(nb_spike);
  const electrode = max_on_channel === null ? '\u2013' : `${max_on_channel} (file channel ${file_channel})`;
  return [
    ['Spikes', amount(spikes, '')],
    ['Length', `${amount(duration, '')} s`],
    ['Accepted', `${amount(accepted, '')} s`],
    ['Rate', `${duration > 0 ? (spikes / duration).toFixed(2) : '\u2013'} Hz`],
    ['Best electrode', electrode],
    ['SNR there', amount(peak_snr, '')],
    [
      "Authors' spikes",
      authors === null ? 'none' : `${authors}: ${found} found, ${missed} missed; ${extra} more detected`,
    ],
  ];
}
