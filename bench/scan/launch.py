"""Run one command and print what it cost: CPU and wall seconds, peak memory in KiB, exit status.

`python -I -S launch.py STDOUT STDERR COMMAND...`. A process of its own, because Linux never reports
a peak below the memory of the process that started the command, and the bench itself grows.
"""

import os
import signal
import sys
import time

LIMIT = 900
"""Seconds after which a command is stopped."""


def main() -> None:
    """Start the command with its output in files, wait for it, and print the four numbers."""
    stdout, stderr, *command = sys.argv[1:]
    write = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    actions = [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, stdout, write, 0o600),
        (os.POSIX_SPAWN_OPEN, 2, stderr, write, 0o600),
    ]
    started = time.perf_counter()
    child = os.posix_spawnp(command[0], command, os.environ, file_actions=actions)
    signal.signal(signal.SIGALRM, lambda *_: os.kill(child, signal.SIGKILL))
    signal.alarm(LIMIT)
    _, status, usage = os.wait4(child, 0)
    wall = time.perf_counter() - started
    print(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss, os.waitstatus_to_exitcode(status))


main()
