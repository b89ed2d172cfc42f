"""Files on her records, on those of others, on messages, and left behind."""

from tests.gdpr import files
from tests.gdpr.cast import plant


def _attach(cast, record, name, content, **values):
    attachment = cast.env["ir.attachment"].create(
        {"name": name, "raw": content, "res_model": record._name, "res_id": record.id, **values}
    )
    return cast.at(attachment, "raw")


@plant
def documents(cast):
    """Letters, sheets and scans with her name inside, or outside."""
    person = cast.person
    _attach(cast, cast.partner, "brief.docx", files.docx(f"Beste {person.name}", f"IBAN {person.iban}"))
    _attach(cast, cast.lead, "maten.xlsx", files.xlsx(person.former, "14-03-1979", author=person.name))
    plan = _attach(
        cast,
        cast.other_lead,
        "Plan Swietoslawa_van-der_Wieczorkiewicz.pdf",
        files.pdf(person.reversed_name, title=person.former),
    )
    cast.at(plan, "name")
    scan = _attach(
        cast, cast.lead, f"paspoort {person.name}.jpg", person.photo, description=f"Paspoort {person.former}"
    )
    cast.at(scan, "name", "description")
    hall = _attach(
        cast, cast.other_lead, "team.csv", f"name;mail\nKees;k@konex.example\n{person.name};{person.email}\n".encode()
    )
    cast.at(hall, "index_content")
    card = f"BEGIN:VCARD\nVERSION:3.0\nN:{person.last};{person.first};;van der;\nTEL:{person.mobile}\nEND:VCARD\n"
    _attach(cast, cast.partner, "visitekaartje.vcf", card.encode(), mimetype="text/vcard")
    link = cast.env["ir.attachment"].create(
        {
            "name": f"Map {person.name}",
            "type": "url",
            "url": f"https://cloud.example/{person.email}",
            "res_model": "crm.lead",
            "res_id": cast.other_lead.id,
        }
    )
    cast.at(link, "name", "url")


@plant
def documents_on_messages(cast):
    """A file of hers on a message on the project of another customer."""
    person = cast.person
    message = cast.other_lead.message_post(
        body="Zie bijlage",
        attachments=[(f"{person.first}-van-der-{person.last}.txt", f"{person.name}, {person.street}".encode())],
        message_type="comment",
    )
    cast.at(message.attachment_ids, "name", "raw", "index_content")


@plant
def replaced_document(cast):
    """A document that was replaced: the old version is behind the new one."""
    document = _attach(cast, cast.lead, "contract.pdf", files.pdf(f"Contract met {cast.person.name}"))
    document.with_user(cast.colleague).write({"raw": files.pdf(f"Nieuw contract met {cast.person.reversed_name}")})
    cast.at(document, "raw")


@plant
def documents_left_behind(cast):
    """Files of nothing, and of a record that is gone."""
    person = cast.person
    orphan = cast.env["ir.attachment"].create({"name": f"Cv {person.name}.pdf", "raw": files.pdf(person.name)})
    cast.at(orphan, "name", "raw")
    gone = cast.env["ir.attachment"].create(
        {"name": "cv.docx", "raw": files.docx(person.former), "res_model": "crm.lead", "res_id": 987654}
    )
    cast.at(gone, "raw")
    in_database = cast.env["ir.attachment"].create({"name": "oud.txt"})
    cast.env["ir.config_parameter"].set_param("ir_attachment.location", "db")
    in_database.raw = f"{person.name}, geboren 14.3.1979".encode()
    cast.env["ir.config_parameter"].set_param("ir_attachment.location", "file")
    cast.at(in_database, "db_datas", "index_content")


@plant
def import_file(cast):
    """A list that a colleague has uploaded to import it."""
    person = cast.person
    upload = cast.as_colleague("base_import.import").create(
        {
            "res_model": "res.partner",
            "file": f"Name,Email\n{person.name},{person.email}\n".encode(),
            "file_name": f"contacten {person.former}.csv",
            "file_type": "text/csv",
        }
    )
    cast.at(upload, "file", "file_name")
