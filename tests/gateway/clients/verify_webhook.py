"""Verifies a callback with the library of the Standard Webhooks specification: the secret is the argument, the callback
is on standard input."""

import json
import sys

from standardwebhooks import Webhook, WebhookVerificationError

callback = json.load(sys.stdin)
webhook = Webhook(sys.argv[1])
webhook.verify(callback["body"], callback["headers"])
try:
    webhook.verify(callback["body"] + " ", callback["headers"])
except WebhookVerificationError:
    print("passed")
