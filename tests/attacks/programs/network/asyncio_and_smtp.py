# technique: connections by higher modules: asyncio, smtplib, ftplib, xmlrpc, socketserver
# source: CPython docs: Internet protocols
# verdict: WA
# invariant: none of them has another way
# without: seccomp network capabilities
import asyncio, ftplib, imaplib, smtplib, xmlrpc.client

port = int(open(0).read().split()[-1])
async def connect():
    await asyncio.wait_for(asyncio.open_connection("172.17.0.1", port), 0.5)

for attempt in (
    lambda: asyncio.run(connect()),
    lambda: smtplib.SMTP("172.17.0.1", port, timeout=0.3),
    lambda: ftplib.FTP("172.17.0.1", timeout=0.3),
    lambda: imaplib.IMAP4("172.17.0.1", port, timeout=0.3),
    lambda: xmlrpc.client.ServerProxy(f"http://127.0.0.1:{port}/").attack(),
):
    try:
        attempt()
        print("ESCAPED")
    except OSError as refused:
        print("held", refused)
