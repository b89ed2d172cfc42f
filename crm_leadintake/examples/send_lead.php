<?php
$address = getenv("LEADINTAKE_URL") . "/leadintake/v1/leads";

// Calls until there is an answer. The same external_id never makes a second lead, so that this is safe.
function call(string $address, ?array $lead = null): array
{
    foreach ([1, 2, 4, 8, 16, 32, 60] as $wait) {
        $curl = curl_init($address);
        curl_setopt_array($curl, [
            CURLOPT_RETURNTRANSFER => true,
            CURLOPT_TIMEOUT => 30,
            CURLOPT_HTTPHEADER => [
                "Authorization: Bearer " . getenv("LEADINTAKE_KEY"),
                "Content-Type: application/json",
            ],
            CURLOPT_HEADERFUNCTION => function ($curl, $line) use (&$wait) {
                if (stripos($line, "Retry-After:") === 0) {
                    $wait = max($wait, (int) substr($line, 12));
                }
                return strlen($line);
            },
        ]);
        if ($lead) {
            curl_setopt($curl, CURLOPT_POSTFIELDS, json_encode($lead, JSON_THROW_ON_ERROR));
        }
        $body = curl_exec($curl);
        $status = curl_getinfo($curl, CURLINFO_RESPONSE_CODE);
        if ($body !== false && $status != 429 && $status < 500) {
            return [$status, $body];
        }
        fwrite(STDERR, "Not taken yet: $status " . curl_error($curl) . "\n");
        sleep($wait);
    }
    fwrite(STDERR, "Perhaps not taken. Keep the lead, and send it later with the same external_id.\n");
    exit(1);
}

$lead = [
    "external_id" => "order-form-4711",
    "contact_name" => "Jane Doe",
    "company" => "Konex",
    "email" => "jane@example.com",
];
[$status, $body] = call($address, $lead);
if ($status >= 300) {
    fwrite(STDERR, "Not taken: $status $body\n");
    exit(1);
}
echo json_decode($body)->status, "\n"; // created
[$status, $body] = call($address . "/" . rawurlencode($lead["external_id"]));
echo json_decode($body)->state, "\n"; // open
