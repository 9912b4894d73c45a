/** What this build of the engine is. Both are set by the build. */
declare const GROUNDWORK_ENGINE: string | undefined;
declare const GROUNDWORK_VERSION: string | undefined;

/** A digest of the engine's own sources, so that no plan or record kept by another build is trusted. */
export const ENGINE: string = typeof GROUNDWORK_ENGINE === 'string' ? GROUNDWORK_ENGINE : 'source';

export const VERSION: string = typeof GROUNDWORK_VERSION === 'string' ? GROUNDWORK_VERSION : '0.0.0-source';
