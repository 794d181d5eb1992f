"""
Drives the service through the official Python SDK, PyPI `devicehive` 2.1.6, as its users do.

    python3 python_sdk.py URL LOGIN PASSWORD CHECK

URL is the base of the API, LOGIN and PASSWORD are an administrator's, and CHECK is the name of one of the functions
below, less its `check_`. The exit code is 0 if the check has passed.
"""

import sys
import uuid
from datetime import datetime, timedelta

from devicehive import DeviceHiveApi
from devicehive.api_response import ApiResponseError
from devicehive.user import User

URL, LOGIN, PASSWORD, CHECK = sys.argv[1:]
USER_PASSWORD = 'a password of tests'


def connect(**credentials):
    return DeviceHiveApi(URL, **(credentials or {'login': LOGIN, 'password': PASSWORD}))


def fresh(prefix):
    """A login or a name that nothing else has."""
    return '%s-%s' % (prefix, uuid.uuid4().hex[:12])


def equal(actual, wanted):
    assert actual == wanted, '%r is not %r' % (actual, wanted)


def refused(code, call, *args, **kwargs):
    """Calls and expects an error with this status. Returns its message."""
    try:
        result = call(*args, **kwargs)
    except ApiResponseError as error:
        equal(error.code, code)
        return error.error
    raise AssertionError('%r instead of %d' % (result, code))


def moment(text):
    """Reads a timestamp: UTC, without a zone."""
    return datetime.strptime(text, '%Y-%m-%dT%H:%M:%S.%f')


def ids(entities):
    return [entity.id for entity in entities]


def create_user(api, login=None, role=User.CLIENT_ROLE, data=None, **kwargs):
    return api.create_user(login or fresh('python'), USER_PASSWORD, role, data, **kwargs)


def check_sign_in():
    equal(connect().get_current_user().login, LOGIN)
    equal(refused(401, connect(login=LOGIN, password='a wrong password').get_current_user), 'Invalid credentials')


def check_info():
    api = connect()
    info = api.get_info()
    equal(info['api_version'], '4.1.0')
    assert abs(moment(info['server_timestamp']) - datetime.utcnow()) < timedelta(minutes=5), info
    assert info['websocket_server_url'].startswith('ws'), info
    equal(api.get_cluster_info(), {'bootstrap.servers': 'none', 'zookeeper.connect': 'none'})


def check_configuration():
    api = connect()
    name = fresh('a.b')
    first = api.set_property(name, 'one')['entity_version']
    equal(api.get_property(name), {'name': name, 'value': 'one', 'entity_version': first})
    # A number is sent as one, and is the text of it.
    api.set_property(name, 25)
    equal(api.get_property(name)['value'], '25')
    api.delete_property(name)
    equal(
        refused(404, api.get_property, name),
        'Requested config with name = %s not found in the database' % name)


def scopes(create, get, list_all):
    """What networks and device types have in common."""
    prefix = fresh('python')
    names = {letter: '%s-%s' % (prefix, letter) for letter in 'bac'}
    b, a, c = [create(names[letter], 'described') for letter in 'bac']
    of_these = {'name_pattern': prefix + '-%'}
    equal(ids(list_all(**of_these)), [b.id, a.id, c.id])
    equal(ids(list_all(name=names['a'])), [a.id])
    equal(ids(list_all(sort_field='name', sort_order='DESC', **of_these)), [c.id, b.id, a.id])
    equal(ids(list_all(sort_field='name', take=1, skip=1, **of_these)), [b.id])
    equal(ids(list_all(take=2147483647, **of_these)), [b.id, a.id, c.id])
    assert {a.id, b.id, c.id} <= set(ids(list_all()))
    read = get(a.id)
    equal((read.id, read.name, read.description), (a.id, names['a'], 'described'))
    # The SDK sends all three fields back.
    read.name, read.description = prefix + '-renamed', 'anew'
    read.save()
    equal((get(a.id).name, get(a.id).description), (prefix + '-renamed', 'anew'))
    # None is no description: it is left alone.
    read.description = None
    read.save()
    equal(get(a.id).description, 'anew')
    equal(get(create(fresh('python'), None).id).description, None)
    message = refused(403, create, names['b'], 'd')
    assert 'such name already exists' in message, message
    # The SDK sends `?force=True`.
    read.remove(force=True)
    c.remove()
    equal(ids(list_all(**of_these)), [b.id])


def check_networks():
    api = connect()
    scopes(api.create_network, api.get_network, api.list_networks)


def check_device_types():
    api = connect()
    scopes(api.create_device_type, api.get_device_type, api.list_device_types)


