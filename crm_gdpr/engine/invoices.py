"""Printed copies of invoices: once the contact is anonymised, nothing else says to whom an invoice was sent."""


def print_copies(env, move_ids):
    """Attach a printed copy to each of these invoices, as PDF, or as a page where PDFs cannot be made here."""
    report = env["ir.actions.report"]
    is_pdf = report.get_wkhtmltopdf_state() in ("ok", "upgrade", "broken_headers")
    copies = env["ir.attachment"]
    for move in env["account.move"].browse(move_ids):
        render = report._render_qweb_pdf if is_pdf else report._render_qweb_html
        content, kind = render("account.account_invoices", move.ids)
        copies |= copies.create(
            {
                "name": f"{(move.name or str(move.id)).replace('/', '_')}.{kind}",
                "raw": content,
                "mimetype": "application/pdf" if kind == "pdf" else "text/html",
                "res_model": move._name,
                "res_id": move.id,
            }
        )
    return copies
