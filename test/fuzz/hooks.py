"""
What schemathesis must know of the service: how the caller signs in, and which refusals of valid requests are right
(allowed.py). It also counts what was seen, for run.mjs.
"""

import atexit
import json
import os
from collections import Counter, defaultdict

import allowed
import described  # noqa: F401: registers its checks
import requests
import schemathesis
from schemathesis.core.failures import AcceptedNegativeData
from schemathesis.openapi.checks import RejectedPositiveData

# See `makeWorld` in world.mjs.
WORLD = json.loads(os.environ['FUZZ_WORLD'])
URL, ROLE, CALLER, KEEPER = (WORLD[name] for name in ('url', 'role', 'caller', 'keeper'))

# Fields of the caller's own record that decide what it may do, or how it signs in.
RIGHTS = {'login', 'password', 'role', 'status'}


def sign_in(user):
    """Returns the response to a sign-in of this user."""
    body = {'login': user['login'], 'password': user['password']}
    return requests.post(f'{URL}/token', json=body, timeout=20)


class Keeper:
    """A second administrator, whom no request touches. It repairs the caller's record."""

    token = None

    @classmethod
    def repair(cls):
        """Gives the caller its login, password, role and status back."""
        body = {name: CALLER[name] for name in ('login', 'password', 'role')} | {'status': 0}
        for _ in range(2):
            headers = {'Authorization': f'Bearer {cls.token}'}
            response = requests.patch(f'{URL}/user/{CALLER["id"]}', json=body, headers=headers, timeout=20)
            if response.status_code != 401:
                break
            cls.token = sign_in(KEEPER).json()['accessToken']
        response.raise_for_status()


def is_public(context):
    """Whether an operation takes no token."""
    return not any(context.operation.security.iter_parameters())


# Never cached by schemathesis, which would notice only in some phases that the token was revoked.
@schemathesis.auth(refresh_interval=0).skip_for(is_public)
class Caller:
    """Signs the caller in, again after a request has revoked its session."""

    token = None

    def get(self, case, context):
        if Caller.token is None:
            response = sign_in(CALLER)
            if response.status_code == 401:
                Keeper.repair()
                response = sign_in(CALLER)
            response.raise_for_status()
            Caller.token = response.json()['accessToken']
        return Caller.token

    def set(self, case, data, context):
        case.headers = case.headers or {}
        case.headers['Authorization'] = f'Bearer {data}'


def user_of(case):
    """The id of the user that the path of a request names, or None."""
    if case.operation.path.startswith('/user/current'):
        return CALLER['id']
    if not case.operation.path.startswith('/user/{id}'):
        return None
    value = str((case.path_parameters or {}).get('id'))
    if value == 'current':
        return CALLER['id']
    return int(value) if value.isascii() and value.isdigit() else None


def as_written(context, parameters):
    """Writes whole numbers without a fraction: to JSON Schema 7.0 is an integer, but no client writes it so."""
    return {
        name: int(value) if isinstance(value, float) and value.is_integer() else value
        for name, value in (parameters or {}).items()
    }


schemathesis.hook('map_path_parameters')(as_written)
schemathesis.hook('map_query')(as_written)


@schemathesis.hook
def before_call(context, case, kwargs):
    """Turns requests that would change the keeper to another user."""
    if case.method.upper() != 'GET' and user_of(case) == KEEPER['id']:
        case.path_parameters['id'] = WORLD['other']


statuses = defaultdict(Counter)


@schemathesis.hook
def after_call(context, case, response):
    """Counts the response, and keeps the caller able to sign in, with the rights of its role."""
    statuses[case.operation.label][response.status_code] += 1
    method = case.method.upper()
    revokes = method == 'DELETE' and '/session' in case.operation.path or case.operation.path == '/token/revoke'
    if response.status_code == 401 or revokes:
        Caller.token = None
    changes = method in ('PUT', 'PATCH') and case.operation.path in ('/user/{id}', '/user/current')
    if not changes or response.status_code != 204 or user_of(case) != CALLER['id']:
        return
    if isinstance(case.body, dict) and RIGHTS & case.body.keys():
        Keeper.repair()
        Caller.token = None


excused = Counter()


@schemathesis.hook
def filter_failure(context, failure, case, response):
    """Drops the failures that allowed.py explains."""
    if isinstance(failure, RejectedPositiveData):
        reason = allowed.refusal_of(case, response, ROLE)
    elif isinstance(failure, AcceptedNegativeData):
        reason = allowed.acceptance_of(case, response)
    else:
        reason = None
    if reason is not None:
        excused[reason] += 1
    elif os.environ.get('FUZZ_DEBUG'):
        meta = case.meta
        with open(os.environ['FUZZ_DEBUG'], 'a') as f:
            f.write(json.dumps({'kind': type(failure).__name__, 'op': case.operation.label, 'status': response.status_code, 'phase': str(meta.phase.name) if meta else None, 'desc': getattr(meta.phase.data, 'description', None) if meta else None,
              'message': failure.message[:600], 'answer': response.content[:400].decode('utf8','replace'), 'path': case.path_parameters and str(case.path_parameters), 'query': str(case.query)[:300], 'headers': str({k: v for k, v in (case.headers or {}).items() if k!='Authorization'})[:300], 'body': repr(case.body)[:600], 'media': case.media_type}) + '\n')
    return reason is None


@atexit.register
def write_summary():
    """Writes the counts for run.mjs."""
    with open(os.environ['FUZZ_SUMMARY'], 'w', encoding='utf-8') as file:
        json.dump({'statuses': statuses, 'excused': excused}, file)
