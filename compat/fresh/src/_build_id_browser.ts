/** Put here by the bundler. */
declare const __BUILD_ID__: string;

export const BUILD_ID: string = __BUILD_ID__;
