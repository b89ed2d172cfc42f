import os
import sys
import time

import requests
from zeep import Client
from zeep.exceptions import Fault, TransportError

service = Client(os.environ["LEADINTAKE_URL"] + "/leadintake/soap?wsdl").service


def call(operation, *parameters):
    """Call until there is an answer. The same external_id never makes a second lead, so that this is safe."""
    for wait in (1, 2, 4, 8, 16, 32, 60):
        try:
            return operation(os.environ["LEADINTAKE_KEY"], *parameters)
        except Fault as fault:
            if fault.detail.findtext(".//{*}code") not in ("limit", "busy", "failed"):
                sys.exit(f"Not taken: {fault.message}")
            print("Not taken yet:", fault.message, file=sys.stderr)
        except (TransportError, requests.RequestException) as error:
            print("No answer:", error, file=sys.stderr)
        time.sleep(wait)
    sys.exit("Perhaps not taken. Keep the leads, and send them later with the same external_id.")


leads = [
    {"external_id": "order-form-4711", "contact_name": "Jane Doe", "company": "Konex", "email": "jane@example.com"},
]
for answer in call(service.SubmitLeads, leads):
    print(answer.external_id, answer.status)  # order-form-4711 created
    for problem in answer.problem:
        print("  ", problem.field, problem.message)
for status in call(service.GetStatus, [lead["external_id"] for lead in leads]):
    print(status.external_id, status.state)  # order-form-4711 open
