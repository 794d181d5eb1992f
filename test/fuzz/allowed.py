"""
What the document cannot say: the refusals of valid requests that are right. Each entry names the status, the message
and, where that is not enough, the requests that it holds for. A refusal without an entry is a fault of the document or
of the service.
"""

import json
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timezone


CREATE_TOKEN = 'POST /token/create'
PASSWORD_LENGTHS = (8, 128)
END_OF_TIME = datetime(9999, 12, 31, tzinfo=timezone.utc)


def always(case, ids):
    return True


def query_has(*names):
    """The request has all of these query parameters."""
    return lambda case, ids: all(name in (case.query or {}) for name in names)


def header(name):
    """The request has this header."""
    return lambda case, ids: name in (case.headers or {})


def body_has(*names):
    """The body has one of these members."""
    return lambda case, ids: isinstance(case.body, dict) and any(name in case.body for name in names)


def at(*operations):
    """The request is one of these operations."""
    return lambda case, ids: case.operation.label in operations


def names_ids(case, ids):
    """Each id of the message stands in the path or in the body."""
    sent = [str(value) for value in (case.path_parameters or {}).values()]
    if isinstance(case.body, dict):
        sent.append(str(case.body.get('userId')))
    return all(any(same_id(value, one) for one in sent) for value in ids)


def same_id(value, sent):
    """Whether two texts are the same id: zeros may come first, and a UUID has either case."""
    return value.lower().lstrip('0') == sent.lower().lstrip('0')


def is_not_to_come(case, names):
    """The member of the body that the message names is a moment that has passed, or one that no token lives to see."""
    text = case.body[names[0]].upper().replace(':60', ':59')
    if text.startswith('0000'):
        return True
    return not datetime.now(timezone.utc) < datetime.fromisoformat(text) < END_OF_TIME


def length_differs(case, ids):
    """The characters of the password as sent are as many as the document allows, and those of its NFC are not."""
    length = len(unicodedata.normalize('NFC', case.body['password']))
    return not PASSWORD_LENGTHS[0] <= length <= PASSWORD_LENGTHS[1]


@dataclass(frozen=True)
class Refusal:
    """
    A refusal that is right. `message` matches all of the message, or of the message of a field; its groups are ids.
    `role`: only where the caller has it.
    """

    status: int
    message: str
    why: str
    when: Callable = always
    role: str | None = None


REFUSALS = [
    # What contract.md names.
    Refusal(400, 'Password is too common', 'a list of passwords is no schema', body_has('password')),
    Refusal(400, 'Password must not be the login', 'a schema compares no members', body_has('password', 'login')),
    Refusal(400, 'data can have at most 64 KiB', 'a schema counts no bytes', body_has('data')),
    Refusal(400, 'after must (?:be|come from) .+', 'made up: not from a `Link`', query_has('after')),
    Refusal(400, 'after excludes skip', 'parameters of their own in the document', query_has('after', 'skip')),
    Refusal(400, r'Password can contain only from \d+ to \d+ symbols!', 'a schema counts no characters of NFC',
            length_differs),
    Refusal(400, r'user\.login\.maxAttempts must be an integer from 1 to 999999999', 'the name says what the value may be',
            at('PUT /configuration/{name}')),
    Refusal(400, 'No secret is kept in the configuration', 'contract.md §4: no name of a secret',
            at('PUT /configuration/{name}')),
    # 413, of which contract.md §6 says when.
    Refusal(413, 'The body has more than 16 members', 'a schema counts no members of members', at('POST /token', 'POST /token/refresh', 'POST /token/revoke')),
    # Moments, relative to now.
    Refusal(400, r'\w+ must be at most \d+ seconds ahead', 'a schema knows no clock', at(CREATE_TOKEN)),
    Refusal(400, r'\w+ must not be after the end of your own session', 'a schema knows no session', at(CREATE_TOKEN)),
    Refusal(400, r'(\w+) must be a moment to come, in ISO 8601', 'a schema knows no clock', is_not_to_come),
    # What is stored.
    Refusal(404, r'User with id = (\d+) not found', 'no such user', names_ids),
    Refusal(404, r'(?:Network|Device type) with id = (\d+) not found', 'no such record', names_ids),
    Refusal(404, r'Network with id (\d+) for user with id (\d+) was not found', 'not assigned', names_ids),
    Refusal(404, r'Device type with id (\d+) for user with id (\d+) not found', 'not assigned', names_ids),
    Refusal(404, r'Session with id = (\S+) not found', 'no such session', names_ids),
    Refusal(404, r'(?s)Requested config with name = .+ not found in the database', 'no such name'),
    Refusal(403, 'User with such login already exists. Please, select another one', 'unique', body_has('login')),
    Refusal(403, r'(Network|Device type) cannot be created. \1 with such name already exists', 'unique',
            body_has('name')),
    Refusal(403, 'Cannot assign device type to user with all device types allowed', 'the user has all',
            at('PUT /user/{id}/devicetype/{deviceTypeId}', 'DELETE /user/{id}/devicetype/{deviceTypeId}')),
    Refusal(403, 'User is locked or disabled', 'its status', at(CREATE_TOKEN)),
    Refusal(403, 'You can not delete a user or access key that you use to authenticate this request', 'oneself',
            at('DELETE /user/{id}')),
    # Preconditions.
    Refusal(412, 'The resource has been changed', 'another tag', header('If-Match')),
    Refusal(412, 'The resource is as If-None-Match names it', 'the same tag', header('If-None-Match')),
    # Credentials.
    Refusal(401, 'Invalid credentials', 'made up', at('POST /token')),
    Refusal(401, 'Unauthorized|Token has expired|Invalid token type', 'made up', at('POST /token/refresh')),
    Refusal(403, 'Invalid credentials', 'made up', body_has('oldPassword')),
    # Rights (contract.md §2 and §3).
    Refusal(403, r'\S+ goes beyond what (?:the user|your own token) has', 'rights', at(CREATE_TOKEN)),
    Refusal(403, 'A client can create tokens for itself alone', 'rights', at(CREATE_TOKEN), role='client'),
    Refusal(403, 'Access is denied', 'rights', role='client'),
    Refusal(403, 'Admin permissions required for this action', 'rights', role='client'),
]


def refusal_of(case, response, role):
    """Returns why a valid request was rightly refused, or None."""
    try:
        body = json.loads(response.content)
        messages = [detail['message'] for detail in body.get('details', [])] or [body['message']]
    except (ValueError, KeyError, TypeError):
        return None
    # Every field at fault needs an entry.
    reasons = [refusal_with(response.status_code, message, case, role) for message in messages]
    return reasons[0] if all(reasons) else None


def refusal_with(status, message, case, role):
    for refusal in REFUSALS:
        if refusal.status != status or refusal.role not in (None, role):
            continue
        match = re.fullmatch(refusal.message, message)
        if match and refusal.when(case, match.groups()):
            return f'{refusal.status} {refusal.message}: {refusal.why}'
    return None
