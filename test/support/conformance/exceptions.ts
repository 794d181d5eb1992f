/*
 * Where the document and the service differ, mostly because no schema can say what the service does (contract.md §3).
 * Keep it short: each entry is something that a generated client cannot know.
 */

/** What is refused with 400 though the document allows it, by the text of the error's body. */
export const REFUSED: Readonly<Record<string, RegExp>> = {
  'a password that is too common': /"Password is too common"/,
  'a password that equals the login': /"Password must not be the login"/,
  'a password whose length in NFC is another': /"Password can contain only from \d+ to 128 symbols!"/,
  'an old password that a setting demands': /"oldPassword must come with password"/,
  'half a surrogate pair':
    /must be well-formed Unicode"|"(?:label|name|description|value) must be a text of [01] to 128 characters"/,
  'a value that a setting cannot have': /"user\.login\.maxAttempts must be an integer from 1 to 999999999"/,
  'data over 64 KiB as sent, or as merged': /"data can have at most 64 KiB"/,
  'a patch deeper than 64 levels': /"data can be merged to a depth of 64 levels"/,
  'a made-up `after`':
    /"after must (?:be (?:an id|the id of a session)|come from a Link of the same list and sort)"/,
  'a made-up cursor': /"(?:after|Last-Event-ID) must be (?:a cursor that was given|the id of an event)"/,
  '`after` together with `skip`': /"after excludes skip"/,
  'a moment that has passed': /xpiration must be a moment to come, in ISO 8601"/,
  'a moment too far ahead':
    /xpiration must (?:be at most \d+ seconds ahead|not be after the end of your own session)"/,
  // The error names no field: what is wrong lies outside of what a document describes.
  'a malformed Host': /^\{"error":400,"message":"Invalid request parameters"\}$/,
};

/** What is accepted though the document does not allow it, by what it says. */
export const ACCEPTED: Readonly<Record<string, RegExp>> = {
  // A union type for a second way to say `["*"]` would make every generated client clumsy.
  '`*` as the only action': /: \/actions must be array,null$/,
  // RFC 9110 §13.1: such a header matches no record.
  'a condition that is no list of tags': /^If-(?:None-)?Match is "/,
  'a password whose length in NFC is another': /\/password must NOT have (?:more|fewer) than \d+ characters$/,
};

/** Whether a text is one of the exceptions. */
export const isExcepted = (exceptions: Readonly<Record<string, RegExp>>, text: string): boolean =>
  Object.values(exceptions).some((exception) => exception.test(text));
