/** Public door of `config/`: the settings file, checked. */

export { loadSettings, type LoadedSettings } from './load-settings.ts';
export type { Settings, SourceHeaderRules, SourceSettings } from './resolve-settings.ts';

// For the editor schema and the reference page
export { buildEditorSchema, describeSettings } from './editor-schema.ts';
