import json
import os
from pathlib import Path

from odoo.fields import Command
from odoo.tests import HttpCase, tagged

REPOSITORY = Path(__file__).parents[2]
# A document without a policy of its own, from which the pages of a form are looked at.
HOST = "/crm_leadintake/static/intake_form/intake_form.css"

FILL_IN = """
const pause = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));
const check = (fact, what) => { if (!fact) { throw new Error(what); } };
document.documentElement.innerHTML = "<body><iframe style='width:100%%;height:800px'></iframe></body>";
const frame = document.querySelector("iframe");
const loaded = () => new Promise((done) => frame.addEventListener("load", done, { once: true }));
const page = () => frame.contentDocument;
const send = async () => { const next = loaded(); page().querySelector("button").click(); await next; };

(async () => {
    let next = loaded();
    frame.src = "%(url)s?utm_campaign=Spring";
    await next;
    const trap = page().querySelector("[name=homepage]").getBoundingClientRect();
    check(trap.right < 0, "the trap is seen");
    const order = [...page().querySelectorAll("input:not([type=hidden]), textarea, button")];
    check(order.filter((field) => field.tabIndex < 0).length === 1, "the trap is reached with the keyboard");
    check(order.at(-1).type === "submit", "the button comes last");
    check(!page().querySelector("form").checkValidity(), "the browser does not help with what is mandatory");

    await pause(3.1);
    page().querySelector("[name=contact_name]").value = "Jane Doe";
    page().querySelector("[name=email]").value = "jane at example";
    page().querySelector("form").noValidate = true;
    await send();
    check(page().querySelector("[role=alert]"), "nothing says that it is not sent");
    check(page().querySelector("[autofocus]").name === "email", "the first error has not the focus");
    check(page().querySelector("[name=contact_name]").value === "Jane Doe", "what was typed is lost");
    const error = page().getElementById(page().querySelector("[name=email]").getAttribute("aria-describedby"));
    check(error.textContent.includes("e-mail"), "the error is not told to a screen reader");

    page().querySelector("[name=email]").value = "jane@example.com";
    page().querySelector("[name=description]").value = "Twelve vans";
    page().querySelector("[name=consent]").checked = true;
    check(page().querySelector("form").checkValidity(), "the browser objects to what is right");
    await send();
    check(page().querySelector("h1").textContent.includes("Thank you"), page().body.textContent);
    console.log("test successful");
})().catch((error) => console.error(error.message));
"""

LOOK_AT = """
(async () => {
    const pages = %(pages)s;
    for (const [url, body] of pages) {
        const answer = await fetch(url, body && { method: "POST", body: new URLSearchParams(body) });
        const read = new DOMParser().parseFromString(await answer.text(), "text/html");
        document.documentElement.lang = read.documentElement.lang;
        document.head.innerHTML = read.head.innerHTML;
        document.body.innerHTML = read.body.innerHTML;
        const style = document.querySelector("link[rel=stylesheet]");
        await new Promise((done) => { style.sheet ? done() : style.addEventListener("load", done); });
        const { violations } = await axe.run(document);
        if (violations.length) {
            throw new Error(url + ": " + violations.map((v) => v.id + " " + v.nodes[0].html).join("; "));
        }
        const wide = document.documentElement.scrollWidth;
        if (wide > window.innerWidth) {
            throw new Error(url + " is " + wide + " wide on a screen of " + window.innerWidth);
        }
        const controls = "input:not([type=hidden],[tabindex]), textarea, select, button";
        for (const control of document.querySelectorAll(controls)) {
            const target = control.type === "checkbox" ? control.closest("label") : control;
            if (target.getBoundingClientRect().height < 44) {
                throw new Error(control.name + " is hard to hit with a thumb");
            }
        }
    }
    console.log("test successful");
})().catch((error) => console.error(error.message));
"""


def axe_core():
    """axe-core, which the set-up fetches: without it nothing is proved, so that its absence is a failure."""
    given = os.environ.get("AXE_CORE")
    found = [Path(given)] if given else sorted(REPOSITORY.glob(".odoo/axe-core/*/axe.min.js"))
    if not found or not found[-1].exists():
        raise AssertionError("axe-core is not there: let AXE_CORE name its axe.min.js")
    return found[-1].read_text()


class FormPage(HttpCase):
    # A door reads by the request's cursor and writes by its own; in the one transaction of a test they are the same.
    _registry_readonly_enabled = False

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.source = cls.env["crm.intake.source"].create(
            {
                "name": "Website",
                "form_enabled": True,
                "form_consent": "I agree to be called.",
                "request_limit": 0,
                "form_origins": "https://www.example.com",
            }
        )
        cls.url = f"/leadintake/form/{cls.source.public_id}"

    def look_at_all_pages(self):
        """With axe-core, for what keeps people out; and whether it fits and can be hit."""
        self.source.form_field_ids = [Command.create({"field": name}) for name in ("country", "priority", "value")]
        mistakes = {"contact_name": "Jane", "email": "jane at example", "country": "XX"}
        pages = json.dumps([(self.url, None), (self.url, mistakes), (f"{self.url}/sent", None)])
        self.browser_js(HOST, f"{axe_core()};{LOOK_AT % {'pages': pages}}", login=None, timeout=60)


@tagged("post_install", "-at_install")
class TestFormPage(FormPage):
    def test_a_visitor_fills_in_the_form_corrects_it_and_is_thanked(self):
        self.browser_js(HOST, FILL_IN % {"url": self.url}, login=None, timeout=60)
        lead = self.env["crm.lead"].search([("intake_source_id", "=", self.source.id)])
        self.assertEqual((lead.contact_name, lead.email_from), ("Jane Doe", "jane@example.com"))
        self.assertEqual(lead.campaign_id.name, "Spring")
        self.assertIn("I agree to be called.", lead.description)

    def test_no_page_of_the_form_keeps_anybody_out(self):
        self.look_at_all_pages()


@tagged("post_install", "-at_install")
class TestFormPagePhone(FormPage):
    browser_size = "390x844"
    touch_enabled = True

    def test_every_page_of_the_form_fits_a_phone(self):
        self.look_at_all_pages()
