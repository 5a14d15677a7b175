# Random numbers of the system.
# differs
import os, random, secrets
print(os.urandom(8))
print(random.SystemRandom().random())
print(secrets.token_hex(8))
print(secrets.randbelow(10**12))
