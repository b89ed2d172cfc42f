"""The description of the SOAP door: WSDL 1.1, document/literal wrapped, with a port for each version of SOAP."""

import functools
from xml.sax.saxutils import escape, quoteattr

from .soap_codec import NAMESPACE, OPERATIONS
from .vocabulary import STANDARD

_LOCATION = "@location@"
_SOAP11, _SOAP12 = "http://schemas.xmlsoap.org/wsdl/soap/", "http://schemas.xmlsoap.org/wsdl/soap12/"
_HTTP = "http://schemas.xmlsoap.org/soap/http"
_PORTS = (("LeadIntakeSoap11", "soap"), ("LeadIntakeSoap12", "soap12"))
_DOCUMENTATION = {
    "SubmitLeads": "Hand in leads, at most 1,000 at a time. Each gets a result, in the order of the leads.",
    "GetStatus": "What became of leads, by their external ids, at most 1,000. Ids that are not known are left out.",
    "GetFields": "The fields that this source can send, with those that the company has added.",
}
_TYPES = """
  <xs:complexType name="Lead">
    <xs:sequence>
      <xs:element name="external_id" type="xs:string" minOccurs="0">
        <xs:annotation>
          <xs:documentation>Your own id of it: sent again, it is the same lead.</xs:documentation>
        </xs:annotation>
      </xs:element>
      {standard}
      <xs:element name="tag" type="xs:string" minOccurs="0" maxOccurs="unbounded"/>
      <xs:element name="field" type="tns:OwnField" minOccurs="0" maxOccurs="unbounded">
        <xs:annotation>
          <xs:documentation>A field that the company has added or mapped.</xs:documentation>
        </xs:annotation>
      </xs:element>
    </xs:sequence>
  </xs:complexType>
  <xs:complexType name="OwnField">
    <xs:simpleContent>
      <xs:extension base="xs:string"><xs:attribute name="name" type="xs:string" use="required"/></xs:extension>
    </xs:simpleContent>
  </xs:complexType>
  <xs:complexType name="Result">
    <xs:sequence>
      <xs:element name="external_id" type="xs:string" minOccurs="0"/>
      <xs:element name="status" type="xs:string">
        <xs:annotation>
          <xs:documentation>created, updated, linked, noted, rejected, accepted or error</xs:documentation>
        </xs:annotation>
      </xs:element>
      <xs:element name="reference" type="xs:string" minOccurs="0"/>
      <xs:element name="problem" type="tns:Problem" minOccurs="0" maxOccurs="unbounded"/>
      <xs:element name="warning" type="tns:Problem" minOccurs="0" maxOccurs="unbounded"/>
    </xs:sequence>
  </xs:complexType>
  <xs:complexType name="Problem">
    <xs:sequence>
      <xs:element name="field" type="xs:string" minOccurs="0"/>
      <xs:element name="rule" type="xs:string"/>
      <xs:element name="message" type="xs:string"/>
    </xs:sequence>
  </xs:complexType>
  <xs:complexType name="LeadStatus">
    <xs:sequence>
      <xs:element name="external_id" type="xs:string"/>
      <xs:element name="state" type="xs:string">
        <xs:annotation>
          <xs:documentation>waiting, open, promoted, won, lost, rejected or deleted</xs:documentation>
        </xs:annotation>
      </xs:element>
      <xs:element name="changed" type="xs:dateTime"/>
    </xs:sequence>
  </xs:complexType>
  <xs:complexType name="Field">
    <xs:sequence>
      <xs:element name="name" type="xs:string"/>
      <xs:element name="type" type="xs:string"/>
      <xs:element name="size" type="xs:int"/>
      <xs:element name="choice" type="xs:string" minOccurs="0" maxOccurs="unbounded"/>
      <xs:element name="label" type="xs:string" minOccurs="0"/>
    </xs:sequence>
  </xs:complexType>
"""
_MANY = '<xs:element name="{}" type="{}" minOccurs="0" maxOccurs="unbounded"/>'
_KEY = '<xs:element name="key" type="xs:string"/>'
_ELEMENTS = {
    "SubmitLeads": _KEY + _MANY.format("lead", "tns:Lead"),
    "SubmitLeadsResponse": _MANY.format("result", "tns:Result"),
    "GetStatus": _KEY + _MANY.format("external_id", "xs:string"),
    "GetStatusResponse": _MANY.format("lead", "tns:LeadStatus"),
    "GetFields": _KEY,
    "GetFieldsResponse": _MANY.format("field", "tns:Field"),
    "IntakeFault": '<xs:element name="code" type="xs:string"/><xs:element name="message" type="xs:string"/>'
    '<xs:element name="retry_after" type="xs:int" minOccurs="0"/>',
}