def check_user_fields():
    api = connect()
    login = fresh('python')
    created = create_user(api, login, data={'a': [1, None]}, all_device_types_available=False)
    assert created.id and created.last_login is None
    read = api.get_user(created.id)
    for user in (created, read, api.list_users(login=login)[0]):
        equal((user.id, user.login, user.role, user.status), (created.id, login, User.CLIENT_ROLE, User.ACTIVE_STATUS))
        equal((user.data, user.intro_reviewed, user.all_device_types_available), ({'a': [1, None]}, False, False))
    connect(login=login, password=USER_PASSWORD).get_current_user()
    moment(api.get_user(created.id).last_login)


def check_user_lists():
    api = connect()
    prefix = fresh('python')
    b, a, c = [create_user(api, '%s-%s' % (prefix, letter)) for letter in 'bac']
    a.status = User.DISABLED_STATUS
    a.save()
    c.role = User.ADMINISTRATOR_ROLE
    c.save()
    of_these = {'login_pattern': prefix + '-%'}
    equal(ids(api.list_users(**of_these)), [b.id, a.id, c.id])
    equal(ids(api.list_users(role=User.CLIENT_ROLE, **of_these)), [b.id, a.id])
    equal(ids(api.list_users(status=User.DISABLED_STATUS, **of_these)), [a.id])
    equal(ids(api.list_users(sort_field='login', sort_order='ASC', **of_these)), [a.id, b.id, c.id])
    equal(ids(api.list_users(take=1, skip=1, **of_these)), [a.id])
    equal(ids(api.list_users(login=prefix + '-b')), [b.id])
    assert {1, a.id, b.id, c.id} <= set(ids(api.list_users()))


def check_user_updates():
    api = connect()
    user = create_user(api)
    user.data = {'changed': True}
    user.save()
    user.update_password('another password of tests')
    equal(api.get_user(user.id).data, {'changed': True})
    refused(401, connect(login=user.login, password=USER_PASSWORD).get_current_user)
    own = connect(login=user.login, password='another password of tests')
    equal(own.get_current_user().id, user.id)
    # None clears it.
    user.data = None
    user.save()
    equal(api.get_user(user.id).data, None)
    identifier = user.id
    user.remove()
    equal(refused(404, api.get_user, identifier), 'User with id = %d not found' % identifier)


def check_own_record():
    api = connect()
    equal(api.get_current_user().id, 1)
    user = create_user(api)
    own = connect(login=user.login, password=USER_PASSWORD)
    record = own.get_current_user()
    # The SDK sends role and status along.
    record.data = {'mine': 1}
    record.save()
    equal(own.get_current_user().data, {'mine': 1})
    record.role = User.ADMINISTRATOR_ROLE
    equal(refused(403, record.save), 'Admin permissions required for this action')
    equal(api.get_user(user.id).role, User.CLIENT_ROLE)
    refused(403, own.list_users)


def check_networks_of_users():
    api = connect()
    user = create_user(api)
    network = api.create_network(fresh('python'), 'd')
    equal(user.list_networks(), [])
    user.assign_network(network.id)
    equal([(one.id, one.name, one.description) for one in user.list_networks()], [(network.id, network.name, 'd')])
    own = connect(login=user.login, password=USER_PASSWORD)
    equal(ids(own.list_networks()), [network.id])
    user.unassign_network(network.id)
    equal(user.list_networks(), [])


def check_device_types_of_users():
    api = connect()
    user = create_user(api)
    one = api.create_device_type(fresh('python'), 'd')
    assert one.id in ids(user.list_device_types())
    user.disallow_all_device_types()
    equal(user.list_device_types(), [])
    user.assign_device_type(one.id)
    equal(ids(user.list_device_types()), [one.id])
    user.unassign_device_type(one.id)
    equal(user.list_device_types(), [])
    user.assign_device_type(one.id)
    user.allow_all_device_types()
    assert one.id in ids(user.list_device_types())
    equal(api.get_user(user.id).all_device_types_available, True)
    # Having all drops the single ones.
    user.disallow_all_device_types()
    equal(user.list_device_types(), [])


def check_tokens():
    api = connect()
    user = create_user(api)
    network = api.create_network(fresh('python'), None)
    user.assign_network(network.id)
    tokens = api.create_token(
        user.id,
        expiration=(datetime.utcnow() + timedelta(minutes=10)).isoformat(),
        actions=['GetNetwork', 'GetCurrentUser'],
        network_ids=[network.id],
        device_type_ids=[0],
        device_ids=['a device'])
    for own in (connect(access_token=tokens['access_token']), connect(refresh_token=tokens['refresh_token'])):
        equal(own.get_current_user().id, user.id)
        equal(ids(own.list_networks()), [network.id])
        refused(403, own.list_device_types)
        refused(403, own.list_users)
    renewed = connect(refresh_token=tokens['refresh_token']).refresh_token()
    equal(connect(access_token=renewed).get_current_user().id, user.id)
    refused(404, api.create_token, 987654321)


def check_devices():
    api = connect()
    equal(api.list_devices(), [])
    equal(api.list_devices(name='a', network_id=1, sort_field='name', take=10), [])


globals()['check_' + CHECK]()
