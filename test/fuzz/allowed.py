"""
What the document cannot say: the refusals of valid requests that are right. Each entry names the status, the exact
message and, where that is not enough, the requests that it holds for. A refusal without an entry is a fault of the
document or of the service.
"""

import json
import re
from dataclasses import dataclass
from typing import Callable


def always(case):
    return True


@dataclass(frozen=True)
class Refusal:
    """A refusal that is right. `message` matches all of the message, or of the message of a field."""

    status: int
    message: str
    why: str
    when: Callable = always
    role: str | None = None


def query_has(*names):
    return lambda case: all(name in (case.query or {}) for name in names)


REFUSALS = []


def refusal_of(case, response, role):
    """Returns why a valid request was rightly refused, or None."""
    try:
        body = json.loads(response.content)
        messages = [body['message'], *(detail['message'] for detail in body.get('details', []))]
    except (ValueError, KeyError, TypeError):
        return None
    for refusal in REFUSALS:
        if refusal.status != response.status_code or refusal.role not in (None, role):
            continue
        if any(re.fullmatch(refusal.message, message) for message in messages) and refusal.when(case):
            return f'{refusal.status} {refusal.message}: {refusal.why}'
    return None


def acceptance_of(case, response):
    """Returns why a request that schemathesis calls invalid was rightly accepted, or None."""
    return None
