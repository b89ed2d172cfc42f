"""The person who is planted everywhere, and the people around her who have to stay as they are."""

import io
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from PIL import Image

# Four patches that no other picture in Odoo has, found again in any size and encoding.
PATCHES = ((226, 17, 137), (23, 201, 48), (31, 64, 229), (240, 190, 10))


def picture(patches=PATCHES, size=(240, 240), encoding="JPEG"):
    """The bytes of a picture of four patches of colour."""
    image = Image.new("RGB", (2, 2))
    image.putdata(patches)
    image = image.resize(size, Image.Resampling.NEAREST)
    content = io.BytesIO()
    image.save(content, encoding)
    return content.getvalue()


@dataclass(frozen=True)
class Person:
    """What identifies her. No other row of the database holds one of these words, numbers or patches."""

    first: str = "Świętosława"
    last: str = "Wieczórkiewicz"
    former_last: str = "Głębocka"
    name: str = "Świętosława van der Wieczórkiewicz"
    former: str = "Świętosława Głębocka"
    email: str = "swietoslawa@logopedie-kade.example"
    other_email: str = "z.glebocka79@mailbox.example"
    website: str = "https://www.logopedie-kade.example"
    mobile: str = "+31 6 48739156"
    landline: str = "+31 20 794 6183"
    street: str = "Kwikstaartkade 417 hs"
    other_street: str = "Ulica Jaskółcza 83/7"
    zip: str = "1098 XQ"
    city: str = "Amsterdam"
    vat: str = "NL861742935B68"
    iban: str = "NL57RABO0318264759"
    ref: str = "KLANT-QX7713"
    function: str = "Logopediste"
    born: date = date(1979, 3, 14)

    @property
    def reversed_name(self):
        return f"{self.last}, {self.first} van der"

    @cached_property
    def photo(self):
        return picture()

    @cached_property
    def signature(self):
        """As it is drawn in the portal: a wide picture on white."""
        return picture(size=(320, 80), encoding="PNG")


PERSON = Person()
NAMESAKE_EMAIL = "zvdw@elders.example"
NAMESAKE_PHONE = "+31 6 29158347"
RELATIVE = "Tomasz van der Wieczórkiewicz"
