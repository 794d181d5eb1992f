import { ValidateBy } from 'class-validator';

/**
 * A text without lone surrogates: JSON can express them by escapes, UTF-8 cannot. Values of other types are left to
 * other rules.
 */
export const WellFormed = (): PropertyDecorator =>
  ValidateBy({
    name: 'isWellFormed',
    validator: {
      validate: (value: unknown) => typeof value !== 'string' || value.isWellFormed(),
      defaultMessage: (validation) => `${validation?.property} must be well-formed Unicode`,
    },
  });
