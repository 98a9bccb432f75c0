/** A labelled field with the text of what is wrong with it, tied together for screen readers. */
import { useId, type ReactElement } from 'react';

interface FieldProps {
  readonly label: string;
  readonly problem?: string | undefined;
  readonly hint?: string;
  /** Draws the control with the ids the label and the texts are tied by. */
  readonly children: (ids: {
    readonly id: string;
    readonly 'aria-describedby': string | undefined;
    readonly 'aria-invalid': boolean;
  }) => ReactElement;
}

export function Field({ label, problem, hint, children }: FieldProps) {
  const id = useId();
  const described = [hint && `${id}-hint`, problem && `${id}-problem`].filter(Boolean).join(' ');
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children({ id, 'aria-describedby': described || undefined, 'aria-invalid': problem !== undefined })}
      {hint !== undefined && (
        <p className="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {problem !== undefined && (
        <p className="problem" id={`${id}-problem`}>
          {problem}
        </p>
      )}
    </div>
  );
}
