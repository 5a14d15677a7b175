"""A client of Piston, against the service at the address that is the first argument."""

import asyncio
import functools
import sys

import httpx
from ultra_piston import File, PistonClient
from ultra_piston.errors import BadRequestError

ADDRESS, TOKEN = sys.argv[1:]

# The client waits for five seconds, and does not let itself be told otherwise: too short for a host that is busy with tests.
httpx.post = functools.partial(httpx.post, timeout=60)

piston = PistonClient(base_url=f"{ADDRESS}/api/v2", api_key=TOKEN, rate_limit=0)
(runtime,) = [runtime for runtime in piston.get_runtimes() if runtime.language == "python"]
assert "py" in runtime.aliases, runtime


def execute(source, version=runtime.version, **options):
    return piston.post_execute("python", version, File(content=source), **options)


output = execute("import sys\nprint(input(), sys.argv[1:])\nprint('oh', file=sys.stderr)", stdin="hi", args=["-x"])
assert output.run.stdout == "hi ['-x']\n" and output.run.stderr == "oh\n", output
assert output.run.output == "hi ['-x']\noh\n" and output.run.code == 0 and output.run.signal is None, output
assert output.language == "python" and output.version == runtime.version, output

output = execute("import sys; sys.exit(3)", version="3.x")
assert output.run.code == 3, output
output = execute("print(")
assert output.run.code == 1 and "SyntaxError" in output.run.stderr and output.compile is not None, output
output = execute("while True: pass", run_timeout=500)
assert output.run.code is None and output.run.signal == "SIGKILL", output
output = piston.post_execute("py", "*", File(name="a.py", content="cHJpbnQoNCk=", encoding="base64"))
assert output.run.stdout == "4\n", output
output = asyncio.run(piston.post_execute_async("python", "*", File(content="print(5)")))
assert output.run.stdout == "5\n", output

for language, version in [("rust", "1.0.0"), ("python", "2.7.18")]:
    try:
        piston.post_execute(language, version, File(content="print(1)"))
    except BadRequestError:
        pass
    else:
        raise AssertionError((language, version))

print("passed")
