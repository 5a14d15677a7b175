# technique: http, https, ftp and file by urllib, with and without a proxy from the environment
# source: CPython docs: urllib.request
# verdict: WA
# invariant: nothing is fetched, and file:// reads what open() reads
# without: seccomp network capabilities
import os, urllib.request

port = open(0).read().split()[-1]
os.environ["http_proxy"] = f"http://172.17.0.1:{port}"
for url in (f"http://127.0.0.1:{port}/", f"http://172.17.0.1:{port}/", "http://example.com/", "https://example.org/", f"ftp://172.17.0.1:{port}/", "file:///etc/shadow", "file:///proc/1/environ"):
    try:
        print("ESCAPED", url, urllib.request.urlopen(url, timeout=0.3).read(200))
    except OSError as refused:
        print("held", url, refused)
