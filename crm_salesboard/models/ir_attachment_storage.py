import errno
import os
import threading
from contextlib import suppress

from odoo import api, models
from odoo.exceptions import UserError

# The disk is full, what the user or the process may store is.
NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class IrAttachment(models.Model):
    """Files are in the file store whole or not at all, also where the disk is full or the server is killed.

    Odoo takes what lies at a file's place for the file. It writes there bit by bit: what is left of a file that did not
    fit, or of a server that was killed, would keep the same file from being stored ever again.
    """

    _inherit = "ir.attachment"

    @api.model
    def _file_write(self, bin_value, checksum):
        """Write a file into the file store.

        :raise UserError: there is no room for it
        """
        try:
            if self._storage() == "file":
                self._write_whole(bin_value, checksum)
            return super()._file_write(bin_value, checksum)
        except OSError as error:
            if error.errno not in NO_ROOM:
                raise
            raise UserError(
                self.env._(
                    "The server has no room for this file, so nothing was saved. Ask your administrator to free disk "
                    "space, and try again."
                )
            ) from error

    @api.model
    def _write_whole(self, bin_value, checksum):
        """Put a file in its place when all of it is written, where Odoo finds it."""
        fname, path = self._get_path(bin_value, checksum)
        if os.path.exists(path):
            return
        part = f"{path}.{os.getpid()}-{threading.get_ident()}"
        try:
            with open(part, "wb") as file:
                file.write(bin_value)
            os.replace(part, path)
        except OSError:
            with suppress(OSError):
                os.unlink(part)
            raise
        # as Odoo does: it goes if the transaction does not come to its end
        self._mark_for_gc(fname)
