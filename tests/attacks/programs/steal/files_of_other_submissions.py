# technique: what other submissions, other boxes and the validator have left: work directories, overlays, volumes
# source: Docker: /var/lib/docker/overlay2, THREATS: the validator's files
# verdict: WA
# invariant: a box has places of its own
# without: seccomp capabilities network read_only_root
import os, re

mounts = open("/proc/self/mountinfo").read()
paths = set(re.findall(r"(?:lowerdir|upperdir|workdir)=([^,:\s]+)", mounts)) | {"/var/lib/docker", "/var/lib/containerd", "/run/containerd", "/feedback", "/validator", "/output_validators", "/include", "/problem", "/submission", "/judgehost"}
for path in sorted(paths):
    try:
        print("ESCAPED", path, os.listdir(path)[:20])
    except OSError as refused:
        print("held", refused)
print(mounts[:8000])
