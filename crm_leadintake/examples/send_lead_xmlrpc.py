import os
import socket
import sys
import time
from http.client import HTTPException
from xmlrpc.client import Fault, ProtocolError, ServerProxy

NO_ANSWER = 0
PASSING = (NO_ANSWER, 429, 500, 502, 503, 504, -32500)

socket.setdefaulttimeout(30)
server = ServerProxy(os.environ["LEADINTAKE_URL"] + "/leadintake/xmlrpc")


def call(method, *parameters):
    """Call until there is an answer. The same external_id never makes a second lead, so that this is safe."""
    for wait in (1, 2, 4, 8, 16, 32, 60):
        try:
            return method(os.environ["LEADINTAKE_KEY"], *parameters)
        except (Fault, ProtocolError, HTTPException, OSError) as error:
            code = getattr(error, "faultCode", getattr(error, "errcode", NO_ANSWER))
            if code not in PASSING:
                sys.exit(f"Not taken: {error}")
            print("Not taken yet:", error, file=sys.stderr)
        time.sleep(wait)
    sys.exit("Perhaps not taken. Keep the leads, and send them later with the same external_id.")


leads = [
    {"external_id": "order-form-4711", "contact_name": "Jane Doe", "company": "Konex", "email": "jane@example.com"},
]
for answer in call(server.leads.submit, leads):
    print(answer["external_id"], answer["status"])  # order-form-4711 created
    for problem in answer["problems"]:
        print("  ", problem["field"], problem["message"])
for status in call(server.leads.status, [lead["external_id"] for lead in leads]):
    print(status["external_id"], status["state"])  # order-form-4711 open
