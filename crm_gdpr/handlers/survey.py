"""Surveys: that somebody took part stays, with what was chosen; who it was and what they wrote goes."""

from odoo.tools import SQL

from ..engine.treatments import EMPTY, SCRUB
from .base import Handler


class SurveyUserInput(Handler):
    model = "survey.user_input"
    own_links = ("partner_id",)
    fields = {"email": (EMPTY, SCRUB), "nickname": (EMPTY, SCRUB), "invite_token": EMPTY}


class SurveyUserInputLine(Handler):
    model = "survey.user_input.line"
    has_documents = False
    fields = {"value_char_box": (EMPTY, SCRUB), "value_text_box": (EMPTY, SCRUB)}

    def find_last(self, run):
        inputs = run.found.get("survey.user_input")
        run.env.cr.execute(
            SQL("SELECT id, user_input_id FROM survey_user_input_line WHERE user_input_id = ANY(%s)", list(inputs))
        )
        for row_id, input_id in run.env.cr.fetchall():
            run.found.follow(self.model, row_id, inputs[input_id], "user_input_id")
