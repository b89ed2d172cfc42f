"""The text in files."""

try:
    from ..tools.file_text import extract
except ImportError:

    def extract(content, _mimetype, _name):
        return content.decode("latin-1")
