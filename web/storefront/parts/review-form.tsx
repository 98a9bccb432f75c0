/** Adds a review. The rules are the service's; what it finds wrong is shown at the field it names. */
import { useEffect, useRef, useState, type FormEvent } from 'react';
import { useMutation } from '@apollo/client/react';
import { graphql } from '../graphql.ts';
import { readFormProblems, type FormProblems } from '../problems.ts';
import { Field } from './field.tsx';
import { readField } from './read-field.ts';

const addReviewMutation = graphql(`
  mutation AddReview($input: ReviewInput!) {
    addReview(input: $input) {
      id
    }
  }
`);

interface ReviewFormProps {
  readonly bookId: string;
  readonly onAdded: () => Promise<unknown>;
}

const nothing: FormProblems = { fields: {}, form: [] };
const fieldNames = ['rating', 'text', 'reader'];
const stars = [1, 2, 3, 4, 5];

export function ReviewForm({ bookId, onAdded }: ReviewFormProps) {
  const [addReview, { loading }] = useMutation(addReviewMutation);
  const [problems, setProblems] = useState(nothing);
  const [isThanked, setIsThanked] = useState(false);
  const formRef = useRef<HTMLFormElement>(null);

  // To the first thing to put right.
  useEffect(() => {
    const at = problems.fields['rating'] === undefined ? '[aria-invalid="true"]' : 'input[name="rating"]';
    if (Object.keys(problems.fields).length > 0) formRef.current?.querySelector<HTMLElement>(at)?.focus();
  }, [problems]);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (loading) return;
    const given = new FormData(event.currentTarget);
    const input = {
      bookId,
      reader: readField(given, 'reader'),
      rating: Number(readField(given, 'rating')),
      text: readField(given, 'text'),
    };
    setIsThanked(false);
    // Who the reader is goes by a header of the service, whose answer to none is not written for visitors.
    if (input.reader === '') {
      setProblems({ fields: { reader: 'Choose a name that readers will see.' }, form: [] });
      return;
    }
    setProblems(nothing);
    const outcome = await addReview({ variables: { input } }).catch((error: unknown) => ({ data: undefined, error }));
    if (!outcome.data?.addReview) {
      setProblems(
        readFormProblems(outcome.error, fieldNames) ?? {
          fields: {},
          form: ['Reviews can’t be taken right now. Your text is still here; try again in a moment.'],
        },
      );
      return;
    }
    formRef.current?.reset();
    setIsThanked(true);
    await onAdded();
  };

  return (
    <form className="review-form" ref={formRef} onSubmit={(event) => void submit(event)} noValidate>
      <h3>Write a review</h3>
      <fieldset aria-describedby={problems.fields['rating'] === undefined ? undefined : 'rating-problem'}>
        <legend>Rating</legend>
        <div className="star-choice">
          {stars.map((value) => (
            <label key={value}>
              <input type="radio" name="rating" value={value} />
              {value}
              <span className="star" aria-hidden="true">
                ★
              </span>
              <span className="sr-only">{value === 1 ? 'star' : 'stars'}</span>
            </label>
          ))}
        </div>
        {problems.fields['rating'] !== undefined && (
          <p className="problem" id="rating-problem">
            {problems.fields['rating']}
          </p>
        )}
      </fieldset>
      <Field label="Your review" hint="10 to 5,000 characters" problem={problems.fields['text']}>
        {(ids) => <textarea {...ids} name="text" rows={4} />}
      </Field>
      <Field label="Name to show" problem={problems.fields['reader']}>
        {(ids) => <input {...ids} type="text" name="reader" autoComplete="nickname" maxLength={64} />}
      </Field>
      <button type="submit" aria-disabled={loading}>
        {loading ? 'Sending the review …' : 'Publish review'}
      </button>
      <div role="alert" className="form-problems">
        {problems.form.map((text) => (
          <p key={text}>{text}</p>
        ))}
        {Object.keys(problems.fields).length > 0 && <p>Something needs another look; it is marked above.</p>}
      </div>
      <p role="status" className="thanks">
        {isThanked && 'Thank you. Your review is on the page.'}
      </p>
    </form>
  );
}
