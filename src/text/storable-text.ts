import { ValidateBy } from 'class-validator';
import { countCharacters } from './characters.js';

/** Whether both databases store a text unchanged: it contains no NUL and no lone surrogate. */
export const isStorableText = (text: string): boolean => !text.includes('\0') && text.isWellFormed();

/** A text of `least` to `most` characters that both databases store unchanged. */
export const StorableText = (least: number, most: number): PropertyDecorator =>
  ValidateBy({
    name: 'isKeptText',
    validator: {
      validate: (value: unknown) => {
        if (typeof value !== 'string' || !isStorableText(value)) return false;
        const length = countCharacters(value);
        return length >= least && length <= most;
      },
      defaultMessage: (validation) =>
        `${validation?.property} must be a text of ${least} to ${most} characters`,
    },
  });
