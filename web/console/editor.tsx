/** CodeMirror as a React component. The text lives in the editor; the component tells about changes and takes new text. */
import { useEffect, useRef } from 'react';
import { json } from '@codemirror/lang-json';
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { EditorState, Prec, type Extension } from '@codemirror/state';
import { EditorView, keymap } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { basicSetup } from 'codemirror';
import { graphql, updateSchema } from 'cm6-graphql';
import type { GraphQLSchema } from 'graphql';

const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.definitionKeyword], color: 'var(--syntax-keyword)' },
  { tag: [tags.propertyName, tags.attributeName, tags.variableName], color: 'var(--syntax-name)' },
  { tag: tags.string, color: 'var(--syntax-string)' },
  { tag: [tags.number, tags.bool, tags.null, tags.atom], color: 'var(--syntax-number)' },
  { tag: tags.comment, color: 'var(--syntax-comment)', fontStyle: 'italic' },
]);

const look = EditorView.theme({
  '&': { height: '100%', backgroundColor: 'transparent', color: 'var(--ink)', fontSize: '0.875rem' },
  '&.cm-focused': { outline: '2px solid var(--focus)', outlineOffset: '-2px' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '1.55' },
  '.cm-content': { caretColor: 'var(--ink)', paddingBlock: '0.6rem' },
  '.cm-cursor': { borderLeftColor: 'var(--ink)' },
  '.cm-gutters': { backgroundColor: 'transparent', color: 'var(--ink-faint)', border: 'none' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'color-mix(in srgb, var(--ink) 5%, transparent)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'color-mix(in srgb, var(--focus) 28%, transparent)',
  },
  '.cm-matchingBracket, &.cm-focused .cm-matchingBracket': {
    backgroundColor: 'color-mix(in srgb, var(--focus) 25%, transparent)',
    color: 'inherit',
  },
  '.cm-tooltip, .cm-panels': {
    backgroundColor: 'var(--sheet)',
    color: 'var(--ink)',
    borderColor: 'var(--line-strong)',
  },
  '.cm-tooltip-autocomplete ul li[aria-selected]': { backgroundColor: 'var(--accent)', color: 'var(--accent-ink)' },
  '.cm-foldPlaceholder': {
    backgroundColor: 'transparent',
    borderColor: 'var(--line-strong)',
    color: 'var(--ink-faint)',
  },
});

interface EditorProps {
  readonly label: string;
  readonly language: 'graphql' | 'json';
  readonly text: string;
  readonly onChange?: (text: string) => void;
  readonly onRun?: () => void;
  readonly schema?: GraphQLSchema | undefined;
}

export function Editor({ label, language, text, onChange, onRun, schema }: EditorProps) {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const callbacks = useRef({ onChange, onRun });
  callbacks.current = { onChange, onRun };
  const isReadOnly = onChange === undefined;

  useEffect(() => {
    if (!place.current) return;
    const run = () => {
      callbacks.current.onRun?.();
      return true;
    };
    const extensions: Extension[] = [
      // Before the defaults, where Mod-Enter opens a new line.
      Prec.highest(keymap.of([{ key: 'Mod-Enter', run }])),
      basicSetup,
      language === 'graphql' ? graphql() : json(),
      syntaxHighlighting(colours),
      look,
      EditorView.lineWrapping,
      EditorView.contentAttributes.of({
        'aria-label': label,
        tabindex: '0',
        ...(isReadOnly && { 'aria-readonly': 'true' }),
      }),
      EditorState.readOnly.of(isReadOnly),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) callbacks.current.onChange?.(update.state.doc.toString());
      }),
    ];
    const created = new EditorView({ parent: place.current, extensions });
    view.current = created;
    return () => {
      view.current = null;
      created.destroy();
    };
  }, [label, language, isReadOnly]);

  useEffect(() => {
    const shown = view.current?.state.doc.toString();
    if (shown === undefined || shown === text) return;
    view.current?.dispatch({ changes: { from: 0, to: shown.length, insert: text } });
  }, [text]);

  useEffect(() => {
    if (view.current && language === 'graphql') updateSchema(view.current, schema);
  }, [schema, language]);

  return <div className="editor" ref={place} />;
}
