"""Says as one line of JSON which Python this is, for which wheels it is, and which libraries it has."""

import importlib.metadata
import json
import os
import platform
import site
import sys


def libc():
    """`2.41` of glibc; wheels for another library are none for this one."""
    try:
        name, version = os.confstr("CS_GNU_LIBC_VERSION").split()
        return version if name == "glibc" else None
    except (AttributeError, OSError, ValueError):
        return None


def markers():
    """What the conditions of requirements ask for (PEP 508)."""
    return {
        "implementation_name": sys.implementation.name,
        "implementation_version": platform.python_version(),
        "os_name": os.name,
        "platform_machine": platform.machine(),
        "platform_python_implementation": platform.python_implementation(),
        "platform_release": "",
        "platform_system": platform.system(),
        "platform_version": "",
        "python_full_version": platform.python_version(),
        "python_version": "%d.%d" % sys.version_info[:2],
        "sys_platform": sys.platform,
    }


def libraries():
    """Each by the first place on the path that has it, which is where it is imported from."""
    found = {}
    for library in importlib.metadata.distributions():
        # Without the local part, as Debian's in 2.2.3+dfsg: it is the same release.
        found.setdefault(library.metadata["Name"], library.version.split("+")[0])
    return found


def main():
    found = {
        "python": platform.python_version(),
        "libc": libc(),
        "markers": markers(),
        "directory": site.getsitepackages()[0],
        "libraries": libraries(),
    }
    print(json.dumps(found))


main()
