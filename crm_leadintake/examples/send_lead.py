import os
import sys
import time
from urllib.parse import quote

import requests

ADDRESS = os.environ["LEADINTAKE_URL"] + "/leadintake/v1/leads"
HEADERS = {"Authorization": "Bearer " + os.environ["LEADINTAKE_KEY"]}


def call(method, address, lead=None):
    """Call until there is an answer. The same external_id never makes a second lead, so that this is safe."""
    for wait in (1, 2, 4, 8, 16, 32, 60):
        try:
            answer = requests.request(method, address, json=lead, headers=HEADERS, timeout=30)
            if answer.status_code != 429 and answer.status_code < 500:
                return answer
            told = answer.headers.get("Retry-After", "")
            wait = max(wait, int(told)) if told.isdigit() else wait
        except requests.RequestException as error:
            print("No answer:", error, file=sys.stderr)
        time.sleep(wait)
    sys.exit("Perhaps not taken. Keep the lead, and send it later with the same external_id.")


lead = {
    "external_id": "order-form-4711",
    "contact_name": "Jane Doe",
    "company": "Konex",
    "email": "jane@example.com",
    "description": "Please call me about twelve vans.",
    "campaign": "Spring",
}
answer = call("POST", ADDRESS, lead)
if not answer.ok:
    sys.exit(f"Not taken: {answer.status_code} {answer.text}")
print(answer.json()["status"])  # created
print(call("GET", f"{ADDRESS}/{quote(lead['external_id'], safe='')}").json()["state"])  # open
