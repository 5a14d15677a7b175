# technique: the metadata service of clouds, which gives out keys of the machine
# source: SSRF write-ups: 169.254.169.254, fd00:ec2::254
# verdict: WA
# invariant: the address cannot be reached
# without: seccomp network capabilities
import http.client

for host, path in (("169.254.169.254", "/latest/meta-data/iam/security-credentials/"), ("fd00:ec2::254", "/latest/"), ("100.100.100.200", "/latest/meta-data/"), ("metadata.google.internal", "/computeMetadata/v1/")):
    try:
        connection = http.client.HTTPConnection(host, timeout=0.3)
        connection.request("GET", path, headers={"Metadata-Flavor": "Google"})
        print("ESCAPED", connection.getresponse().read()[:500])
    except OSError as refused:
        print("held", host, refused)
