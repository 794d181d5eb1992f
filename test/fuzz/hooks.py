"""
What schemathesis must know of the service: how the caller signs in, and which refusals of valid requests are right
(allowed.py). It also counts what was seen, for run.mjs.
"""

import atexit
import json
import os
import uuid
from collections import Counter, defaultdict

import allowed
import described  # noqa: F401: registers its checks
import requests
import schemathesis
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
    """A second administrator, whom no request touches. It repairs the caller's record, and makes fresh records."""

    token = None

    @classmethod
    def send(cls, method, path, body=None):
        """Sends a request as the keeper. Returns the body of the response."""
        for _ in range(2):
            headers = {'Authorization': f'Bearer {cls.token}'}
            response = requests.request(method, URL + path, json=body, headers=headers, timeout=20)
            if response.status_code != 401:
                break
            cls.token = sign_in(KEEPER).json()['accessToken']
        response.raise_for_status()
        return response.json() if response.content else None

    @classmethod
    def repair(cls):
        """Gives the caller its login, password, role and status back."""
        body = {name: CALLER[name] for name in ('login', 'password', 'role')} | {'status': 0}
        cls.send('PATCH', f'/user/{CALLER["id"]}', body)

    @classmethod
    def make(cls, kind, **fields):
        """Makes a record of a name that nothing else has, and returns its id."""
        return cls.send('POST', f'/{kind}', {'name': uuid.uuid4().hex} | fields)['id']


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


positive = Counter()


@schemathesis.hook
def before_call(context, case, kwargs):
    """Lets every third valid request succeed, and turns those that would change the keeper to another user."""
    if case.meta is not None and case.meta.generation.mode.is_positive:
        positive[case.operation.label] += 1
        if positive[case.operation.label] % 3 == 0:
            fill(case)
    if case.method.upper() != 'GET' and user_of(case) == KEEPER['id']:
        case.path_parameters['id'] = WORLD['other']


def fill(case):
    """Puts records that are there into a request, and credentials that are right."""
    path = case.operation.path
    for name in ('If-Match', 'If-None-Match'):
        case.headers.pop(name, None)
    if path == '/token':
        case.body = {name: CALLER[name] for name in ('login', 'password')}
    elif path == '/token/refresh':
        case.body = {'refreshToken': sign_in(CALLER).json()['refreshToken']}
    elif '{sessionId}' in path:
        sign_in(CALLER)
        [session] = Keeper.send('GET', f'/user/{CALLER["id"]}/session?take=1')
        fill_path(case, id=CALLER['id'], sessionId=session['id'])
    elif path.startswith('/user/{id}'):
        body = {'login': uuid.uuid4().hex, 'password': uuid.uuid4().hex, 'role': 1, 'allDeviceTypesAvailable': False}
        user, network, device_type = Keeper.send('POST', '/user', body)['id'], Keeper.make('network'), Keeper.make('devicetype')
        if case.method.upper() == 'GET':
            Keeper.send('PUT', f'/user/{user}/network/{network}')
            Keeper.send('PUT', f'/user/{user}/devicetype/{device_type}')
        fill_path(case, id=user, networkId=network, deviceTypeId=device_type)
    elif path in ('/network/{id}', '/devicetype/{id}'):
        fill_path(case, id=Keeper.make(path.split('/')[1]))
    elif path == '/configuration/{name}':
        Keeper.send('PUT', '/configuration/fuzzed', {'value': 'a value'})
        fill_path(case, name='fuzzed')


def fill_path(case, **values):
    """Sets those parameters of a path that it has."""
    case.path_parameters.update({name: value for name, value in values.items() if name in case.path_parameters})


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
    reason = allowed.refusal_of(case, response, ROLE) if isinstance(failure, RejectedPositiveData) else None
    if reason is not None:
        excused[reason] += 1
    return reason is None


@atexit.register
def write_summary():
    """Writes the counts for run.mjs."""
    with open(os.environ['FUZZ_SUMMARY'], 'w', encoding='utf-8') as file:
        json.dump({'statuses': statuses, 'excused': excused}, file)
