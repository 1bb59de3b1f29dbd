"""A mail server that wants TLS: smtp_tls.py CERTIFICATE KEY starttls|tls. Prints its port, serves one client, prints how it signed in and the
mail it got."""
import base64
import socket
import ssl
import sys

certificate, key, mode = sys.argv[1:]
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(certificate, key)
listener = socket.create_server(("127.0.0.1", 0))
listener.settimeout(20)
print(listener.getsockname()[1], flush=True)


def serve(client):
    encrypted = mode == "tls"
    if encrypted:
        client = context.wrap_socket(client, server_side=True)
    reader = client.makefile("rb")

    def say(line):
        client.sendall(line + b"\r\n")

    say(b"220 tls.example ESMTP")
    while line := reader.readline():
        word = line.split()[0].upper()
        if word == b"EHLO":
            say(b"250-tls.example\r\n250 AUTH PLAIN" if encrypted else b"250-tls.example\r\n250 STARTTLS")
        elif word == b"STARTTLS":
            say(b"220 go on")
            client = context.wrap_socket(client, server_side=True)
            reader = client.makefile("rb")
            encrypted = True
        elif word == b"AUTH":
            secret = line.split()[2] if len(line.split()) > 2 else (say(b"334 "), reader.readline())[1]
            print("encrypted" if encrypted else "in the clear", base64.b64decode(secret).replace(b"\0", b"/").decode())
            say(b"235 welcome")
        elif word == b"DATA":
            say(b"354 go on")
            while (line := reader.readline()) not in (b".\r\n", b""):
                print(line.decode().rstrip("\r\n"))
            say(b"250 taken")
        elif word == b"QUIT":
            say(b"221 bye")
            return
        else:
            say(b"250 ok")


try:
    serve(listener.accept()[0])
except (OSError, ssl.SSLError) as error:
    print("lost:", type(error).__name__)
