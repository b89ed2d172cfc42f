from odoo import models


class IrAttachment(models.Model):
    """Images that stand in the text of a letter."""

    _inherit = "ir.attachment"

    def _get_letter_image(self, attachment_id):
        """An image of a letter's text as an address that needs no loading.

        :param int attachment_id: of an image that the current user may read
        :return: ``data:…``, or None
        """
        image = self.browse(attachment_id).exists()
        if not image or not image.has_access("read") or not (image.mimetype or "").startswith("image/"):
            return None
        return f"data:{image.mimetype};base64,{image.datas.decode()}" if image.datas else None
