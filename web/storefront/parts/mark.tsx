/** The shop's mark: two streams that become one, which is what a tributary does. */
export function Mark() {
  return (
    <svg className="mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <path d="M6 4c0 8 10 7 10 16v8M26 4c0 8-10 7-10 16M16 4v10" />
    </svg>
  );
}
