# technique: what was left in the image: build contexts, histories, keys, registries' passwords, package lists
# source: "secrets in Docker images"
# verdict: WA
# invariant: the image holds an interpreter and nothing of those who built it
# without: seccomp capabilities network read_only_root
import os

names = ".dockerenv .git .env .netrc .npmrc .pypirc .aws .ssh .docker .bash_history .python_history .cargo Dockerfile run/secrets root/.ssh/id_rsa etc/ssl/private var/lib/dpkg/status var/log tmp/build build src app/.env usr/lib/assize/.env usr/lib/assize/config.toml"
for name in names.split():
    path = "/" + name
    try:
        content = os.listdir(path) if os.path.isdir(path) else open(path, "rb").read(300)
        print("ESCAPED" if content else "empty", path, content)
    except OSError:
        pass
print("held")
