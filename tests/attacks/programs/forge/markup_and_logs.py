# technique: output for programs that show or log it: HTML, CSV formulas, log lines, format strings
# source: OWASP: stored XSS, CSV injection, log forging, Log4Shell
# verdict: WA
# invariant: output is quoted wherever it is shown
# without: seccomp
import sys

for text in ("<script>alert(1)</script>", "=cmd|' /C calc'!A0", "\r\n2026-01-01T00:00:00Z  INFO verdict=AC submission=1", "${jndi:ldap://127.0.0.1/x}", "{0.__class__} %n%s", "'; drop table verdicts; --"):
    print(text)
    print(text, file=sys.stderr)
