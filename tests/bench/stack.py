"""A private stack for figures: see tests/bench/run and tests/bench/billing."""
import base64, json, os, re, shutil, signal, socket, subprocess, sys, tempfile, urllib.request

signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended"))  # so that what was started is ended, too

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.path.abspath(os.environ.get("BUILD", "build"))
SECONDS = int(os.environ.get("SECONDS", "3"))
USER, PASSWORD = "nicocustomer", "xxx"
BASIC = "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Stack:
    """A private stack with one more executable, the trivial responder, behind the same nginx and sign-in."""

    def __init__(self):
        self.var = tempfile.mkdtemp(prefix="uncloud-bench.")
        self.build = os.path.join(self.var, "build")
        os.makedirs(os.path.join(self.build, "cgi-bin"))
        os.symlink(os.path.join(BUILD, "bin"), os.path.join(self.build, "bin"))
        os.symlink(os.path.join(BUILD, "openapi.json"), os.path.join(self.build, "openapi.json"))
        for name in os.listdir(os.path.join(BUILD, "cgi-bin")):
            os.symlink(os.path.join(BUILD, "cgi-bin", name), os.path.join(self.build, "cgi-bin", name))
        os.symlink(os.path.join(BUILD, "bench/trivial"), os.path.join(self.build, "cgi-bin/trivial"))
        site = os.path.join(self.var, "etc/nginx/site.d")
        os.makedirs(site)
        with open(os.path.join(site, "trivial.conf"), "w") as f:
            f.write(f"location = /trivial {{ fastcgi_pass unix:{self.var}/run/trivial.sock; }}\n")
        self.port = free_port()
        self.environment = dict(os.environ, VAR=self.var, BUILD=self.build, PORT=str(self.port), TLS_PORT=str(free_port()),
                                STRIPE_PORT=str(free_port()), THREADS="8", UNCLOUD_CONFIG=self.var + "/etc/billing.toml")
        self.control("start")

    def control(self, verb):
        return subprocess.run([ROOT + "/tools/stack/stack", verb], env=self.environment, check=True, stdout=subprocess.PIPE, text=True).stdout

    def pids(self):
        return {line.split()[0]: int(line.split()[1]) for line in self.control("status").splitlines()}

    def stop(self):
        self.control("stop")
        shutil.rmtree(self.var)

    def ask(self, method, path, body=None):
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", data, method=method,
                                         headers={"Authorization": BASIC, "Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)

    def sql(self, text):
        subprocess.run(["mariadb", f"--socket={self.var}/run/mariadb.sock", "uncloud", "-e", text], check=True)

    def wrk(self, path, *options, connections=16):
        out = subprocess.run(["wrk", "-t2", f"-c{connections}", f"-d{SECONDS}s", "-H", f"Authorization: {BASIC}", *options,
                              f"http://127.0.0.1:{self.port}{path}"], check=True, stdout=subprocess.PIPE, text=True).stdout
        if "Non-2xx" in out or "not2xx" in out and not re.search(r"not2xx 0\b", out):
            sys.exit(f"{path} answered errors:\n{out}")
        return float(re.search(r"Requests/sec:\s+([\d.]+)", out).group(1))
