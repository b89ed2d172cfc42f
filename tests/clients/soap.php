<?php
// Hands in leads with PHP's SoapClient, from the WSDL: `php soap.php` reads {url, version, key, leads, ids}, and prints
// answers.
$in = json_decode(stream_get_contents(STDIN), true, 512, JSON_THROW_ON_ERROR);
$client = new SoapClient($in["url"], [
    "soap_version" => $in["version"] === "1.2" ? SOAP_1_2 : SOAP_1_1,
    "cache_wsdl" => WSDL_CACHE_NONE,
    "features" => SOAP_SINGLE_ELEMENT_ARRAYS,
]);
try {
    $results = $client->SubmitLeads(["key" => $in["key"], "lead" => $in["leads"]])->result;
    $leads = $client->GetStatus(["key" => $in["key"], "external_id" => $in["ids"]])->lead;
    echo json_encode(["results" => $results, "leads" => $leads]);
} catch (SoapFault $fault) {
    echo json_encode(["fault" => ["message" => $fault->getMessage(), "detail" => $fault->detail]]);
}