def describe(location):
    """The WSDL.

    :param str location: the address at which the door is reached
    """
    return _template().replace(_LOCATION, escape(location, {'"': "&quot;"}))


@functools.cache
def _template():
    return "".join(
        [
            '<?xml version="1.0" encoding="utf-8"?>\n',
            f'<wsdl:definitions name="LeadIntake" targetNamespace="{NAMESPACE}" xmlns:tns="{NAMESPACE}"',
            ' xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:xs="http://www.w3.org/2001/XMLSchema"',
            f' xmlns:soap="{_SOAP11}" xmlns:soap12="{_SOAP12}">\n',
            # the schema names its namespaces itself, for readers that take it out of here
            f'<wsdl:types>\n<xs:schema targetNamespace="{NAMESPACE}" elementFormDefault="qualified"',
            f' xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:tns="{NAMESPACE}">',
            _TYPES.format(standard="\n      ".join(_standard(spec) for spec in STANDARD if spec.name != "tags")),
            *map(_top_element, _ELEMENTS),
            "</xs:schema>\n</wsdl:types>\n",
            *map(_message, _ELEMENTS),
            '<wsdl:portType name="LeadIntake">\n',
            *map(_operation, OPERATIONS),
            "</wsdl:portType>\n",
            *(_binding(*port) for port in _PORTS),
            '<wsdl:service name="LeadIntake">\n',
            *(_port(*port) for port in _PORTS),
            "</wsdl:service>\n</wsdl:definitions>\n",
        ]
    )


def _standard(spec):
    return (
        f'<xs:element name="{spec.name}" type="xs:string" minOccurs="0"><xs:annotation>'
        f"<xs:documentation>{escape(spec.label)}</xs:documentation></xs:annotation></xs:element>"
    )


def _top_element(name):
    return (
        f'  <xs:element name="{name}"><xs:complexType><xs:sequence>{_ELEMENTS[name]}</xs:sequence></xs:complexType>'
        "</xs:element>\n"
    )


def _message(name):
    return (
        f'<wsdl:message name="{name}"><wsdl:part name="{"fault" if name == "IntakeFault" else "parameters"}"'
        f' element="tns:{name}"/></wsdl:message>\n'
    )


def _operation(name):
    return (
        f'  <wsdl:operation name="{name}"><wsdl:documentation>{_DOCUMENTATION[name]}</wsdl:documentation>'
        f'<wsdl:input message="tns:{name}"/><wsdl:output message="tns:{name}Response"/>'
        '<wsdl:fault name="IntakeFault" message="tns:IntakeFault"/></wsdl:operation>\n'
    )


def _binding(port, prefix):
    operations = "".join(
        f'  <wsdl:operation name="{name}"><{prefix}:operation soapAction={quoteattr(f"{NAMESPACE}:{name}")}'
        f' style="document"/><wsdl:input><{prefix}:body use="literal"/></wsdl:input><wsdl:output>'
        f'<{prefix}:body use="literal"/></wsdl:output><wsdl:fault name="IntakeFault"><{prefix}:fault'
        ' name="IntakeFault" use="literal"/></wsdl:fault></wsdl:operation>\n'
        for name in OPERATIONS
    )
    return (
        f'<wsdl:binding name="{port}" type="tns:LeadIntake">\n'
        f'  <{prefix}:binding style="document" transport="{_HTTP}"/>\n{operations}</wsdl:binding>\n'
    )


def _port(port, prefix):
    return f'  <wsdl:port name="{port}" binding="tns:{port}"><{prefix}:address location="{_LOCATION}"/></wsdl:port>\n'
