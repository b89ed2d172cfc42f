from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.crm_letter.models import crm_letter_batch_job
from odoo.addons.crm_letter.tests.common import needs_printer

from .common import CampaignCase


class Killed(BaseException):
    """The server dies."""


@tagged("post_install", "-at_install")
class TestStepLetter(CampaignCase):
    def setUp(self):
        super().setUp()
        self.patch(crm_letter_batch_job, "CHUNK", 2)

    def _start(self, step, user=None):
        self._as(user or self.manager, step).action_start()
        self.env.invalidate_all()
        return step.letter_batch_id

    def _print(self, **kwargs):
        self._in_worker("crm.letter.batch", "_print_waiting", **kwargs)

    def _states(self, step):
        return [(dispatch.state, dispatch.reason) for dispatch in step.dispatch_ids.sorted("member_id")]

    # ------------------------------------------------------------
    # Before
    # ------------------------------------------------------------

    def test_who_gets_none_is_left_out_with_the_reason(self):
        people = self._make_people(2)
        same = people[0].copy({"name": people[0].name})
        gap = self._make_person(9, street=False)
        contact = self._make_contact(1)
        project = self._make_contact(2)
        members = self._make_members(people | same | gap) | self._make_members(contact | project)
        # A lead whose customer was found since: the letter goes to that customer, once.
        project.write({"partner_id": people[1].id, "type": "opportunity"})
        step = self._make_step("letter")
        expected = {
            same: "same_address",
            gap: "no_address",
            contact: "no_customer",
            project: "same_address",
        }
        records = dict(zip([*people, same, gap, contact, project], members, strict=True))
        self.assertEqual(
            self._as(self.manager, step)._get_reasons_letter(self._as(self.manager, members)),
            {records[record].id: reason for record, reason in expected.items()},
        )

    def test_a_lead_whose_customer_was_found_gets_it_with_the_lead(self):
        project = self._make_contact(2)
        self._make_members(project)
        project.write({"partner_id": self._make_person(1).id, "type": "opportunity", "user_id": self.manager.id})
        letter = self._start(self._make_step("letter")).letter_ids
        self.assertEqual((letter.partner_id, letter.lead_id), (project.partner_id, project))

    def test_many_are_asked_in_few_queries(self):
        step = self._make_step("letter")
        few, many = self._make_members(self._make_people(5)), self._make_members(self._make_people(100, 2000))

        def queries(members):
            self.env.flush_all()
            members = self._as(self.manager, members)
            before = self.env.cr.sql_log_count
            self._as(self.manager, step)._get_reasons_letter(members)
            return self.env.cr.sql_log_count - before

        queries(few)  # what is asked for once
        self.assertLessEqual(queries(many), queries(few) + 3)

    def test_what_is_missing_is_said_before_anybody_is_addressed(self):
        self._make_members(self._make_people(1))
        self.env["ir.model.fields"].create(
            {"model_id": self.env["ir.model"]._get_id("res.partner"), "name": "x_size", "ttype": "char"}
        )
        with_gap = self._make_template(name="Gap", body='<p><t t-out="object.x_size"/></p>')
        self.env["ir.model.fields"]._get("res.partner", "x_size").unlink()
        cases = [
            (self.manager, False, "Choose the template"),
            (self.manager, with_gap, "x_size"),
            (self.marketing, self.template, "salespeople"),
        ]
        for user, template, said in cases:
            step = self._make_step("letter", letter_template_id=template and template.id)
            with self.subTest(said=said), self.assertRaisesRegex(UserError, said):
                self._as(user, step).action_start()
            self.assertEqual((step.state, len(step.dispatch_ids)), ("draft", 0))

    # ------------------------------------------------------------
    # Printing
    # ------------------------------------------------------------

    @needs_printer
    def test_one_pdf_of_exactly_those_who_wait_in_the_order_of_their_addresses(self):
        people = self._make_people(4)
        for number, person in enumerate(people):
            person.zip = f"{50000 - number}"
        self._make_person(3000)  # who is no member
        self._make_members(people | self._make_person(9, street=False))
        step = self._make_step("letter")
        batch = self._start(step)
        self.assertEqual((step.state, batch.state, batch.user_id), ("running", "running", self.manager))
        self.assertEqual(batch.letter_ids.partner_id, people)
        self.assertEqual(self._states(step), [("waiting", False)] * 4 + [("left_out", "no_address")])
        self._print()
        self.assertEqual((step.state, batch.state, batch.progress), ("done", "done", 100))
        self.assertEqual(self._states(step), [("sent", False)] * 4 + [("left_out", "no_address")])
        self.assertEqual(step.dispatch_ids.filtered("letter_id").mapped("outcome"), ["sent"] * 4)
        pages = self._pages(batch.attachment_id.raw)
        self.assertEqual([f"Person {1003 - number}" in page for number, page in enumerate(pages)], [True] * 4)
        for dispatch in step.dispatch_ids.filtered("letter_id"):
            self.assertEqual(dispatch.letter_id.partner_id, dispatch.member_id.partner_id)

    @needs_printer
    def test_started_twice_and_in_a_second_step_nobody_gets_a_second_letter(self):
        people = self._make_people(2)
        self._make_members(people)
        step, second = self._make_step("letter"), self._make_step("letter")
        batch = self._start(step)
        self.assertEqual(self._start(step), batch)
        with self.assertRaisesRegex(UserError, "Was addressed"):
            self._start(second)
        self._print()
        self.assertEqual([len(self._documents(person)) for person in people], [1, 1])

    @needs_printer
    def test_a_server_that_dies_prints_nobody_twice_and_says_so(self):
        people = self._make_people(4)
        self._make_members(people)
        step = self._make_step("letter")
        self._start(step)
        letters, calls = type(self.env["crm.letter"]), []
        tell = letters._tell

        def die_in_the_second_chunk(records):
            calls.append(records)
            if len(calls) == 2:
                raise Killed
            return tell(records)

        with patch.object(letters, "_tell", die_in_the_second_chunk):
            self._print(expected=Killed)
        self.assertEqual([state for state, _reason in self._states(step)], ["sent", "sent", "waiting", "waiting"])
        self.assertEqual(step.state, "running")
        self._print()
        self.assertEqual([state for state, _reason in self._states(step)], ["sent"] * 4)
        self.assertEqual([len(self._documents(person)) for person in people], [1] * 4)

    @needs_printer
    def test_stopping_and_continuing_is_that_of_the_letters_from_either_side(self):
        people = self._make_people(3)
        self._make_members(people)
        step = self._make_step("letter")
        batch = self._start(step)
        self._as(self.manager, step).action_stop()
        self._print()
        self.assertEqual((batch.state, [state for state, _reason in self._states(step)]), ("stopped", ["waiting"] * 3))
        people[0].street = False
        self.env["mail.blacklist"].create({"email": people[1].email})
        self._as(self.manager, step).action_continue()
        self.assertEqual((step.state, batch.state), ("running", "running"))
        self._as(self.manager, batch).action_stop()
        self.assertEqual((step.state, "Stopped by" in step.stop_reason), ("stopped", True))
        self._as(self.manager, batch).action_continue()
        self._print()
        self.assertEqual((step.state, batch.state), ("done", "done"))
        self.assertEqual(self._states(step), [("left_out", "no_address"), ("left_out", "blacklisted"), ("sent", False)])
        self.assertEqual([len(self._documents(person)) for person in people], [0, 0, 1])

    @needs_printer
    def test_who_is_left_out_of_the_campaign_meanwhile_gets_no_letter(self):
        people = self._make_people(2)
        self._make_members(people)
        step = self._make_step("letter")
        batch = self._start(step)
        self._as(self.manager, step).action_stop()
        gone = step.dispatch_ids.filtered(lambda dispatch: dispatch.member_id.partner_id == people[0])
        gone.sudo().write({"state": "left_out", "reason": "removed"})
        self._as(self.manager, step).action_continue()
        self._print()
        self.assertEqual(self._states(step), [("left_out", "removed"), ("sent", False)])
        self.assertEqual([len(self._documents(person)) for person in people], [0, 1])
        self.assertEqual(batch.letter_ids.sorted("position").mapped("reason"), ["campaign", False])

    @needs_printer
    def test_a_letter_that_fails_is_said_and_printed_again(self):
        people = self._make_people(3)
        people[1].ref = "unheard of"
        self.template.subject = "{{ {'known': 'x'}[object.ref or 'known'] }}"
        self._make_members(people)
        step = self._make_step("letter")
        batch = self._start(step)
        self._print()
        self.assertEqual([state for state, _reason in self._states(step)], ["sent", "failed", "sent"])
        people[1].ref = "known"
        self._as(self.manager, batch).action_print_failed()
        self.assertEqual((step.state, self._states(step)[1][0]), ("running", "waiting"))
        self._print()
        self.assertEqual((step.state, self._states(step)[1][0]), ("done", "sent"))
        self.assertEqual(len(self._pages(batch.attachment_id.raw)), 3)

    @needs_printer
    def test_continued_or_printed_again_from_the_letters_the_step_is_asked_who_gets_one(self):
        people = self._make_people(4)
        people[1].ref = people[2].ref = "unheard of"
        self.template.subject = "{{ {'known': 'x'}[object.ref or 'known'] }}"
        self._make_members(people)
        step = self._make_step("letter")
        batch = self._start(step)
        self._as(self.manager, step).action_stop()
        gone = step.dispatch_ids.filtered(lambda dispatch: dispatch.member_id.partner_id == people[0])
        # As when two members become one person.
        gone.member_id.sudo().write({"state": "left_out", "reason": "removed"})
        self._as(self.manager, batch).action_continue()
        self.assertEqual((gone.state, gone.reason), ("left_out", "removed"))
        self._print()
        self.assertEqual([state for state, _reason in self._states(step)], ["left_out", "failed", "failed", "sent"])
        people.ref = False
        self.env["mail.blacklist"]._add(people[1].email)
        step.dispatch_ids.filtered(lambda dispatch: dispatch.member_id.partner_id == people[2]).member_id.write(
            {"state": "left_out", "reason": "removed"}
        )
        self._as(self.manager, batch).action_print_failed()
        self._print()
        expected = [("left_out", "removed"), ("left_out", "blacklisted"), ("left_out", "removed"), ("sent", False)]
        self.assertEqual((self._states(step), batch.state), (expected, "done"))
        self.assertEqual([len(self._documents(person)) for person in people], [0, 0, 0, 1])
        self._evaluate(self.campaign)
        batch.sudo().state = "stopped"
        with self.assertRaisesRegex(UserError, "evaluated"):
            self._as(self.manager, batch).action_continue()

    @needs_printer
    def test_who_may_not_see_the_pdf_is_told_who_has_it(self):
        self._make_members(self._make_people(1))
        step = self._make_step("letter")
        with self.assertRaisesRegex(UserError, "no letters yet"):
            self._as(self.manager, step).action_open_letters()
        self._start(step)
        self.assertEqual(self._as(self.manager, step).action_open_letters()["res_id"], step.letter_batch_id.id)
        for user in (self.sales, self.marketing):
            with self.subTest(user=user.login), self.assertRaisesRegex(UserError, "cast_manager"):
                self._as(user, step).action_open_letters()
