/** Lines for events that every reporter prints in the same words. */
import type { Event } from '../history/event.ts';
import { outAlsoShowsLines, outBusyText } from './out.ts';
import { fileChangedText, jobsText, remoteTroubleText, remoteUploadText, storeFreedText } from './summary.ts';

export type Notice = Extract<
  Event,
  {
    type:
      | 'jobs-submitted'
      | 'jobs-joined'
      | 'cluster-warning'
      | 'out-busy'
      | 'out-also-shows'
      | 'store-freed'
      | 'file-changed'
      | 'remote-trouble'
      | 'remote-upload';
  }
>;

export interface NoticeStyle {
  readonly warning: (message: string) => string;
  readonly note: (message: string) => string;
  readonly quiet: (message: string) => string;
}

export function noticeLines(event: Notice, { warning, note, quiet }: NoticeStyle): string[] {
  switch (event.type) {
    case 'jobs-submitted':
    case 'jobs-joined':
      return [quiet(jobsText(event))];
    case 'cluster-warning':
      return [warning(event.message)];
    case 'out-busy':
      return [outBusyText(event)];
    case 'out-also-shows':
      return outAlsoShowsLines(event).map(note);
    case 'store-freed':
      return [storeFreedText(event)];
    case 'file-changed':
      return [warning(fileChangedText(event))];
    case 'remote-trouble':
      return [warning(remoteTroubleText(event))];
    case 'remote-upload':
      return [remoteUploadText(event)];
  }
}
