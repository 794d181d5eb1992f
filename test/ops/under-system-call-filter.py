"""Runs a command under the SystemCallFilter= of a unit file: under-system-call-filter.py <unit> <command>...

systemd itself must be process 1 to do so. Every other system call fails with EPERM, as the unit says.
"""
import errno
import os
import re
import subprocess
import sys

import seccomp

unit, command = sys.argv[1], sys.argv[2:]


def read_sets():
    """The groups of system calls that systemd knows, each with its members."""
    listed = subprocess.run(["systemd-analyze", "syscall-filter", "--no-pager"], capture_output=True, text=True)
    sets, members = {}, []
    for line in re.sub(r"\x1b\[[0-9;]*m", "", listed.stdout).splitlines():
        if line.startswith("@"):
            members = sets.setdefault(line.strip(), [])
        elif line.startswith("#"):
            members = []
        elif line.strip() and not line.strip().startswith("#"):
            members.append(line.strip())
    return sets


def expand(name):
    if not name.startswith("@"):
        return {name}
    return set().union(*(expand(member) for member in SETS[name]))


SETS = read_sets()
allowed = expand("@default")
for value in re.findall(r"^SystemCallFilter=(.*)$", open(unit).read(), re.M):
    names = set().union(*(expand(name) for name in value.lstrip("~").split()))
    allowed = allowed - names if value.startswith("~") else allowed | names

system_calls = seccomp.SyscallFilter(seccomp.ERRNO(errno.EPERM))
for name in allowed:
    try:
        system_calls.add_rule(seccomp.ALLOW, name)
    except RuntimeError:
        pass  # Of another architecture.
system_calls.load()
os.execvp(command[0], command)
