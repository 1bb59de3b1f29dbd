"""Reads a mail as a receiver's program does, with Python's email package, and prints what it found: records of name US value RS."""
import email
import email.header
import email.policy
import email.utils
import re
import sys
import xml.etree.ElementTree as ElementTree

raw = sys.stdin.buffer.read()
mail = email.message_from_bytes(raw, policy=email.policy.default)
plain = email.message_from_bytes(raw)  # its headers as they came: the other one puts blanks between the encoded words of a name


def say(name, value):
    sys.stdout.write(f"{name}\x1f{value}\x1e")


def words(text):
    return " ".join(text.split())


def decoded(text):
    return str(email.header.make_header(email.header.decode_header(text)))


sys.stdout.reconfigure(encoding="utf-8", newline="")
for name in ("Subject", "Message-ID", "Date", "Auto-Submitted", "Content-Language", "MIME-Version", "Bcc"):
    say(name, mail[name] or "")
for name in ("From", "To", "Reply-To"):
    addresses = email.utils.getaddresses([value.replace("\r\n", "") for value in plain.get_all(name, [])])
    say(name, "; ".join(f"{decoded(person)} <{address}>" for person, address in addresses))
say("headers", " ".join(mail.keys()))
say("structure", " ".join(part.get_content_type() for part in mail.walk()))

text = mail.get_body(("plain",)).get_content().replace("\r\n", "\n")
html = mail.get_body(("html",)).get_content().replace("\r\n", "\n")
say("text", text)
say("html", html)
page = ElementTree.fromstring(html)  # fails unless it is well-formed
say("html elements", " ".join(sorted({element.tag for element in page.iter()})))
say("html links", " ".join(element.get("href", "") for element in page.iter("a")))
shown = words(" ".join(page.find("body").itertext()))
say("html text", shown)
squeezed = re.sub(r"^- ", "", text, flags=re.MULTILINE)
say("same content", "yes" if re.sub(r"\s", "", shown) == re.sub(r"\s", "", squeezed) else "no")

for i, part in enumerate(mail.iter_attachments()):
    say(f"attachment {i}", f"{part.get_content_type()} {part.get_filename()}")
    say(f"attachment {i} bytes", part.get_content().hex())

defects = [str(d) for part in mail.walk() for d in part.defects]
defects += [str(d) for value in mail.values() for d in getattr(value, "defects", ())]
say("defects", "; ".join(defects))
lines = raw.split(b"\r\n")
say("longest line", max(len(line) for line in lines))
say("bare line ends", len(re.findall(rb"(?<!\r)\n|\r(?!\n)", raw)))
say("beyond ASCII", sum(byte > 126 or byte == 0 for byte in raw))
