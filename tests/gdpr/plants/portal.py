"""What she did in the portal herself."""

import re

import requests

from tests.gdpr.cast import plant
from tests.gdpr.plants.contacts import PASSWORD


@plant
def visit(cast):
    """She logged in, looked around and wrote a message on her order."""
    person, address = cast.person, cast.address
    cast.portal_user.totp_secret = False
    cast.commit()
    session = requests.Session()
    session.headers["User-Agent"] = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    page = session.get(f"{address}/web/login", timeout=60).text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
    login = {"login": cast.portal_user.login, "password": PASSWORD, "csrf_token": token}
    answer = session.post(f"{address}/web/login", data=login, timeout=60)
    assert "/my" in answer.url, answer.url
    for page in ("/my", "/my/orders", f"/my/orders/{cast.order.id}", "/my/account", "/my/invoices", *cast.ticket_pages):
        assert session.get(address + page, timeout=60).status_code == 200
    params = {
        "thread_model": "sale.order",
        "thread_id": cast.order.id,
        "token": cast.order.sudo().access_token,
        "post_data": {
            "body": f"Wanneer komt het? {person.name}",
            "message_type": "comment",
            "subtype_xmlid": "mail.mt_comment",
        },
    }
    posted = session.post(f"{address}/mail/message/post", json={"params": params}, timeout=60).json()
    assert "result" in posted, posted
    cast.commit()
    cast.env.invalidate_all()
    cast.at(cast.env["mail.message"].browse(posted["result"]["message_id"]), "body", "email_from")
    assert cast.env["res.device.log"].search_count([("user_id", "=", cast.portal_user.id)])
    cast.portal_user.totp_secret = "GEZDGNBVGY3TQOJQ"
    cast.places.add(("sessions", session.cookies["session_id"]))
