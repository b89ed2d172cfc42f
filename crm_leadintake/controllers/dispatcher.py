from odoo.http import Dispatcher, HttpDispatcher


class LeadIntakeDispatcher(Dispatcher):
    """Hands a request to its door as it came.

    Odoo's usual one reads forms out of bodies before anybody has looked at their size or their key, and parameters out
    of the address; a program that sends XML and calls it a form, as curl does, would be told that it sent nothing.
    """

    routing_type = "leadintake"

    @classmethod
    def is_compatible_with(cls, request):
        return True

    def dispatch(self, endpoint, args):
        """Call the door with what its address holds, and nothing else."""
        self.request.params = dict(args)
        return self.request.registry["ir.http"]._dispatch(endpoint)

    def handle_error(self, exc):
        """Doors answer their errors themselves; what happens before one is reached is answered as Odoo does."""
        return HttpDispatcher(self.request).handle_error(exc)
