import { ValidateBy } from 'class-validator';
import { countCharacters } from './characters.js';

/** Whether both databases keep a text as it is: it has no NUL, and no half of a surrogate pair. */
export const isStorableText = (text: string): boolean => !text.includes('\0') && text.isWellFormed();

/** A text of `least` to `most` characters that both databases keep as it is. */
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
