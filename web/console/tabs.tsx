/** Tabs by the book: arrow keys move between them, one tab stop for the row. Hidden bodies stay mounted. */
import { useId, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';

interface Tab {
  readonly title: string;
  readonly body: ReactNode;
}

export function Tabs({ name, tabs }: { readonly name: string; readonly tabs: readonly Tab[] }) {
  const id = useId();
  const [shown, setShown] = useState(0);
  const row = useRef<HTMLDivElement>(null);
  const move = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = (shown + step + tabs.length) % tabs.length;
    setShown(next);
    row.current?.querySelectorAll('button')[next]?.focus();
  };
  return (
    <div className="tabs">
      <div role="tablist" aria-label={name} ref={row} onKeyDown={move}>
        {tabs.map(({ title }, at) => (
          <button
            key={title}
            type="button"
            role="tab"
            id={`${id}-tab-${at}`}
            aria-controls={`${id}-body-${at}`}
            aria-selected={at === shown}
            tabIndex={at === shown ? 0 : -1}
            onClick={() => setShown(at)}
          >
            {title}
          </button>
        ))}
      </div>
      {tabs.map(({ title, body }, at) => (
        <div
          key={title}
          role="tabpanel"
          id={`${id}-body-${at}`}
          aria-labelledby={`${id}-tab-${at}`}
          hidden={at !== shown}
        >
          {body}
        </div>
      ))}
    </div>
  );
}
