# Names of the system and its users.
import platform, getpass, os, pwd, sysconfig
print(platform.python_implementation(), platform.system(), platform.node(), os.uname().nodename, sysconfig.get_path("stdlib"))
try: print(getpass.getuser(), pwd.getpwuid(os.getuid()))
except (KeyError, OSError) as error: print(type(error).__name__)
