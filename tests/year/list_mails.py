"""Which documents have a mail of their own that carries them: reads lines of address, number and total without blanks, and the
folder of mails; prints what is wrong, a line each."""
import email
import email.policy
import pathlib
import re
import subprocess
import sys

folder, wanted = pathlib.Path(sys.argv[1]), [line.split("\t") for line in open(sys.argv[2]).read().splitlines()]

mails = {}
for path in folder.glob("*.eml"):
    mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    files = [part for part in mail.iter_attachments() if part.get_content_type() == "application/pdf"]
    if files:
        address = mail["To"].addresses[0].addr_spec
        for number in set(re.findall(r"(?:CN-)?20\d\d-\d{6}", mail["Subject"])):
            mails.setdefault((address, number), []).append(files[0].get_content())

for address, number, total in wanted:
    found = mails.get((address, number), [])
    if not found:
        print(f"{number}: no mail to {address}")
        continue
    text = subprocess.run(["pdftotext", "-layout", "-", "-"], input=found[0], stdout=subprocess.PIPE, check=True).stdout.decode()
    if total not in re.sub(r"\s", "", text):
        print(f"{number}: the mail's file does not say {total}")
