/** Public door of `config/`: the settings file, checked. */

export { loadSettings, type LoadedSettings, type LoadSettingsOptions } from './load-settings.ts';
export type { ServiceSettings, Settings, SourceSettings } from './resolve-settings.ts';

// For the editor schema and the reference page
export { buildEditorSchema, describeSettings, type SettingRow } from './editor-schema.ts';
