// The version of this build, put in by the bundler from package.json.

declare const PSAVER_VERSION: string;

export const VERSION = PSAVER_VERSION;
