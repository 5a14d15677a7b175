# technique: the files of users and passwords
# source: shadow(5)
# verdict: WA
# invariant: there is no password file, and the users say nothing
# without: seccomp capabilities network read_only_root
import grp, pwd

for path in ("/etc/shadow", "/etc/gshadow", "/etc/shadow-", "/etc/sudoers", "/etc/security/opasswd", "/etc/krb5.keytab"):
    try:
        print("ESCAPED", path, open(path).read()[:500])
    except OSError as refused:
        print("held", refused)
print(pwd.getpwall(), grp.getgrall())
