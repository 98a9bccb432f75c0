/** A cloth binding drawn in CSS. Decoration: title and author stand beside it as text. */
const cloths = 8;

function clothOf(id: string): number {
  let sum = 0;
  for (const letter of id) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 9973;
  return sum % cloths;
}

interface CoverProps {
  readonly id: string;
  readonly title: string;
  readonly author: string;
}

export function Cover({ id, title, author }: CoverProps) {
  return (
    <div className={`cover cloth-${clothOf(id)}`} aria-hidden="true">
      <span className="cover-title">{title}</span>
      <span className="cover-author">{author}</span>
    </div>
  );
}
