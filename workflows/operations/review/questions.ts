import type { Attestation } from '../../contracts/attestations.ts';
import type { OperationCheck } from '../../contracts/operations.ts';
import type { Policy } from '../../contracts/policy.ts';
import type { ReviewQuestion, ReviewSpec } from '../../contracts/reviews.ts';
import { utc } from '../../runbook/format.ts';

/**
 * What a review asks people, and what they said since it began: the word of an earlier review does not count.
 *
 * @param openedAt RFC 3339, UTC
 */
export function questionsOf(
  { manual }: Pick<ReviewSpec, 'manual'>,
  { attestations: specs }: Pick<Policy, 'attestations'>,
  attestations: readonly Attestation[],
  openedAt: string,
): readonly ReviewQuestion[] {
  return manual.map((item) => {
    const given = attestations.find((one) => one.item === item && Date.parse(one.at) >= Date.parse(openedAt));
    return {
      item,
      statement: specs.find(({ id }) => id === item)?.statement ?? 'the policy does not let it be attested',
      answer:
        given === undefined ? null : { passed: given.holds, by: given.by, at: given.at, note: given.note },
    };
  });
}

/** Those that nobody has answered. */
export function unanswered(questions: readonly ReviewQuestion[]): readonly ReviewQuestion[] {
  return questions.filter(({ answer }) => answer === null);
}

/** The name under which the record of a review keeps the answer to a question. */
export function questionName(item: string): string {
  return `manual: ${item}`;
}

/** A question as the record keeps it: who said what. */
export function asCheck({ item, statement, answer }: ReviewQuestion): OperationCheck {
  return {
    name: questionName(item),
    passed: answer?.passed === true,
    found:
      answer === null
        ? 'nobody answered'
        : `${answer.passed ? 'holds' : 'does not hold'}, by ${answer.by} (identity not verified) ${utc(answer.at)}: ${answer.note}`,
    expected: statement,
  };
}

/** Commands that answer what is open, both ways. */
export function answerLines(questions: readonly ReviewQuestion[], environment: string): readonly string[] {
  return unanswered(questions).flatMap(({ item, statement }) => [
    `${statement} (add --denied where that does not hold)`,
    `npx dr attest ${item} --note "…" --environment ${environment} --as NAME`,
  ]);
}
