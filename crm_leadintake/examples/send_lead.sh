#!/bin/sh
# Calls until there is an answer: curl waits longer each time, or as long as Retry-After says. The same external_id
# never makes a second lead, so that this is safe.
call() {
    curl --silent --show-error --max-time 30 --retry 7 --retry-all-errors \
        --output answer.json --write-out '%{http_code}' \
        -H "Authorization: Bearer $LEADINTAKE_KEY" "$@"
}

status=$(call "$LEADINTAKE_URL/leadintake/v1/leads" -H 'Content-Type: application/json' --data-binary '{
    "external_id": "order-form-4711",
    "contact_name": "Jane Doe",
    "company": "Konex",
    "email": "jane@example.com"
}')
case $status in
    2*) cat answer.json ;; # {"external_id": "order-form-4711", "status": "created", ...}
    429 | 5* | 000) echo "Perhaps not taken. Keep the lead, and send it later with the same external_id." >&2; exit 1 ;;
    *) echo "Not taken: $status $(cat answer.json)" >&2; exit 1 ;;
esac
call "$LEADINTAKE_URL/leadintake/v1/leads/order-form-4711" >/dev/null && cat answer.json # {..., "state": "open", ...}
